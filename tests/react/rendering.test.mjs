// A page with all hooks is rendered on a server and comes to life in the browser.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { BUILDS, buildServer, writeRendered } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const builds = BUILDS.filter(({ name }) => name.startsWith("ai 7"));
const { visit, here } = visitsTo(builds);

describe("server rendering", { concurrency: 2 }, () => {
  for (const build of builds) {
    test(`H5 ${build.name}: rendered on a server, hydrated without a warning`, async (t) => {
      const warnings = [];
      for (const level of ["error", "warn"]) {
        t.mock.method(console, level, (...said) => warnings.push(said.join(" ")));
      }
      const { render } = await import(pathToFileURL(await buildServer(here.folder, build)));
      const chatId = `chat/${crypto.randomUUID()}`;
      const { markup, seen } = render(chatId);
      assert.match(markup, /data-status="ready" data-connection="idle" data-read-only="false"/);
      assert.deepEqual(seen.used, [], "nothing is asked for on a server");
      assert.deepEqual(warnings, []);

      await writeRendered(join(here.folder, build.path), markup);
      const query = { document: "rendered", layout: "rendered", chat: chatId, chatId };
      const visitor = await visit(t, build.name, query);
      await visitor.ask("Hello");
      await visitor.hasAnswers(1);
      await visitor.showsWhatTheServerWrote();
      assert.deepEqual(visitor.complaints, []);
    });
  }
});

// What every file here needs: the built pages behind the session server, a browser, and visitors.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { startChromium } from "../support/chromium.mjs";
import { startSessionServer } from "../support/session-server.mjs";
import { buildNamed, buildPages } from "./builds.mjs";
import { Visitor } from "./visitor.mjs";

const TARGET = fileURLToPath(new URL("../../target", import.meta.url));

/** Starts all of it before the file's tests and ends it afterwards. */
export function visitsTo(builds, { flags = [] } = {}) {
  const here = {};
  before(async () => {
    await mkdir(TARGET, { recursive: true });
    here.folder = await mkdtemp(join(TARGET, "react-pages-"));
    await buildPages(here.folder, builds);
    here.server = await startSessionServer({ flags: ["--static", here.folder, ...flags] });
    here.browser = await startChromium();
  });
  after(async () => {
    await here.browser?.close();
    if (here.server) assert.equal(await here.server.stop(), 0, "the server ends in good order");
    if (here.folder) await rm(here.folder, { recursive: true, force: true });
  });
  return {
    here,
    /** A visitor who was never here before. `query` is what the page is told, `layout` and others. */
    async visit(t, build, options = {}) {
      const { chatId = `chat/${crypto.randomUUID()}`, prepare, document = "index", ...query } = options;
      const context = await here.browser.newContext();
      t.after(() => context.close());
      await prepare?.(context);
      const visitor = new Visitor(context, here.server, chatId);
      const { path } = buildNamed(build);
      await visitor.open(`/${path}/${document}.html?${new URLSearchParams(query)}`);
      return visitor;
    },
  };
}

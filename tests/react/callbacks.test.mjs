// A transport outlives the renders that it was given callbacks in, and calls the newest.

import assert from "node:assert/strict";
import { test } from "node:test";

import { described } from "../e2e/server-record.mjs";
import { NEWEST, buildNamed } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const { visit } = visitsTo([buildNamed(NEWEST)]);

test("H5 callbacks, fetch and client data of the last render are used from then on", async (t) => {
  const visitor = await visit(t, NEWEST);
  await visitor.ask("Hello");
  await visitor.hasAnswers(1);
  const before = await visitor.seen("used");
  assert.ok(before.includes("startSession 1") && before.includes("onSessionChange 1"));
  assert.deepEqual(before.filter((used) => !used.endsWith(" 1")), []);

  await visitor.page.evaluate(() => window.renew());
  await visitor.page.evaluate(() => window.renew());
  await visitor.fault({ endpoint: "in", action: { kind: "status", status: 401 } });
  await visitor.ask("Hello again");
  await visitor.hasAnswers(2);

  const after = (await visitor.seen("used")).slice(before.length);
  const callbacks = ["accessToken", "fetch in", "fetch out", "onEvent turn-completed", "onSessionChange"];
  for (const callback of callbacks) assert.ok(after.includes(`${callback} 3`), callback);
  assert.deepEqual(after.filter((used) => !used.endsWith(" 3")), []);
  const generations = (await visitor.inputs()).map(({ chunk }) => chunk.payload.metadata.generation);
  assert.deepEqual(generations, [1, 3]);
  assert.deepEqual((await visitor.inputs()).map(described), ["Hello", "Hello again"]);
  // One transport: a second one would have started the session again.
  assert.equal((await visitor.seen("used")).filter((used) => used.startsWith("startSession")).length, 1);
});

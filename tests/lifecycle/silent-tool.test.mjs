// A tool that works for minutes says nothing, but the server pings: the connection is alive.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startChromium } from "./engines/chromium.mjs";
import { startPackagePage } from "./package-page/server.mjs";

let server;
let browser;
before(async () => {
  server = await startPackagePage();
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  server?.stop();
});

test("D1 six minutes of pings and no record are one connection, and then the answer comes", async () => {
  const tab = await browser.newTab();
  await tab.goto(server.url);
  const outcome = await tab.evaluate(() => window.drills.silentTool(6));
  assert.deepEqual(outcome, { count: 2, inOrder: true, state: "live", subscriptions: 1 });
});

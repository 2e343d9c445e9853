// A tool that works for minutes says nothing, but the server pings: the connection is alive.

import assert from "node:assert/strict";
import { test } from "node:test";

import { packagePageInChromium } from "./package-page/opened.mjs";

const opened = packagePageInChromium();

test("D1 six minutes of pings and no record are one connection, and then the answer comes", async () => {
  const tab = await opened.browser.newTab();
  await tab.goto(opened.server.url);
  const outcome = await tab.evaluate(() => window.drills.silentTool(6));
  assert.deepEqual(outcome, { count: 2, inOrder: true, state: "live", subscriptions: 1 });
});

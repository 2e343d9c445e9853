// Two windows of Chromium on one chat: who may send, and what becomes of that when a window is closed,
// killed or frozen (section E), with real locks and a real channel.

import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually } from "../support/eventually.mjs";
import { packagePageInChromium } from "./package-page/opened.mjs";

const ELSEWHERE = "This chat is active in another tab";
const RUNS = 50;
/** A tab is free within this time, whatever became of the one that had the turn. */
const FREE_WITHIN_MS = 15_000;

const opened = packagePageInChromium();

/** Two windows of one visitor; `published` says which of them run the published package. */
async function twoWindows(t, published = [false, false]) {
  const first = await opened.browser.newTab();
  t.after(() => first.close());
  const windows = [first, await first.newWindowBeside()];
  for (const [at, tab] of windows.entries()) {
    await tab.goto(`${opened.server.url}tabs`);
    await tab.evaluate((isPublished) => window.chat.open(isPublished), published[at]);
  }
  return windows;
}

const send = (tab, text = "endless", atMs = 0) =>
  tab.evaluate((at, question) => window.chat.sendAt(at, question), atMs, text);
const stop = (tab) => tab.evaluate(() => window.chat.stop());
const hasClaim = (tab) => tab.evaluate(() => window.chat.hasClaim());
const isReadOnly = (tab) => tab.evaluate(() => window.chat.isReadOnly());

async function becomes(tab, readOnly) {
  const told = async () => (await isReadOnly(tab)) === readOnly;
  await eventually(`the tab is ${readOnly ? "read-only" : "free"}`, told, FREE_WITHIN_MS);
}

test(`E4 of two sends in the same instant one goes out, ${RUNS} times`, async (t) => {
  const windows = await twoWindows(t);
  for (let run = 0; run < RUNS; run += 1) {
    const atMs = Date.now() + 60;
    const said = await Promise.all(windows.map((tab) => send(tab, "endless", atMs)));
    assert.deepEqual(said.toSorted(), [ELSEWHERE, "sent"], `run ${run}`);
    const [winner, loser] = said[0] === "sent" ? windows : windows.toReversed();
    assert.deepEqual([await hasClaim(winner), await hasClaim(loser)], [true, false]);
    await stop(winner);
    await becomes(loser, false);
  }
});

test("E2 E4 a window that is closed, killed or frozen lets the other send", async (t) => {
  for (const [how, end] of [
    ["closed", (tab) => tab.closeWindow()],
    ["gone elsewhere", (tab) => tab.goto("about:blank")],
    ["killed", (tab) => tab.crash()],
    ["frozen", (tab) => tab.send("Page.setWebLifecycleState", { state: "frozen" })],
  ]) {
    const [other, owner] = await twoWindows(t);
    assert.equal(await send(owner), "sent");
    await becomes(other, true);
    assert.equal(await send(other), ELSEWHERE);
    const endedMs = Date.now();
    await end(owner);
    await becomes(other, false);
    assert.equal(await send(other), "sent", how);
    const freeMs = Date.now() - endedMs;
    assert.ok(freeMs < FREE_WITHIN_MS, `${how}: free after ${freeMs} ms`);
    t.diagnostic(`${how}: the other window has sent after ${freeMs} ms`);
  }
});

test("E4 the lock of a window that was killed is free at once", async (t) => {
  const [other, owner] = await twoWindows(t);
  assert.equal(await send(owner), "sent");
  await becomes(other, true);
  await owner.crash();
  assert.equal(await send(other), "sent");
  assert.deepEqual([await hasClaim(other), await isReadOnly(other)], [true, false]);
});

test("E4 a window that was frozen learns that its turn was taken", async (t) => {
  const [other, owner] = await twoWindows(t);
  assert.equal(await send(owner), "sent");
  await becomes(other, true);
  await owner.send("Page.setWebLifecycleState", { state: "frozen" });
  await becomes(other, false);
  assert.equal(await hasClaim(owner), false);
  assert.equal(await send(other), "sent");
  await owner.send("Page.setWebLifecycleState", { state: "active" });
  await becomes(owner, true);
  assert.deepEqual([await hasClaim(owner), await hasClaim(other)], [false, true]);
  assert.equal(await send(owner), ELSEWHERE);
});

for (const [name, published] of [
  ["ours keeps the published one's", [true, false]],
  ["the published one keeps ours", [false, true]],
]) {
  test(`E1 ${name} claim`, async (t) => {
    const [owner, other] = await twoWindows(t, published);
    assert.equal(await send(owner), "sent");
    await becomes(other, true);
    assert.equal(await send(other), ELSEWHERE);
    await stop(owner);
    await becomes(other, false);
    assert.equal(await send(other), "sent");
    await becomes(owner, true);
  });
}

test("E4 a turn behind one's own last one takes no time", async (t) => {
  const [tab] = await twoWindows(t);
  for (let turn = 0; turn < 20; turn += 1) {
    assert.equal(await send(tab), "sent");
    assert.equal(await stop(tab), true);
  }
});

// What a page holds after thousands of connections and mounts is what it held before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { eventually } from "../support/eventually.mjs";
import { packagePageInChromium } from "./package-page/opened.mjs";

/** What the engine itself may have kept, compiled code mostly: 26 bytes for a connection. */
const HEAP_SLACK_BYTES = 256 * 1024;

const opened = packagePageInChromium();

async function openPage(t) {
  const tab = await opened.browser.newTab();
  t.after(() => tab.close());
  await tab.goto(opened.server.url);
  await tab.evaluate(() => window.drills.hasten());
  return tab;
}

async function listenersOf(tab, expression) {
  const { result } = await tab.send("Runtime.evaluate", { expression });
  const { listeners } = await tab.send("DOMDebugger.getEventListeners", { objectId: result.objectId });
  return listeners.length;
}

/** Everything the page holds, after a collection of garbage. */
async function held(tab) {
  await tab.send("HeapProfiler.collectGarbage");
  const { usedSize } = await tab.send("Runtime.getHeapUsage");
  const counted = await tab.evaluate(() => window.drills.held());
  const window = await listenersOf(tab, "window");
  const document = await listenersOf(tab, "document");
  return { heapBytes: usedSize, counts: { ...counted, window, document } };
}

/**
 * What the page holds once the counts are these, or still holds when they did not become so: on a busy
 * machine a transport that was let go may be gone with the next collection only; a leak stays.
 */
async function heldAtRest(tab, counts) {
  let now;
  const isAtRest = async () => {
    now = await held(tab);
    return isDeepStrictEqual(now.counts, { ...now.counts, ...counts });
  };
  // The assertion behind it says what is wrong.
  await eventually("the page is at rest", isAtRest).catch(() => {});
  return now;
}

function isWhereItWas(now, earlier) {
  assert.deepEqual(now.counts, earlier.counts);
  const grownBytes = now.heapBytes - earlier.heapBytes;
  assert.ok(grownBytes < HEAP_SLACK_BYTES, `the heap grew by ${grownBytes} bytes`);
}

const answerTo = (tab, text) => tab.evaluate((question) => window.drills.askAndRead(question), text);

/** In rounds, for the browser is given a minute to answer. */
async function reconnects(tab, rounds) {
  for (let round = 0; round < rounds; round += 1) {
    assert.deepEqual(await answerTo(tab, "100 records by 1"), { count: 100, inOrder: true });
  }
}

test("D5 10,000 reconnects lose nothing and leave the page where it was", async (t) => {
  const tab = await openPage(t);
  // Fills what is bounded: the parts that are remembered against repeats, the inputs of debug().
  assert.deepEqual(await answerTo(tab, "6000 records by 1000"), { count: 6_000, inOrder: true });
  await reconnects(tab, 10);
  const earlier = await held(tab);
  assert.ok(earlier.counts.wasmBytes > 0, "the package's memory was found");
  await reconnects(tab, 100);
  isWhereItWas(await heldAtRest(tab, earlier.counts), earlier);
});

test("A8 1,000 mounts leave the page where it was", async (t) => {
  const tab = await openPage(t);
  const mounts = (times) => tab.evaluate((count) => window.drills.mounts(count), times);
  assert.equal(await mounts(100), 67);
  const earlier = await heldAtRest(tab, { transports: 0 });
  assert.equal(earlier.counts.transports, 0, "a transport that was disposed of is garbage");
  // In rounds, as above.
  for (let round = 0; round < 10; round += 1) assert.equal(await mounts(100), 67);
  isWhereItWas(await heldAtRest(tab, earlier.counts), earlier);
});

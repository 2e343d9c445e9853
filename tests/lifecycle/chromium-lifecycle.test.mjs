// What only Chromium lets a test do to a page: freeze it, hide it, fill its place in the cache, and tell
// it lies about the network.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { BEFORE_SILENCE, SILENT } from "../support/session-server.mjs";
import { startChromium } from "./engines/chromium.mjs";
import { visitsIn } from "./visits.mjs";

const visit = visitsIn(startChromium);

/** Long before silence would give a dead connection away, which takes 25 s. */
const SOON_MS = 6_000;
/** A page that was hidden for longer gets a new connection. */
const LONG_HIDDEN_MS = 30_000;

async function freeze(tab) {
  await tab.send("Page.setWebLifecycleState", { state: "frozen" });
}

async function resume(tab) {
  await tab.send("Page.setWebLifecycleState", { state: "active" });
}

async function setOffline(tab, offline) {
  const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  await tab.send("Network.emulateNetworkConditions", { offline, ...unlimited });
}

/** Waits until the page says of itself that it is visible, or hidden. */
function hasVisibility(chat, state) {
  const look = (wanted) => document.visibilityState === wanted;
  return chat.until(`the page is ${state}`, look, undefined, state);
}

/** From now on the page keeps the names of what happens to it. */
async function recordEvents(tab) {
  await tab.evaluate(() => {
    window.recorded = [];
    for (const name of ["freeze", "resume"]) {
      document.addEventListener(name, () => window.recorded.push(name));
    }
  });
}

// Side by side: they mostly wait.
describe("Chromium's pages", { concurrency: 4 }, () => {
  test("D4 a page hidden for half a minute gets a new connection and shows the whole answer", async (t) => {
    const chat = await visit(t);
    await chat.countSubscriptions();
    await chat.ask(SILENT);
    await chat.shows(BEFORE_SILENCE);
    assert.equal(await chat.faultsHit(), 1);
    await chat.tab.newTabBeside();
    await hasVisibility(chat, "hidden");
    // There is nothing to see of it: half a minute has to pass.
    await new Promise((resolve) => setTimeout(resolve, LONG_HIDDEN_MS + 500));
    assert.equal(await chat.faultsHit(), 1);
    await chat.tab.activate();
    await hasVisibility(chat, "visible");
    await chat.server.breakSilence(chat.chatId);
    await chat.hasAnswers(1);
    assert.equal(await chat.faultsHit(), 2);
    await chat.isWhole(SILENT);
  });

  test("D4 a hidden page goes on reading, and coming back costs no connection", async (t) => {
    const chat = await visit(t);
    await chat.countSubscriptions();
    await chat.ask("a slow answer");
    await chat.shows("This answer");
    await chat.tab.newTabBeside();
    await hasVisibility(chat, "hidden");
    await chat.shows("takes its time");
    await chat.tab.activate();
    await hasVisibility(chat, "visible");
    await chat.hasAnswers(1, 40_000);
    assert.equal(await chat.faultsHit(), 1);
    await chat.isWhole("a slow answer");
  });

  test("D4 a page that was frozen in mid-answer soon shows what it missed", async (t) => {
    const chat = await visit(t);
    await recordEvents(chat.tab);
    await chat.ask("a slow answer");
    await chat.shows("This answer");
    await freeze(chat.tab);
    await chat.serverWrote("so that you can");
    await resume(chat.tab);
    await chat.shows("so that you can", SOON_MS);
    await chat.hasAnswers(1, 40_000);
    await chat.isWhole("a slow answer");
    const recorded = await chat.tab.evaluate(() => window.recorded);
    assert.deepEqual(recorded, ["freeze", "resume"]);
  });

  test("D4 an answer that ended while the page was frozen is soon whole", async (t) => {
    const chat = await visit(t);
    await chat.ask(SILENT);
    await chat.shows(BEFORE_SILENCE);
    await freeze(chat.tab);
    await chat.breakSilence();
    await resume(chat.tab);
    await chat.hasAnswers(1, SOON_MS);
    await chat.isWhole(SILENT);
  });

  test("D4 a page frozen at rest answers the next question", async (t) => {
    const chat = await visit(t);
    await chat.ask("Hello");
    await chat.hasAnswers(1);
    await freeze(chat.tab);
    await resume(chat.tab);
    await chat.ask("Hello again");
    await chat.hasAnswers(2);
    await chat.isWhole("Hello", "Hello again");
  });

  test("D5 a page that got too much while it was left is loaded anew, and the answer is whole", async (t) => {
    const chat = await visit(t);
    await chat.fault({ endpoint: "out", action: { kind: "slice", bytes: 20_000, delayMs: 100 } });
    await chat.ask("20000 deltas");
    await chat.shows(" 500 ");
    const isSamePage = await chat.awayAndBack(() => chat.hasNoConnection());
    assert.equal(isSamePage, false);
    await chat.hasAnswers(1, 40_000);
    await chat.isWhole("20000 deltas");
  });

  test("D4 a browser that calls itself offline while bytes arrive costs no connection", async (t) => {
    const chat = await visit(t);
    await chat.countSubscriptions();
    await chat.ask("a slow answer");
    await chat.shows("This answer");
    await setOffline(chat.tab, true);
    await chat.until("the page believes it", () => navigator.onLine === false);
    await chat.shows("takes its time");
    await chat.hasAnswers(1, 40_000);
    assert.equal(await chat.faultsHit(), 1);
    await setOffline(chat.tab, false);
    await chat.isWhole("a slow answer");
  });

  test("D4 D5 a connection that breaks while offline is replaced when back online", async (t) => {
    const chat = await visit(t);
    await chat.fault({ endpoint: "out", action: { kind: "cut", insideRecord: 12, end: "reset" } });
    await chat.ask("a slow answer");
    await chat.shows("This answer");
    await setOffline(chat.tab, true);
    await chat.serverWrote("so that you can");
    assert.equal(await chat.faultsHit(), 1);
    await setOffline(chat.tab, false);
    await chat.shows("so that you can", SOON_MS);
    await chat.hasAnswers(1, 40_000);
    await chat.isWhole("a slow answer");
  });
});

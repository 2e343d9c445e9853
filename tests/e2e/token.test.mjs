// Tokens that live for two seconds: the page renews them through its callback, and nobody notices.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { eventually } from "../support/eventually.mjs";
import { demo } from "./demo.mjs";

const { visit } = demo({ flags: ["--token-ttl-seconds", "2"] });

/** "Now I say nothing for 4 seconds. " takes twelve records; the next one follows the silence. */
const FIRST_RECORD_AFTER_SILENCE = 13;

/** Waits until the server refuses the token that the page holds. */
async function tokenExpires(chat) {
  const stored = await chat.page.evaluate((key) => localStorage.getItem(key), `chat-session:${chat.chatId}`);
  const { publicAccessToken } = JSON.parse(stored);
  await eventually("the token expires", async () => {
    const path = `/realtime/v1/sessions/${chat.chatId}/out`;
    const headers = { Authorization: `Bearer ${publicAccessToken}`, "X-Peek-Settled": "1" };
    const response = await fetch(chat.server.url + path, { headers });
    await response.body.cancel();
    return response.status === 401;
  });
}

/** Counts how often the page's own back end was asked for a token. */
function countRefreshes(page) {
  const refreshes = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/demo/access-token")) refreshes.push(request);
  });
  return refreshes;
}

// Side by side: they mostly wait.
describe("short-lived tokens", { concurrency: 3 }, () => {
  test("a question after the token expired is sent once with a new one", async (t) => {
    let refreshes;
    const chat = await visit(t, (page) => (refreshes = countRefreshes(page)));
    await chat.ask("First");
    await chat.hasAnswers(1);
    await tokenExpires(chat);
    const before = refreshes.length;

    await chat.ask("Second");
    await chat.hasAnswers(2);
    assert.equal(refreshes.length, before + 1);
    await chat.showsWhatTheServerWrote();
    await chat.sent("First", "Second");
  });

  test("a connection that breaks after the token expired goes on with a new one", async (t) => {
    let refreshes;
    const chat = await visit(t, (page) => (refreshes = countRefreshes(page)));
    const action = { kind: "cut", insideRecord: FIRST_RECORD_AFTER_SILENCE, end: "reset" };
    await chat.fault({ endpoint: "out", action });
    await chat.ask("silent 4");
    await chat.hasAnswers(1);
    assert.equal(await chat.faultsHit(), 1);
    assert.equal(refreshes.length, 1);
    await chat.showsWhatTheServerWrote();
  });

  test("a reload after the token expired finds the chat and can go on", async (t) => {
    const chat = await visit(t);
    await chat.ask("First");
    await chat.hasAnswers(1);
    await tokenExpires(chat);
    await chat.reload();
    await chat.hasAnswers(1);
    await chat.ask("Second");
    await chat.hasAnswers(2);
    await chat.showsWhatTheServerWrote();
    await chat.sent("First", "Second");
  });
});

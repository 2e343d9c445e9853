// What must come out the same in every engine, although each does it in its own way.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BEFORE_SILENCE, SILENT } from "../support/session-server.mjs";

/** The emoji answer: start, start-step, text-start, "Smiles ", then a word of several bytes a character. */
const FIRST_WIDE_RECORD = 5;

/** How soon what was written meanwhile must be seen after the page is back. */
const SOON_MS = 6_000;

/**
 * `truncation`: how a body without its last chunk ends. `keepsStreamingPages`: whether the cache of
 * pages to go back to takes one whose connection is open.
 */
export function everyEngine(visit, { truncation, keepsStreamingPages }) {
  test("D5 an answer goes on after a reload", async (t) => {
    const chat = await visit(t);
    await chat.ask("a slow answer");
    await chat.shows("This answer");
    await chat.tab.reload();
    await chat.shows("so that you can");
    await chat.tab.reload();
    await chat.hasAnswers(1, 40_000);
    await chat.isWhole("a slow answer");
  });

  test("D5 an answer is whole in a page that was left in the middle of it", async (t) => {
    const chat = await visit(t);
    await chat.ask("a slow answer");
    await chat.shows("This answer");
    const isSamePage = await chat.awayAndBack(() => chat.serverWrote("so that you can"));
    assert.equal(isSamePage, keepsStreamingPages);
    await chat.shows("so that you can", SOON_MS);
    await chat.hasAnswers(1, 40_000);
    await chat.isWhole("a slow answer");
  });

  test("D5 an answer that ended while the page was left is whole", async (t) => {
    const chat = await visit(t);
    await chat.ask(SILENT);
    await chat.shows(BEFORE_SILENCE);
    await chat.awayAndBack(() => chat.breakSilence());
    await chat.hasAnswers(1, SOON_MS);
    await chat.isWhole(SILENT);
  });

  test("D5 an answer is whole in a page whose React waits for a message that was lost", async (t) => {
    const chat = await visit(t);
    await chat.loseMessage();
    await chat.ask(SILENT);
    await chat.hasLostMessage();
    await chat.serverWrote(BEFORE_SILENCE);
    assert.equal(await chat.awayAndBack(() => chat.breakSilence()), keepsStreamingPages);
    await chat.hasAnswers(1, SOON_MS);
    await chat.isWhole(SILENT);
  });

  test("D4 a page that was left at rest is the same page, and goes on", async (t) => {
    const chat = await visit(t);
    await chat.countRequests();
    await chat.ask("Hello");
    await chat.hasAnswers(1);
    await chat.isAtRest();
    assert.ok(await chat.awayAndBack(() => {}), "the page came out of the cache");
    await chat.ask("Hello again");
    await chat.hasAnswers(2);
    await chat.isWhole("Hello", "Hello again");
  });

  for (const end of ["truncate", "reset", "clean"]) {
    test(`D3 D5 connections that end by ${end} inside a character are repaired unseen`, async (t) => {
      const chat = await visit(t);
      for (const insideRecord of [FIRST_WIDE_RECORD, 1, 3]) {
        await chat.fault({ endpoint: "out", action: { kind: "cut", insideRecord, end } });
      }
      await chat.ask("emoji");
      await chat.hasAnswers(1);
      assert.equal(await chat.faultsHit(), 3, "all three connections were cut");
      await chat.isWhole("emoji");
    });
  }

  test(`D3 a truncated body ends here by ${truncation}, which proves nothing`, async (t) => {
    const chat = await visit(t);
    await chat.ask("Hello");
    await chat.hasAnswers(1);
    await chat.fault({ endpoint: "out", action: { kind: "cut", insideRecord: 3, end: "truncate" } });
    assert.equal(await chat.tab.evaluate(endOfBody, chat.chatId), truncation);
    assert.equal(await chat.faultsHit(), 1);
  });
}

/** In the page: how the body of the chat's `.out` ends, read without the transport. */
async function endOfBody(chatId) {
  const asked = { method: "POST", headers: { "Content-Type": "application/json" } };
  const minted = await fetch("/demo/access-token", { ...asked, body: JSON.stringify({ chatId }) });
  const { token } = await minted.json();
  const headers = { Authorization: `Bearer ${token}`, Accept: "text/event-stream" };
  const response = await fetch(`/realtime/v1/sessions/${chatId}/out`, { headers });
  const reader = response.body.getReader();
  try {
    while (!(await reader.read()).done);
    return "done";
  } catch (error) {
    return error.name;
  }
}

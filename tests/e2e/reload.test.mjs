// A reload in mid-answer changes nothing: the answer goes on and is whole in the end.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SILENT } from "../support/session-server.mjs";
import { demo } from "./demo.mjs";

const { visit } = demo();

// Side by side: they mostly wait.
describe("reloads in mid-answer", { concurrency: 3 }, () => {
  // First, since it takes by far the longest.
  test("two reloads in one answer lose and repeat nothing", async (t) => {
    const chat = await visit(t);
    await chat.ask("a slow answer");
    await chat.shows("This answer");
    await chat.reload();
    await chat.shows("takes its time");
    await chat.reload();
    await chat.shows("so that you can");
    await chat.hasStatus("streaming");
    await chat.hasAnswers(1, 40_000);
    await chat.showsWhatTheServerWrote();
    assert.deepEqual(await chat.questions(), ["a slow answer"]);
    await chat.sent("a slow answer");
  });

  test("an answer goes on after a reload", async (t) => {
    const chat = await visit(t);
    await chat.askForSilence();
    await chat.reload();
    await chat.hasStatus("streaming");
    await chat.breakSilence();
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
    await chat.sent(SILENT);
  });

  test("a long answer is whole although it was reloaded while it poured in", async (t) => {
    const chat = await visit(t);
    await chat.ask("a long answer");
    await chat.shows("Part 2");
    await chat.reload();
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
    await chat.sent("a long answer");
  });

  test("20,000 deltas are whole although the page was reloaded in the middle", async (t) => {
    const chat = await visit(t);
    await chat.ask("20000 deltas");
    await chat.shows(" 500 ");
    await chat.reload();
    await chat.hasAnswers(1, 40_000);
    await chat.showsWhatTheServerWrote();
    await chat.sent("20000 deltas");
  });

  test("a reload before the first word shows the answer all the same", async (t) => {
    const chat = await visit(t);
    await chat.fault({ endpoint: "out", action: { kind: "stall", afterBytes: 0 } });
    await chat.ask("Hello");
    await chat.hasStatus("submitted");
    await chat.turnsEnded(1);
    await chat.reload();
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
    await chat.sent("Hello");
  });

  test("a second question after a resumed answer is answered as well", async (t) => {
    const chat = await visit(t);
    await chat.askForSilence();
    await chat.reload();
    await chat.breakSilence();
    await chat.hasAnswers(1);
    await chat.ask("Hello");
    await chat.hasAnswers(2);
    await chat.showsWhatTheServerWrote();
    await chat.sent(SILENT, "Hello");
  });
});

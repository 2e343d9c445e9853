// Connections that break in the worst places: nobody sees it in the text.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { demo } from "./demo.mjs";

const { visit } = demo();

/** The emoji answer: start, start-step, text-start, "Smiles ", then a word of several bytes a character. */
const FIRST_WIDE_RECORD = 5;

// Side by side: they mostly wait.
describe("broken connections", { concurrency: 3 }, () => {
  for (const end of ["reset", "truncate", "clean"]) {
    test(`a connection that ends by ${end} inside a character is repaired unseen`, async (t) => {
      const chat = await visit(t);
      const cut = (insideRecord) => ({ kind: "cut", insideRecord, end });
      await chat.fault({ endpoint: "out", action: cut(FIRST_WIDE_RECORD) });
      await chat.fault({ endpoint: "out", action: cut(1) });
      await chat.fault({ endpoint: "out", action: cut(3) });
      await chat.ask("emoji");
      await chat.hasAnswers(1);

      assert.equal(await chat.faultsHit(), 3, "all three connections were cut");
      await chat.showsWhatTheServerWrote();
      await chat.sent("emoji");
    });
  }

  test("a connection that ends between two bytes of the protocol is repaired unseen", async (t) => {
    const chat = await visit(t);
    for (const afterBytes of [1, 700, 333]) {
      await chat.fault({ endpoint: "out", action: { kind: "cut", afterBytes, end: "reset" } });
    }
    await chat.ask("emoji");
    await chat.hasAnswers(1);
    assert.equal(await chat.faultsHit(), 3);
    await chat.showsWhatTheServerWrote();
  });

  test("an answer that arrives byte by byte is the same answer", async (t) => {
    const chat = await visit(t);
    await chat.fault({ endpoint: "out", action: { kind: "slice", bytes: 1, delayMs: 0 } });
    await chat.ask("emoji");
    // Thousands of chunks: as long as a long answer.
    await chat.hasAnswers(1, 40_000);
    assert.equal(await chat.faultsHit(), 1);
    await chat.showsWhatTheServerWrote();
    const [{ text }] = await chat.answers();
    assert.equal(await chat.byTestId("text").innerText(), text);
  });

  test("a server that refuses readers for a moment loses no answer", async (t) => {
    const chat = await visit(t);
    await chat.fault({ endpoint: "out", times: 2, action: { kind: "status", status: 503 } });
    await chat.ask("Hello");
    await chat.hasAnswers(1);
    assert.equal(await chat.faultsHit(), 2);
    await chat.showsWhatTheServerWrote();
    await chat.sent("Hello");
  });
});

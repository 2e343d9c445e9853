// A question reaches the agent once, whatever happens to the request that carries it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { demo } from "./demo.mjs";

const { visit } = demo();

// Side by side: they mostly wait.
describe("questions on their way", { concurrency: 2 }, () => {
  test("a question whose acknowledgement was lost is asked and answered once", async (t) => {
    const chat = await visit(t);
    await chat.fault({ endpoint: "in", action: { kind: "lose-answer" } });
    await chat.ask("Hello");
    await chat.hasAnswers(1);
    assert.equal(await chat.faultsHit(), 1);
    await chat.showsWhatTheServerWrote();
    await chat.sent("Hello");
  });

  test("acknowledgements lost twice in the middle of a chat change nothing either", async (t) => {
    const chat = await visit(t);
    await chat.ask("First");
    await chat.hasAnswers(1);
    await chat.fault({ endpoint: "in", times: 2, action: { kind: "lose-answer" } });
    await chat.ask("Second");
    await chat.hasAnswers(2);
    assert.equal(await chat.faultsHit(), 2);
    await chat.showsWhatTheServerWrote();
    await chat.sent("First", "Second");
  });

  test("a question refused with 503 twice gets through", async (t) => {
    const chat = await visit(t);
    await chat.fault({ endpoint: "in", times: 2, action: { kind: "status", status: 503 } });
    await chat.ask("Hello");
    await chat.hasAnswers(1);
    assert.equal(await chat.faultsHit(), 2);
    await chat.showsWhatTheServerWrote();
    await chat.sent("Hello");
  });

  test("a question refused for good says so, and Retry asks it again", async (t) => {
    const chat = await visit(t);
    const body = JSON.stringify({ error: "Not like this" });
    await chat.fault({ endpoint: "in", action: { kind: "status", status: 422, body } });
    await chat.ask("Hello");
    await chat.byTestId("error").waitFor();
    await chat.byTestId("retry").click();
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
    assert.deepEqual(await chat.questions(), ["Hello"]);
    await chat.sent("Hello");
  });
});

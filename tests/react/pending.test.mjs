// What is written during a turn reaches the agent whole and once, and is answered once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SILENT } from "../support/session-server.mjs";
import { NEWEST, buildNamed } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const { visit } = visitsTo([buildNamed(NEWEST)]);

/** A visitor whose question is being answered until they break the silence. */
async function visitDuringAnswer(t) {
  const visitor = await visit(t, NEWEST);
  await visitor.askForSilence();
  return visitor;
}

/** The answers are the server's, nothing is pending, and nobody has complained. */
async function isSettled(visitor, answers) {
  await visitor.hasAnswers(answers);
  await visitor.turnsEnded(answers);
  await visitor.showsWhatTheServerWrote();
  assert.deepEqual(await visitor.pending(), []);
  assert.deepEqual(visitor.complaints, []);
}

describe("messages during a turn", { concurrency: 4 }, () => {
  test("H4 at rest, steer and queue send as sendMessage does", async (t) => {
    const visitor = await visit(t, NEWEST);
    await visitor.type("Hello", "Steer");
    await visitor.hasAnswers(1);
    await visitor.type("Hello again", "Queue a file");
    await isSettled(visitor, 2);
    await visitor.sent("Hello", "Hello again");
  });

  test("H4 two steers are two answers, under the ids that the agent knows", async (t) => {
    const visitor = await visitDuringAnswer(t);
    await visitor.type("emoji", "Steer");
    await visitor.type("think", "Steer");
    await visitor.hasPending("[data-pending=steering]", "think");
    await visitor.hasInputs(3);
    await visitor.breakSilence();
    await isSettled(visitor, 3);
    await visitor.sent(SILENT, "emoji", "think");
    const known = (await visitor.inputs()).map(({ chunk }) => chunk.payload.message.id);
    assert.deepEqual((await visitor.messages("user")).map(({ id }) => id), known);
  });

  test("H4 queued messages wait for the end, and are one question", async (t) => {
    const visitor = await visitDuringAnswer(t);
    await visitor.type("emoji", "Queue");
    await visitor.type("please", "Queue a file");
    assert.deepEqual((await visitor.pending()).map(({ mode }) => mode), ["queued", "queued"]);
    await visitor.sent(SILENT);
    await visitor.breakSilence();
    await isSettled(visitor, 2);
    const [, { chunk }] = await visitor.inputs();
    const { parts } = chunk.payload.message;
    assert.deepEqual(parts.map(({ type, text }) => text ?? type), ["file", "emoji\nplease"]);
  });

  test("H4 a steered file reaches the agent, and the conversation", async (t) => {
    const visitor = await visitDuringAnswer(t);
    await visitor.type("emoji", "Steer a file");
    await visitor.hasPending("[data-parts='file,text']", "emoji");
    await visitor.hasInputs(2);
    await visitor.breakSilence();
    await isSettled(visitor, 2);
    const [, { chunk }] = await visitor.inputs();
    const [file, text] = chunk.payload.message.parts;
    assert.equal(file.url, "data:text/plain;base64,Lg==");
    assert.equal(text.text, "emoji");
    assert.equal(await visitor.page.locator("article[data-role=user][data-parts='file,text']").count(), 1);
  });

  test("H4 a queued message that is promoted is sent into the turn, once", async (t) => {
    const visitor = await visitDuringAnswer(t);
    await visitor.type("emoji", "Queue");
    await visitor.page.getByRole("button", { name: "Promote emoji" }).dblclick();
    await visitor.hasPending("[data-pending=steering]", "emoji");
    await visitor.hasInputs(2);
    await visitor.breakSilence();
    await isSettled(visitor, 2);
    await visitor.sent(SILENT, "emoji");
  });

  test("H4 a message that is discarded is not sent", async (t) => {
    const visitor = await visitDuringAnswer(t);
    await visitor.type("emoji", "Queue");
    await visitor.click("Discard emoji");
    await visitor.breakSilence();
    await isSettled(visitor, 1);
    await visitor.sent(SILENT);
  });

  test("H4 a steer that fails is reported, kept, and sent again when it is asked for", async (t) => {
    const visitor = await visitDuringAnswer(t);
    await visitor.fault({ endpoint: "in", action: { kind: "status", status: 413 } });
    await visitor.type("emoji", "Steer");
    await visitor.hasPending("[data-failed=true]", "emoji");
    await visitor.click("Promote emoji");
    await visitor.hasPending("[data-failed=false]", "emoji");
    await visitor.hasInputs(2);
    await visitor.breakSilence();
    await visitor.hasAnswers(2);
    await visitor.showsWhatTheServerWrote();
    await visitor.sent(SILENT, "emoji");
  });

  test("H4 a steer that failed is not sent by itself when the turn has ended", async (t) => {
    const visitor = await visitDuringAnswer(t);
    await visitor.fault({ endpoint: "in", action: { kind: "status", status: 413 } });
    await visitor.type("emoji", "Steer");
    await visitor.hasPending("[data-failed=true]", "emoji");
    await visitor.breakSilence();
    await visitor.hasAnswers(1);
    assert.deepEqual(await visitor.pending(), [
      { text: "emoji", mode: "steering", failed: true, parts: "text" },
    ]);
    await visitor.sent(SILENT);
    await visitor.click("Promote emoji");
    await visitor.hasAnswers(2);
    await visitor.sent(SILENT, "emoji");
  });

  test("H4 behind a stop a steer is answered once, and nothing of the stopped answer is in it", async (t) => {
    const visitor = await visit(t, NEWEST);
    await visitor.ask("a slow answer");
    await visitor.shows("This answer");
    await visitor.type("emoji", "Steer");
    await visitor.hasInputs(2);
    await visitor.click("Stop");
    await visitor.hasAnswers(2);
    await visitor.turnsEnded(2);
    await visitor.sent("a slow answer", "emoji", "stop");
    assert.deepEqual(await visitor.questions(), ["a slow answer", "emoji"]);
    assert.deepEqual(await visitor.seen("errors"), []);
  });

  test("H4 what is pending in one chat stays out of another", async (t) => {
    const visitor = await visitDuringAnswer(t);
    const { chatId } = visitor;
    await visitor.type("emoji", "Queue");
    await visitor.goTo(`other/${crypto.randomUUID()}`);
    await visitor.ask("Hello");
    await visitor.hasAnswers(1);
    await visitor.sent("Hello");
    await visitor.goTo(chatId);
    await visitor.breakSilence();
    await visitor.hasAnswers(1);
    await visitor.sent(SILENT);
  });
});

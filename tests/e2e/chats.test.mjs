// Several chats side by side, and answers that fail.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { BEFORE_SILENCE, SILENT } from "../support/session-server.mjs";
import { demo } from "./demo.mjs";
import { answersIn } from "./server-record.mjs";

const { visit } = demo();

// Side by side: they mostly wait.
describe("chats", { concurrency: 3 }, () => {
  test("an answer that fails shows why, and Retry asks for a new one in its place", async (t) => {
    const chat = await visit(t);
    await chat.ask("fail");
    await chat.byTestId("error").filter({ hasText: "failed because you asked it to" }).waitFor();
    const [failed] = await chat.answers();

    await chat.byTestId("retry").click();
    await chat.turnsEnded(2);
    await chat.hasStatus("error");
    const again = answersIn(await chat.server.log(chat.chatId)).at(-1);
    assert.notEqual(again.id, failed.id);
    assert.deepEqual(await chat.answers(), [again]);

    await chat.ask("Hello");
    await chat.hasAnswers(2);
    assert.deepEqual((await chat.answers())[1], answersIn(await chat.server.log(chat.chatId)).at(-1));
    await chat.sent("fail", "regenerate-message", "Hello");
  });

  test("a new chat starts empty, and the list leads back to the old one", async (t) => {
    const chat = await visit(t);
    await chat.ask("First chat");
    await chat.hasAnswers(1);
    const first = chat.chatId;

    await chat.newChat();
    assert.deepEqual(await chat.questions(), []);
    await chat.ask("Second chat");
    await chat.hasAnswers(1);
    const second = chat.chatId;
    await chat.showsWhatTheServerWrote();
    await chat.listItem(second).filter({ hasText: "Second chat" }).waitFor();

    await chat.openFromList(first);
    await chat.hasAnswers(1);
    assert.deepEqual(await chat.questions(), ["First chat"]);
    await chat.showsWhatTheServerWrote();
    await chat.sent("First chat");
  });

  test("an answer goes on while the visitor talks in another chat", async (t) => {
    const chat = await visit(t);
    await chat.askForSilence();
    const first = chat.chatId;

    await chat.newChat();
    await chat.ask("4 deltas");
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
    await chat.sent("4 deltas");

    await chat.openFromList(first);
    await chat.shows(BEFORE_SILENCE);
    await chat.breakSilence();
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
    await chat.sent(SILENT);
  });

  test("an answer that was left by a reload into another chat is whole on return", async (t) => {
    const chat = await visit(t);
    await chat.askForSilence();
    const first = chat.chatId;
    await chat.newChat();
    await chat.page.reload();
    await chat.openFromList(first);
    await chat.hasStatus("streaming");
    await chat.breakSilence();
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
    await chat.sent(SILENT);
  });

  test("a suggestion is asked as it stands", async (t) => {
    const chat = await visit(t);
    await chat.byTestId("suggestion").filter({ hasText: "Data" }).first().click();
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
  });

  test("a visitor on a phone finds the list behind a button", async (t) => {
    const chat = await visit(t);
    await chat.page.setViewportSize({ width: 390, height: 780 });
    await chat.ask("First chat");
    await chat.hasAnswers(1);
    const first = chat.chatId;
    await chat.newChat();
    await chat.byTestId("open-list").click();
    await chat.openFromList(first);
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
  });
});

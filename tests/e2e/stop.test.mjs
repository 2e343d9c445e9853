// Stop ends the answer here and on the server, once, and leaves the chat usable.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { demo } from "./demo.mjs";
import { answersIn } from "./server-record.mjs";

const { visit } = demo();

async function visitDuringSlowAnswer(t) {
  const chat = await visit(t);
  await chat.ask("a slow answer");
  await chat.shows("This answer");
  return chat;
}

/** The answer was cut short, and not a word of what is shown was made up. */
async function showsBeginningOfWhatTheServerWrote(chat) {
  const [written] = answersIn(await chat.server.log(chat.chatId));
  const [shown] = await chat.answers();
  assert.equal(shown.id, written.id);
  assert.ok(written.text.startsWith(shown.text), `${shown.text} / ${written.text}`);
  assert.ok(!written.text.includes("going to be lost."), "the agent stopped before its last words");
}

// Side by side: they mostly wait.
describe("Stop", { concurrency: 2 }, () => {
  test("Stop in mid-answer ends it, and the next question is answered whole", async (t) => {
    const chat = await visitDuringSlowAnswer(t);
    await chat.stop();
    await chat.hasStatus("ready");
    await chat.turnsEnded(1);
    await showsBeginningOfWhatTheServerWrote(chat);

    await chat.ask("Hello again");
    await chat.hasAnswers(2);
    const written = answersIn(await chat.server.log(chat.chatId));
    assert.deepEqual((await chat.answers())[1], written[1]);
    await chat.sent("a slow answer", "stop", "Hello again");
  });

  test("a question asked at once after Stop is answered whole", async (t) => {
    const chat = await visitDuringSlowAnswer(t);
    await chat.stop();
    await chat.hasStatus("ready");
    await chat.ask("Hello again");
    await chat.hasAnswers(2);

    const written = answersIn(await chat.server.log(chat.chatId));
    assert.deepEqual((await chat.answers())[1], written[1]);
    await showsBeginningOfWhatTheServerWrote(chat);
    await chat.sent("a slow answer", "stop", "Hello again");
  });

  test("Stop after a reload ends the answer that was resumed", async (t) => {
    const chat = await visitDuringSlowAnswer(t);
    await chat.reload();
    await chat.shows("takes");
    await chat.stop();
    await chat.hasStatus("ready");
    await chat.turnsEnded(1);
    await showsBeginningOfWhatTheServerWrote(chat);

    await chat.ask("Hello again");
    await chat.hasAnswers(2);
    await chat.sent("a slow answer", "stop", "Hello again");
  });

  test("a stopped answer stays stopped after a reload", async (t) => {
    const chat = await visitDuringSlowAnswer(t);
    await chat.stop();
    await chat.turnsEnded(1);
    await chat.reload();
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
    await chat.sent("a slow answer", "stop");
  });
});

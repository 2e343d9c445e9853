// Leaving a chat in mid-answer leaves its turn alone, however it is left; only the user stops it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SILENT } from "../support/session-server.mjs";
import { NEWEST, buildNamed } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const { visit } = visitsTo([buildNamed(NEWEST)]);

const another = () => `other/${crypto.randomUUID()}`;

/** Asks, and waits until the answer rests in its middle. */
async function visitDuringAnswer(t, options) {
  const visitor = await visit(t, NEWEST, options);
  await visitor.askForSilence();
  return visitor;
}

async function isWholeAndUnstopped(visitor) {
  await visitor.hasAnswers(1);
  await visitor.showsWhatTheServerWrote();
  await visitor.sent(SILENT);
  assert.deepEqual(await visitor.questions(), [SILENT]);
  assert.deepEqual(await visitor.seen("errors"), []);
  assert.deepEqual(visitor.complaints, []);
}

// Side by side: they mostly wait.
describe("leaving a chat", { concurrency: 4 }, () => {
  const layouts = { together: "one component", above: "a transport above its chats" };
  for (const [layout, name] of Object.entries(layouts)) {
    test(`H2 ${name}: another chat in mid-answer, and back before its end`, async (t) => {
      const visitor = await visitDuringAnswer(t, { layout });
      const { chatId } = visitor;
      await visitor.goTo(another());
      await visitor.ask("Hello");
      await visitor.shows("Hello");
      await visitor.goTo(chatId);
      await visitor.breakSilence();
      await isWholeAndUnstopped(visitor);
    });

    test(`H2 ${name}: another chat in mid-answer, and back behind its end`, async (t) => {
      const visitor = await visitDuringAnswer(t, { layout });
      const { chatId } = visitor;
      await visitor.goTo(another());
      visitor.chatId = chatId;
      await visitor.hasNoConnection();
      await visitor.breakSilence();
      await visitor.turnsEnded(1);
      await visitor.goTo(chatId);
      await isWholeAndUnstopped(visitor);
    });

    test(`H2 ${name}: unmounted in mid-answer, and back`, async (t) => {
      const visitor = await visitDuringAnswer(t, { layout });
      const { chatId } = visitor;
      await visitor.leave();
      await visitor.hasNoConnection();
      await visitor.goTo(chatId);
      await visitor.breakSilence();
      await isWholeAndUnstopped(visitor);
    });
  }

  test("H2 there and back at once, while the message is on its way", async (t) => {
    const visitor = await visit(t, NEWEST, { layout: "above" });
    const { chatId } = visitor;
    await visitor.ask("Hello");
    await visitor.hasAnswers(1);
    await visitor.fault({ endpoint: "in", action: { kind: "delay", ms: 500 } });
    await visitor.ask(SILENT);
    await visitor.hasStatus("submitted");
    await visitor.leave();
    await visitor.goTo(chatId);
    await visitor.breakSilence();
    await visitor.shows("That was it.");
    await visitor.hasAnswers(2);
    await visitor.showsWhatTheServerWrote();
    await visitor.sent("Hello", SILENT);
    assert.deepEqual(visitor.complaints, []);
  });

  test("H2 a chat that Activity hides is left, and resumes when it is shown again", async (t) => {
    const visitor = await visitDuringAnswer(t, { layout: "hidden" });
    const { chatId } = visitor;
    await visitor.leave();
    await visitor.hasNoConnection();
    await visitor.goTo(chatId);
    await visitor.breakSilence();
    await isWholeAndUnstopped(visitor);
  });

  test("H2 what was asked behind a return is answered, and can be stopped", async (t) => {
    const visitor = await visitDuringAnswer(t, { layout: "together" });
    const { chatId } = visitor;
    await visitor.goTo(another());
    await visitor.goTo(chatId);
    await visitor.breakSilence();
    await isWholeAndUnstopped(visitor);
    await visitor.ask("a slow answer");
    await visitor.shows("This answer");
    await visitor.click("Stop by useChat");
    await visitor.turnsEnded(2);
    await visitor.sent(SILENT, "a slow answer", "stop");
  });
});

/** How to get to each state in which a user may press Stop. */
const STATES = {
  "while the message is sent": async (visitor) => {
    await visitor.fault({ endpoint: "in", action: { kind: "delay", ms: 500 } });
    await visitor.ask("a slow answer");
    await visitor.hasStatus("submitted");
  },
  "before the first word": async (visitor) => {
    await visitor.fault({ endpoint: "out", action: { kind: "stall", afterBytes: 0 } });
    await visitor.ask("a slow answer");
    await visitor.hasInputs(2);
    await visitor.hasStatus("submitted");
  },
  "in mid-answer": async (visitor) => {
    await visitor.ask("a slow answer");
    await visitor.shows("This answer");
  },
  "of an answer that was resumed by a reload": async (visitor) => {
    await visitor.ask("a slow answer");
    await visitor.shows("This answer");
    await visitor.reload();
    await visitor.shows("takes");
  },
  "of an answer that was resumed by coming back": async (visitor) => {
    await visitor.ask("a slow answer");
    await visitor.shows("This answer");
    const { chatId } = visitor;
    await visitor.leave();
    await visitor.goTo(chatId);
    await visitor.shows("takes");
  },
  "while the connection is lost": async (visitor) => {
    await visitor.fault({ endpoint: "out", action: { kind: "cut", afterBytes: 600, end: "reset" } });
    await visitor.fault({ endpoint: "out", times: 100, action: { kind: "status", status: 503 } });
    await visitor.ask("a slow answer");
    await visitor.hasConnection("waiting");
  },
};

describe("the stop button", { concurrency: 4 }, () => {
  for (const [state, getThere] of Object.entries(STATES)) {
    test(`H2 Stop ${state} stops the turn, once`, async (t) => {
      const visitor = await visit(t, NEWEST);
      await visitor.ask("Hello");
      await visitor.hasAnswers(1);
      await getThere(visitor);
      await visitor.click("Stop");
      await visitor.hasStatus("ready");
      await visitor.turnsEnded(2);
      await visitor.sent("Hello", "a slow answer", "stop");
    });
  }
});

// What a chat must do with every AI SDK and every React that the package is for.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SILENT } from "../support/session-server.mjs";
import { BUILDS } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const { visit } = visitsTo(BUILDS);

// Side by side: they mostly wait.
describe("every AI SDK with every React", { concurrency: 4 }, () => {
  for (const { name } of BUILDS) {
    test(`H5 ${name}: turns are shown whole, and the console stays empty`, async (t) => {
      const visitor = await visit(t, name);
      await visitor.ask("Hello");
      await visitor.hasAnswers(1);
      await visitor.ask("data");
      await visitor.hasAnswers(2);
      await visitor.showsWhatTheServerWrote();
      await visitor.sent("Hello", "data");
      await visitor.finishedEachAnswerOnce();
      assert.deepEqual(visitor.complaints, []);
    });

    test(`H2 ${name}: a stop by the user stops`, async (t) => {
      const visitor = await visit(t, name);
      await visitor.ask("a slow answer");
      await visitor.shows("This answer");
      await visitor.click("Stop by useChat");
      await visitor.hasStatus("ready");
      await visitor.turnsEnded(1);
      await visitor.sent("a slow answer", "stop");
      assert.deepEqual(visitor.complaints, []);
    });

    test(`H3 ${name}: a reload in mid-answer resumes once, under StrictMode`, async (t) => {
      const visitor = await visit(t, name);
      await visitor.askForSilence();
      await visitor.reload();
      await visitor.hasStatus("streaming");
      await visitor.breakSilence();
      await visitor.hasAnswers(1);
      await visitor.showsWhatTheServerWrote();
      await visitor.sent(SILENT);
      assert.equal((await visitor.eventsOf("stream-connected")).length, 1);
      await visitor.finishedEachAnswerOnce();
      assert.deepEqual(visitor.complaints, []);
    });

    test(`H2 ${name}: unmounting in mid-answer writes no stop, and coming back shows it whole`, async (t) => {
      const visitor = await visit(t, name);
      await visitor.askForSilence();
      const { chatId } = visitor;
      await visitor.leave();
      await visitor.hasNoConnection();
      await visitor.goTo(chatId);
      await visitor.breakSilence();
      await visitor.hasAnswers(1);
      await visitor.showsWhatTheServerWrote();
      await visitor.sent(SILENT);
      assert.deepEqual(await visitor.seen("errors"), []);
      assert.deepEqual(visitor.complaints, []);
    });

    test(`H4 ${name}: a steer that the turn did not take up is answered once`, async (t) => {
      const visitor = await visit(t, name);
      await visitor.askForSilence();
      await visitor.type("emoji", "Steer");
      await visitor.hasPending("[data-pending=steering]", "emoji");
      await visitor.hasInputs(2);
      await visitor.breakSilence();
      await visitor.hasAnswers(2);
      await visitor.turnsEnded(2);
      await visitor.showsWhatTheServerWrote();
      await visitor.sent(SILENT, "emoji");
      assert.deepEqual(await visitor.questions(), [SILENT, "emoji"]);
      assert.deepEqual(await visitor.pending(), []);
      assert.deepEqual(visitor.complaints, []);
    });
  }
});

// One chat in two tabs, of which one goes away in the middle of an answer: the other has all of it, whatever
// is asked there meanwhile.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { answersIn } from "../e2e/server-record.mjs";
import { BEFORE_SILENCE, SILENT } from "../support/session-server.mjs";
import { NEWEST, buildNamed } from "./builds.mjs";
import { delayLocks, holdModule, isReadOnly, rolesIn, showTheSame } from "./two-tabs.mjs";
import { visitsTo } from "./visits.mjs";

const { visit } = visitsTo([buildNamed(NEWEST)]);

async function visitTwo(t, prepare) {
  const one = await visit(t, NEWEST, { tabs: "" });
  return { one, other: await one.anotherTab(prepare) };
}

/** The one asks and goes away; the other tab has the question. */
async function leaveInSilence(one, other) {
  await one.ask(SILENT);
  await one.hasInputs(1);
  await other.page.locator("article", { hasText: SILENT }).waitFor();
  await one.page.goto("about:blank");
}

/** A tab that reads the first half of an answer whose page is gone. */
async function visitLeftInSilence(t) {
  const { one, other } = await visitTwo(t);
  // The answer never reached the one, so all that the other shows of it, it has read itself.
  await one.fault({ endpoint: "out", action: { kind: "delay", ms: 10_000 } });
  await leaveInSilence(one, other);
  await other.shows(BEFORE_SILENCE);
  return { one, other };
}

/** Each question with its answer behind it, as the server wrote them, and nothing complained of. */
async function showsAllInOrder(visitor, questions) {
  await visitor.showsWhatTheServerWrote();
  assert.deepEqual(await visitor.questions(), questions);
  assert.deepEqual(await rolesIn(visitor), questions.flatMap(() => ["user", "assistant"]));
  assert.deepEqual(visitor.complaints, []);
}

/** The left answer goes on, and the question that was asked since gets its own. */
async function endsWithBothAnswers(visitor) {
  await visitor.breakSilence();
  await visitor.hasAnswers(2);
  await showsAllInOrder(visitor, [SILENT, "think"]);
}

/** In the page, before it loads: the agent is one whose answers begin without a start. */
function takeStartsOut() {
  const { fetch } = window;
  const transform = (text, controller) => {
    controller.enqueue(text.replaceAll(String.raw`\"type\":\"start\"`, String.raw`\"type\":\"data-start\"`));
  };
  window.fetch = async (...request) => {
    const response = await fetch(...request);
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return response;
    const { status, headers } = response;
    const body = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TransformStream({ transform }))
      .pipeThrough(new TextEncoderStream());
    return new Response(body, { status, headers });
  };
}

async function isBack(visitor, goOn) {
  goOn();
  await visitor.isOpen();
  await visitor.shows(BEFORE_SILENCE);
}

describe("answers that are left", { concurrency: 3 }, () => {
  test("E6 an answer whose page is gone in its middle is read to its end in the other tab", async (t) => {
    const { one, other } = await visitTwo(t);
    await one.ask(SILENT);
    await other.shows(BEFORE_SILENCE);
    await one.page.goto("about:blank");
    await other.hasConnection("live");
    await other.breakSilence();
    await other.shows("That was it.");
    await other.showsWhatTheServerWrote();
    await other.ask("Hello");
    await other.hasAnswers(2);
    await other.showsWhatTheServerWrote();
    assert.deepEqual(other.complaints, []);
  });

  test("E6 an answer that another tab has left stands before a question that was asked since", async (t) => {
    const { one, other } = await visitTwo(t);
    await one.fault({ endpoint: "out", action: { kind: "delay", ms: 10_000 } });
    await one.ask("emoji");
    await other.page.locator("article", { hasText: "emoji" }).waitFor();
    await one.hasInputs(1);
    await one.page.goto("about:blank");
    await isReadOnly(other, false);
    await other.page.evaluate(delayLocks);
    await other.ask("think");
    await other.page.locator("article[data-role=assistant]", { hasText: "end here" }).waitFor();
    assert.deepEqual(await rolesIn(other), ["user", "assistant", "user"]);
    await other.page.evaluate(() => window.answerLocks());
    await other.hasAnswers(2);
    assert.deepEqual(await rolesIn(other), ["user", "assistant", "user", "assistant"]);
    await other.showsWhatTheServerWrote();
    await other.sent("emoji", "think");
    assert.deepEqual(other.complaints, []);
  });

  test("E6 a question asked in the middle of an answer that another tab has left spoils neither", async (t) => {
    const { other } = await visitLeftInSilence(t);
    await other.ask("think");
    await other.hasInputs(2);
    await endsWithBothAnswers(other);
    await other.ask("Thanks");
    await other.hasAnswers(3);
    await showsAllInOrder(other, [SILENT, "think", "Thanks"]);
  });

  test("E6 a question asked before an answer that another tab has left begins spoils neither", async (t) => {
    const { one, other } = await visitTwo(t);
    await one.fault({ endpoint: "out", action: { kind: "delay", ms: 10_000 } });
    await one.fault({ endpoint: "out", action: { kind: "stall", afterBytes: 0 } });
    await leaveInSilence(one, other);
    await other.hasConnection("live");
    await other.ask("think");
    await other.hasInputs(2);
    await other.shows(BEFORE_SILENCE);
    await endsWithBothAnswers(other);
  });

  test("E6 a question asked in the middle of an answer without a start has its own answer alone", async (t) => {
    const { one, other } = await visitTwo(t, (page) => page.addInitScript(takeStartsOut));
    await one.fault({ endpoint: "out", action: { kind: "delay", ms: 10_000 } });
    await leaveInSilence(one, other);
    await other.hasConnection("live");
    await other.ask("think");
    await other.hasInputs(2);
    await other.breakSilence();
    await other.hasAnswers(1);
    const [, { text }] = answersIn(await other.log());
    assert.deepEqual((await other.messages("assistant")).map((answer) => answer.text), [text]);
    assert.deepEqual(other.complaints, []);
  });

  test("E6 an answer that another tab has left and that is asked for anew is shown once", async (t) => {
    const { other } = await visitLeftInSilence(t);
    await other.click("Regenerate");
    await other.hasInputs(2);
    await other.breakSilence();
    await other.turnsEnded(1);
    await other.breakSilence();
    await other.turnsEnded(2);
    const written = answersIn(await other.log());
    await other.hasAnswers(1);
    assert.deepEqual(await other.messages("assistant"), written.slice(1));
    assert.deepEqual(other.complaints, []);
  });

  test("E6 a question asked as soon as another tab has left in mid-answer spoils neither", async (t) => {
    const { one, other } = await visitTwo(t);
    await one.askForSilence();
    await other.shows(BEFORE_SILENCE);
    await one.page.goto("about:blank");
    await isReadOnly(other, false);
    await other.ask("think");
    await other.hasInputs(2);
    await endsWithBothAnswers(other);
  });

  for (const when of ["before its answer's end", "in the next answer", "at rest"]) {
    test(`E6 a page that is left for long, and back ${when}, has what was asked meanwhile`, async (t) => {
      const { one, other } = await visitTwo(t);
      await one.askForSilence();
      await other.shows(BEFORE_SILENCE);
      const goOn = await holdModule(one);
      await one.page.reload();
      await other.hasConnection("live");
      await other.ask(SILENT);
      await other.hasInputs(2);
      if (when === "before its answer's end") await isBack(one, goOn);
      await other.breakSilence();
      await other.turnsEnded(1);
      if (when === "in the next answer") await isBack(one, goOn);
      await other.breakSilence();
      await other.hasAnswers(2);
      goOn();
      await showTheSame(one, other, 2);
      await showsAllInOrder(one, [SILENT, SILENT]);
      await one.ask("Thanks");
      await showTheSame(one, other, 3);
    });
  }
});

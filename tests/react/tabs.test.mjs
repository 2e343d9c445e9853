// One chat in two tabs: the one whose turn it is shows what it shows in the other, and no text is lost.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { answersIn } from "../e2e/server-record.mjs";
import { BEFORE_SILENCE, SILENT } from "../support/session-server.mjs";
import { NEWEST, buildNamed } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const { visit } = visitsTo([buildNamed(NEWEST)]);

const visitWithTabs = (t) => visit(t, NEWEST, { tabs: "" });

async function isReadOnly(visitor, readOnly) {
  await visitor.page.locator(`main[data-read-only=${readOnly}]`).waitFor();
}

/** Both tabs show the whole conversation, as the server wrote it. */
async function showTheSame(one, other, answers) {
  await one.hasAnswers(answers);
  await other.hasAnswers(answers);
  for (const tab of [one, other]) await tab.showsWhatTheServerWrote();
  assert.deepEqual(await other.messages("user"), await one.messages("user"));
  assert.deepEqual([...one.complaints, ...other.complaints], []);
}

async function visitTwo(t) {
  const one = await visitWithTabs(t);
  return { one, other: await one.anotherTab() };
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

/** What the page loads next gets its module when the function is called that this gives. */
async function holdModule({ page }) {
  let goOn;
  const isHeld = new Promise((resolve) => {
    goOn = resolve;
  });
  await page.route("**/*.wasm", async (route) => {
    await isHeld;
    await route.continue();
  });
  return goOn;
}

async function isBack(visitor, goOn) {
  goOn();
  await visitor.isOpen();
  await visitor.shows(BEFORE_SILENCE);
}

/** Has one answer, and another tab beside it that shows other words in its place. */
async function answeredBesideAnother(visitor) {
  await visitor.ask("Hello");
  await visitor.hasAnswers(1);
  return besideAnother(visitor);
}

/** What comes back speaks as a tab that shows other words in the place of the answer. */
async function besideAnother(visitor, state = "done") {
  const [question] = await visitor.messages("user");
  const [answer] = await visitor.messages("assistant");
  const messages = [
    { id: question.id, role: "user", parts: [{ type: "text", text: question.text }] },
    { id: answer.id, role: "assistant", parts: [{ type: "text", state, text: "The last words." }] },
  ];
  const { chatId } = visitor;
  await visitor.page.evaluate((spoken) => {
    const channel = new BroadcastChannel("trigger-chat-tab-coord");
    window.speakAsAnother = (type) => channel.postMessage({ ...spoken, type });
  }, { chatId, tabId: "another", messages });
  return (word) => visitor.page.evaluate((type) => window.speakAsAnother(type), word);
}

/** Who says what is on the screen, from the top. */
function rolesIn({ page }) {
  return page.locator("article").evaluateAll((articles) => articles.map(({ dataset }) => dataset.role));
}

/** In the page: resolves when its own turn is over, and its last words are said. */
function untilUnlocked(chatId) {
  return navigator.locks.request(`trigger-chat-tab-coord:${chatId}`, () => {});
}

/** In the page: whether a lock is free is answered when the test wants it. */
function delayLocks() {
  const request = navigator.locks.request.bind(navigator.locks);
  const wanted = new Promise((resolve) => {
    window.answerLocks = resolve;
  });
  navigator.locks.request = (...asked) => wanted.then(() => request(...asked));
}

describe("two tabs", { concurrency: 3 }, () => {
  test("E3 H1 the other tab is read-only while a turn lasts, and follows it", async (t) => {
    const one = await visitWithTabs(t);
    const other = await one.anotherTab();
    await isReadOnly(other, false);
    await one.ask(SILENT);
    await isReadOnly(other, true);
    await isReadOnly(one, false);
    await other.shows(BEFORE_SILENCE);
    assert.ok(await other.page.locator("main input").isDisabled());
    await one.breakSilence();
    await isReadOnly(other, false);
    await showTheSame(one, other, 1);
  });

  test("E6 each tab may have its turn, and what one has written the other keeps", async (t) => {
    const one = await visitWithTabs(t);
    const other = await one.anotherTab();
    await one.ask("Hello");
    await showTheSame(one, other, 1);
    await other.ask("emoji");
    await showTheSame(one, other, 2);
    await one.ask("think");
    await showTheSame(one, other, 3);
    await one.sent("Hello", "emoji", "think");
  });

  test("E6 a tab that is opened with an old history wipes nothing", async (t) => {
    const one = await visitWithTabs(t);
    await one.ask("Hello");
    await one.hasAnswers(1);
    const other = await one.anotherTab();
    await other.hasAnswers(1);
    await one.ask("emoji");
    await showTheSame(one, other, 2);
    // As a page does whose store is behind: it shows less than the others do.
    const prepare = (page) =>
      page.route(`**/demo/chats/${encodeURIComponent(one.chatId)}`, async (route) => {
        const response = await route.fetch();
        const { messages, ...rest } = await response.json();
        await route.fulfill({ response, json: { ...rest, messages: messages.slice(0, 2) } });
      });
    const late = await one.anotherTab(prepare);
    await showTheSame(one, late, 2);
    await showTheSame(one, other, 2);
    await one.ask("think");
    await showTheSame(one, other, 3);
    await showTheSame(one, late, 3);
  });

  test("E5 E6 a tab that is opened in mid-turn is read-only, and has the whole answer", async (t) => {
    const one = await visitWithTabs(t);
    await one.askForSilence();
    const other = await one.anotherTab();
    await isReadOnly(other, true);
    await one.breakSilence();
    await isReadOnly(other, false);
    await showTheSame(one, other, 1);
    await one.sent(SILENT);
  });

  test("E6 an answer whose page is gone in its middle is read to its end in the other tab", async (t) => {
    const one = await visitWithTabs(t);
    const other = await one.anotherTab();
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
    const one = await visitWithTabs(t);
    const other = await one.anotherTab();
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
    await other.breakSilence();
    await other.hasAnswers(2);
    await showsAllInOrder(other, [SILENT, "think"]);
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
    await other.breakSilence();
    await other.hasAnswers(2);
    await showsAllInOrder(other, [SILENT, "think"]);
  });

  test("E6 a question asked in the middle of an answer without a start has its own answer alone", async (t) => {
    const one = await visitWithTabs(t);
    const other = await one.anotherTab((page) => page.addInitScript(takeStartsOut));
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

  test("E6 an answer whose page is gone before it showed the end is whole in the other tab", async (t) => {
    const owner = await visitWithTabs(t);
    const other = await owner.anotherTab();
    await owner.ask("Hello");
    await showTheSame(owner, other, 1);
    const [{ text }] = await owner.messages("assistant");
    await owner.page.close();
    const speak = await besideAnother(other, "streaming");
    for (const word of ["claim", "messages", "release"]) await speak(word);
    await other.shows("The last words.");
    await other.shows(text);
    await other.showsWhatTheServerWrote();
    assert.deepEqual(other.complaints, []);
  });

  test("E6 a turn that passes while a page is loaded anew is shown there", async (t) => {
    const owner = await visitWithTabs(t);
    let goOn;
    const other = await owner.anotherTab(async (page) => {
      goOn = await holdModule({ page });
    });
    await owner.ask("Hello");
    await owner.hasAnswers(1);
    await owner.page.evaluate(untilUnlocked, owner.chatId);
    assert.deepEqual(await other.questions(), []);
    goOn();
    await showTheSame(owner, other, 1);
    await other.ask("Thanks");
    await showTheSame(owner, other, 2);
  });

  test("E6 a question asked as soon as another tab has left in mid-answer spoils neither", async (t) => {
    const { one, other } = await visitTwo(t);
    await one.askForSilence();
    await other.shows(BEFORE_SILENCE);
    await one.page.goto("about:blank");
    await isReadOnly(other, false);
    await other.ask("think");
    await other.hasInputs(2);
    await other.breakSilence();
    await other.hasAnswers(2);
    await showsAllInOrder(other, [SILENT, "think"]);
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

  test("E6 the other tab shows the question before the first word of the answer", async (t) => {
    const one = await visitWithTabs(t);
    const other = await one.anotherTab();
    await one.fault({ endpoint: "out", action: { kind: "delay", ms: 2_000 } });
    await one.ask("Hello");
    await other.page.locator("article[data-role=user]", { hasText: "Hello" }).waitFor();
    assert.deepEqual(await other.messages("assistant"), []);
    // All of the answer comes at once, and with it the end of the turn.
    await showTheSame(one, other, 1);
    // So it is with a question that is asked behind an answer.
    await one.fault({ endpoint: "out", action: { kind: "delay", ms: 2_000 } });
    await one.ask("emoji");
    await other.page.locator("article[data-role=user]", { hasText: "emoji" }).waitFor();
    assert.equal((await other.messages("assistant")).length, 1);
    await showTheSame(one, other, 2);
  });

  test("E6 the last words of a turn are shown before a question that was refused in it", async (t) => {
    const visitor = await visitWithTabs(t);
    const says = await answeredBesideAnother(visitor);
    await says("claim");
    await isReadOnly(visitor, true);
    await visitor.click("Send");
    await visitor.hasStatus("error");
    await says("release");
    await isReadOnly(visitor, false);
    await says("messages");
    await visitor.shows("The last words.");
    assert.deepEqual(await visitor.questions(), ["Hello", ""]);
    await visitor.sent("Hello");
  });

  test("E6 what another tab shows does not wipe a question that waits for its turn", async (t) => {
    const visitor = await visitWithTabs(t);
    const says = await answeredBesideAnother(visitor);
    await visitor.page.evaluate(untilUnlocked, visitor.chatId);
    await visitor.page.evaluate(delayLocks);
    await visitor.ask("Hello again");
    await says("claim");
    await isReadOnly(visitor, true);
    await says("messages");
    await visitor.shows("The last words.");
    await says("release");
    await visitor.page.evaluate(() => window.answerLocks());
    await visitor.hasAnswers(2);
    assert.deepEqual(await visitor.questions(), ["Hello", "Hello again"]);
    await visitor.sent("Hello", "Hello again");
  });

  test("E2 H2 a chat that is left in mid-turn is free for the other tab", async (t) => {
    const one = await visitWithTabs(t);
    const other = await one.anotherTab();
    await one.ask(SILENT);
    await isReadOnly(other, true);
    await one.leave();
    await isReadOnly(other, false);
    await one.sent(SILENT);
  });
});

// One chat in two tabs: the one whose turn it is shows what it shows in the other, and no text is lost.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { BEFORE_SILENCE, SILENT } from "../support/session-server.mjs";
import { NEWEST, buildNamed } from "./builds.mjs";
import { delayLocks, holdModule, isReadOnly, showTheSame } from "./two-tabs.mjs";
import { visitsTo } from "./visits.mjs";

const { visit } = visitsTo([buildNamed(NEWEST)]);

const visitWithTabs = (t) => visit(t, NEWEST, { tabs: "" });

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

/** In the page: resolves when its own turn is over, and its last words are said. */
function untilUnlocked(chatId) {
  return navigator.locks.request(`trigger-chat-tab-coord:${chatId}`, () => {});
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

// The demo's chat page in a tab of any engine, used by what every engine can do: run a script in it.
// Waiting is always for something that can be seen, never for time.

import assert from "node:assert/strict";

import { answersIn, described, turnsEndedIn } from "../e2e/server-record.mjs";
import { LOADING_MS, PATIENCE_MS, eventually } from "../support/eventually.mjs";

export class ChatTab {
  chatId;

  constructor(tab, server) {
    this.tab = tab;
    this.server = server;
  }

  async open() {
    await this.tab.goto(this.server.url);
    const isThere = () => Boolean(document.querySelector("[data-testid=chat-input]"));
    await this.until("the page is there", isThere, LOADING_MS);
    const hash = await this.tab.evaluate(() => location.hash);
    this.chatId = decodeURIComponent(hash.replace("#/chat/", ""));
  }

  async ask(text) {
    await this.tab.evaluate((value) => {
      const input = document.querySelector("[data-testid=chat-input]");
      // Past React's own setter, or it takes the text for what it wrote itself.
      const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
      set.call(input, value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
    await this.until("the question was sent", () => {
      const send = document.querySelector("[data-testid=send]");
      if (!send || send.disabled) return false;
      send.click();
      return true;
    });
  }

  /** Waits until the last answer shows this text. */
  async shows(text, timeoutMs) {
    const look = (wanted) => {
      const answers = document.querySelectorAll("[data-testid=message-assistant]");
      return [...answers].at(-1)?.dataset.rawText.includes(wanted);
    };
    await this.until(`the answer shows ${JSON.stringify(text)}`, look, timeoutMs, text);
  }

  /** Waits until that many answers are on the screen and the page is at rest. */
  async hasAnswers(count, timeoutMs) {
    const look = (wanted) => {
      const answers = document.querySelectorAll("[data-testid=message-assistant]");
      const status = document.querySelector("[data-testid=status]");
      return answers.length === wanted && status?.dataset.status === "ready";
    };
    await this.until(`${count} finished answers`, look, timeoutMs, count);
  }

  /** Waits until the server has written this text. */
  async serverWrote(text) {
    await eventually(`the server wrote ${text}`, async () => {
      return answersIn(await this.log()).at(-1)?.text.includes(text);
    });
  }

  /** Has the agent end its silence, and waits until its turn is over. */
  async breakSilence() {
    await this.server.breakSilence(this.chatId);
    const isOver = async () => turnsEndedIn(await this.log()) === 1;
    await eventually("the server ended the turn", isOver);
  }

  /** Waits until nobody reads this chat. */
  async hasNoConnection() {
    await eventually("nobody reads the chat", async () => !(await this.server.isRead(this.chatId)));
  }

  /** From now on the page's own requests are counted, for {@link ChatTab.isAtRest}. */
  async countRequests() {
    await this.tab.evaluate(() => {
      const { fetch } = window;
      window.underWay = 0;
      window.fetch = async (...asked) => {
        await window.isBack;
        window.underWay += 1;
        try {
          const response = await fetch(...asked);
          // Of streams the server tells.
          if (response.headers.get("Content-Type")?.includes("json")) await response.clone().text();
          return response;
        } finally {
          window.underWay -= 1;
        }
      };
    });
  }

  /**
   * Waits until nothing is on its way to the page and its turn is given back, a moment behind the answer's
   * end: Firefox keeps no other to come back to. What the page asks for from now on, because another window
   * was closed and this one has the focus, waits until it is shown again.
   */
  async isAtRest() {
    await this.hasNoConnection();
    const look = async (chatId) => {
      const { held } = await navigator.locks.query();
      if (window.underWay > 0 || held.some(({ name }) => name.endsWith(chatId))) return false;
      window.isBack = new Promise((resolve) => addEventListener("pageshow", resolve, { once: true }));
      return true;
    };
    await this.until("no request is under way and no lock is held", look, undefined, this.chatId);
  }

  /** Until the first question has arrived the server does not know the chat. */
  log() {
    return this.server.log(this.chatId).catch(() => []);
  }

  /** The answers on the screen are the server's, each whole and once; it was asked just this. */
  async isWhole(...questions) {
    const written = answersIn(await this.log());
    assert.ok(written.length > 0, "the server wrote an answer");
    const shown = await this.tab.evaluate(() => {
      const answers = [...document.querySelectorAll("[data-testid=message-assistant]")];
      return answers.map(({ dataset }) => ({ id: dataset.messageId, text: dataset.rawText }));
    });
    assert.deepEqual(shown, written);
    assert.deepEqual((await this.server.inputs(this.chatId)).map(described), questions);
  }

  /** Breaks requests of this chat. */
  async fault(rule) {
    const response = await this.server.fault({ chatId: this.chatId, ...rule });
    assert.ok(response.ok, await response.text());
  }

  /** From now on the chat's subscriptions are counted. */
  async countSubscriptions() {
    await this.fault({ endpoint: "out", times: 1_000, action: { kind: "delay", ms: 0 } });
  }

  /** How many requests of this chat were broken or counted. */
  async faultsHit() {
    const rules = await this.server.json("/faults");
    const ours = rules.filter((rule) => rule.chatId === this.chatId);
    return ours.reduce((total, rule) => total + rule.hits, 0);
  }

  /** Marks the page, so that it is known again. Another page, or a fresh load, bears no mark. */
  async mark() {
    await this.tab.evaluate(() => {
      window.marked = true;
    });
  }

  isMarked() {
    return this.tab.evaluate(() => Boolean(window.marked));
  }

  /** Goes away with a mark left behind, lets `happen` happen, and comes back; whether to the same page. */
  async awayAndBack(happen) {
    await this.mark();
    await this.tab.goto(this.server.elsewhere);
    await happen();
    await this.tab.back();
    await this.until("the page is back", () => Boolean(document.querySelector("[data-testid=chat-input]")));
    return this.isMarked();
  }

  /** Loses a message from port to port once an answer is seen, as WebKit does with one to a page in its cache. */
  async loseMessage() {
    await this.tab.evaluate(() => {
      const { postMessage } = MessagePort.prototype;
      MessagePort.prototype.postMessage = function (...message) {
        window.isMessageLost = Boolean(document.querySelector("[data-testid=message-assistant]"));
        if (window.isMessageLost) MessagePort.prototype.postMessage = postMessage;
        else postMessage.apply(this, message);
      };
    });
  }

  /** Waits until {@link ChatTab.loseMessage} has. */
  async hasLostMessage() {
    await this.until("a message is lost", () => window.isMessageLost);
  }

  async until(what, look, timeoutMs = PATIENCE_MS, ...values) {
    // While one page gives way to another there is nothing to look at.
    const seen = () => this.tab.evaluate(look, ...values).catch(() => false);
    try {
      await eventually(what, seen, timeoutMs);
    } catch (cause) {
      const screen = await this.tab.evaluate(() => document.body.innerText).catch(String);
      throw new Error(`${cause.message}. On the screen:\n${screen.slice(-600)}`, { cause });
    }
  }
}

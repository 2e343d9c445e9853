// The chat page as a visitor uses it, and what the server knows about the chat that is open.
// Waiting is always for something that can be seen, never for time.

import assert from "node:assert/strict";

import { LOADING_MS, PATIENCE_MS, eventually } from "../support/eventually.mjs";
import { BEFORE_SILENCE, SILENT } from "../support/session-server.mjs";
import { answersIn, described, turnsEndedIn } from "./server-record.mjs";

export class ChatPage {
  constructor(page, server) {
    this.page = page;
    this.server = server;
    page.setDefaultTimeout(PATIENCE_MS);
    page.setDefaultNavigationTimeout(LOADING_MS);
  }

  get chatId() {
    return decodeURIComponent(new URL(this.page.url()).hash.replace("#/chat/", ""));
  }

  byTestId(name) {
    return this.page.getByTestId(name);
  }

  async open() {
    await this.page.goto(this.server.url);
    await this.byTestId("chat-input").waitFor();
  }

  /** Reloads, and waits until the conversation is back on the screen. */
  async reload() {
    await this.page.reload();
    await this.byTestId("message-user").first().waitFor();
  }

  async ask(text) {
    await this.byTestId("chat-input").fill(text);
    await this.byTestId("send").click();
    await this.byTestId("message-user").filter({ hasText: text }).last().waitFor();
  }

  async stop() {
    await this.byTestId("stop").click();
  }

  async newChat() {
    const before = this.chatId;
    await this.byTestId("new-chat").click();
    await eventually("the address names another chat", () => this.chatId !== before);
  }

  async openFromList(chatId) {
    await this.listItem(chatId).getByRole("button").first().click();
    await eventually(`the address names ${chatId}`, () => this.chatId === chatId);
  }

  listItem(chatId) {
    return this.page.locator(`[data-testid="chat-list-item"][data-chat-id="${chatId}"]`);
  }

  /** Waits until the last answer shows this text. */
  async shows(text, timeout = PATIENCE_MS) {
    await this.#until(
      `the answer shows ${JSON.stringify(text)}`,
      (wanted) => {
        const answers = document.querySelectorAll('[data-testid="message-assistant"]');
        return [...answers].at(-1)?.dataset.rawText.includes(wanted);
      },
      text,
      timeout,
    );
  }

  /** Waits until that many answers are on the screen and the page is at rest. */
  async hasAnswers(count, timeout = PATIENCE_MS) {
    await this.#until(
      `${count} finished answers`,
      (wanted) => {
        const answers = document.querySelectorAll('[data-testid="message-assistant"]');
        const status = document.querySelector('[data-testid="status"]');
        return answers.length === wanted && status?.dataset.status === "ready";
      },
      count,
      timeout,
    );
  }

  /** Asks, and waits until the answer rests in its middle. */
  async askForSilence() {
    await this.ask(SILENT);
    await this.shows(BEFORE_SILENCE);
  }

  async breakSilence() {
    await this.server.breakSilence(this.chatId);
  }

  async hasStatus(status, timeout = PATIENCE_MS) {
    await this.page.locator(`[data-testid="status"][data-status="${status}"]`).waitFor({ timeout });
  }

  /** Waits until the answer's tool call has come to this state. */
  async hasTool(state, timeout = PATIENCE_MS) {
    await this.page.locator(`[data-testid="tool"][data-tool-state="${state}"]`).waitFor({ timeout });
  }

  /** Waits until the server has ended that many turns of this chat. */
  async turnsEnded(count, timeout = PATIENCE_MS) {
    await eventually(
      `the server ended ${count} turns`,
      async () => {
        // Until the first question has arrived the server does not know the chat.
        const log = await this.server.log(this.chatId).catch(() => []);
        return turnsEndedIn(log) === count;
      },
      timeout,
    );
  }

  /** The answers on the screen, from the top. */
  async answers() {
    return this.byTestId("message-assistant").evaluateAll((elements) =>
      elements.map(({ dataset }) => ({ id: dataset.messageId, text: dataset.rawText })),
    );
  }

  async questions() {
    return this.byTestId("message-user").allInnerTexts();
  }

  /** The answers on the screen are the server's, each whole and once. */
  async showsWhatTheServerWrote() {
    const written = answersIn(await this.server.log(this.chatId));
    assert.ok(written.length > 0, "the server wrote an answer");
    assert.deepEqual(await this.answers(), written);
  }

  /** The server received exactly this from the page, in this order. */
  async sent(...expected) {
    assert.deepEqual((await this.server.inputs(this.chatId)).map(described), expected);
  }

  /** Breaks requests of this chat. */
  async fault(rule) {
    const response = await this.server.fault({ chatId: this.chatId, ...rule });
    assert.ok(response.ok, await response.text());
  }

  /** How many requests of this chat were broken. */
  async faultsHit() {
    const rules = await this.server.json("/faults");
    const ours = rules.filter((rule) => rule.chatId === this.chatId);
    return ours.reduce((total, rule) => total + rule.hits, 0);
  }

  async #until(what, condition, argument, timeout) {
    try {
      await this.page.waitForFunction(condition, argument, { timeout });
    } catch (cause) {
      const screen = await this.page.locator("main").innerText().catch(() => "nothing");
      throw new Error(`not within ${timeout} ms: ${what}. On the screen:\n${screen.slice(-600)}`, { cause });
    }
  }
}

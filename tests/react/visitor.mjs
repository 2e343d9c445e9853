// A visitor of the page: what they do and see, and what the server knows of their chat. Waiting is
// always for something that can be seen.

import assert from "node:assert/strict";

import { answersIn, described, turnsEndedIn } from "../e2e/server-record.mjs";
import { complaintsOf } from "../support/chromium.mjs";
import { LOADING_MS, PATIENCE_MS, eventually } from "../support/eventually.mjs";
import { BEFORE_SILENCE, SILENT } from "../support/session-server.mjs";

export class Visitor {
  complaints = [];

  constructor(context, server, chatId) {
    this.context = context;
    this.server = server;
    this.chatId = chatId;
  }

  async open(path, prepare = () => {}) {
    this.path = path;
    this.page = await this.context.newPage();
    await prepare(this.page);
    this.page.setDefaultTimeout(PATIENCE_MS);
    this.page.setDefaultNavigationTimeout(LOADING_MS);
    this.complaints = complaintsOf(this.page);
    await this.page.goto(`${this.server.url}${path}#${encodeURIComponent(this.chatId)}`);
    await this.isOpen();
  }

  /** Another tab of the same visitor on the same chat; `prepare` sees it before it loads. */
  async anotherTab(prepare) {
    const other = new Visitor(this.context, this.server, this.chatId);
    await other.open(this.path, prepare);
    return other;
  }

  async reload() {
    await this.page.reload();
    await this.isOpen();
  }

  async isOpen() {
    await this.page.locator("main[data-status]").waitFor();
  }

  /** Changes to another chat; to none without an id. */
  async goTo(chatId = "") {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, encodeURIComponent(chatId));
    if (!chatId) return this.page.locator("main:visible").waitFor({ state: "detached" });
    this.chatId = chatId;
    await this.page.locator(`main[data-chat="${chatId}"][data-status]:visible`).waitFor();
  }

  async leave() {
    await this.goTo();
  }

  async click(name) {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  async type(text, button) {
    await this.page.locator("main input").fill(text);
    await this.click(button);
  }

  async ask(text) {
    await this.type(text, "Send");
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
    await this.page.locator(`main[data-status="${status}"]`).waitFor({ timeout });
  }

  async hasConnection(state) {
    await this.page.locator(`main[data-connection="${state}"]`).waitFor();
  }

  /** Waits until the last answer shows this text. */
  async shows(text) {
    const look = (wanted) =>
      [...document.querySelectorAll("article[data-role=assistant]")].at(-1)?.textContent.includes(wanted);
    await this.#until(`the answer shows ${JSON.stringify(text)}`, look, text);
  }

  /** Waits until that many answers are on the screen and the page is at rest. */
  async hasAnswers(count) {
    const look = (wanted) =>
      document.querySelectorAll("article[data-role=assistant]").length === wanted &&
      document.querySelector("main")?.dataset.status === "ready";
    await this.#until(`${count} finished answers`, look, count);
  }

  async #until(what, look, argument) {
    try {
      await this.page.waitForFunction(look, argument, { timeout: PATIENCE_MS });
    } catch (cause) {
      const screen = await this.page.locator("body").innerHTML().catch(String);
      throw new Error(`not within ${PATIENCE_MS} ms: ${what}. The page:\n${screen.slice(-1200)}`, { cause });
    }
  }

  pending() {
    return this.page.locator("[data-pending]").evaluateAll((elements) =>
      elements.map(({ firstChild, dataset }) => ({
        text: firstChild.textContent,
        mode: dataset.pending,
        failed: dataset.failed === "true",
        parts: dataset.parts,
      })),
    );
  }

  async hasPending(selector, text) {
    await this.page.locator(`[data-pending]${selector}`, { hasText: text }).waitFor();
  }

  messages(role) {
    return this.page.locator(`article[data-role=${role}]`).evaluateAll((elements) =>
      elements.map(({ textContent, dataset }) => ({ id: dataset.id, text: textContent })),
    );
  }

  async questions() {
    return (await this.messages("user")).map(({ text }) => text);
  }

  /** What the page was told, by kind. */
  seen(kind) {
    return this.page.evaluate((name) => window.seen[name], kind);
  }

  async eventsOf(type) {
    return (await this.seen("events")).filter((event) => event.type === type);
  }

  /** The answers on the screen are the server's, each whole and once. */
  async showsWhatTheServerWrote() {
    const written = answersIn(await this.log());
    assert.ok(written.length > 0, "the server wrote an answer");
    assert.deepEqual(await this.messages("assistant"), written);
  }

  /** `onFinish` told of every answer, once. (AI SDK 5 also tells of a resume that found nothing.) */
  async finishedEachAnswerOnce() {
    const shown = (await this.messages("assistant")).map(({ id }) => id);
    const finished = await this.seen("finished");
    assert.deepEqual(finished.filter((id) => shown.includes(id)), shown);
  }

  /** The server received exactly this, in this order. */
  async sent(...expected) {
    assert.deepEqual((await this.inputs()).map(described), expected);
  }

  /** Until the first question has arrived the server does not know the chat. */
  log() {
    return this.server.log(this.chatId).catch(() => []);
  }

  inputs() {
    return this.server.inputs(this.chatId).catch(() => []);
  }

  async hasInputs(count) {
    await eventually(`the server has ${count} inputs`, async () => (await this.inputs()).length === count);
  }

  /** Waits until the server has ended that many turns. */
  async turnsEnded(count) {
    await eventually(`${count} ended turns`, async () => turnsEndedIn(await this.log()) === count);
  }

  /** Waits until nobody reads this chat. */
  async hasNoConnection() {
    await eventually("nobody reads the chat", async () => !(await this.server.isRead(this.chatId)));
  }

  /** Breaks requests of this chat. */
  async fault(rule) {
    const response = await this.server.fault({ chatId: this.chatId, ...rule });
    assert.ok(response.ok, await response.text());
  }
}

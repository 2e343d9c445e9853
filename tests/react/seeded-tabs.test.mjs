// Conversations of one visitor in two tabs, drawn from a seed: who asks what and when, who steers, who
// reloads, who comes late. In the end both tabs hold what the server was sent and wrote, part for part.
//
// `CONVERSATIONS=200` plays so many (twelve minutes), `SEED=7` plays that one alone. A seed decides what is
// done and at which word of the answer; which of two tabs is quicker it cannot decide.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { readUIMessageStream } from "ai";

import { described } from "../e2e/server-record.mjs";
import { eventually } from "../support/eventually.mjs";
import { turnsOf } from "../support/session-server.mjs";
import { NEWEST, buildNamed } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const { SEED, CONVERSATIONS = 8 } = process.env;
const SEEDS = SEED ? [Number(SEED)] : Array.from({ length: Number(CONVERSATIONS) }, (_, at) => at + 1);
const SIDE_BY_SIDE = 4;

/** A conversation that takes so long has come to a stand. */
const GIVEN_UP_MS = 150_000;

/** What the demo agent answers with text, reasoning, tools, data parts and many small chunks. */
const QUESTIONS = ["Hello", "weather", "think", "data", "emoji", "90 deltas", "send an email"];

const { visit } = visitsTo([buildNamed(NEWEST)]);

/** Xorshift of 32 bits. */
class Draw {
  #state;

  constructor(seed) {
    this.#state = Math.imul(seed, 0x9e3779b1) || 1;
    for (let round = 0; round < 8; round++) this.below(1);
  }

  below(limit) {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  of(list) {
    return list[this.below(list.length)];
  }
}

/** What happens in a conversation, in order. */
function planOf(seed) {
  const draw = new Draw(seed);
  const question = (name) => ({
    text: `${draw.of(QUESTIONS)}, ${name}`,
    withFile: draw.below(4) === 0,
    tab: draw.below(2),
  });
  const sends = Array.from({ length: 2 + draw.below(4) }, (_, index) => ({
    ...question(`question ${index + 1}`),
    when: draw.of(["at rest", "when free", "at once"]),
    characters: draw.below(200),
    meanwhile: draw.of(["nothing", "nothing", "a reload", "a steer", "a race"]),
    another: question(`also ${index + 1}`),
  }));
  return { sends, opensAt: draw.of(["the start", "the first answer", "the second question"]) };
}

/** The visitor, and what was done so far. */
class Visit {
  done = [];
  #hasAsked = false;

  constructor(one) {
    this.tabs = [one];
  }

  async play({ sends, opensAt }) {
    if (opensAt === "the start") await this.#openAnother();
    for (const [index, send] of sends.entries()) {
      if (index === 1 && opensAt === "the second question") await this.#openAnother();
      const opens = index === 0 && opensAt === "the first answer";
      await this.#ask(send);
      await this.#goesOn(send);
      if (opens) await this.#openAnother();
      else if (send.meanwhile === "a reload") await this.#reload(send.another);
      else if (send.meanwhile === "a steer") await this.#steer(send.another);
    }
  }

  async #openAnother() {
    this.done.push("tab 2 opens");
    this.tabs.push(await this.tabs[0].anotherTab());
  }

  async #reload({ tab }) {
    this.done.push(`tab ${tab + 1} reloads`);
    await this.#tab(tab).reload();
  }

  /** A tab that is not open yet asks nothing. */
  #tab(index) {
    return this.tabs[index] ?? this.tabs[0];
  }

  async #ask({ when, meanwhile, another, ...question }) {
    if (when === "at rest") await this.atRest();
    const isPatient = when !== "at once";
    const asked = this.#send(question, "Queue", isPatient);
    const rival = { ...another, tab: 1 - question.tab };
    const isRace = meanwhile === "a race" && this.tabs.length > 1;
    await Promise.all([asked, isRace && this.#send(rival, "Queue", isPatient)]);
  }

  async #steer(question) {
    await this.#send(question, "Steer", false);
  }

  /** Asks until the server has the question: where it is refused, again as soon as the tab is free. */
  async #send({ tab: wanted, text, withFile }, button, isPatient) {
    const tab = this.#tab(wanted);
    const index = this.tabs.indexOf(tab);
    const name = withFile ? `${button} a file` : button;
    const told = (await tab.seen("errors")).length;
    this.done.push(`tab ${index + 1} ${isPatient ? "waits for" : "presses"} ${name}: ${text}`);
    await tab.page.evaluate(press, { text, button: name, isPatient });
    const errors = await eventually(`${text} is accepted or refused`, async () => {
      const texts = (await tab.inputs()).flatMap((input) => described(input).split("\n"));
      if (texts.includes(text)) return [];
      const errors = (await tab.seen("errors")).slice(told);
      return errors.length > 0 && errors;
    });
    this.done.push(`tab ${index + 1} ${errors.length > 0 ? "was refused" : "was heard"}: ${text}`);
    this.#hasAsked = true;
    if (errors.length === 0) return;
    for (const error of errors) assert.match(error, /This chat is active in another tab/);
    await this.#takeBack(tab, text);
    await this.#send({ tab: index, text, withFile }, button, true);
  }

  /** `useChat` keeps a question that failed, until the other tab's next words take its place. */
  async #takeBack(tab, text) {
    await tab.page.waitForFunction(isFree);
    if (!(await tab.questions()).includes(text)) return;
    this.done.push(`tab ${this.tabs.indexOf(tab) + 1} still shows, and reloads: ${text}`);
    await tab.reload();
  }

  /** Waits until the tab shows so much more of the answer, or awaits nothing more. */
  async #goesOn({ tab, characters }) {
    await this.#tab(tab).page.waitForFunction(hasGoneOn, characters);
  }

  async atRest() {
    const [{ server, chatId }] = this.tabs;
    const isAnswered = async () => !(await server.chat(chatId)).isStreaming;
    // Until the first question has arrived the server does not know the chat.
    if (this.#hasAsked) await eventually("every question is answered", isAnswered);
    for (const tab of this.tabs) await tab.page.waitForFunction(isAtRest);
  }
}

/** In the page: the visitor may ask here. */
function isFree() {
  const { readOnly, status } = document.querySelector("main").dataset;
  return readOnly === "false" && ["ready", "error"].includes(status);
}

/** In the page: presses a button, at once or as soon as `main` is free. */
function press({ text, button, isPatient }) {
  const main = document.querySelector("main");
  const act = () => {
    main.querySelector("input").value = text;
    [...main.querySelectorAll("button")].find(({ textContent }) => textContent === button).click();
  };
  const mayAct = () =>
    !isPatient || (main.dataset.readOnly === "false" && ["ready", "error"].includes(main.dataset.status));
  if (mayAct()) return act();
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!mayAct()) return;
      observer.disconnect();
      resolve(act());
    });
    observer.observe(main, { attributes: true });
  });
}

/** In the page: the last answer has so many characters, or is over. */
function hasGoneOn(characters) {
  const { status } = document.querySelector("main").dataset;
  const last = [...document.querySelectorAll("article")].at(-1);
  const isBusy = status === "submitted" || status === "streaming";
  return !isBusy || (last?.dataset.role === "assistant" && last.textContent.length >= characters);
}

/** In the page: nothing is sent, read or pending, here or in the other tab. */
function isAtRest() {
  const { readOnly, status, connection } = document.querySelector("main").dataset;
  const isQuiet = ["ready", "error"].includes(status) && connection === "idle";
  return isQuiet && readOnly === "false" && !document.querySelector("[data-pending]");
}

/** In the page: the messages as React was given them, of which the screen shows only the text. */
function messagesHeld() {
  const root = document.getElementById("root");
  const key = Object.keys(root).find((name) => name.startsWith("__reactContainer$"));
  const held = [];
  const collect = (fiber) => {
    for (let each = fiber; each; each = each.sibling) {
      if (each.memoizedProps?.message) held.push(each.memoizedProps.message);
      else collect(each.child);
    }
  };
  collect(root[key].stateNode.current.child);
  return JSON.stringify(held);
}

const heldBy = async ({ page }) => comparable(await page.evaluate(messagesHeld));

/** The demo's transcript has no ids of reasoning: a page that loaded it does not know them. */
function comparable(json) {
  return JSON.parse(json, (_, value) => {
    return value?.type === "reasoning" ? { ...value, id: "" } : value;
  });
}

/** The conversation as the server has it: what it was sent, and after each question its answer. */
async function conversationOf(visitor) {
  const turns = turnsOf(await visitor.log());
  const questions = (await visitor.inputs()).map(({ chunk }) => chunk.payload.message);
  assert.equal(turns.length, questions.length);
  const answers = await Promise.all(turns.map(messageOf));
  return comparable(JSON.stringify(questions.flatMap((question, index) => [question, answers[index]])));
}

async function messageOf(chunks) {
  let message;
  for await (const next of readUIMessageStream({ stream: ReadableStream.from(chunks) })) message = next;
  return message;
}

/** Each message as a line. */
function inShort(messages) {
  const lines = messages.map(({ id, role, parts }) => {
    const told = parts.map(({ type, text }) => (text === undefined ? type : `${type} of ${text.length}`));
    const [first] = parts.filter(({ type }) => type === "text");
    return `  ${role} ${id}: ${told.join(", ")}: ${JSON.stringify(first?.text.slice(0, 30))}`;
  });
  return `${messages.length} messages:\n${lines.join("\n")}`;
}

/** Of a tab that did not come to rest: what it waits for. */
function stateOf({ page }) {
  return page.evaluate(() => JSON.stringify({ ...document.querySelector("main").dataset })).catch(String);
}

async function playSeed(t, seed) {
  const played = new Visit(await visit(t, NEWEST, { tabs: "" }));
  try {
    await played.play(planOf(seed));
    await played.atRest();
    const conversation = await conversationOf(played.tabs[0]);
    for (const [index, tab] of played.tabs.entries()) {
      const isWhole = async () => isDeepStrictEqual(await heldBy(tab), conversation);
      // What is wrong is shown below.
      await eventually("the tab holds the conversation", isWhole).catch(() => {});
      const held = await heldBy(tab);
      played.done.push(`tab ${index + 1} holds ${inShort(held)}\nof ${inShort(conversation)}`);
      assert.deepEqual(held, conversation);
      assert.deepEqual(tab.complaints, []);
    }
  } catch (cause) {
    const states = await Promise.all(played.tabs.map(stateOf));
    played.done.push(...states.map((state, index) => `tab ${index + 1} ends as ${state}`));
    throw new Error(`SEED=${seed} fails.\n${played.done.join("\n")}\n${cause.message}`, { cause });
  }
}

test(`E6 ${SEEDS.length} seeded conversations of two tabs lose no text`, { concurrency: SIDE_BY_SIDE }, (t) =>
  Promise.all(SEEDS.map((seed) => t.test(`E6 seed ${seed}`, { timeout: GIVEN_UP_MS }, (each) => playSeed(each, seed)))),
);

// One conversation of a test: a page, the transport under it, and the worker that runs the agent.
//
// With `TRANSPORT=reference` the published transport takes the place of ours: a test that fails with
// both is not the transport's fault.

import { test } from "node:test";

import { agent, TASK } from "./agents.mjs";
import { Page } from "./page.mjs";
import { Worker } from "./worker.mjs";
import { SECRET_KEY, startSessionServer } from "../support/session-server.mjs";

const IS_REFERENCE = process.env.TRANSPORT === "reference";
const PACKAGE = IS_REFERENCE ? "@trigger.dev/sdk/chat" : "../../pkg/node.js";
const { TriggerChatTransport } = await import(PACKAGE);

/** For tests that hang; they take less than a second. */
const LIMIT_MS = 20_000;

let chats = 0;

/** A server that leaves the sessions of the agent's task to this process. */
export function startServer() {
  return startSessionServer({ flags: ["--worker-task", TASK] });
}

/** A test with a conversation of its own, which ends with it. `play({ page, … }, t)` is the test. */
export function conversation(name, serverOf, play, options = {}) {
  test(name, { timeout: LIMIT_MS }, async (t) => {
    const talk = new Conversation(serverOf(), options);
    try {
      await play(talk, t);
    } finally {
      await talk.end();
    }
  });
}

class Conversation {
  chatId = `chat ${(chats += 1)}/${crypto.randomUUID()}`;
  events = [];

  constructor(server, pageOptions) {
    this.server = server;
    this.worker = new Worker(server, agent, this.chatId);
    this.transport = new TriggerChatTransport({
      task: TASK,
      baseURL: server.url,
      startSession: this.worker.startSession,
      accessToken: (request) => server.accessToken(request),
      onEvent: (event) => this.events.push(event),
    });
    this.page = new Page({ id: this.chatId, transport: this.transport, ...pageOptions });
  }

  async end() {
    await this.worker.stop();
    this.transport.dispose();
  }

  eventsOf(type) {
    return this.events.filter((event) => event.type === type);
  }

  /** What the client appended to `.in`, in order. */
  async inputs() {
    return (await this.server.inputs(this.chatId)).map(({ chunk }) => chunk);
  }

  /** The records on `.out`; S2's own commands between them are left out. */
  async outputs() {
    const path = `/realtime/v1/sessions/${encodeURIComponent(this.chatId)}/out/records`;
    const headers = { Authorization: `Bearer ${SECRET_KEY}` };
    return (await this.server.json(path, { headers })).records;
  }

  /** What the token that the page holds says. */
  get claims() {
    const [, claims] = this.transport.getSession(this.chatId).publicAccessToken.split(".");
    return JSON.parse(Buffer.from(claims, "base64url").toString());
  }
}

/** The text parts of a message. */
export function textOf(message) {
  return message.parts.map((part) => part.text ?? "").join("");
}

export function toolPartOf(message) {
  return message.parts.find(({ type }) => type.startsWith("tool-"));
}

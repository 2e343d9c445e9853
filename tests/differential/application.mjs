// The application's side of a conversation: makes a transport's calls, reads its streams and records
// what comes of them. Decides nothing: a call that one transport rejects is recorded, not thrown.

import { failure, text } from "./recording.mjs";

export const CHAT = "chat-1";

export function userMessage(words, id = "u1") {
  return { id, role: "user", parts: [{ type: "text", text: words }] };
}

export class Application {
  #recording;
  #answers = [];

  constructor(transport, recording) {
    this.transport = transport;
    this.#recording = recording;
  }

  /** Sends a message; `options` go over what `useChat` would give. */
  send(words, { read, ...options } = {}) {
    const call = {
      trigger: "submit-message",
      chatId: CHAT,
      messageId: undefined,
      messages: [userMessage(words)],
      abortSignal: undefined,
      ...options,
    };
    return this.#call("send", () => this.transport.sendMessages(call), read);
  }

  regenerate(messageId) {
    return this.send("asked", { trigger: "regenerate-message", messageId });
  }

  reconnect({ read, ...options } = {}) {
    const call = { chatId: CHAT, ...options };
    return this.#call("reconnect", () => this.transport.reconnectToStream(call), read);
  }

  /** Sends an action; the recording is told when it is settled. */
  action(action, options = {}, chatId = CHAT) {
    const onSettled = (settlement) => {
      this.#recording.add("callbacks", `onSettled ${text(settlement)}`);
      options.onSettled?.(settlement);
    };
    const given = { ...options, onSettled };
    return this.#call("action", () => this.transport.sendAction(chatId, action, given));
  }

  stop(chatId = CHAT) {
    return this.#call("stop", () => this.transport.stopGeneration(chatId));
  }

  steer(words, metadata, chatId = CHAT) {
    const message = userMessage(words, "steered");
    return this.#call("steer", () => this.transport.sendPendingMessage(chatId, message, metadata));
  }

  start(chatId = CHAT) {
    return this.#call("start", () => this.transport.start(chatId));
  }

  preload(chatId = CHAT) {
    return this.#call("preload", () => this.transport.preload(chatId));
  }

  /** Records what `getSession` says at this point. */
  look(chatId = CHAT) {
    this.#recording.add("sessions looked at", text(this.transport.getSession(chatId)));
  }

  /** Resolves when nothing happens any more that does not wait for a timer or the server. */
  settled() {
    return this.#recording.settled();
  }

  /** The conversation is over: says what the chats are now. */
  leave(chatIds) {
    for (const answer of this.#answers) answer.leave();
    for (const chatId of chatIds) {
      const { transport } = this;
      const state = text(transport.getSession(chatId));
      const status = `${transport.sessionStatus(chatId)} ${transport.sessionClosedReason(chatId)}`;
      this.#recording.add("sessions at the end", `${chatId} ${status} ${state}`);
    }
  }

  #call(name, make, read = true) {
    const outcome = this.#recording.call(name);
    const channel = `chunks of call ${this.#answers.length + 1} (${name})`;
    const answer = new Answer((line) => this.#recording.add(channel, line));
    this.#answers.push(answer);
    answer.made = attempt(make).then(
      (value) => {
        outcome.resolved(value);
        answer.take(value, read);
        return value;
      },
      (error) => {
        outcome.rejected(error);
        answer.take(undefined);
      },
    );
    return answer;
  }
}

/** Makes a call at once; what it throws is a rejection. */
async function attempt(make) {
  return make();
}

/** What a call gives: `made` resolves with it, `ended` when its stream is over or there is none. */
class Answer {
  #add;
  #finish;
  #reader;
  #seen = 0;
  #over = false;
  #waiting = [];
  ended = new Promise((resolve) => (this.#finish = resolve));

  constructor(add) {
    this.#add = add;
  }

  take(value, read) {
    this.#reader = value instanceof ReadableStream ? value.getReader() : undefined;
    if (!this.#reader) this.#end();
    else if (read) this.#read();
  }

  /** Resolves when so many chunks came, or no more can. */
  async saw(count) {
    while (!this.#over && this.#seen < count) {
      await new Promise((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Gives the stream up, as a consumer does that goes away. */
  async cancel() {
    await this.made;
    await this.#reader?.cancel();
  }

  leave() {
    if (this.#reader && !this.#over) this.#add("still open");
  }

  async #read() {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        this.#seen += 1;
        this.#add(text(value));
        this.#wake();
      }
      this.#add("closed");
    } catch (error) {
      this.#add(`failed ${failure(error)}`);
    }
    this.#end();
  }

  #end() {
    this.#over = true;
    this.#finish();
    this.#wake();
  }

  #wake() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

// Commands, answers and events as JSON over a WebSocket: what CDP and WebDriver BiDi have in common.

import { EventEmitter, once } from "node:events";
import WebSocket from "ws";

const ANSWER_TIMEOUT_MS = 60_000;

export class Remote {
  /** Emits `method` of every event, with the whole message. */
  events = new EventEmitter();
  #socket;
  #waiting = new Map();
  #last = 0;

  constructor(socket) {
    this.#socket = socket;
    this.events.setMaxListeners(0);
    socket.on("message", (data) => this.#receive(JSON.parse(data)));
    socket.on("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the browser is gone"));
    });
  }

  static async connect(url) {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, "open");
    return new Remote(socket);
  }

  /** Resolves with the answer's `result`. `rest` are further members of the command. */
  async send(method, params = {}, rest = {}) {
    const id = (this.#last += 1);
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    const giveUp = () => this.#waiting.get(id).reject(new Error("no answer"));
    const late = setTimeout(giveUp, ANSWER_TIMEOUT_MS);
    try {
      this.#socket.send(JSON.stringify({ id, method, params, ...rest }));
      return await answer;
    } catch (error) {
      throw new Error(`${method}: ${error.message}`);
    } finally {
      clearTimeout(late);
      this.#waiting.delete(id);
    }
  }

  /** Resolves with the next event of that name which `wanted` accepts. */
  next(method, wanted = () => true) {
    return new Promise((resolve) => {
      const look = (message) => {
        if (!wanted(message)) return;
        this.events.off(method, look);
        resolve(message);
      };
      this.events.on(method, look);
    });
  }

  async close() {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }

  #receive(message) {
    const call = this.#waiting.get(message.id);
    if (!call) {
      if (message.method) this.events.emit(message.method, message);
      return;
    }
    const { error } = message;
    // CDP puts an object there, BiDi a code with the message beside it.
    if (error) call.reject(new Error(error.message ?? `${error}: ${message.message}`));
    else call.resolve(message.result);
  }
}

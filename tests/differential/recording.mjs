// What an application and a server see of one transport, as lines of text by channel. Blanks what is
// random or a time, and nothing else. The order within a channel is kept; between channels it is not
// compared, since both transports may tell independent observers in an order of their own.

import { setImmediate as nextTurn } from "node:timers/promises";

/** Turns of the event loop without anything new after which a conversation counts as settled. */
const QUIET_TURNS = 25;

/** The events that both transports know. Of others only the type is recorded. */
const SHARED_EVENTS = new Set([
  "message-sent",
  "message-send-failed",
  "stream-connected",
  "first-chunk",
  "turn-completed",
  "stream-error",
  "session-closed",
  "run-pending-version",
]);

export class Recording {
  #channels = new Map();
  #parts = new Map();
  #size = 0;

  /** Adds a line; gives what replaces it later. */
  add(channel, line) {
    if (!this.#channels.has(channel)) this.#channels.set(channel, []);
    const lines = this.#channels.get(channel);
    const at = lines.push(line) - 1;
    this.#size += 1;
    return (replacement) => {
      lines[at] = replacement;
      this.#size += 1;
    };
  }

  /** Resolves when nothing happens any more that does not wait for a timer or a signal. */
  async settled() {
    for (let quiet = 0, seen = -1; quiet < QUIET_TURNS; ) {
      await nextTurn();
      quiet = seen === this.#size ? quiet + 1 : 0;
      seen = this.#size;
    }
  }

  /** The lines by channel. */
  lines() {
    return Object.fromEntries([...this.#channels].map(([channel, lines]) => [channel, [...lines]]));
  }

  /** A request as the server sees it. Gives what is told of its connection. */
  request(endpoint, url, init, context) {
    const { method = "GET", headers, body, signal, ...rest } = init;
    const sent = Object.entries(Object.fromEntries(new Headers(headers)))
      .map(([name, value]) => `${name}: ${this.#blankPart(name, value)}`)
      .sort();
    const told = context ? `${context.endpoint} of ${context.chatId}:` : "global:";
    const line = [told, method, url, `{${sent.join("; ")}}`, body];
    this.add("requests", line.filter(Boolean).join(" "));
    const trusted = sent.some((line) => line.startsWith("authorization:"));
    const channel = trusted ? "fetch init" : "fetch init without a token";
    if (Object.keys(rest).length > 0) this.#addOnce(channel, text(rest));
    return this.#connection(endpoint);
  }

  /** A call's outcome, in the order of the calls. */
  call(name) {
    const settle = this.add("calls", `${name}: pending`);
    return {
      resolved: (value) => settle(`${name}: ${value instanceof ReadableStream ? "a stream" : text(value)}`),
      rejected: (error) => settle(`${name}: rejected ${failure(error)}`),
    };
  }

  event(event) {
    if (!SHARED_EVENTS.has(event.type)) return this.#addOnce("more events", event.type);
    this.add("events", text(this.#blankEvent(event)));
  }

  #addOnce(channel, line) {
    if (!this.#channels.get(channel)?.includes(line)) this.add(channel, line);
  }

  #connection(endpoint) {
    let tell;
    return {
      opened: () => (tell = this.add("connections", `${endpoint}: open`)),
      left: () => tell(`${endpoint}: left by the client`),
      ended: () => tell(`${endpoint}: ended by the server`),
    };
  }

  #blankPart(name, value) {
    return name === "x-part-id" ? this.#part(value) : value;
  }

  /** Random ids are told apart and nothing more. */
  #part(id) {
    if (!this.#parts.has(id)) this.#parts.set(id, `part ${this.#parts.size + 1}`);
    return this.#parts.get(id);
  }

  #blankEvent({ partId, ...event }) {
    const blanked = { ...event };
    if (partId !== undefined) blanked.partId = this.#part(partId);
    for (const time of ["timestamp", "durationMs", "sinceSendMs"]) {
      if (blanked[time] !== undefined) blanked[time] = typeof blanked[time];
    }
    return blanked;
  }
}

/** A value as one line: members sorted, absent ones left out, errors by what programs read of them. */
export function text(value) {
  if (value === undefined) return "undefined";
  return JSON.stringify(value, (_, member) => {
    if (member instanceof Error) return failure(member);
    if (member === null || typeof member !== "object" || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** An error by its name, status and code. Sentences are each transport's own, and not compared. */
export function failure(error) {
  if (!(error instanceof Error)) return `something that is no Error: ${String(error)}`;
  const { name, status, code, closedReason, message } = error;
  const said = [name];
  if (status !== undefined) said.push(`status ${status}`);
  if (typeof code === "string") said.push(`code ${code}`);
  if (closedReason !== undefined) said.push(`reason ${closedReason}`);
  if (message.startsWith(OWN)) said.push(message);
  return said.join(", ");
}

/** How messages start that the conversation itself throws: those must arrive as they are. */
export const OWN = "thrown by the application";

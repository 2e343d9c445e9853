// What a tab tells the others of its messages: only in its own turn, and of that turn all.

import type { TriggerChatTransport } from "../index.js";
import { idOf, roleOf } from "./merging.js";

/** A copy of a long conversation is not made more often than this. */
const INTERVAL_MS = 50;

export class Speaker {
  readonly #transport: TriggerChatTransport;
  readonly #chatId: string;
  /** What is to be said, or was said last, and what was said, in a turn of this tab. */
  #next: unknown[] | undefined;
  #said: unknown[] | undefined;
  #saidAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(transport: TriggerChatTransport, chatId: string) {
    this.#transport = transport;
    this.#chatId = chatId;
  }

  /** Tells the others, now or soon, if it is for this tab to tell. */
  say(messages: unknown[]): void {
    if (messages.length === 0 || !this.#mayTell(messages)) return;
    const isOver = !this.#transport.hasClaim(this.#chatId);
    const next = isOver ? answered(messages, this.#said?.length) : messages;
    if (next === this.#next) return;
    this.#next = next;
    // At once where it can, and behind its turn: the timers of a hidden tab are slow.
    const wait = isOver ? 0 : this.#saidAt + INTERVAL_MS - Date.now();
    if (wait <= 0) this.#tell();
    else this.#timer ??= setTimeout(() => this.#tell(), wait);
  }

  /** What was to be told soon is told now. */
  end(): void {
    if (this.#timer !== undefined) this.#tell();
  }

  /** In its own turn; and behind it the rest of the answer, which `useChat` shows a moment later. */
  #mayTell(messages: unknown[]): boolean {
    if (this.#transport.hasClaim(this.#chatId)) return true;
    if (this.#transport.isReadOnly(this.#chatId)) this.#said = this.#next = undefined;
    return this.#said !== undefined && goesOn(this.#said, messages);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // In the meantime the turn may have become another tab's.
    if (!this.#next || this.#transport.isReadOnly(this.#chatId)) return;
    this.#said = this.#next;
    this.#saidAt = Date.now();
    this.#transport.broadcastMessages(this.#chatId, this.#next);
  }
}

/** Whether the messages begin with those that were said, the last of which may have grown. */
function goesOn(said: unknown[], messages: unknown[]): boolean {
  const last = said.length - 1;
  return idOf(messages[last]) !== undefined && idOf(messages[last]) === idOf(said[last]);
}

/** Behind its own turn: a question that is asked there may yet be refused, unless it has its answer. */
function answered(messages: unknown[], saidCount = 0): unknown[] {
  let count = messages.length;
  while (count > saidCount && roleOf(messages[count - 1]) !== "assistant") count--;
  return count === messages.length ? messages : messages.slice(0, count);
}

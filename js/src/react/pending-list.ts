// The messages that were written during a turn: sent into it, or kept until it ends. Each reaches the
// agent once. Knows `useChat` by its functions, and nothing of React.

import { type FileUIPart, convertFileListToFileUIParts } from "ai";
import type { ChatRequestOptions, UIMessage } from "ai";
import { STEERED, type Steered } from "./attachment.js";
import { injectedIn } from "./injections.js";
import type { PendingInput, UsePendingMessagesOptions } from "./types.js";

/** What `sendMessage` is given. */
type Input = { text: string; files?: FileUIPart[] };

export type Held = {
  readonly id: string;
  readonly chatId: string;
  readonly input: Input;
  readonly mode: "steering" | "queued";
  readonly failed: boolean;
};

type Options = UsePendingMessagesOptions<UIMessage>;

export class PendingList {
  #held: readonly Held[] = [];
  /** Of what was steered, whether it was accepted, and above which input of the agent it lies. */
  readonly #sent = new Map<string, { accepted: Promise<boolean>; inputSeq: number }>();
  readonly #listeners = new Set<() => void>();
  readonly #chat: { readonly current: Options };

  constructor(chat: { readonly current: Options }) {
    this.#chat = chat;
  }

  get = (): readonly Held[] => this.#held;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  steer = (given: PendingInput): void => void this.#take(given, "steering");

  queue = (given: PendingInput): void => void this.#take(given, "queued");

  promoteToSteering = (id: string): void => {
    const held = this.#held.find((each) => each.id === id);
    if (!held || (held.mode === "steering" && !held.failed)) return;
    if (this.#isBusy()) return this.#send(held);
    if (this.#isNext()) return;
    this.discard(id);
    this.#ask(held.input);
  };

  discard = (id: string): void => {
    const isOnItsWay = (held: Held) => held.mode === "steering" && !held.failed;
    this.#change((all) => all.filter((held) => held.id !== id || isOnItsWay(held)));
  };

  /** A turn of the chat has ended: what it did not take up comes next, in the order it was sent. */
  async turnEnded(): Promise<void> {
    const { chatId, messages } = this.#chat.current;
    const injected = injectedIn(messages);
    this.#change((all) => all.filter(({ id }) => !injected.has(id)));
    const left = this.#held.filter((held) => held.chatId === chatId);
    for (const held of left.filter(({ mode, failed }) => mode === "steering" && !failed)) {
      const sent = this.#sent.get(held.id);
      if (!(await sent?.accepted)) continue;
      if (this.#isBusy() || this.#chat.current.chatId !== chatId) return;
      this.#remove(held.id);
      return this.#ask(held.input, { [STEERED]: this.#steered(held.id, sent?.inputSeq ?? 0) });
    }
    const queued = left.filter(({ mode }) => mode === "queued");
    if (queued.length === 0 || this.#isBusy()) return;
    for (const { id } of queued) this.#remove(id);
    this.#ask(joined(queued.map(({ input }) => input)));
  }

  /** During a turn the message is held here; at rest it is sent as any other. */
  async #take(given: PendingInput, mode: Held["mode"]): Promise<void> {
    const { text, files } = typeof given === "string" ? { text: given } : given;
    if (!this.#isBusy() && !this.#isNext()) {
      return this.#ask({ text, ...(files && { files: files as FileUIPart[] }) });
    }
    const { chatId, transport } = this.#chat.current;
    const parts = files && (Array.isArray(files) ? files : await convertFileListToFileUIParts(files));
    const input = { text, ...(parts?.length && { files: parts }) };
    const held: Held = { id: newId(), chatId, input, mode: "queued", failed: false };
    this.#change((all) => [...all, held]);
    // A message into a session that does not exist yet would be refused: it waits for its turn.
    if (mode === "steering" && this.#isBusy() && transport.getSession(chatId)) this.#send(held);
  }

  /** Sends it into the running turn. */
  #send({ id, chatId, input }: Held): void {
    const { transport, metadata } = this.#chat.current;
    const inputSeq = (transport.getSession(chatId)?.activeInputSeq ?? -1) + 1;
    const message: UIMessage = { id, role: "user", parts: partsOf(input) };
    const accepted = transport.sendPendingMessage(chatId, message, metadata).catch(() => false);
    this.#sent.set(id, { accepted, inputSeq });
    this.#update(id, { mode: "steering", failed: false });
    void accepted.then((isAccepted) => {
      if (!isAccepted) this.#update(id, { failed: true });
    });
  }

  #ask(input: Input, body?: object): void {
    const { sendMessage, metadata } = this.#chat.current;
    const options: ChatRequestOptions = { ...(metadata && { metadata }), ...(body && { body }) };
    sendMessage(input, metadata || body ? options : undefined);
  }

  /** In the conversation the message gets the id under which the agent knows it. */
  #steered(id: string, inputSeq: number): Steered {
    const { setMessages } = this.#chat.current;
    const shown = (messageId: string) =>
      setMessages((all) =>
        all.map((message) => (message.id === messageId ? { ...message, id } : message)),
      );
    return { inputSeq, shown };
  }

  #isBusy(): boolean {
    const { status } = this.#chat.current;
    return status === "submitted" || status === "streaming";
  }

  /** The turn has just ended, and what was steered into it is about to be followed. */
  #isNext(): boolean {
    const { chatId, status } = this.#chat.current;
    const isAwaited = (held: Held) =>
      held.chatId === chatId && held.mode === "steering" && !held.failed;
    return status === "ready" && this.#held.some(isAwaited);
  }

  #remove(id: string): void {
    this.#sent.delete(id);
    this.#change((all) => all.filter((held) => held.id !== id));
  }

  #update(id: string, change: Partial<Held>): void {
    this.#change((all) => all.map((held) => (held.id === id ? { ...held, ...change } : held)));
  }

  #change(change: (all: readonly Held[]) => readonly Held[]): void {
    this.#held = change(this.#held);
    for (const listener of this.#listeners) listener();
  }
}

export function partsOf({ text, files = [] }: Input): UIMessage["parts"] {
  return text === "" ? [...files] : [...files, { type: "text", text }];
}

/** Several messages become one question. */
function joined(inputs: Input[]): Input {
  const files = inputs.flatMap((input) => input.files ?? []);
  return { text: inputs.map(({ text }) => text).join("\n"), ...(files.length > 0 && { files }) };
}

/** `crypto.randomUUID` is missing on pages without https. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What the hooks add to a transport, in front of the two functions that `useChat` calls: chats can be
// left without a stop, and the answer to a message that was steered can be followed.

import type { ChatRequestOptions, UIMessage, UIMessageChunk } from "ai";
import type { TriggerChatTransport } from "../index.js";
import type { LateAnswer } from "./late-answer.js";
import { Reading } from "./reading.js";

/** In a request's `body`: its message was steered, and is not to be sent again. */
export const STEERED = Symbol("steered");

export type Steered = {
  /** Above the `.in` seq of the turn that it was sent into. */
  inputSeq: number;
  /** Told the id under which `useChat` shows the message. */
  shown: (messageId: string) => void;
};

type Chunks = ReadableStream<UIMessageChunk>;
type Request = { chatId: string; abortSignal?: AbortSignal | undefined } & ChatRequestOptions;
type Send = Request & { trigger: string; messages: UIMessage[] };

/** What the agent is being asked: whether it may be asked is not known yet. */
export type Asked = {
  /** For the last answer once more. */
  isAgain: boolean;
  /** The message that is sent, if one is, and those before it. */
  sent: UIMessage | undefined;
  before: UIMessage[];
  /** Settled when its answer begins, or will not come. */
  over: Promise<void>;
};

const attachments = new WeakMap<TriggerChatTransport, Attachment>();

/** That of the transport; made when it is first asked for. */
export function attachmentOf(transport: TriggerChatTransport): Attachment {
  let attachment = attachments.get(transport);
  if (!attachment) attachments.set(transport, (attachment = new Attachment(transport)));
  return attachment;
}

class Attachment {
  /** The component is hidden: `useChat` aborts as on a stop, but nobody has asked for one. */
  isHidden = false;
  readonly #transport: TriggerChatTransport;
  readonly #reconnect: TriggerChatTransport["reconnectToStream"];
  readonly #readings = new Map<Reading, string>();
  /** Readings that were left and have not quite ended, with their chats. */
  readonly #leaving = new Map<Reading, string>();
  readonly #asked = new Map<string, Asked>();
  /** Of a chat, the answer that is shown in the place of another tab. */
  readonly #late = new Map<string, LateAnswer>();

  constructor(transport: TriggerChatTransport) {
    const { sendMessages, reconnectToStream } = transport;
    this.#transport = transport;
    this.#reconnect = reconnectToStream;
    transport.sendMessages = async (options) => {
      const steered = steeredOf(options);
      if (steered) return this.#follow(options, options.messages, steered);
      const send = (abortSignal: AbortSignal) => sendMessages({ ...options, abortSignal });
      return this.#ask(options, async () => (await this.#read(options, send)) as Chunks);
    };
    transport.reconnectToStream = async (options) => {
      await this.#departed(options.chatId);
      if (options.abortSignal?.aborted) return null;
      return this.#read(options, (abortSignal) => reconnectToStream({ ...options, abortSignal }));
    };
  }

  /** Ends what is read of the chat, or of every chat, and stops nothing. */
  leave(chatId?: string): void {
    for (const [reading, chat] of [...this.#readings]) {
      if (chatId !== undefined && chat !== chatId) continue;
      this.#leaving.set(reading, chat);
      reading.leave();
      void reading.gone.finally(() => this.#leaving.delete(reading));
    }
  }

  /** What the agent of the chat is being asked. */
  asked(chatId: string): Asked | undefined {
    return this.#asked.get(chatId);
  }

  /**
   * Reads the turn under way into an answer, with what a question that is asked in its middle reads of it.
   * Whether there was a turn.
   */
  async readLate(chatId: string, answer: LateAnswer, abortSignal: AbortSignal): Promise<boolean> {
    this.#late.set(chatId, answer);
    try {
      const turn = await this.#transport.reconnectToStream({ chatId, abortSignal });
      if (turn) await answer.read(turn);
      // What is asked in its middle takes the rest of it over.
      for (let asked = this.asked(chatId); asked; asked = this.asked(chatId)) await asked.over;
      return turn !== null;
    } finally {
      this.#late.delete(chatId);
      await answer.end();
    }
  }

  /** Until its answer begins what is asked is held to be on its way. */
  async #ask(options: Send, ask: () => Promise<Chunks>): Promise<Chunks> {
    const { chatId } = options;
    let settle = () => {};
    const over = new Promise<void>((resolve) => (settle = resolve));
    const asked = { ...partsOf(options), over };
    this.#asked.set(chatId, asked);
    if (asked.isAgain) this.#late.get(chatId)?.drop();
    try {
      const stream = await ask();
      const late = this.#late.get(chatId);
      if (!late) return stream;
      // What is held back is the rest of a turn, because nobody can show it: here it is known of what.
      if (late.hasStarted) this.#transport.clearSupersedeGate(chatId);
      return await late.takeRest(stream, asked);
    } finally {
      if (this.#asked.get(chatId) === asked) this.#asked.delete(chatId);
      settle();
    }
  }

  #read(
    { chatId, abortSignal }: Request,
    begin: (signal: AbortSignal) => Promise<Chunks | null>,
  ): Promise<Chunks | null> {
    const reading = new Reading(
      abortSignal,
      begin,
      () => this.isHidden,
      (ended) => this.#readings.delete(ended),
    );
    this.#readings.set(reading, chatId);
    return reading.stream();
  }

  /** What is being left of the chat has ended: its turn can be resumed. */
  async #departed(chatId: string): Promise<void> {
    const departing = [...this.#leaving].filter(([, chat]) => chat === chatId);
    if (departing.length > 0) await Promise.allSettled(departing.map(([{ gone }]) => gone));
  }

  /** Reads the turn that answers a steered message, which the agent begins by itself. */
  async #follow(request: Request, messages: UIMessage[], steered: Steered): Promise<Chunks> {
    const { chatId } = request;
    const last = messages.at(-1);
    if (last) steered.shown(last.id);
    const stream = await this.#read(request, async (abortSignal) => {
      await this.#atRest(chatId);
      const session = this.#transport.getSession(chatId);
      if (!session || abortSignal.aborted) return null;
      const { inputSeq } = steered;
      this.#transport.setSession(chatId, { ...session, isStreaming: true, activeInputSeq: inputSeq });
      return this.#reconnect({ chatId, abortSignal, stopOnAbort: true });
    });
    return stream ? stream.pipeThrough(fromStart()) : nothing();
  }

  /** A stop that is on its way would end what is read behind it. */
  #atRest(chatId: string): Promise<void> {
    const transport = this.#transport;
    const isAtRest = () => ["idle", "closed"].includes(transport.connection(chatId).state);
    return new Promise((resolve) => {
      if (isAtRest()) return resolve();
      const unsubscribe = transport.subscribe(() => {
        if (!isAtRest()) return;
        unsubscribe();
        resolve();
      });
    });
  }
}

/** What a request sends, if it sends a message, and behind which ones. */
function partsOf({ trigger, messages, body }: Send): Omit<Asked, "over"> {
  const isAgain = trigger === "regenerate-message";
  const isAction = (body as { action?: unknown } | undefined)?.action !== undefined;
  if (isAgain || isAction) return { isAgain, sent: undefined, before: messages };
  return { isAgain, sent: messages.at(-1), before: messages.slice(0, -1) };
}

/** Taken out: a request that `useChat` makes by itself behind this one has the same body. */
function steeredOf(options: ChatRequestOptions): Steered | undefined {
  const body = options.body as { [STEERED]?: Steered } | undefined;
  const steered = body?.[STEERED];
  if (steered) delete body[STEERED];
  return steered;
}

/** There is no turn to follow: the session is closed or gone. */
function nothing(): Chunks {
  return new ReadableStream({ start: (controller) => controller.close() });
}

/** Behind a stop the rest of the stopped answer comes first: it is no part of this one. */
function fromStart(): TransformStream<UIMessageChunk, UIMessageChunk> {
  let begun = false;
  return new TransformStream({
    transform(chunk, controller) {
      begun ||= chunk.type === "start";
      if (begun) controller.enqueue(chunk);
    },
  });
}

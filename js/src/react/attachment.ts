// What the hooks add to a transport, in front of the two functions that `useChat` calls: chats can be
// left without a stop, and the answer to a message that was steered can be followed.

import type { ChatRequestOptions, UIMessage, UIMessageChunk } from "ai";
import type { TriggerChatTransport } from "../index.js";
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
  /** Of a chat, the question that is on its way: whether it may be asked is not known yet. */
  readonly #asked = new Map<string, UIMessage>();

  constructor(transport: TriggerChatTransport) {
    const { sendMessages, reconnectToStream } = transport;
    this.#transport = transport;
    this.#reconnect = reconnectToStream;
    transport.sendMessages = async (options) => {
      const steered = steeredOf(options);
      if (steered) return this.#follow(options, options.messages, steered);
      const send = (abortSignal: AbortSignal) => sendMessages({ ...options, abortSignal });
      return (await this.#ask(options, () => this.#read(options, send))) as Chunks;
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

  /** The question of the chat that is on its way to the agent. */
  asked(chatId: string): UIMessage | undefined {
    return this.#asked.get(chatId);
  }

  async #ask<T>({ chatId, messages }: Request & { messages: UIMessage[] }, ask: () => Promise<T>) {
    const question = messages.at(-1);
    if (question) this.#asked.set(chatId, question);
    try {
      return await ask();
    } finally {
      this.#asked.delete(chatId);
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

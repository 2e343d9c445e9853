// An answer that this tab shows in the place of the tab that has left it. `useChat` has no part in it: the
// answer is to no question of this page. A question that is asked here in its middle takes its reading
// over: the rest of it then comes first in that question's stream. Reads nothing by itself.

import { type UIMessage, type UIMessageChunk, readUIMessageStream } from "ai";
import type { Asked } from "./attachment.js";

type Chunks = ReadableStream<UIMessageChunk>;

export class LateAnswer {
  /** A question came in its middle: that one's stream is `useChat`'s to read. */
  isTakenOver = false;
  /** A message has started, if not one that is wanted. */
  hasStarted = false;
  readonly #isWanted: (messageId: string) => boolean;
  readonly #writer: WritableStreamDefaultWriter<UIMessageChunk>;
  readonly #shown: Promise<void>;
  #read: Promise<void> = Promise.resolve();
  /** A message has started that is wanted. */
  #hasBegun = false;
  #passes = false;
  #isDropped = false;

  /** Of what is read, the messages that `isWanted` by their ids are shown. */
  constructor(isWanted: (messageId: string) => boolean, show: (message: UIMessage) => void) {
    const { readable, writable } = new TransformStream<UIMessageChunk, UIMessageChunk>();
    this.#isWanted = isWanted;
    this.#writer = writable.getWriter();
    this.#shown = showAll(readable, show).catch(() => {});
  }

  /** Resolves at the end of the turn, or when its reading is taken over. */
  read(turn: Chunks): Promise<void> {
    this.#read = turn.pipeTo(new WritableStream({ write: (chunk) => this.#take(chunk) }));
    return this.#read;
  }

  /** Nothing more of it is to be shown: it is being asked for anew. */
  drop(): void {
    this.#isDropped = true;
  }

  /** Nothing more comes of it; resolves when all that came is shown. */
  async end(): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#shown;
  }

  /**
   * Takes the rest of it out of the stream of what was asked since. Resolves to the stream of that one's
   * own answer: when it begins, or ends without a word.
   */
  async takeRest(stream: Chunks, asked: Asked): Promise<Chunks> {
    this.isTakenOver = true;
    await this.#read.catch(() => {});
    const reader = stream.getReader();
    const first = await this.#takeUntilOther(reader, asked).finally(() => reader.releaseLock());
    if (!first) return stream;
    await this.end();
    return stream.pipeThrough(startingWith(first));
  }

  /** Resolves to what another answer begins with. */
  async #takeUntilOther(
    reader: ReadableStreamDefaultReader<UIMessageChunk>,
    asked: Asked,
  ): Promise<UIMessageChunk | undefined> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !this.#isEarlier(value, asked)) return value;
      // Where nobody looks any more, it is read all the same: what comes behind it counts.
      await this.#take(value).catch(() => {});
    }
  }

  /** Whether it is of this answer, or of another one before what was asked. */
  #isEarlier(chunk: UIMessageChunk, { before, sent }: Asked): boolean {
    // Answers of an agent that starts none cannot be told apart: nothing is kept from `useChat`.
    if (chunk.type !== "start") return this.hasStarted;
    // A message that is sent once more, with an approval, is gone on with.
    if (sent && sent.id === chunk.messageId) return false;
    const isKnown = before.some(({ id }) => id === chunk.messageId);
    return isKnown || (!this.#hasBegun && before.at(-1)?.role === "user");
  }

  async #take(chunk: UIMessageChunk): Promise<void> {
    if (chunk.type === "start") {
      this.hasStarted = true;
      this.#passes = this.#isWanted(chunk.messageId ?? "");
      this.#hasBegun ||= this.#passes;
    }
    if (this.#passes && !this.#isDropped) await this.#writer.write(chunk);
  }
}

async function showAll(stream: Chunks, show: (message: UIMessage) => void): Promise<void> {
  for await (const message of readUIMessageStream({ stream })) show(message);
}

function startingWith(chunk: UIMessageChunk): TransformStream<UIMessageChunk, UIMessageChunk> {
  return new TransformStream({ start: (controller) => controller.enqueue(chunk) });
}

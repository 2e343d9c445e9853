// One stream that `useChat` asks a transport for, from the request to the end. It can be left: the
// transport reads no further, and no stop is written. Knows nothing of chats.

import type { UIMessageChunk } from "ai";

type Chunks = ReadableStream<UIMessageChunk>;

export class Reading {
  /** Settled once the transport reads no more for it. */
  readonly gone: Promise<unknown>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: (event: unknown) => void;
  readonly #onEnd: (reading: Reading) => void;
  readonly #opened: Promise<Chunks | null>;
  #isLeft = false;
  #tellLeft: () => void = () => {};
  #cancel: (() => Promise<void>) | undefined;

  /**
   * `begin` gets a signal in place of the caller's: an abort reaches the transport, which stops the
   * turn, unless `isLeaving` says that it only means that the page is left.
   */
  constructor(
    signal: AbortSignal | undefined,
    begin: (signal: AbortSignal) => Promise<Chunks | null>,
    isLeaving: () => boolean,
    onEnd: (reading: Reading) => void,
  ) {
    const passedOn = new AbortController();
    this.#signal = signal;
    this.#onEnd = onEnd;
    this.#onAbort = () => (isLeaving() ? this.leave() : passedOn.abort(signal?.reason));
    if (signal?.aborted) passedOn.abort(signal.reason);
    signal?.addEventListener("abort", this.#onAbort);
    this.#opened = begin(passedOn.signal);
    // Until a stream is there, what was asked for goes on: a message on its way is still sent.
    const ended = this.#opened.then((stream) => (this.#isLeft ? stream?.cancel() : undefined));
    this.gone = ended.catch(() => {});
  }

  /** What the caller gets. A reading that is left ends as one that was aborted. */
  async stream(): Promise<Chunks | null> {
    const left = new Promise<never>((_, reject) => {
      this.#tellLeft = () => reject(leftError());
    });
    try {
      const stream = await Promise.race([this.#opened, left]);
      if (this.#isLeft) await stream?.cancel().then(() => left);
      if (stream) return this.#relay(stream);
      this.#end();
      return null;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  leave(): void {
    this.#isLeft = true;
    this.#end();
    // In a moment: this may be called while React commits, when nobody may be told of anything.
    queueMicrotask(() => {
      this.#tellLeft();
      void this.#cancel?.();
    });
  }

  /** Passes chunks on as they are asked for. */
  #relay(stream: Chunks): Chunks {
    const reader = stream.getReader();
    return new ReadableStream<UIMessageChunk>(
      {
        start: (controller) => {
          this.#tellLeft = () => controller.error(leftError());
          this.#cancel = () => reader.cancel();
        },
        pull: async (controller) => {
          try {
            const { done, value } = await reader.read();
            if (this.#isLeft) return;
            if (!done) return controller.enqueue(value);
            controller.close();
            this.#end();
          } catch (error) {
            this.#end();
            throw error;
          }
        },
        cancel: () => {
          this.#end();
          return reader.cancel();
        },
      },
      { highWaterMark: 0 },
    );
  }

  #end(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#onEnd(this);
  }
}

/** `useChat` takes it for an abort: no error is shown, and nothing follows by itself. */
function leftError(): DOMException {
  return new DOMException("The chat was left", "AbortError");
}

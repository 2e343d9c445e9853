// The promises that callers wait for, and the streams they get. Knows numbers, not chats.

import type { UIMessageChunk } from "ai";

type Settle = { resolve: (value: never) => void; reject: (error: unknown) => void };

class Call {
  readonly settle: Settle;
  readonly onCancel: () => void;
  /** Undoes what was set up for the call; runs once, when nothing more can come. */
  readonly onEnd: (() => void) | undefined;
  controller: ReadableStreamDefaultController<UIMessageChunk> | undefined;
  wanted: (() => void) | undefined;

  constructor(settle: Settle, onCancel: () => void, onEnd: (() => void) | undefined) {
    this.settle = settle;
    this.onCancel = onCancel;
    this.onEnd = onEnd;
  }

  stream(): ReadableStream<UIMessageChunk> {
    return new ReadableStream<UIMessageChunk>({
      start: (controller) => {
        this.controller = controller;
      },
      pull: () => this.release(),
      cancel: () => {
        this.controller = undefined;
        this.onCancel();
      },
    });
  }

  /** Lets a reader go on that waits for room, or for the end of waiting. */
  release(): void {
    this.wanted?.();
    this.wanted = undefined;
  }
}

/** What a caller gives with a call. */
export type CallSetup = {
  /** Makes the call, under its number. */
  begin: (call: number) => void;
  /** The consumer cancelled the stream, for calls that give one. */
  cancel?: (call: number) => void;
  /** Nothing more can come for the call. */
  end?: () => void;
};

/** Every call under way, by its number. */
export class Calls {
  readonly #calls = new Map<number, Call>();
  #last = 0;

  /** Makes a call; the promise settles when the other side says so. */
  make<T>(setup: CallSetup): Promise<T> {
    const number = ++this.#last;
    return new Promise<T>((resolve, reject) => {
      const cancel = () => {
        this.#end(number);
        setup.cancel?.(number);
      };
      this.#calls.set(number, new Call({ resolve, reject }, cancel, setup.end));
      try {
        setup.begin(number);
      } catch (error) {
        this.reject(number, error);
      }
    });
  }

  resolve(number: number, value: unknown): void {
    this.#end(number)?.settle.resolve(value as never);
  }

  resolveStream(number: number): void {
    const call = this.#calls.get(number);
    call?.settle.resolve(call.stream() as never);
  }

  reject(number: number, error: unknown): void {
    this.#end(number)?.settle.reject(error);
  }

  /** Enqueues a JSON array of chunks; false if it is not JSON. */
  chunks(number: number, array: string): boolean {
    let chunks: UIMessageChunk[];
    try {
      chunks = JSON.parse(array);
    } catch {
      return false;
    }
    const controller = this.#calls.get(number)?.controller;
    if (controller) for (const chunk of chunks) controller.enqueue(chunk);
    return true;
  }

  /** `undefined` when the stream has room, or is gone; else a promise of either. */
  room(number: number): Promise<void> | undefined {
    const call = this.#calls.get(number);
    if (!call?.controller || (call.controller.desiredSize ?? 1) > 0) return undefined;
    // The reader of an earlier connection may still wait: it has nothing to read any more.
    call.release();
    return new Promise((resolve) => {
      call.wanted = resolve;
    });
  }

  close(number: number): void {
    this.#end(number)?.controller?.close();
  }

  fail(number: number, error: unknown): void {
    this.#end(number)?.controller?.error(error);
  }

  #end(number: number): Call | undefined {
    const call = this.#calls.get(number);
    if (!call) return undefined;
    this.#calls.delete(number);
    call.release();
    call.onEnd?.();
    return call;
  }
}

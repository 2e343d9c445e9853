// Makes requests and calls callbacks, waits for them, and tells the machine under their numbers what
// becomes of them. Knows promises and streams; decides nothing.

import { Pace } from "./pace.js";
import type { Core } from "./wasm.js";

/** What is wanted of a response. */
type Read = (response: Response) => Promise<void>;

type Bytes = Uint8Array<ArrayBuffer>;

/** So many bytes are handed to the machine at once: its memory never shrinks below the most that it took. */
const SLICE_BYTES = 65_536;

/** The most that is read at once, into memory that serves for the next read again. */
const READ_BYTES = 4 * SLICE_BYTES;

/**
 * Behind so many bytes the page may do something else first. More often would have a chat with Markdown
 * render all of an answer again and again while it comes back.
 */
const BURST_BYTES = 16 * SLICE_BYTES;

export class Requests {
  /** The machine; none once the transport is disposed. */
  readonly #core: () => Core | undefined;
  /** `undefined` when a call's stream has room, else a promise of it. */
  readonly #room: (call: number) => Promise<void> | undefined;
  /** The requests that are not done or given up. */
  readonly #controllers = new Map<number, AbortController>();
  readonly #pace = new Pace();

  constructor(
    core: () => Core | undefined,
    room: (call: number) => Promise<void> | undefined,
  ) {
    this.#core = core;
    this.#room = room;
  }

  /** Calls a callback of the application. */
  async ask(request: number, callback: () => unknown): Promise<void> {
    try {
      const answer = await callback();
      this.#core()?.answered(request, answer);
    } catch (thrown) {
      this.#core()?.failed(request, thrown, true);
    }
  }

  /** Makes the request of an append, whose answer is read whole. */
  append(request: number, open: (signal: AbortSignal) => unknown): Promise<void> {
    return this.#make(request, open, async (response) => {
      // An acknowledgement whose body broke is one all the same.
      const text = await response.text().catch(() => "");
      this.#end(request);
      this.#core()?.answered(request, response, text);
    });
  }

  /** Makes a request whose answer is read as fast as the consumer of the call takes it. */
  subscribe(
    request: number,
    call: number,
    open: (signal: AbortSignal) => unknown,
  ): Promise<void> {
    return this.#make(request, open, async (response) => {
      this.#core()?.answered(request, response);
      if (!this.#controllers.has(request)) return;
      if (!response.body) throw "the response has no body";
      const reader = readerOf(response.body);
      let buffer = new ArrayBuffer(READ_BYTES);
      let bytes = new Uint8Array();
      let at = 0;
      let burst = 0;
      let isOurs = false;
      while (this.#controllers.has(request)) {
        const room = this.#room(call);
        if (room) {
          this.#core()?.hold(request, true);
          await room;
          this.#core()?.hold(request, false);
          continue;
        }
        if (at >= bytes.length) {
          // The consumer goes first, whose `for await` takes two promises: asking the browser for more takes
          // as long as handing over did.
          await undefined;
          await (isOurs ? this.#pace.after(bytes.length) : undefined);
          const { done, value } = await reader.read(new Uint8Array(buffer));
          if (done) {
            this.#end(request);
            this.#core()?.ended(request);
            return;
          }
          bytes = value;
          at = 0;
          // Ours is gone where it was filled: it came back as this.
          isOurs = !buffer.byteLength;
          if (isOurs) buffer = bytes.buffer;
        }
        const slice = bytes.subarray(at, (at += SLICE_BYTES));
        this.#core()?.bytes(request, slice);
        burst += slice.length;
        if (burst >= BURST_BYTES) {
          burst = 0;
          await nextTask();
        }
      }
    });
  }

  /** Gives a request up. */
  abort(request: number): void {
    this.#end(request)?.abort();
  }

  #end(request: number): AbortController | undefined {
    const controller = this.#controllers.get(request);
    this.#controllers.delete(request);
    return controller;
  }

  async #make(request: number, open: (signal: AbortSignal) => unknown, read: Read): Promise<void> {
    const controller = new AbortController();
    this.#controllers.set(request, controller);
    // The application's own code did, or the network.
    let threw = true;
    try {
      const opened = open(controller.signal);
      threw = false;
      const response = (await opened) as Response;
      threw = !response?.headers;
      if (threw) throw new TypeError("the fetch option must resolve to a Response");
      await read(response);
    } catch (thrown) {
      this.#end(request);
      this.#core()?.failed(request, thrown, threw);
    }
  }
}

/**
 * A reader that fills memory of ours, where the body can: else all that comes is garbage once it is read,
 * and collecting it stops the page. Elsewhere one that gives its own.
 */
function readerOf(body: ReadableStream<Bytes>): ReadableStreamBYOBReader {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    // WebKit's, and what an application makes. It takes no notice of the memory that it is offered.
    return body.getReader() as never;
  }
}

/** By a message, for timers are slow in a hidden tab; at once where there are none, as in some test setups. */
function nextTask(): Promise<void> | undefined {
  if (!globalThis.MessageChannel) return undefined;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

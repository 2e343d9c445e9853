// How often bodies are read. A read costs the page nearly the same however little comes of it, and each is
// at least one render: where many answers come at once, a body rests until there is more to read.
// Knows times and sizes, not bodies.

/** What a small read costs of the time: behind so many of these a body rests. */
const READ_MS = 1.5;
/** What may be read at once, after quiet, before anything rests: an answer or two are shown as they come. */
const SLACK_MS = 48;
/** No body rests longer, however many there are and wherever the clock is set. */
const LONGEST_MS = 250;
/** A read of so much is worth its cost. */
const SMALL_BYTES = 16_384;

export class Pace {
  /** When all that was read is paid for. */
  #due = 0;
  #rest: Promise<void> | undefined;

  /** A promise of when the next body may be read, behind a read of so many bytes; `undefined`: at once. */
  after(bytes: number): Promise<void> | undefined {
    const now = Date.now();
    if (bytes < SMALL_BYTES) {
      this.#due = Math.min(Math.max(this.#due, now - SLACK_MS) + READ_MS, now + LONGEST_MS);
    }
    // Timers are slow in a hidden page, and nobody looks.
    if (this.#due <= now || globalThis.document?.hidden) return undefined;
    this.#rest ??= new Promise((resolve) => {
      setTimeout(() => {
        this.#rest = undefined;
        resolve();
      }, this.#due - now);
    });
    return this.#rest;
  }
}

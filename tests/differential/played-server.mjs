// Plays the server to one transport: each request gets the next scripted answer of its endpoint, and
// is recorded. Knows HTTP, not chats; what is beyond the script stays unanswered.

const REASONS = new Map([[401, "Unauthorized"], [404, "Not Found"], [503, "Service Unavailable"]]);

export class PlayedServer {
  #script;
  #recording;
  #asked = { in: 0, out: 0, head: 0 };
  #released = new Set();
  #waiting = [];
  #bodies = new Set();
  #closed = false;

  /** `script` has a list of answers for each endpoint: `in`, `out`, `head`. */
  constructor(script, recording) {
    this.#script = { in: [], out: [], head: [], ...script };
    this.#recording = recording;
  }

  /** The `fetch` option of a transport. */
  fetch = (url, init, context) => this.#answer(context?.endpoint, url, init, context);

  /** The global `fetch`, through which a head start goes. */
  fetchHead = (url, init = {}) => this.#answer("head", String(url), init);

  /** Lets go what waits for a signal, now and later. */
  release(signal) {
    this.#released.add(signal);
    this.#wake();
  }

  /** Resolves when an endpoint was asked so many times. */
  async asked(endpoint, count) {
    while (this.#asked[endpoint] < count) await this.#change();
  }

  /**
   * Goes away for good: what is open ends, and whoever asks is told that there is nothing any more.
   * Without it a transport that leaks a reader would go on asking.
   */
  close() {
    this.#closed = true;
    this.#wake();
    for (const end of this.#bodies) end();
  }

  /** How many of its scripted answers an endpoint has not given. */
  unplayed() {
    return Object.entries(this.#script).map(([endpoint, answers]) =>
      Math.max(0, answers.length - this.#asked[endpoint]),
    );
  }

  async #answer(endpoint, url, init, context) {
    if (this.#closed) return new Response("", { status: 410 });
    const at = this.#asked[endpoint]++;
    const connection = this.#recording.request(endpoint, url, init, context);
    this.#wake();
    const { signal } = init;
    if (signal?.aborted) throw abortError();
    const answer = this.#script[endpoint][at] ?? { signal: "never" };
    await this.#signalled(answer.signal, signal);
    if (this.#closed) return new Response("", { status: 410 });
    if (answer.unreachable) throw new TypeError("fetch failed");
    const { status, headers, json, text, steps } = answer;
    const statusText = REASONS.get(status) ?? "";
    if (!steps) {
      const body = text ?? JSON.stringify(json);
      return new Response(body, { status, statusText, headers });
    }
    return new Response(this.#body(steps, signal, connection), { status, statusText, headers });
  }

  #body(steps, signal, connection) {
    connection.opened();
    let over = false;
    const leave = () => {
      if (!over) connection.left();
      over = true;
    };
    return new ReadableStream({
      start: async (controller) => {
        this.#bodies.add(() => {
          if (!over) controller.close();
          over = true;
        });
        signal?.addEventListener("abort", () => {
          const open = !over;
          leave();
          if (open) controller.error(abortError());
        });
        for (const step of steps) {
          if (step.step === "until") await this.#signalled(step.signal).catch(() => undefined);
          if (over) return;
          if (step.step === undefined) controller.enqueue(bytes(step));
          if (step.step === "end" || step.step === "break") {
            over = true;
            connection.ended();
            // What was written goes out first: an error would take it back.
            await new Promise(setImmediate);
            if (signal?.aborted) controller.error(abortError());
            else if (step.step === "end") controller.close();
            else controller.error(new TypeError("terminated"));
          }
        }
      },
      cancel: leave,
    }, new CountQueuingStrategy({ highWaterMark: 1_000 }));
  }

  /** Waits for a signal of the conversation; the client may give up before. */
  async #signalled(name, signal) {
    if (name === undefined) return;
    const aborted = new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(abortError()));
    });
    aborted.catch(() => undefined);
    while (!this.#closed && !this.#released.has(name)) await Promise.race([this.#change(), aborted]);
  }

  #change() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function bytes(step) {
  return typeof step === "string" ? new TextEncoder().encode(step) : step;
}

function abortError() {
  return new DOMException("This operation was aborted", "AbortError");
}

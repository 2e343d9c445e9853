// The leanest reader that a careful engineer would write by hand: append, fetch, decode, split at blank
// lines, parse the batch, parse each body, enqueue. It drops what came already and ends with the turn;
// after a broken or early end it asks again from its cursor. It has nothing else of a transport: no
// tokens refreshed, no errors told apart, no stop, no tabs.

const RETRY_MS = 100;

export class HandWritten {
  #options;

  constructor(options) {
    this.#options = options;
  }

  async sendMessages({ chatId, messages }) {
    const response = await fetch(`${this.#url(chatId)}/in/append`, {
      method: "POST",
      headers: { ...this.#headers(chatId), "Content-Type": "application/json" },
      body: JSON.stringify({
        kind: "message",
        payload: { chatId, trigger: "submit-message", message: messages.at(-1) },
      }),
    });
    if (!response.ok) throw new Error(`the append was refused: ${response.status}`);
    return this.#read(chatId);
  }

  async reconnectToStream({ chatId }) {
    return this.#read(chatId);
  }

  dispose() {}

  #url(chatId) {
    const { baseURL } = this.#options;
    const base = typeof baseURL === "function" ? baseURL({ chatId }) : baseURL;
    return `${base}/realtime/v1/sessions/${encodeURIComponent(chatId)}`;
  }

  #headers(chatId) {
    return { Authorization: `Bearer ${this.#options.sessions[chatId].publicAccessToken}` };
  }

  #read(chatId) {
    const controller = new AbortController();
    let reader;
    let decoder;
    let rest = "";
    let cursor = -1;

    const connect = async () => {
      const headers = this.#headers(chatId);
      if (cursor >= 0) headers["Last-Event-ID"] = String(cursor);
      const { signal } = controller;
      const response = await fetch(`${this.#url(chatId)}/out`, { headers, signal });
      if (!response.ok) throw new Error(`the stream was refused: ${response.status}`);
      reader = response.body.getReader();
      decoder = new TextDecoder();
      rest = "";
    };

    /** The next text of the body; after an end that is not the turn's, of the next one. */
    const nextText = async () => {
      if (!reader) await connect();
      const { done, value } = await reader.read().catch(() => ({ done: true }));
      if (!done) return decoder.decode(value, { stream: true });
      reader = undefined;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      return "";
    };

    /** Hands an event's chunks over; "over" at the turn's end, else whether there were any. */
    const deliver = (event, stream) => {
      if (!event.startsWith("event: batch")) return false;
      const { records } = JSON.parse(event.slice(event.indexOf("\ndata: ") + 7));
      let delivered = false;
      for (const { seq_num, headers, body } of records) {
        if (seq_num <= cursor) continue;
        cursor = seq_num;
        if (headers?.[0]?.[1] === "turn-complete") return "over";
        if (headers?.length) continue;
        stream.enqueue(JSON.parse(body).data);
        delivered = true;
      }
      return delivered;
    };

    return new ReadableStream({
      async pull(stream) {
        for (let delivered = false; !delivered; ) {
          const text = await nextText();
          rest += text;
          // Nothing in an event's JSON is a line break: without one no event can end.
          if (!text.includes("\n")) continue;
          const events = rest.split("\n\n");
          rest = events.pop();
          for (const event of events) {
            const outcome = deliver(event, stream);
            if (outcome === "over") {
              stream.close();
              controller.abort();
              return;
            }
            delivered ||= outcome;
          }
        }
      },
      cancel: () => controller.abort(),
    });
  }
}

export const createTransport = (options) => new HandWritten(options);

// Plays the JavaScript class and the server for tests/browser.rs.

const COMPLETE = [["trigger-control", "turn-complete"]];

function batchOf({ records = [], raw, first, complete }) {
  const chunks = raw ?? records.map((text) => JSON.stringify(text));
  const all = chunks.map((chunk, at) => ({
    seq_num: first + at,
    timestamp: 0,
    body: `{"data":${chunk},"id":"part ${first + at}"}`,
  }));
  if (complete) all.push({ seq_num: first + all.length, timestamp: 0, headers: COMPLETE, body: "" });
  return `event: batch\ndata: ${JSON.stringify({ records: all })}\n\n`;
}

function bodyOf(script, signal) {
  const bytes = new TextEncoder().encode(batchOf(script) + (script.tail ?? ""));
  let at = 0;
  return new ReadableStream({
    start(controller) {
      signal.addEventListener("abort", () => controller.error(signal.reason));
    },
    pull(controller) {
      if (at < bytes.length) {
        controller.enqueue(bytes.slice(at, at + script.pieces));
        at += script.pieces;
      } else if (script.end === "done") {
        controller.close();
      } else if (script.end === "error") {
        controller.error(new TypeError("the connection broke"));
      }
    },
  });
}

async function* chunksOf(response) {
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function event() {
  let happen;
  const happened = new Promise((resolve) => {
    happen = resolve;
  });
  return { happen, happened };
}

class PlayedHost {
  constructor(bodies) {
    this.bodies = bodies;
    /** Of the subscriptions, by their request. */
    this.controllers = new Map();
    this.lastEventIds = [];
    this.end = event();
    this.subscriptions = bodies.map(event);
    this.text = "";
    this.sent = "";
    this.full = undefined;
    this.wanted = event();
  }

  fetch(request, call, endpoint, _chat, _path, headers, body) {
    if (endpoint === "in") {
      this.sent = JSON.stringify(JSON.parse(body));
      const text = JSON.stringify({ ok: true, seq: 0 });
      queueMicrotask(() => this.core.answered(request, Response.json({}), text));
    } else {
      const nth = this.lastEventIds.push(headers["Last-Event-ID"] ?? "") - 1;
      this.controllers.set(request, new AbortController());
      this.subscriptions[nth].happen();
      this.read(request, this.bodies[nth]);
    }
  }

  async read(request, script) {
    const { signal } = this.controllers.get(request);
    const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
    try {
      const response = await Promise.resolve(new Response(bodyOf(script, signal), { headers }));
      this.core.answered(request, response);
      if (this.full) {
        this.core.hold(request, true);
        this.wanted.happen();
        await this.full.happened;
        this.core.hold(request, false);
      }
      for await (const bytes of chunksOf(response)) this.core.bytes(request, bytes);
      this.core.ended(request);
    } catch (error) {
      if (!signal.aborted) this.core.failed(request, error, false);
    }
  }

  abort(request) {
    this.controllers.get(request)?.abort();
  }

  header(response, name) {
    return response.headers.get(name);
  }

  armTimer(delay) {
    clearTimeout(this.timer);
    if (delay !== undefined) this.timer = setTimeout(() => this.core.tick(), delay);
  }

  listen() {}

  get timeoutSeconds() {
    return "120";
  }

  chunks(_call, array) {
    try {
      this.text += JSON.parse(array).join("");
      return true;
    } catch {
      return false;
    }
  }

  fill() {
    this.full = event();
  }

  roomWanted() {
    return this.wanted.happened;
  }

  giveRoom() {
    this.full.happen();
    this.full = undefined;
  }

  close() {
    this.end.happen();
  }

  fail() {
    this.end.happen();
  }

  ended() {
    return this.end.happened;
  }

  subscribed(nth) {
    return this.subscriptions[nth - 1].happened;
  }

  get cursors() {
    return this.lastEventIds.join(",");
  }

  get allAborted() {
    return [...this.controllers.values()].every(({ signal }) => signal.aborted);
  }

  resolve() {}

  resolveStream() {}

  reject() {}

  settled() {}

  sessionChanged() {}

  event() {}
}

export function playedHost(bodies) {
  return new PlayedHost(bodies);
}

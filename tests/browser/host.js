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
    this.signals = [];
    this.lastEventIds = [];
    this.end = event();
    this.subscriptions = bodies.map(event);
    this.text = "";
    this.sent = "";
    this.full = undefined;
    this.wanted = event();
  }

  fetch(endpoint, _chat, _path, init) {
    this.signals.push(init.signal);
    if (endpoint === "in") {
      this.sent = JSON.stringify(JSON.parse(init.body));
      return Promise.resolve(Response.json({ ok: true, seq: 0 }));
    }
    const nth = this.lastEventIds.push(init.headers["Last-Event-ID"] ?? "") - 1;
    const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
    this.subscriptions[nth].happen();
    return Promise.resolve(new Response(bodyOf(this.bodies[nth], init.signal), { headers }));
  }

  headers(call, ours) {
    return ours;
  }

  get timeoutSeconds() {
    return "120";
  }

  byteLength(text) {
    return new TextEncoder().encode(text).byteLength;
  }

  chunks(_call, array) {
    try {
      this.text += JSON.parse(array).join("");
      return true;
    } catch {
      return false;
    }
  }

  room() {
    if (this.full) this.wanted.happen();
    return this.full?.happened;
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

  /** Appends are done when they are answered; what is aborted is the subscriptions. */
  get allAborted() {
    return this.signals.slice(1).every((signal) => signal.aborted);
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

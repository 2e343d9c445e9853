// What the tests call in the page. The instruments come first: the package finds them in place.

import { held } from "./instruments.js";
import { hasten, stop } from "./clock.js";

import { TriggerChatTransport } from "trigger-chat-transport";

const transports = [];

function mount(chatId, options = {}) {
  const transport = new TriggerChatTransport({
    task: "agent",
    baseURL: location.origin,
    accessToken: () => "minted",
    sessions: { [chatId]: { publicAccessToken: "token", isStreaming: false } },
    ...options,
  });
  transports.push(new WeakRef(transport));
  return transport;
}

function ask(transport, chatId, text) {
  const message = { id: "question", role: "user", parts: [{ type: "text", text }] };
  return transport.sendMessages({
    trigger: "submit-message",
    chatId,
    messageId: undefined,
    messages: [message],
    abortSignal: undefined,
  });
}

/** Reads to the end; how many records' words came, joined or not, and whether each came in its place. */
async function readAll(stream) {
  let count = 0;
  let inOrder = true;
  for await (const { delta } of stream) {
    for (const word of delta.trim().split(" ")) {
      inOrder &&= word === String(count);
      count += 1;
    }
  }
  return { count, inOrder };
}

let kept;

window.drills = {
  hasten,

  /** Asks in the one chat that stays mounted. */
  async askAndRead(text) {
    kept ??= mount("kept");
    return readAll(await ask(kept, "kept", text));
  },

  /** Mounts, asks, reads and disposes, again and again; every third time in mid-answer. */
  async mounts(times) {
    let whole = 0;
    for (let nth = 0; nth < times; nth += 1) {
      const chatId = `mount-${crypto.randomUUID()}`;
      const transport = mount(chatId, { multiTab: true });
      const stream = await ask(transport, chatId, "4 records by 2");
      if (nth % 3 === 2) {
        await stream.getReader().read();
      } else {
        const { count, inOrder } = await readAll(stream);
        whole += count === 4 && inOrder ? 1 : 0;
      }
      transport.dispose();
    }
    return whole;
  },

  held() {
    return { ...held(), transports: transports.filter((transport) => transport.deref()).length };
  },

  /** A tool that works for so long while the server pings, and then the answer comes. */
  async silentTool(minutes) {
    const advance = stop();
    const server = new PingingServer();
    const transport = mount("tool", { fetch: server.fetch });
    const answer = ask(transport, "tool", "call a tool").then(readAll);
    await server.subscribed;
    server.say(batch([data(0)]));
    for (let passedMs = 0; passedMs < minutes * 60_000; passedMs += PING_EVERY_MS) {
      server.say("event: ping\ndata: {}\n\n");
      await advance(PING_EVERY_MS);
    }
    const { state } = transport.connection("tool");
    const headers = [["trigger-control", "turn-complete"]];
    server.say(batch([data(1), { seq_num: 2, timestamp: 0, headers, body: "" }]));
    const outcome = { ...(await answer), state, subscriptions: server.subscriptions };
    transport.dispose();
    return outcome;
  },
};

const PING_EVERY_MS = 10_000;

/** Played in the page, so that no socket has a clock of its own. */
class PingingServer {
  subscriptions = 0;
  #body;
  #subscribe;

  subscribed = new Promise((resolve) => {
    this.#subscribe = resolve;
  });

  fetch = async (_url, { method }) => {
    if (method === "POST") return Response.json({ ok: true, seq: 0 });
    this.subscriptions += 1;
    const start = (controller) => {
      this.#body = controller;
    };
    const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
    this.#subscribe();
    return new Response(new ReadableStream({ start }), { headers });
  };

  say(text) {
    this.#body.enqueue(new TextEncoder().encode(text));
  }
}

function data(seqNum) {
  const chunk = { type: "text-delta", id: "text", delta: `${seqNum} ` };
  return { seq_num: seqNum, timestamp: 0, body: JSON.stringify({ data: chunk, id: `part ${seqNum}` }) };
}

function batch(records) {
  return `event: batch\ndata: ${JSON.stringify({ records })}\n\n`;
}

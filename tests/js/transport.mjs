// A transport over a played server: each request is recorded and answered by the test.

import { TriggerChatTransport } from "../../pkg/node.js";

export const CHAT = "chat/1 ü";

/** One batch event with these chunks; `complete`: whether the turn's boundary follows, or its headers. */
export function batch(first, chunks, complete = true) {
  const records = chunks.map((chunk, at) => ({
    seq_num: first + at,
    timestamp: 0,
    body: JSON.stringify({ data: chunk, id: `part ${first + at}` }),
  }));
  if (complete) {
    const more = complete === true ? [] : complete;
    const headers = [["trigger-control", "turn-complete"], ...more];
    records.push({ seq_num: first + records.length, timestamp: 0, headers, body: "" });
  }
  return `event: batch\ndata: ${JSON.stringify({ records })}\n\n`;
}

/** Plays the server: `out` is what each subscription answers, in turn. */
export class PlayedServer {
  requests = [];
  #out;
  #seq = 0;

  constructor(...out) {
    this.#out = out;
  }

  fetch = async (url, init) => {
    this.requests.push({ url, init });
    if (init.method === "POST") return Response.json({ ok: true, seq: this.#seq++ });
    const answer = this.#out.shift();
    // No network answers before what was asked for it has gone on.
    await new Promise((resolve) => setImmediate(resolve));
    if (answer instanceof Response) return answer;
    const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
    return new Response(answer, { headers });
  };

  appends() {
    return this.requests.filter(({ init }) => init.method === "POST");
  }

  subscriptions() {
    return this.requests.filter(({ init }) => init.method !== "POST");
  }
}

export function transportOver(server, options = {}) {
  return new TriggerChatTransport({
    task: "agent",
    baseURL: "https://api.example/",
    accessToken: () => "minted",
    sessions: { [CHAT]: { publicAccessToken: "token", isStreaming: false } },
    fetch: server.fetch,
    ...options,
  });
}

export function submit(transport, options = {}) {
  return transport.sendMessages({
    trigger: "submit-message",
    chatId: CHAT,
    messageId: undefined,
    messages: [userMessage("hello")],
    abortSignal: undefined,
    ...options,
  });
}

export function userMessage(text) {
  return { id: "u1", role: "user", parts: [{ type: "text", text }] };
}

export async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

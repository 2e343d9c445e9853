// The first turn by the application's own endpoint (F1).

import { userMessage } from "../application.mjs";
import { BREAK, END, acknowledged, refused, stream, textAnswer, turn, until } from "../records.mjs";

const ADDRESS = "https://app.example/api/chat";
const TOKEN = { "X-Trigger-Chat-Access-Token": "handed over" };
const options = () => ({ headStart: ADDRESS, headers: { "x-own": "1" }, clientData: { userId: "7" } });
const sse = (...chunks) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
const answer = (...steps) => ({
  status: 200,
  headers: { "Content-Type": "text/event-stream", ...TOKEN },
  steps,
});
const COMPLETE = { type: "trigger:turn-complete" };
const STATE = { type: "trigger:session-state", lastEventId: "41" };

const begun = (name, head, play = async ({ app }) => app.send("Hello?").ended) => ({
  name,
  headStart: true,
  options,
  server: { head: [head] },
  play,
});

export const headStart = [
  begun("F1 the first message goes to the application's endpoint",
    answer(sse(...textAnswer("Hi")), sse(STATE, COMPLETE), END)),
  begun("F1 the whole history and what the call gives go along", answer(sse(COMPLETE), END),
    async ({ app }) => app.send("", {
      messages: [userMessage("first"), userMessage("second", "u2")],
      messageId: "m7",
      body: { model: "m" },
      metadata: { page: 2 },
    }).ended),
  begun("F1 an end without a boundary ends the turn", answer(sse(...textAnswer("Hi")), END)),
  begun("F1 an end in the middle of the answer", answer(sse({ type: "start" }), END)),
  begun("F1 a last event without its blank line",
    answer(sse({ type: "start" }), 'data: {"type":"finish"}', END)),
  begun("F1 comments, blank lines and other fields",
    answer(": hello\n\n\n\n", "event: message\nid: 7\n", sse({ type: "start" }), "data: \n\n",
      sse(COMPLETE), END)),
  begun("F1 a malformed chunk is lost alone",
    answer("data: {no\n\n", sse({ type: "start" }, COMPLETE), END)),
  begun("F1 the events are cut anywhere",
    answer(...[...new TextEncoder().encode(sse(...textAnswer("Grüße 😀"), COMPLETE))]
      .map((byte) => Uint8Array.of(byte)), END)),
  begun("F1 G1 a run without its version is told", { ...answer(sse({ type: "start" }, COMPLETE), END),
    headers: { ...TOKEN, "X-Trigger-Chat-Pending-Version": "1" } }),
  begun("F1 an answer without the token rejects",
    { status: 200, headers: { "Content-Type": "text/event-stream" }, steps: [sse(COMPLETE), END] }),
  begun("F1 a refusal rejects with its status", refused(500)),
  begun("F1 401 rejects with its status", refused(401)),
  begun("F1 an answer without a body rejects", { status: 204, headers: TOKEN, text: null }),
  begun("F1 a broken answer is a stream error", answer(sse({ type: "start" }), BREAK)),
  {
    name: "F1 later turns go direct, behind the cursor that was handed over",
    headStart: true,
    options,
    server: {
      head: [answer(sse(...textAnswer("Hi"), STATE, COMPLETE), END)],
      in: [acknowledged(1)],
      out: [stream(turn(42, 1))],
    },
    async play({ app }) {
      await app.send("first").ended;
      await app.send("second").ended;
    },
  },
  {
    name: "F1 a known session needs no head start",
    headStart: true,
    options: () => ({
      ...options(),
      sessions: { "chat-1": { publicAccessToken: "token", isStreaming: false } },
    }),
    server: { in: [acknowledged(0)], out: [stream(turn(0, 0))] },
    play: async ({ app }) => app.send("Hello?").ended,
  },
  {
    name: "F1 an abort ends the answer cleanly",
    headStart: true,
    options,
    server: { head: [answer(sse({ type: "start" }), until("never"))], in: [acknowledged(0)] },
    async play({ app }) {
      const controller = new AbortController();
      const first = app.send("Hello?", { abortSignal: controller.signal });
      await first.saw(1);
      controller.abort();
      await first.ended;
    },
  },
  {
    name: "F1 an action does not go by the head start",
    headStart: true,
    options: () => ({ ...options(), startSession: async () => ({ publicAccessToken: "started" }) }),
    server: { in: [acknowledged(0)], out: [stream(turn(0, 0))] },
    play: async ({ app }) => app.action({ type: "undo" }).ended,
  },
];

// Appends that the server refuses or never sees (B7, B9, B10).

import { userMessage } from "../application.mjs";
import { known } from "../peers.mjs";
import { UNREACHABLE, acknowledged, refused, stream, turn } from "../records.mjs";

const out = [stream(turn(0, 0))];
const ask = async ({ app }) => app.send("Hello?").ended;

export const failing = [
  ...[400, 413, 422].map((status) => ({
    name: `B7 B9 ${status} is final`,
    options: () => known(),
    server: { in: [refused(status, { error: "no", code: "some_code" })] },
    play: ask,
  })),
  {
    name: "B7 409 with another code is final and closes nothing",
    options: () => known(),
    server: { in: [refused(409, { error: "no", code: "conflict" })] },
    play: ask,
  },
  {
    name: "B7 a refusal that is no JSON has a status and no code",
    options: () => known(),
    server: { in: [{ status: 400, headers: {}, text: "<html>" }] },
    play: ask,
  },
  {
    name: "B1 an acknowledgement without a seq still starts the turn",
    options: () => known(),
    server: { in: [{ status: 200, headers: {}, text: "ok" }], out },
    play: ask,
  },
  {
    name: "G1 an append to a run without its version is told",
    options: () => known(),
    server: { in: [acknowledged(0, { pendingVersion: true })], out },
    play: ask,
  },
  {
    name: "B9 503 is tried again under the same part id",
    options: () => known(),
    server: { in: [refused(503), acknowledged(0)], out },
    play: ask,
  },
  {
    name: "B9 an append that finds no network is tried again",
    options: () => known(),
    server: { in: [UNREACHABLE, acknowledged(0)], out },
    play: ask,
  },
  {
    name: "B9 429 is tried again when the server says",
    options: () => known(),
    server: { in: [refused(429, { error: "slow down" }, { "Retry-After": "1" }), acknowledged(0)], out },
    play: ask,
  },
  {
    name: "B9 a stop is tried again too",
    options: () => known({ isStreaming: true, activeInputSeq: 3 }),
    server: { in: [refused(500), acknowledged(4)] },
    play: async ({ app }) => app.stop().made,
  },
  {
    name: "B10 a message over the record limit is refused before it is sent",
    options: () => known(),
    server: { in: [refused(413)] },
    play: async ({ app }) => app.send("", { messages: [userMessage("x".repeat(1_048_576))] }).ended,
  },
];

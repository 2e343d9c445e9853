// Tokens that are refused and sessions that are gone (B6, C6, D2).

import { known } from "../peers.mjs";
import { OWN } from "../recording.mjs";
import { acknowledged, refused, stream, turn } from "../records.mjs";

const out = [stream(turn(0, 0))];
const ask = async ({ app }) => app.send("Hello?").ended;
const startSession = async () => ({ publicAccessToken: "started again" });
const restored = () => ({ startSession, ...known({ lastEventId: "90" }) });

export const tokens = [
  ...[401, 403].map((status) => ({
    name: `B6 ${status}: the token is renewed and the append repeated under its part id`,
    options: () => known(),
    server: { in: [refused(status), acknowledged(0)], out },
    play: ask,
  })),
  {
    name: "B6 a second refusal of the token is final",
    options: () => known(),
    server: { in: [refused(401), refused(401)] },
    play: ask,
  },
  {
    name: "B6 a token that cannot be renewed rejects with the callback's error",
    options: () => ({
      ...known(),
      accessToken: async () => {
        throw new Error(OWN);
      },
    }),
    server: { in: [refused(401)] },
    play: ask,
  },
  {
    name: "B6 404: the session is created again and its cursor dropped",
    options: restored,
    server: { in: [refused(404), acknowledged(0)], out },
    play: ask,
  },
  {
    name: "B6 404 once more is final",
    options: restored,
    server: { in: [refused(404), refused(404)] },
    play: ask,
  },
  {
    name: "B6 a renewed token that finds no session creates it again",
    options: restored,
    server: { in: [refused(401), refused(404), acknowledged(0)], out },
    play: ask,
  },
  {
    name: "B6 404 without startSession rejects",
    options: () => known({ lastEventId: "90" }),
    server: { in: [refused(404)] },
    play: ask,
  },
  {
    name: "B6 404 whose startSession fails rejects with that error",
    options: () => ({
      ...restored(),
      startSession: async () => {
        throw new Error(OWN);
      },
    }),
    server: { in: [refused(404)] },
    play: ask,
  },
  {
    name: "B6 a created session that then refuses its token",
    options: restored,
    server: { in: [refused(404), refused(401), refused(401)] },
    play: ask,
  },
  {
    name: "B6 a message into the running turn renews the token too",
    options: () => known({ isStreaming: true }),
    server: { in: [refused(401), acknowledged(3)] },
    play: async ({ app }) => app.steer("Faster").made,
  },
  {
    name: "B6 a stop renews the token too",
    options: () => known({ isStreaming: true }),
    server: { in: [refused(401), acknowledged(3)] },
    play: async ({ app }) => app.stop().made,
  },
  {
    name: "B6 a message into a running turn whose session is gone creates it again",
    options: () => ({ startSession, ...known({ isStreaming: true, lastEventId: "90" }) }),
    server: { in: [refused(404), acknowledged(0)] },
    play: async ({ app }) => app.steer("Faster").made,
  },
  {
    name: "B6 C6 a stop whose session is gone creates it again",
    options: () => ({ startSession, ...known({ isStreaming: true, lastEventId: "90" }) }),
    server: { in: [refused(404), acknowledged(0)] },
    play: async ({ app }) => app.stop().made,
  },
  {
    name: "C6 the token of a boundary is the next one's",
    options: () => known(),
    server: {
      in: [acknowledged(0), acknowledged(1)],
      out: [stream(turn(0, 0, "one", { "public-access-token": "fresh" })), stream(turn(6, 1, "two"))],
    },
    async play({ app }) {
      await app.send("first").ended;
      await app.send("second").ended;
    },
  },
  ...[401, 403].map((status) => ({
    name: `D2 ${status} on the subscription renews the token`,
    options: () => known(),
    server: { in: [acknowledged(0)], out: [refused(status), ...out] },
    play: ask,
  })),
  {
    name: "D2 a second refusal of the subscription's token ends the stream",
    options: () => known(),
    server: { in: [acknowledged(0)], out: [refused(401), refused(401)] },
    play: ask,
  },
  {
    name: "D2 a subscription whose token cannot be renewed ends with the callback's error",
    options: () => ({
      ...known(),
      accessToken: async () => {
        throw new Error(OWN);
      },
    }),
    server: { in: [acknowledged(0)], out: [refused(401)] },
    play: ask,
  },
];

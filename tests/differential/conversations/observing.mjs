// Callbacks that throw (A2, A7).

import { known } from "../peers.mjs";
import { OWN } from "../recording.mjs";
import { acknowledged, refused, stream, turn } from "../records.mjs";

const explode = () => {
  throw new Error(OWN);
};
const server = { in: [acknowledged(0)], out: [stream(turn(0, 0))] };
const ask = async ({ app }) => app.send("Hello?").ended;

export const observing = [
  {
    name: "A7 onEvent that throws breaks nothing",
    options: () => ({ ...known(), onEvent: explode }),
    server,
    play: ask,
  },
  {
    name: "A7 onSessionChange that throws breaks nothing",
    options: () => ({ ...known(), onSessionChange: explode }),
    server,
    play: ask,
  },
  {
    name: "A2 a baseURL that throws is the caller's error",
    options: () => ({ ...known(), baseURL: explode }),
    play: ask,
  },
  {
    name: "A2 a fetch that throws at once is the caller's error",
    options: () => ({ ...known(), fetch: explode }),
    play: ask,
  },
  {
    name: "A5 accessToken that throws at once rejects the send",
    options: () => ({ ...known(), accessToken: explode }),
    server: { in: [refused(401)] },
    play: ask,
  },
  {
    name: "A4 startSession that throws at once rejects the send",
    options: () => ({ startSession: explode }),
    play: ask,
  },
  {
    name: "A7 an observer calls back into the transport",
    options: () => known(),
    server: { in: [acknowledged(0), acknowledged(1)], out: [stream(turn(0, 0)), stream(turn(6, 1))] },
    async play({ app, transport }) {
      let again = true;
      let second;
      transport.setOnSessionChange((_, state) => {
        if (state.isStreaming || !again) return;
        again = false;
        second = app.send("second");
      });
      await app.send("first").ended;
      await second.ended;
    },
  },
];

// Standing subscriptions (C6, C10, D3, G1).

import { known } from "../peers.mjs";
import {
  BREAK, DONE, END, acknowledged, batch, chunks, control, settledStream, stream, turn, until,
} from "../records.mjs";

const watched = (state) => () => ({ ...known(state), watch: true });

export const watching = [
  {
    name: "C6 C10 G1 a watch of a settled session sees turn behind turn",
    options: watched({ lastEventId: "4" }),
    server: { out: [stream(turn(5, 3, "one"), turn(11, 4, "two", { "public-access-token": "fresh" }))] },
    async play({ app }) {
      await app.reconnect().saw(10);
      await app.settled();
    },
  },
  {
    name: "C6 a send of a watch reads on behind its turn",
    options: watched(),
    server: {
      in: [acknowledged(0)],
      out: [stream(turn(0, 0, "mine"), turn(6, 1, "another's"))],
    },
    async play({ app }) {
      await app.send("Hello?").saw(10);
      await app.settled();
    },
  },
  {
    name: "D2 D3 a watch survives ends and breaks without a record",
    options: watched({ lastEventId: "4" }),
    server: { out: [...Array(3).fill(stream(END)), stream(BREAK), stream(turn(5, 3))] },
    async play({ app }) {
      await app.reconnect().saw(5);
      await app.settled();
    },
  },
  {
    name: "C14 a close ends a watch",
    options: watched({ lastEventId: "4" }),
    server: { out: [stream(turn(5, 3), batch(control(11, "session-closed")))] },
    play: async ({ app }) => app.reconnect().ended,
  },
  {
    name: "C9 aborting a watch stops nothing",
    options: watched({ lastEventId: "4", isStreaming: true }),
    server: { out: [stream(batch(chunks(5, { type: "start" })))] },
    async play({ app }) {
      const controller = new AbortController();
      const answer = app.reconnect({ abortSignal: controller.signal });
      await answer.saw(1);
      controller.abort();
      await answer.ended;
    },
  },
  {
    name: "D3 a settled answer ends a watch",
    options: watched({ lastEventId: "4" }),
    server: { out: [settledStream(turn(5, 3), DONE, END)] },
    async play({ app }) {
      await app.reconnect().ended;
    },
  },
  {
    name: "B8 a send during a watch takes its stream over",
    options: watched({ lastEventId: "4" }),
    server: {
      in: [acknowledged(3)],
      out: [stream(until("never")), stream(turn(5, 3))],
    },
    async play({ app, server }) {
      const watch = app.reconnect();
      await server.asked("out", 1);
      const answer = app.send("Hello?");
      await answer.saw(5);
      await watch.ended;
      await app.settled();
    },
  },
];

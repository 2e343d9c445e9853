// Stops, and the gate behind them (B5, B11, C8, C11).

import { CHAT } from "../application.mjs";
import { known } from "../peers.mjs";
import {
  acknowledged, batch, chunks, control, held, refused, stream, textAnswer, turn, turnComplete, until,
} from "../records.mjs";

const open = (first) => batch(chunks(first, { type: "start" }));

/** A turn that is stopped after its first chunk; then the second message is answered so. */
const stoppedThen = (name, ...steps) => ({
  name,
  options: () => known(),
  server: {
    in: [acknowledged(0), acknowledged(1), acknowledged(2)],
    out: [stream(open(0)), stream(...steps)],
  },
  async play({ app }) {
    const first = app.send("first");
    await first.saw(1);
    await app.stop().made;
    await first.ended;
    await app.send("second").ended;
  },
});

const leftover = batch(chunks(1, ...textAnswer("stale").slice(1)));

export const stopping = [
  {
    name: "B5 a stop ends the reader and the streaming",
    options: () => known(),
    server: { in: [acknowledged(0), acknowledged(1)], out: [stream(open(0))] },
    async play({ app }) {
      const answer = app.send("Hello?");
      await answer.saw(1);
      await app.stop().made;
      await answer.ended;
    },
  },
  {
    name: "B5 a stop of an unknown chat is not accepted",
    chats: ["unknown"],
    play: async ({ app }) => app.stop("unknown").made,
  },
  {
    name: "B5 a refused stop leaves the turn running",
    options: () => known(),
    server: {
      in: [acknowledged(0), refused(422)],
      out: [stream(open(0), until("refused"), batch(turnComplete(1, 0)))],
    },
    async play({ app, server }) {
      const answer = app.send("Hello?");
      await answer.saw(1);
      await app.stop().made;
      app.look();
      server.release("refused");
      await answer.ended;
    },
  },
  stoppedThen("C8 what is left of the stopped turn is swallowed",
    leftover, batch(turnComplete(5, 0)), turn(6, 2, "fresh")),
  stoppedThen("C8 a boundary without a number opens the gate",
    leftover, batch(turnComplete(5)), turn(6, 2, "fresh")),
  stoppedThen("C8 C14 a close is never swallowed",
    leftover, batch(control(5, "session-closed", { "session-closed-reason": "over" }))),
  stoppedThen("C8 G1 pending-version is never swallowed",
    batch(control(1, "pending-version")), batch(turnComplete(2, 0)), turn(3, 2, "fresh")),
  stoppedThen("C11 a stopped turn without a boundary does not cost the next answer",
    turn(1, 2, "fresh")),
  {
    name: "C8 a boundary older than the stopped turn does not open the gate",
    options: () => known(),
    server: {
      in: [acknowledged(5), acknowledged(6), acknowledged(7)],
      out: [stream(open(0)),
        stream(batch(turnComplete(1, 4)), batch(chunks(2, { type: "start-step" })),
          batch(turnComplete(3, 5)), turn(4, 7, "fresh"))],
    },
    async play({ app }) {
      const first = app.send("first");
      await first.saw(1);
      await app.stop().made;
      await app.send("second").ended;
    },
  },
  {
    name: "C8 a stop with no turn outstanding holds nothing back",
    options: () => known(),
    server: { in: [acknowledged(0), acknowledged(1)], out: [stream(turn(0, 1))] },
    async play({ app }) {
      await app.stop().made;
      await app.send("Hello?").ended;
    },
  },
  {
    name: "C8 clearSupersedeGate lets the next turn through",
    options: () => known(),
    server: {
      in: [acknowledged(0), acknowledged(1), acknowledged(2)],
      out: [stream(open(0)), stream(turn(1, 2, "fresh"))],
    },
    async play({ app, transport }) {
      const first = app.send("first");
      await first.saw(1);
      await app.stop().made;
      transport.clearSupersedeGate(CHAT);
      await app.send("second").ended;
    },
  },
  {
    name: "C8 a stopped turn whose append has no seq is passed at its boundary",
    options: () => known(),
    server: {
      in: [{ status: 200, headers: {}, json: {} }, acknowledged(1), acknowledged(2)],
      out: [stream(open(0)), stream(leftover, batch(turnComplete(5, 0)), turn(6, 2, "fresh"))],
    },
    async play({ app }) {
      const first = app.send("first");
      await first.saw(1);
      await app.stop().made;
      await app.send("second").ended;
    },
  },
  {
    name: "C8 an aborted send gates the next turn too",
    options: () => known(),
    server: {
      in: [acknowledged(0), acknowledged(1), acknowledged(2)],
      out: [stream(open(0)), stream(leftover, batch(turnComplete(5, 0)), turn(6, 2, "fresh"))],
    },
    async play({ app }) {
      const controller = new AbortController();
      const first = app.send("first", { abortSignal: controller.signal });
      await first.saw(1);
      controller.abort();
      await first.ended;
      await app.settled();
      await app.send("second").ended;
    },
  },
  {
    name: "A3 B5 a stop after a reload",
    options: () => known({ isStreaming: true, activeInputSeq: 3, lastEventId: "4" }),
    server: { in: [acknowledged(4)] },
    async play({ app }) {
      await app.stop().made;
      app.look();
      await app.reconnect().made;
    },
  },
  {
    name: "B11 a signal that is aborted already sends nothing",
    options: () => known(),
    server: { in: [acknowledged(0)] },
    play: async ({ app }) => app.send("Hello?", { abortSignal: AbortSignal.abort() }).ended,
  },
  {
    name: "B11 an abort during the append stops the turn behind it",
    options: () => known(),
    server: { in: [held("go", acknowledged(0)), acknowledged(1)] },
    async play({ app, server }) {
      const controller = new AbortController();
      const answer = app.send("Hello?", { abortSignal: controller.signal });
      await server.asked("in", 1);
      controller.abort();
      server.release("go");
      await answer.ended;
    },
  },
  {
    name: "B11 a stop during the append follows it",
    options: () => known(),
    server: {
      in: [held("go", acknowledged(0)), acknowledged(1)],
      out: [stream(open(0))],
    },
    async play({ app, server }) {
      const answer = app.send("Hello?");
      await server.asked("in", 1);
      const stop = app.stop();
      await app.settled();
      server.release("go");
      await Promise.all([stop.made, answer.made]);
    },
  },
  {
    name: "B11 an abort while the session starts sends nothing",
    options: () => ({
      startSession: () => new Promise((go) => setImmediate(go, { publicAccessToken: "s" })),
    }),
    server: { in: [acknowledged(0)] },
    async play({ app }) {
      const controller = new AbortController();
      const answer = app.send("Hello?", { abortSignal: controller.signal });
      controller.abort();
      await answer.made;
    },
  },
];

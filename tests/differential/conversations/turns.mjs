// Which turn an answer belongs to, and several turns of one chat (B8, C6, C7, C9).

import { known } from "../peers.mjs";
import {
  acknowledged, batch, chunks, held, stream, textAnswer, turn, turnComplete, until,
} from "../records.mjs";

const ask = async ({ app }) => app.send("Hello?").ended;
const FIRST = textAnswer("first");
const open = (first) => batch(chunks(first, { type: "start" }));

export const turns = [
  {
    name: "C6 two turns, one behind the other",
    options: () => known(),
    server: { in: [acknowledged(0), acknowledged(1)], out: [stream(turn(0, 0)), stream(turn(6, 1))] },
    async play({ app }) {
      await app.send("first").ended;
      app.look();
      await app.send("second", { messageId: "m2" }).ended;
    },
  },
  {
    name: "C7 the boundary of an earlier turn is read past",
    options: () => known({ lastEventId: "3" }),
    server: { in: [acknowledged(7)], out: [stream(turn(4, 6, "earlier"), turn(10, 7, "mine"))] },
    play: ask,
  },
  {
    name: "C7 a boundary without a number ends the turn",
    options: () => known(),
    server: { in: [acknowledged(7)], out: [stream(turn(0))] },
    play: ask,
  },
  {
    name: "C7 a boundary whose number is none ends the turn",
    options: () => known(),
    server: { in: [acknowledged(7)], out: [stream(turn(0, "none"))] },
    play: ask,
  },
  {
    name: "C7 with no seq known the first boundary ends the turn",
    options: () => known(),
    server: { in: [{ status: 200, headers: {}, json: {} }], out: [stream(turn(0, 3))] },
    play: ask,
  },
  {
    name: "C7 C14 a boundary that closes the session",
    options: () => known(),
    server: {
      in: [acknowledged(0)],
      out: [stream(turn(0, 0, "Bye", { "session-closed": "true", "session-closed-reason": "over" }))],
    },
    async play({ app }) {
      await app.send("Hello?").ended;
      await app.reconnect().made;
    },
  },
  {
    name: "B8 a send during an answer supersedes its reader",
    options: () => known(),
    server: {
      in: [acknowledged(0), acknowledged(1)],
      out: [stream(open(0)), stream(batch(turnComplete(1, 0)), turn(2, 1, "second"))],
    },
    async play({ app }) {
      const first = app.send("first");
      await first.saw(1);
      const second = app.send("second");
      await Promise.all([first.ended, second.ended]);
    },
  },
  {
    name: "B8 the rest of an answer is no part of the next one",
    options: () => known(),
    server: {
      in: [acknowledged(0), acknowledged(1)],
      out: [
        stream(batch(chunks(0, ...FIRST.slice(0, 3)))),
        stream(batch(chunks(3, ...FIRST.slice(3)), turnComplete(5, 0)), turn(6, 1, "second")),
      ],
    },
    async play({ app }) {
      const first = app.send("first");
      await first.saw(3);
      const second = app.send("second");
      await Promise.all([first.ended, second.ended]);
    },
  },
  {
    name: "B8 an action during an answer supersedes its reader",
    options: () => known(),
    server: {
      in: [acknowledged(0), acknowledged(1)],
      out: [stream(open(0)), stream(batch(turnComplete(1, 0)), batch(turnComplete(2, 1)))],
    },
    async play({ app }) {
      const first = app.send("first");
      await first.saw(1);
      await app.action({ type: "undo" }).ended;
      await first.ended;
    },
  },
  {
    name: "B8 a refused send leaves the open reader alone",
    options: () => known(),
    server: {
      in: [acknowledged(0), { status: 422, headers: {}, json: {} }],
      out: [stream(open(0), until("refused"), batch(turnComplete(1, 0)))],
    },
    async play({ app, server }) {
      const first = app.send("first");
      await first.saw(1);
      await app.send("second").made;
      server.release("refused");
      await first.ended;
    },
  },
  {
    name: "B8 two sends at once go one after the other",
    options: () => known(),
    server: {
      in: [held("go", acknowledged(0)), acknowledged(1)],
      out: [stream(turn(0, 0), turn(6, 1, "second")), stream(turn(0, 0), turn(6, 1, "second"))],
    },
    async play({ app, server }) {
      const answers = [app.send("first"), app.send("second")];
      await app.settled();
      server.release("go");
      await Promise.all(answers.map(({ ended }) => ended));
    },
  },
  {
    name: "C9 aborting a live send stops the turn",
    options: () => known(),
    server: { in: [acknowledged(0), acknowledged(1)], out: [stream(open(0))] },
    async play({ app }) {
      const controller = new AbortController();
      const answer = app.send("Hello?", { abortSignal: controller.signal });
      await answer.saw(1);
      controller.abort();
      await answer.ended;
    },
  },
  {
    name: "C9 an abort behind the end stops nothing",
    options: () => known(),
    server: { in: [acknowledged(0)], out: [stream(turn(0, 0))] },
    async play({ app }) {
      const controller = new AbortController();
      await app.send("Hello?", { abortSignal: controller.signal }).ended;
      controller.abort();
    },
  },
  {
    name: "C9 an abort of a superseded send stops nothing",
    options: () => known(),
    server: {
      in: [acknowledged(0), acknowledged(1)],
      out: [stream(open(0)), stream(batch(turnComplete(1, 0)), open(2), until("aborted"),
        batch(turnComplete(3, 1)))],
    },
    async play({ app, server }) {
      const controller = new AbortController();
      const first = app.send("first", { abortSignal: controller.signal });
      await first.saw(1);
      const second = app.send("second");
      await second.saw(1);
      controller.abort();
      await app.settled();
      server.release("aborted");
      await second.ended;
    },
  },
  {
    name: "C9 a consumer that cancels ends the reading and stops nothing",
    options: () => known(),
    server: {
      in: [acknowledged(0)],
      out: [stream(until("never"), batch(chunks(0, ...textAnswer("Hi"))))],
    },
    async play({ app }) {
      const answer = app.send("Hello?", { read: false });
      await answer.cancel();
    },
  },
];

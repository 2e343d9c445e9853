// Following a turn that is under way: after a reload, or a second time (C1, C9, C10, C12).

import { CHAT } from "../application.mjs";
import { known } from "../peers.mjs";
import {
  DONE, END, acknowledged, batch, chunks, settledStream, stream, turn, turnComplete, until,
} from "../records.mjs";

const resume = async ({ app }) => app.reconnect().ended;
const reloaded = (state) => () => known({ isStreaming: true, lastEventId: "4", ...state });
const open = (first) => batch(chunks(first, { type: "start" }));

export const resuming = [
  {
    name: "C1 C10 a reload resumes from the cursor and peeks",
    options: reloaded(),
    server: { out: [stream(turn(5, 3))] },
    play: resume,
  },
  {
    name: "C1 C7 C10 a known append is waited for without a peek",
    options: reloaded({ activeInputSeq: 3 }),
    server: { out: [stream(batch(turnComplete(5, 2)), turn(6, 3))] },
    play: resume,
  },
  {
    name: "C10 a session that does not know whether it streams is resumed",
    options: reloaded({ isStreaming: undefined }),
    server: { out: [stream(turn(5, 3))] },
    play: resume,
  },
  {
    name: "C10 nothing to resume: unknown, settled, closed",
    options: () => ({
      sessions: {
        settled: { publicAccessToken: "t", isStreaming: false },
        closed: { publicAccessToken: "t", isStreaming: true, closed: true },
      },
    }),
    chats: ["settled", "closed"],
    async play({ app }) {
      for (const chatId of ["unknown", "settled", "closed"]) await app.reconnect({ chatId }).made;
    },
  },
  {
    name: "C10 nothing to resume: a reader is open",
    options: () => known(),
    server: { in: [acknowledged(0)], out: [stream(open(0), until("asked"), batch(turnComplete(1, 0)))] },
    async play({ app, server }) {
      const answer = app.send("Hello?");
      await answer.saw(1);
      await app.reconnect().made;
      server.release("asked");
      await answer.ended;
    },
  },
  {
    name: "C10 the second reconnect finds the first one's reader",
    options: reloaded(),
    server: { out: [stream(open(5), until("asked"), batch(turnComplete(6, 3)))] },
    async play({ app, server }) {
      const answer = app.reconnect();
      await answer.saw(1);
      await app.reconnect().made;
      server.release("asked");
      await answer.ended;
    },
  },
  {
    name: "C12 a settled stream without records is nothing to resume",
    options: reloaded(),
    server: { out: [settledStream(DONE, END)] },
    play: resume,
  },
  {
    name: "C12 a settled stream with records is resumed, and its end is final",
    options: reloaded(),
    server: { out: [settledStream(batch(chunks(5, { type: "start" }, { type: "finish" })), DONE, END)] },
    play: resume,
  },
  {
    name: "C12 a settled stream with its boundary",
    options: reloaded(),
    server: { out: [settledStream(turn(5, 3), END)] },
    play: resume,
  },
  {
    name: "C12 a reconnect resolves at the response head",
    options: reloaded(),
    server: { out: [{ ...stream(turn(5, 3)), signal: "head" }] },
    async play({ app, server, recording }) {
      const answer = app.reconnect();
      answer.made.then(() => recording.add("order", "resolved"));
      await server.asked("out", 1);
      await app.settled();
      recording.add("order", "the response head");
      server.release("head");
      await answer.ended;
    },
  },
  {
    name: "C12 two reconnects at once: the second is not turned away by the first one's abort",
    options: reloaded(),
    server: { out: [{ ...stream(turn(5, 3)), signal: "head" }, stream(turn(5, 3))] },
    async play({ app, server }) {
      const controller = new AbortController();
      const first = app.reconnect({ abortSignal: controller.signal });
      await server.asked("out", 1);
      controller.abort();
      const second = app.reconnect();
      await app.settled();
      server.release("head");
      await Promise.all([first.ended, second.ended]);
    },
  },
  {
    name: "C9 aborting a resumed subscription stops nothing",
    options: reloaded(),
    server: { out: [stream(open(5))] },
    async play({ app }) {
      const controller = new AbortController();
      const answer = app.reconnect({ abortSignal: controller.signal });
      await answer.saw(1);
      controller.abort();
      await answer.ended;
    },
  },
  {
    name: "C9 aborting a resumed subscription stops the turn if that was asked for",
    options: reloaded({ activeInputSeq: 3 }),
    server: { in: [acknowledged(4)], out: [stream(open(5))] },
    async play({ app }) {
      const controller = new AbortController();
      const answer = app.reconnect({ abortSignal: controller.signal, stopOnAbort: true });
      await answer.saw(1);
      controller.abort();
      await answer.ended;
    },
  },
  {
    name: "A3 C10 a resumed stream within a page starts at the turn's start",
    options: () => known({ lastEventId: "4" }),
    server: {
      in: [acknowledged(3)],
      out: [stream(open(5)), stream(open(5), batch(turnComplete(6, 3)))],
    },
    async play({ app }) {
      const answer = app.send("Hello?");
      await answer.saw(1);
      await answer.cancel();
      await app.reconnect().ended;
    },
  },
  {
    name: "B8 a send during a resumed stream supersedes its reader",
    options: reloaded(),
    server: { in: [acknowledged(4)], out: [stream(open(5)), stream(turn(6, 4))] },
    async play({ app }) {
      const resumed = app.reconnect();
      await resumed.saw(1);
      await app.send("Hello?").ended;
      await resumed.ended;
    },
  },
  {
    name: "B5 C10 a stop of a resumed stream ends it, and there is nothing to resume",
    options: reloaded({ activeInputSeq: 3 }),
    server: { in: [acknowledged(4)], out: [stream(open(5))] },
    async play({ app }) {
      const resumed = app.reconnect();
      await resumed.saw(1);
      await app.stop().made;
      await resumed.ended;
      await app.reconnect().made;
    },
  },
  {
    name: "A6 setSession during an answer leaves its reader open",
    options: () => known(),
    server: { in: [acknowledged(0)], out: [stream(open(0), until("set"), batch(turnComplete(1, 0)))] },
    async play({ app, server, transport }) {
      const answer = app.send("Hello?");
      await answer.saw(1);
      transport.setSession(CHAT, { publicAccessToken: "set", lastEventId: "0", isStreaming: true });
      server.release("set");
      await answer.ended;
    },
  },
  {
    name: "B12 the headers of a reconnect are sent",
    options: reloaded(),
    server: { out: [stream(turn(5, 3))] },
    play: async ({ app }) => app.reconnect({ headers: { "x-call": "1" } }).ended,
  },
  {
    name: "A3 a session set during a page's life is resumed from its cursor",
    server: { out: [stream(turn(8, 3))] },
    async play({ app, transport }) {
      transport.setSession(CHAT, { publicAccessToken: "set", lastEventId: "7", isStreaming: true });
      await app.reconnect().ended;
    },
  },
];

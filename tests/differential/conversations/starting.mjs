// Sessions: started, restored, seeded, looked at (A3–A6).

import { CHAT } from "../application.mjs";
import { known, told } from "../peers.mjs";
import { OWN } from "../recording.mjs";
import { acknowledged, batch, chunks, stream, textAnswer, turn, turnComplete, until } from "../records.mjs";

const server = { in: [acknowledged(0)], out: [stream(turn(0, 0))] };
const ask = async ({ app }) => app.send("Hello?").ended;
const startSession = async () => ({ publicAccessToken: "started" });

export const starting = [
  {
    name: "A4 A5 the first send starts the session",
    options: () => ({ startSession, clientData: { userId: "7" } }),
    server,
    play: ask,
  },
  {
    name: "A5 without startSession the first token is accessToken's",
    server,
    play: ask,
  },
  {
    name: "A5 a session without a token starts like an unknown one",
    options: () => ({ startSession, ...known({ publicAccessToken: "", lastEventId: "4" }) }),
    server,
    play: ask,
  },
  {
    name: "A4 a session is started once for everybody who asks",
    options: () => ({ startSession }),
    server,
    async play({ app }) {
      const answer = app.send("Hello?");
      await Promise.all([app.start().made, app.preload().made, app.start().made]);
      await answer.ended;
      await app.start().made;
    },
  },
  {
    name: "A4 a failed start is not kept",
    options: () => {
      let calls = 0;
      return {
        startSession: async () => {
          if (++calls === 1) throw new Error(OWN);
          return { publicAccessToken: "started" };
        },
      };
    },
    async play({ app }) {
      await Promise.all([app.start().made, app.preload().made]);
      await app.start().made;
    },
  },
  {
    name: "A4 a send whose start fails rejects with that error",
    options: () => ({
      startSession: async () => {
        throw new Error(OWN);
      },
    }),
    play: ask,
  },
  {
    name: "A5 a send whose accessToken fails rejects with that error",
    options: () => ({
      accessToken: async () => {
        throw new Error(OWN);
      },
    }),
    play: ask,
  },
  {
    name: "A4 start without startSession rejects",
    async play({ app }) {
      await app.start().made;
      await app.preload().made;
    },
  },
  {
    name: "A4 start of a known session asks nobody",
    options: () => ({ startSession, ...known({ lastEventId: "8" }) }),
    play: async ({ app }) => app.start().made,
  },
  {
    name: "G1 a started run without its version is told",
    options: () => ({ startSession: async () => ({ publicAccessToken: "s", pendingVersion: true }) }),
    play: async ({ app }) => app.start().made,
  },
  {
    name: "A6 setStartSession and setAccessToken count for the next call",
    async play({ app, transport, recording }) {
      transport.setStartSession(told(recording, "the new startSession", startSession));
      await app.start("one").made;
      transport.setStartSession(undefined);
      transport.setAccessToken(told(recording, "the new accessToken", () => "token"));
      await app.start("two").made;
    },
  },
  {
    name: "A3 restored sessions are given back as they were",
    options: () => ({
      sessions: {
        whole: {
          publicAccessToken: "t",
          lastEventId: "7",
          activeInputSeq: 3,
          isStreaming: true,
          closed: false,
          closedReason: undefined,
        },
        bare: { publicAccessToken: "t" },
        closed: { publicAccessToken: "t", isStreaming: false, closed: true, closedReason: "over" },
        more: { publicAccessToken: "t", somethingElse: 1 },
      },
    }),
    chats: ["whole", "bare", "closed", "more", "unknown"],
    async play() {},
  },
  {
    name: "A3 while a turn streams the stored cursor is its start",
    options: () => known({ lastEventId: "4" }),
    server: {
      in: [acknowledged(1)],
      out: [stream(batch(chunks(5, ...textAnswer("Hi"))), until("looked"), batch(turnComplete(10, 1)))],
    },
    async play({ app, server }) {
      const answer = app.send("Hello?");
      await answer.saw(5);
      app.look();
      server.release("looked");
      await answer.ended;
    },
  },
  {
    name: "A6 setSession installs a session and tells of it",
    server: { in: [acknowledged(0)], out: [stream(turn(3, 0))] },
    async play({ app, transport }) {
      transport.setSession(CHAT, { publicAccessToken: "set", lastEventId: "2", isStreaming: false });
      transport.setSession("other", { publicAccessToken: "t", lastEventId: "9", isStreaming: true });
      app.look("other");
      await app.send("Hello?").ended;
    },
  },
  {
    name: "A6 setSession forgets that a session was closed",
    options: () => known({ closed: true, closedReason: "over" }),
    server,
    async play({ app, transport }) {
      transport.setSession(CHAT, { publicAccessToken: "set", isStreaming: false });
      await app.send("Hello?").ended;
    },
  },
  {
    name: "A6 a seeded cursor waits for the session",
    options: () => ({ startSession }),
    server: { in: [acknowledged(0)], out: [stream(turn(43, 0))] },
    async play({ app, transport }) {
      transport.seedResumeCursor(CHAT, "42");
      await app.send("Hello?").ended;
    },
  },
  {
    name: "A6 a seeded cursor waits for setSession, and gives way to its cursor",
    chats: [CHAT, "other"],
    async play({ transport }) {
      transport.seedResumeCursor(CHAT, "42");
      transport.seedResumeCursor("other", "42");
      transport.setSession(CHAT, { publicAccessToken: "t", isStreaming: false });
      transport.setSession("other", { publicAccessToken: "t", isStreaming: false, lastEventId: "50" });
    },
  },
  {
    name: "A6 a cursor is seeded where there is none, and never moves one",
    options: () => ({
      sessions: {
        none: { publicAccessToken: "t", isStreaming: false },
        streaming: { publicAccessToken: "t", isStreaming: true },
        some: { publicAccessToken: "t", isStreaming: false, lastEventId: "50" },
      },
    }),
    chats: ["none", "streaming", "some"],
    async play({ transport }) {
      for (const chatId of ["none", "streaming", "some"]) transport.seedResumeCursor(chatId, "42");
    },
  },
];

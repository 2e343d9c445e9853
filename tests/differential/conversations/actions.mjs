// Actions and messages into the running turn (B4, B5).

import { known } from "../peers.mjs";
import {
  acknowledged, batch, chunks, refused, stream, textAnswer, turn, turnComplete, until,
} from "../records.mjs";

/** An action, and what the boundary of its stream says was processed. */
const answeredBy = (...events) => ({ in: [acknowledged(5)], out: [stream(...events)] });
const undo = async ({ app }) => app.action({ type: "undo" }).ended;

export const actions = [
  {
    name: "B4 an action settles with its own boundary",
    options: () => known(),
    server: answeredBy(turn(0, 5)),
    play: undo,
  },
  {
    name: "B4 an action settles with a later boundary",
    options: () => known(),
    server: answeredBy(turn(0, 9)),
    play: undo,
  },
  {
    name: "B4 an earlier boundary settles nothing",
    options: () => known(),
    server: answeredBy(turn(0, 4), turn(6, 5, "mine")),
    play: undo,
  },
  {
    name: "B4 a boundary without a number settles nothing",
    options: () => known(),
    server: answeredBy(turn(0)),
    play: undo,
  },
  ...["", "5x", "-5", "5.0", "99999999999999999999"].map((id) => ({
    name: `B4 a boundary that says "${id}" settles nothing`,
    options: () => known(),
    server: answeredBy(turn(0, id), turn(6)),
    play: undo,
  })),
  {
    name: "B4 an append without a seq settles nothing",
    options: () => known(),
    server: { in: [{ status: 200, headers: {}, json: { ok: true } }], out: [stream(turn(0, 5))] },
    play: undo,
  },
  {
    name: "B4 what onSettled throws is swallowed",
    options: () => known(),
    server: answeredBy(turn(0, 5)),
    async play({ app }) {
      const onSettled = () => {
        throw new Error("an observer's own failure");
      };
      await app.action({ type: "undo" }, { onSettled }).ended;
    },
  },
  {
    name: "B4 an aborted action never settles",
    options: () => known(),
    server: {
      in: [acknowledged(5), acknowledged(6)],
      out: [stream(batch(chunks(0, { type: "start" })), until("aborted"), batch(turnComplete(1, 5)))],
    },
    async play({ app, server }) {
      const controller = new AbortController();
      const answer = app.action("undo", { abortSignal: controller.signal });
      await answer.saw(1);
      controller.abort();
      server.release("aborted");
      await answer.ended;
    },
  },
  {
    name: "B4 an action carries the client data and its own metadata",
    options: () => ({ ...known(), clientData: { userId: "7", page: 1 } }),
    server: answeredBy(turn(0, 5)),
    play: async ({ app }) => app.action({ type: "undo" }, { metadata: { page: 2 } }).ended,
  },
  ...[{ type: "undo" }, null, 0, "", false].map((action) => ({
    name: `B4 body.action ${JSON.stringify(action)} makes the send an action`,
    options: () => ({ ...known(), clientData: { userId: "7" } }),
    server: answeredBy(turn(0, 5)),
    play: async ({ app }) => app.send("Hello?", { body: { action, more: 1 }, metadata: { page: 2 } }).ended,
  })),
  {
    name: "B4 an action starts the session if there is none",
    options: () => ({ startSession: async () => ({ publicAccessToken: "started" }) }),
    server: answeredBy(turn(0, 5)),
    play: undo,
  },
  {
    name: "B4 a refused action rejects",
    options: () => known(),
    server: { in: [refused(422)] },
    play: undo,
  },
  {
    name: "G1 what follows an action is attributed to the last message",
    options: () => known(),
    server: { in: [acknowledged(0), acknowledged(1)], out: [stream(turn(0, 0)), stream(turn(6, 1))] },
    async play({ app }) {
      await app.send("Hello?").ended;
      await app.action({ type: "undo" }).ended;
    },
  },
  {
    name: "B5 a pending message leaves the open stream alone",
    options: () => ({ ...known(), clientData: { userId: "7" } }),
    server: {
      in: [acknowledged(0), acknowledged(1)],
      out: [
        stream(batch(chunks(0, ...textAnswer("Hi").slice(0, 3))), until("steered"),
          batch(chunks(3, ...textAnswer("Hi").slice(3)), turnComplete(5, 1))),
      ],
    },
    async play({ app, server }) {
      const answer = app.send("Hello?");
      await answer.saw(3);
      await app.steer("Faster", { urgent: true }).made;
      app.look();
      server.release("steered");
      await answer.ended;
    },
  },
  {
    name: "B5 a pending message to an unknown chat is not accepted",
    chats: ["unknown"],
    play: async ({ app }) => app.steer("Faster", undefined, "unknown").made,
  },
  {
    name: "B5 a refused pending message is not accepted",
    options: () => known({ isStreaming: true }),
    server: { in: [refused(422)] },
    play: async ({ app }) => app.steer("Faster").made,
  },
];

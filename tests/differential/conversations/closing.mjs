// Sessions that are closed for good, and a transport that is disposed (A8, B6, B12, C5, C14).

import { known } from "../peers.mjs";
import { acknowledged, batch, chunks, closedRefusal, control, refused, stream, turn } from "../records.mjs";

const closed = () => known({ closed: true, closedReason: "over" });
const closes = (headers) => batch(chunks(0, { type: "start" }), control(1, "session-closed", headers));

export const closing = [
  {
    name: "C5 C14 a close record ends the stream and the session",
    options: () => known(),
    server: { in: [acknowledged(0)], out: [stream(closes({ "session-closed-reason": "over" }))] },
    play: async ({ app }) => app.send("Hello?").ended,
  },
  {
    name: "C14 a close without a reason",
    options: () => known(),
    server: { in: [acknowledged(0)], out: [stream(closes({}))] },
    play: async ({ app }) => app.send("Hello?").ended,
  },
  {
    name: "B6 C14 409 session_closed is final and closes the session",
    options: () => known(),
    server: { in: [closedRefusal("over")] },
    play: async ({ app }) => app.send("Hello?").ended,
  },
  {
    name: "B6 C14 session_closed behind a renewed token closes the session",
    options: () => known(),
    server: { in: [refused(401), closedRefusal(undefined)] },
    play: async ({ app }) => app.send("Hello?").ended,
  },
  {
    name: "B6 C14 session_closed during an answer leaves its reader open",
    options: () => known(),
    server: {
      in: [acknowledged(0), closedRefusal("over")],
      out: [stream(batch(chunks(0, { type: "start" })))],
    },
    async play({ app }) {
      const answer = app.send("first");
      await answer.saw(1);
      await app.steer("second").made;
    },
  },
  {
    name: "C14 a send on a closed session rejects at once",
    options: closed,
    play: async ({ app }) => app.send("Hello?").made,
  },
  {
    name: "C14 an action on a closed session rejects at once",
    options: closed,
    play: async ({ app }) => app.action({ type: "undo" }).made,
  },
  {
    name: "C14 an action in a body on a closed session rejects at once",
    options: closed,
    play: async ({ app }) => app.send("Hello?", { body: { action: 1 } }).made,
  },
  {
    name: "C14 a pending message on a closed session is not accepted",
    options: closed,
    play: async ({ app }) => app.steer("Hello?").made,
  },
  {
    name: "C14 a stop on a closed session is not accepted",
    options: closed,
    play: async ({ app }) => app.stop().made,
  },
  {
    name: "C14 a submit without messages on a closed session rejects as closed",
    options: closed,
    play: async ({ app }) => app.send("", { messages: [] }).made,
  },
  {
    name: "A8 dispose ends the open stream cleanly",
    options: () => known(),
    server: { in: [acknowledged(0)], out: [stream(batch(chunks(0, { type: "start" })))] },
    async play({ app, transport }) {
      const answer = app.send("Hello?");
      await answer.saw(1);
      transport.dispose();
      transport.dispose();
      await answer.ended;
    },
  },
  {
    name: "B12 a send after dispose rejects",
    options: () => known(),
    server: { in: [acknowledged(0)], out: [stream(turn(0, 0))] },
    async play({ app, transport }) {
      transport.dispose();
      await app.send("Hello?").ended;
    },
  },
];

// Connections that break, end early, or are refused (C3, C13, D2, D3, D5).

import { known } from "../peers.mjs";
import {
  BREAK, DONE, END, UNREACHABLE, acknowledged, batch, chunks, data, refused, settledStream, stream, streamV1,
  textAnswer, turn, turnComplete,
} from "../records.mjs";

const ask = async ({ app }) => app.send("Hello?").ended;
const answered = (name, ...out) => ({
  name,
  options: () => known({ lastEventId: "3" }),
  server: { in: [acknowledged(0)], out },
  play: ask,
});

const [start, ...rest] = textAnswer("Hello");
const begun = batch(chunks(4, start));
const remainder = batch(chunks(5, ...rest), turnComplete(9, 0));
const all = batch(chunks(4, start, ...rest), turnComplete(9, 0));

const v1 = (id, chunk) => `id: ${id}\ndata: ${JSON.stringify(chunk)}\n\n`;

export const reconnecting = [
  answered("D2 D5 a broken connection goes on behind its last record",
    stream(begun, BREAK), stream(remainder)),
  answered("D3 D5 a window that ends goes on behind its last record",
    stream(begun, DONE, END), stream(remainder)),
  answered("D3 a window that ends without a record is followed by another",
    stream(END), stream(END), stream(all)),
  answered("C2 D5 the half event of a dead connection is dropped",
    stream(begun, remainder.slice(0, 60), END), stream(remainder)),
  answered("D5 what a server repeats is handed over once",
    stream(begun, END), stream(all)),
  answered("C3 an error event ends the connection, not the turn",
    stream(begun, "event: error\ndata: read failed\n\n"), stream(remainder)),
  answered("C3 a malformed batch is not skipped without a word",
    stream(begun, "event: batch\ndata: {no json\n\n", remainder), stream(remainder)),
  answered("D2 no network at first", UNREACHABLE, stream(all)),
  answered("D2 503 is tried again", refused(503), stream(all)),
  answered("D2 429 is tried again", refused(429, {}, { "Retry-After": "1" }), stream(all)),
  ...[400, 404, 409, 410, 422].map((status) =>
    answered(`D2 ${status} is not tried again`, refused(status))),
  answered("C4 D5 a part that was written twice, before and behind a break, arrives once",
    stream(begun, END), stream(batch(data(5, start, "part of 4"), chunks(6, ...rest), turnComplete(10, 0)))),
  answered("D2 a token that expires between two windows is renewed",
    stream(begun, END), refused(401), stream(remainder)),
  answered("D2 a token that expires while a connection is broken is renewed",
    stream(begun, BREAK), refused(401), stream(remainder)),
  answered("D2 a refusal behind a broken connection ends the stream",
    stream(begun, BREAK), refused(404)),
  answered("D3 a settled end is final", settledStream(begun, DONE, END)),
  answered("D3 six ends without a record give up", ...Array(6).fill(stream(END))),
  answered("D3 a record earns the budget anew",
    stream(END), stream(END), stream(begun, END), stream(END), stream(remainder)),
  answered("C13 an answer that is no event stream is an error",
    ...Array(6).fill(
      { status: 200, headers: { "Content-Type": "text/html" }, steps: ["<html>Log in</html>", END] })),
  answered("C3 D2 the older form goes on behind its last id",
    streamV1(v1("17-0", { type: "start" }), END),
    streamV1(v1("17-1", { type: "finish" }), v1("17-2", { type: "trigger:turn-complete" }))),
  {
    name: "C9 an abort while a retry waits ends the stream",
    options: () => known(),
    server: { in: [acknowledged(0), acknowledged(1)], out: [UNREACHABLE] },
    async play({ app, server }) {
      const controller = new AbortController();
      const answer = app.send("Hello?", { abortSignal: controller.signal });
      await server.asked("out", 1);
      await app.settled();
      controller.abort();
      await answer.ended;
    },
  },
  {
    name: "A6 D2 a reconnect asks the fetch that is set by then",
    options: () => known(),
    server: { in: [acknowledged(0)], out: [stream(turn(0, 7).slice(0, 30), BREAK), stream(turn(0, 7))] },
    async play({ app, server, transport, recording }) {
      const answer = app.send("Hello?");
      await server.asked("out", 1);
      transport.setFetch((url, init, context) => {
        recording.add("the new fetch", context.endpoint);
        return server.fetch(url, init, context);
      });
      await answer.ended;
    },
  },
];

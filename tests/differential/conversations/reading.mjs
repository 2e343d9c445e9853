// What arrives on `.out`: framing, records, control records, the older form (C2–C5).

import { known } from "../peers.mjs";
import {
  DONE, PING, acknowledged, batch, chunks, command, control, data, stream, streamV1, textAnswer, turn,
  turnComplete, until,
} from "../records.mjs";

const ask = async ({ app }) => app.send("Hello?").ended;
/** A conversation in which one message is answered with these steps. */
const answered = (name, ...steps) => ({
  name,
  options: () => known(),
  server: { in: [acknowledged(0)], out: [stream(...steps)] },
  play: ask,
});
const answeredV1 = (name, ...steps) => ({ ...answered(name), server: {
  in: [acknowledged(0)],
  out: [streamV1(...steps)],
} });

const whole = turn(0, 0, "Grüße, 世界 😀");
const bytesOf = (text) => [...new TextEncoder().encode(text)].map((byte) => Uint8Array.of(byte));
const delta = (at) => ({ type: "text-delta", id: "t", delta: `word ${at} ` });

/** A batch whose JSON goes over several `data` lines. */
const overLines = `event: batch\n${JSON.stringify({ records: chunks(0, ...textAnswer("Hi")) }, null, 1)
  .split("\n").map((line) => `data: ${line}\n`).join("")}\n`;

const v1 = (id, chunk) => `id: ${id}\ndata: ${JSON.stringify(chunk)}\n\n`;

export const reading = [
  answered("C2 the bytes arrive one by one", ...bytesOf(whole)),
  answered("C2 lines end in CRLF", whole.replaceAll("\n", "\r\n")),
  answered("C2 a byte order mark, comments, unknown fields and events",
    "\ufeff: a comment\nunknown: field\nretry: 100\n", "event: news\ndata: x\n\n", whole),
  answered("C2 a value without the space, and data over several lines",
    overLines, batch(turnComplete(5, 0)).replaceAll(": ", ":")),
  answered("C3 pings and the end of a window are no records",
    PING, whole.slice(0, 40), whole.slice(40), DONE),
  answered("C3 commands of the store are passed over and counted",
    batch(command(0), chunks(1, { type: "start" }), command(2)), batch(turnComplete(3, 0), command(4))),
  answered("C3 a malformed record is lost alone",
    batch({ seq_num: 0, timestamp: 1, body: "{not json" }, chunks(1, { type: "start" }),
      { seq_num: 2, timestamp: 1, body: "" }, turnComplete(3, 0))),
  answered("C3 a chunk that is null, or no chunk at all, is dropped",
    batch(data(0, null), { seq_num: 1, timestamp: 1, body: '{"id":"x"}' },
      { seq_num: 2, timestamp: 1, body: "7" }, turnComplete(3, 0))),
  answered("C4 chunks are handed on untouched",
    batch(chunks(0, { type: "data-x", data: { deep: [1, { "__proto__": 1 }, null, 1e21, -0.5] } }),
      chunks(1, { type: "unheard-of", nested: { type: "trigger:turn-complete" } }),
      chunks(2, { type: "text-delta", id: "t", delta: "trigger:turn-complete \ud83d \u2028" })),
    batch(turnComplete(3, 0))),
  answered("C4 a part that was written twice arrives once",
    batch(data(0, delta(0), "p"), data(1, delta(0), "p"), data(2, delta(1), "q"), turnComplete(3, 0))),
  answered("C4 parts without an id are all handed on",
    batch([0, 1].map((at) => ({ seq_num: at, timestamp: 1, body: '{"data":{"type":"start"}}' })),
      turnComplete(2, 0))),
  answered("C5 upgrade-required is passed over",
    batch(chunks(0, { type: "start" }), control(1, "upgrade-required"), chunks(2, { type: "finish" }),
      turnComplete(3, 0))),
  answered("C5 G1 pending-version is told",
    batch(control(0, "pending-version"), chunks(1, { type: "start" }), turnComplete(2, 0))),
  answered("C5 an unknown control record is passed over",
    batch(chunks(0, { type: "start" }), control(1, "from-the-future"), turnComplete(2, 0))),
  answered("C5 an unknown control record with a body does not reach the consumer",
    batch({ ...data(0, { type: "start" }), headers: [["trigger-control", "from-the-future"]] },
      turnComplete(1, 0))),
  answered("C5 headers that are no control record's change nothing",
    batch({ ...data(0, { type: "start" }), headers: [["x", "turn-complete"]] }, turnComplete(1, 0))),
  answered("C5 control chunks of older agents",
    batch(chunks(0, { type: "start" }, { type: "trigger:upgrade-required" }, { type: "trigger:new" },
      { type: "trigger:turn-complete", publicAccessToken: "fresh" }))),
  answered("C3 an answer larger than one read", batch(Array.from({ length: 700 }, (_, at) =>
    data(at, { type: "data-word", data: at }))), batch(turnComplete(700, 0))),
  answered("many deltas of one part at once", batch(Array.from({ length: 16 }, (_, at) =>
    data(at, delta(at)))), batch(turnComplete(16, 0))),
  answered("C3 what stands behind the boundary is not read",
    turn(0, 0) + batch(chunks(6, { type: "start" }))),
  answered("C4 an empty answer", batch(turnComplete(0, 0))),
  answered("C3 an unknown member of a record", batch({ ...data(0, { type: "start" }), more: [1] }),
    batch(turnComplete(1, 0))),
  {
    ...answered("C3 headers that are null"),
    server: {
      in: [acknowledged(0)],
      out: [stream(batch({ ...data(0, { type: "start" }), headers: null }, turnComplete(1, 0)))],
    },
  },
  {
    name: "G1 stream-connected at the response head",
    options: () => known({ lastEventId: "3" }),
    server: { in: [acknowledged(0)], out: [stream(until("looked"), turn(4, 0))] },
    async play({ app, server, recording }) {
      const answer = app.send("Hello?");
      await answer.made;
      await app.settled();
      recording.add("events", "nothing was sent so far");
      server.release("looked");
      await answer.ended;
    },
  },
  answeredV1("C3 C5 a stream of the older form",
    v1("17-0", { type: "start" }), v1("17-1", { type: "finish" }),
    v1("17-2", { type: "trigger:turn-complete", publicAccessToken: "fresh" })),
  answeredV1("C3 the older form with an event that is no JSON, and one without an id",
    "id: 17-0\ndata: {no\n\n", 'data: {"type":"start"}\n\n', v1("17-1", { type: "trigger:turn-complete" })),
  answeredV1("C3 the older form repeats what its consumer must not drop",
    v1("17-0", { type: "start-step" }), v1("17-1", { type: "start-step" }),
    v1("17-2", { type: "trigger:turn-complete" })),
];

// Intended differences of stops and aborts (B11, C11, DESIGN decision 8).

import { answer } from "./answer.mjs";

/** The stop is written down as soon as it is pressed; what follows is told in both. */
const writtenDown = (of, ...changes) => ({
  of,
  statement: "DESIGN decision 8",
  why: "a reload between the stop and its acknowledgement must not replay the stopped turn",
  diff: ["session changes", ...changes.map((change) => `+ chat-1 ${change}`)].join("\n"),
});

const STOPPED = '{"activeInputSeq":0,"isStreaming":false,"lastEventId":"0","publicAccessToken":"token"}';

export const stopping = [
  ...[
    "B5 a stop ends the reader and the streaming",
    "C8 what is left of the stopped turn is swallowed",
    "C8 a boundary without a number opens the gate",
    "C8 C14 a close is never swallowed",
    "C8 G1 pending-version is never swallowed",
    "C8 clearSupersedeGate lets the next turn through",
    "C11 a stopped turn without a boundary does not cost the next answer",
  ].map((of) => writtenDown(of, STOPPED)),
  writtenDown(
    "C8 a boundary older than the stopped turn does not open the gate",
    STOPPED.replace("0", "5"),
  ),
  writtenDown(
    "B5 a refused stop leaves the turn running",
    STOPPED,
    '{"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"token"}',
  ),
  writtenDown(
    "A3 B5 a stop after a reload",
    '{"activeInputSeq":3,"isStreaming":false,"lastEventId":"4","publicAccessToken":"token"}',
  ),
  writtenDown(
    "B5 C10 a stop of a resumed stream ends it, and there is nothing to resume",
    '{"activeInputSeq":3,"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}',
  ),
  writtenDown(
    "B6 C6 a stop whose session is gone creates it again",
    '{"isStreaming":false,"lastEventId":"90","publicAccessToken":"token"}',
  ),
  writtenDown(
    "C8 a stopped turn whose append has no seq is passed at its boundary",
    '{"isStreaming":false,"lastEventId":"0","publicAccessToken":"token"}',
  ),
  writtenDown(
    "B9 a stop is tried again too",
    '{"activeInputSeq":3,"isStreaming":false,"publicAccessToken":"token"}',
  ),
  {
    of: "B6 a stop renews the token too",
    statement: "DESIGN decision 8",
    why: "a reload between the stop and its acknowledgement must not replay the stopped turn",
    diff: `
      session changes
      - chat-1 {"isStreaming":true,"publicAccessToken":"minted 1"}
      + chat-1 {"isStreaming":false,"publicAccessToken":"token"}
      + chat-1 {"isStreaming":false,"publicAccessToken":"minted 1"}`,
  },
  {
    of: "C11 a stopped turn without a boundary does not cost the next answer",
    statement: "⊕ C11",
    why: "what was held back is the new answer: the reference fails the turn",
    diff: `
      chunks of call 3 (send)
      - failed Error
      ${answer("+", "fresh")}
      + closed
      connections
      - out: open
      + out: left by the client
      events
      - {…"error":"Error",…"type":"stream-error"}
      + {…"chunkType":"start",…"type":"first-chunk"}
      + {…"lastEventId":"6",…"sessionInEventId":"2",…"type":"turn-completed"}
      session changes
      - chat-1 {"isStreaming":false,"lastEventId":"6","publicAccessToken":"token"}`,
  },
  {
    of: "B11 a signal that is aborted already sends nothing",
    statement: "⊕ B11",
    why: "the reference sends the message and abandons its turn",
    diff: `
      calls
      - send: a stream
      + send: rejected AbortError
      chunks of call 1 (send)
      - closed
      events
      - {…"type":"message-sent"}
      requests
      - in of chat-1: POST …/in/append {…} {"kind":"message",…}
      - out of chat-1: GET …
      session changes
      - chat-1 {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"token"}
      - chat-1 {"activeInputSeq":0,"isStreaming":false,"publicAccessToken":"token"}
      sessions at the end
      - chat-1 open undefined {"activeInputSeq":0,"isStreaming":false,"publicAccessToken":"token"}
      + chat-1 open undefined {"isStreaming":false,"publicAccessToken":"token"}`,
  },
  {
    of: "B11 an abort while the session starts sends nothing",
    statement: "⊕ B11",
    why: "the reference sends the message and abandons its turn",
    diff: `
      calls
      - send: a stream
      + send: rejected AbortError
      chunks of call 1 (send)
      - closed
      events
      - {…"type":"message-sent"}
      + {…"error":"AbortError",…"type":"message-send-failed"}
      requests
      - in of chat-1: POST …/in/append {…} {"kind":"message",…}
      - out of chat-1: GET …
      session changes
      - chat-1 {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"s"}
      - chat-1 {"activeInputSeq":0,"isStreaming":false,"publicAccessToken":"s"}
      sessions at the end
      - chat-1 open undefined {"activeInputSeq":0,"isStreaming":false,"publicAccessToken":"s"}
      + chat-1 open undefined {"isStreaming":false,"publicAccessToken":"s"}`,
  },
  {
    of: "B11 an abort during the append stops the turn behind it",
    statement: "⊕ B11",
    why: "the reference leaves the turn running and reads for nobody",
    diff: `
      requests
      - out of chat-1: GET …
      + in of chat-1: POST …/in/append {…} {"kind":"stop"}
      session changes
      - chat-1 {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"token"}`,
  },
  {
    of: "B11 a stop during the append follows it",
    statement: "⊕ B11",
    why: "the reference's stop overtakes the message, whose turn then goes on",
    diff: `
      chunks of call 1 (send)
      - still open
      + closed
      connections
      - out: open
      + out: left by the client
      events
      - {…"source":"stop",…"type":"message-sent"}
      + {…"source":"stop",…"type":"message-sent"}
      requests
      - in of chat-1: POST …/in/append {…} {"kind":"stop"}
      + in of chat-1: POST …/in/append {…} {"kind":"stop"}
      session changes
      - chat-1 {"isStreaming":false,"publicAccessToken":"token"}
      + chat-1 {"activeInputSeq":0,"isStreaming":false,"publicAccessToken":"token"}
      + chat-1 {"activeInputSeq":0,"isStreaming":false,"lastEventId":"0","publicAccessToken":"token"}
      sessions at the end
      - chat-1 open undefined {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"token"}
      + chat-1 open undefined {"activeInputSeq":0,"isStreaming":false,"lastEventId":"0",…}`,
  },
];


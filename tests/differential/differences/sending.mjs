// Intended differences of what is sent (B9, B10, B12, B13).

import { answer } from "./answer.mjs";

/** A send that the reference gives up, and ours brings through: the turn that follows it. */
const TURN = `
  calls
  - send: rejected …
  + send: a stream
  chunks of call 1 (send)
  ${answer("+")}
  + closed
  connections
  + out: left by the client
  requests
  + out of chat-1: GET …/out {…}
  session changes
  + chat-1 {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"token"}
  + chat-1 {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}
  events
  + {…"type":"stream-connected"}
  + {…"type":"first-chunk"}
  + {…"type":"turn-completed"}`;

const RETRIED = `${TURN}
  requests
  + in of chat-1: POST …/in/append {…; x-part-id: part 1; …} {"kind":"message",…}
  events
  - {…"type":"message-send-failed"}
  + {…"partId":"part 1",…"type":"message-sent"}
  sessions at the end
  - chat-1 open undefined {"isStreaming":false,"publicAccessToken":"token"}
  + chat-1 open undefined {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}`;

const retried = (of) => ({
  of,
  statement: "⊕ B9",
  why: "an append that may yet succeed is tried again under its part id instead of failing the send",
  diff: RETRIED,
});

export const sending = [
  retried("B9 503 is tried again under the same part id"),
  retried("B9 an append that finds no network is tried again"),
  retried("B9 429 is tried again when the server says"),
  {
    of: "B9 a stop is tried again too",
    statement: "⊕ B9",
    why: "a stop is an append as every other",
    diff: `
      calls
      - stop: false
      + stop: true
      events
      - {…"source":"stop","status":500,…"type":"message-send-failed"}
      + {…"source":"stop",…"type":"message-sent"}
      requests
      + in of chat-1: POST …/in/append {…; x-part-id: part 1; …} {"kind":"stop"}
      session changes
      + chat-1 {"activeInputSeq":3,"isStreaming":false,"publicAccessToken":"token"}
      sessions at the end
      - chat-1 open undefined {"activeInputSeq":3,"isStreaming":true,"publicAccessToken":"token"}
      + chat-1 open undefined {"activeInputSeq":3,"isStreaming":false,"publicAccessToken":"token"}`,
  },
  {
    of: "B10 a message over the record limit is refused before it is sent",
    statement: "⊕ B10",
    why: "the server would refuse it; ours says so before the upload",
    diff: `
      calls
      - send: rejected TriggerApiError, status 413
      + send: rejected Error
      events
      - {…"error":"TriggerApiError, status 413",…"status":413,…"type":"message-send-failed"}
      + {…"error":"Error",…"type":"message-send-failed"}
      requests
      - in of chat-1: POST …/in/append {…} {"kind":"message",…}`,
  },
  {
    of: "B12 the headers of one call are sent with its requests",
    statement: "⊕ B12",
    why: "the reference drops them",
    diff: `
      requests
      - in of chat-1: POST …/in/append {…x-trigger-source: sdk} {…}
      - out of chat-1: GET …/out {…timeout-seconds: 120}
      + in of chat-1: POST …/in/append {…; x-call: 1; …x-trigger-source: sdk} {…}
      + out of chat-1: GET …/out {…timeout-seconds: 120; x-call: 1}`,
  },
  {
    of: "B12 a chat id that names another path rejects before any request",
    statement: "⊕ B12",
    why: "URLs fold such segments, so the request would go to another route",
    diff: `
      callbacks
      - accessToken {"chatId":""}
      - accessToken {"chatId":"."}
      - accessToken {"chatId":".."}
      events
      - {…"chatId":"",…"type":"message-send-failed"}
      - {…"chatId":".",…"type":"message-send-failed"}
      - {…"chatId":"..",…"type":"message-send-failed"}
      requests
      - in of : POST https://api.example/realtime/v1/sessions//in/append …
      - in of .: POST https://api.example/realtime/v1/sessions/./in/append …
      - in of ..: POST https://api.example/realtime/v1/sessions/../in/append …
      session changes
      -  {"publicAccessToken":"minted 1"}
      - . {"publicAccessToken":"minted 2"}
      - .. {"publicAccessToken":"minted 3"}`,
  },
  {
    of: "B13 what is sent is what the messages were at the time of the call",
    statement: "⊕ B13",
    why: "the messages are useChat's live array; the reference serialises them later",
    diff: `
      events
      - {"bodyBytes":152,…"type":"message-sent"}
      + {"bodyBytes":153,…"type":"message-sent"}
      requests
      - in of chat-1: POST …"text":"after"…
      + in of chat-1: POST …"text":"before"…`,
  },
  {
    of: "B12 a send after dispose rejects",
    statement: "⊕ B12",
    why: "the reference goes on as if nothing had happened",
    diff: `
      calls
      - send: a stream
      + send: rejected Error
      chunks of call 1 (send)
      ${answer("-")}
      - closed
      connections
      - out: left by the client
      events
      - {…"type":"message-sent"}
      - {…"type":"stream-connected"}
      - {…"type":"first-chunk"}
      - {…"type":"turn-completed"}
      requests
      - in of chat-1: POST …
      - out of chat-1: GET …
      session changes
      - chat-1 {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"token"}
      - chat-1 {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}
      sessions at the end
      - chat-1 open undefined {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}
      + chat-1 open undefined {"isStreaming":false,"publicAccessToken":"token"}`,
  },
];


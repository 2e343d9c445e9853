// Intended differences of what is read and resumed (C12, C13, D3, H2).

import { answer } from "./answer.mjs";

/** A reader that goes away leaves the turn streaming; the reference says that it is over. */
const detached = (of, ...lines) => ({
  of,
  statement: "⊕ H2",
  why: "the run goes on, so that coming back resumes it",
  diff: lines.join("\n"),
});

const FINISHED = 'chat-1 {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}';

const DELTAS = Array.from({ length: 16 }, (_, at) => `word ${at} `);
const deltaLine = (text) => `{"delta":"${text}","id":"t","type":"text-delta"}`;

export const reading = [
  {
    of: "many deltas of one part at once",
    statement: "⊕ ARCHITECTURE.md, Joined deltas",
    why: "each chunk costs its consumer a render, and a reload brings thousands at once",
    diff: [
      "chunks of call 1 (send)",
      ...DELTAS.map((text) => `- ${deltaLine(text)}`),
      `+ ${deltaLine(DELTAS.join(""))}`,
    ].join("\n"),
  },
  ...["C9 aborting a resumed subscription stops nothing", "C9 aborting a watch stops nothing"].map((of) =>
    detached(
      of,
      "session changes",
      `- ${FINISHED}`,
      "sessions at the end",
      '- chat-1 open undefined {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}',
      '+ chat-1 open undefined {"isStreaming":true,"lastEventId":"4","publicAccessToken":"token"}',
    ),
  ),
  detached(
    "C9 a consumer that cancels ends the reading and stops nothing",
    "session changes",
    '- chat-1 {"activeInputSeq":0,"isStreaming":false,"publicAccessToken":"token"}',
    "sessions at the end",
    '- chat-1 open undefined {"activeInputSeq":0,"isStreaming":false,"publicAccessToken":"token"}',
    '+ chat-1 open undefined {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"token"}',
  ),
  detached(
    "A3 C10 a resumed stream within a page starts at the turn's start",
    "calls",
    "- reconnect: null",
    "+ reconnect: a stream",
    "chunks of call 2 (reconnect)",
    '+ {"type":"start"}',
    "+ closed",
    "connections",
    "+ out: left by the client",
    "events",
    '+ {…"lastEventId":"4",…"resumed":true,…"type":"stream-connected"}',
    '+ {…"lastEventId":"5",…"type":"first-chunk"}',
    '+ {…"lastEventId":"6",…"type":"turn-completed"}',
    "requests",
    "+ out of chat-1: GET …/out {…last-event-id: 4; …}",
    "session changes",
    '- chat-1 {"activeInputSeq":3,"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}',
    '+ chat-1 {"isStreaming":false,"lastEventId":"6","publicAccessToken":"token"}',
    "sessions at the end",
    '- chat-1 open undefined {"activeInputSeq":3,"isStreaming":false,"lastEventId":"5",…}',
    '+ chat-1 open undefined {"isStreaming":false,"lastEventId":"6","publicAccessToken":"token"}',
  ),
  {
    of: "B12 the headers of a reconnect are sent",
    statement: "⊕ B12",
    why: "the reference drops them",
    diff: `
      requests
      - out of chat-1: GET …/out {…timeout-seconds: 120; x-peek-settled: 1}
      + out of chat-1: GET …/out {…timeout-seconds: 120; x-call: 1; x-peek-settled: 1}`,
  },
  {
    of: "C12 a settled stream without records is nothing to resume",
    statement: "⊕ C12",
    why: "a reload of a finished chat must not look like an answer",
    diff: `
      calls
      - reconnect: a stream
      + reconnect: null
      chunks of call 1 (reconnect)
      - closed`,
  },
  {
    of: "C12 a reconnect resolves at the response head",
    statement: "⊕ C12",
    why: "only then is it known whether there is something to follow",
    diff: `
      order
      - resolved
      + resolved`,
  },
  {
    of: "C12 two reconnects at once: the second is not turned away by the first one's abort",
    statement: "⊕ C12",
    why: "the first one's abort costs the second its stream in the reference",
    diff: `
      calls
      - reconnect: a stream
      + reconnect: a stream
      chunks of call 1 (reconnect)
      - closed
      chunks of call 2 (reconnect)
      ${answer("+")}
      + closed
      connections
      + out: left by the client
      events
      + {…"resumed":true,…"type":"stream-connected"}
      + {…"type":"first-chunk"}
      + {…"type":"turn-completed"}
      requests
      + out of chat-1: GET …/out {…; x-peek-settled: 1}
      session changes
      - chat-1 {"isStreaming":false,"lastEventId":"4","publicAccessToken":"token"}
      + chat-1 {"isStreaming":false,"lastEventId":"10","publicAccessToken":"token"}
      sessions at the end
      - chat-1 open undefined {"isStreaming":false,"lastEventId":"4","publicAccessToken":"token"}
      + chat-1 open undefined {"isStreaming":false,"lastEventId":"10","publicAccessToken":"token"}`,
  },
  {
    of: "C13 an answer that is no event stream is an error",
    statement: "⊕ C13",
    why: "the reference asks for the page five times more and then says that the stream ended early",
    diff: `
      connections
      - out: ended by the server
      - out: ended by the server
      - out: ended by the server
      - out: ended by the server
      - out: ended by the server
      requests
      - out of chat-1: GET …
      - out of chat-1: GET …
      - out of chat-1: GET …
      - out of chat-1: GET …
      - out of chat-1: GET …`,
  },
  {
    of: "D3 six ends without a record give up",
    statement: "⊕ D3",
    why: "useChat knows a lost connection by a TypeError",
    diff: `
      chunks of call 1 (send)
      - failed Error
      + failed TypeError
      events
      - {…"error":"Error",…"type":"stream-error"}
      + {…"error":"TypeError",…"type":"stream-error"}`,
  },
  {
    of: "D5 what a server repeats is handed over once",
    statement: "DESIGN decision 3",
    why: "a record that the cursor has passed was handed over already",
    diff: `
      chunks of call 1 (send)
      - {"messageId":"a1","type":"start"}`,
  },
  {
    of: "C4 D5 a part that was written twice, before and behind a break, arrives once",
    statement: "DESIGN decision 3",
    why: "the reference forgets with every connection which parts it has handed over",
    diff: `
      chunks of call 1 (send)
      - {"messageId":"a1","type":"start"}`,
  },
  {
    of: "C3 a malformed batch is not skipped without a word",
    statement: "ARCHITECTURE, a malformed batch is a broken connection",
    why: "skipping it would lose its records; the reference does",
    diff: `
      connections
      + out: left by the client
      requests
      + out of chat-1: GET …/out {…last-event-id: 4; …}`,
  },
  {
    of: "B8 two sends at once go one after the other",
    statement: "ARCHITECTURE, appends never overtake each other",
    why: "in the reference the readers and cursors of the two turns mix",
    diff: `
      chunks of call 2 (send)
      - {"delta":"Hello","id":"t","type":"text-delta"}
      - {"id":"t","type":"text-end"}
      - {"type":"finish"}
      - {"messageId":"a1","type":"start"}
      - {"id":"t","type":"text-start"}
      events
      - {…"partId":"part 2",…"type":"message-sent"}
      - {…"resumed":false,…"type":"stream-connected"}
      - {…"lastEventId":"0",…"type":"first-chunk"}
      - {…"lastEventId":"11",…"type":"turn-completed"}
      - {…"lastEventId":"11",…"type":"stream-connected"}
      + {…"resumed":false,…"type":"stream-connected"}
      + {…"partId":"part 2",…"type":"message-sent"}
      + {…"lastEventId":"5",…"type":"stream-connected"}
      + {…"lastEventId":"6",…"type":"first-chunk"}
      + {…"lastEventId":"11",…"type":"turn-completed"}
      requests
      - in of chat-1: POST …"text":"second"…
      - out of chat-1: GET …/out {…last-event-id: 11; …}
      + in of chat-1: POST …"text":"second"…
      + out of chat-1: GET …/out {…last-event-id: 5; …}
      session changes
      - chat-1 {"activeInputSeq":1,"isStreaming":true,"publicAccessToken":"token"}
      - chat-1 {"isStreaming":false,"lastEventId":"11","publicAccessToken":"token"}
      - chat-1 {"activeInputSeq":0,"isStreaming":true,"lastEventId":"11","publicAccessToken":"token"}
      + chat-1 {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"token"}
      + chat-1 {"activeInputSeq":1,"isStreaming":true,"lastEventId":"5","publicAccessToken":"token"}
      + chat-1 {"isStreaming":false,"lastEventId":"11","publicAccessToken":"token"}
      sessions at the end
      - chat-1 open undefined {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}
      + chat-1 open undefined {"isStreaming":false,"lastEventId":"11","publicAccessToken":"token"}`,
  },
];


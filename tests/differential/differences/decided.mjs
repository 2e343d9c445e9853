// Differences that no ⊕ statement asks for: a plain statement of the contract, or the published
// documentation, says what ours does, and the published code does something else.

import { answer } from "./answer.mjs";

const entry = (of, statement, why, diff) => ({ of, statement, why, diff });

const STREAMING = (seq, id) =>
  `{"activeInputSeq":${seq},"isStreaming":true,"lastEventId":"${id}","publicAccessToken":"token"}`;

/** An earlier turn's boundary was read past: the awaited turn starts behind it. */
const moved = (of, seq, id) =>
  entry(
    of,
    "A3",
    "a reload must replay the turn from its own start, not from that of the turn before",
    `
    session changes
    + chat-1 ${STREAMING(seq, id)}`,
  );

const opened = (of) =>
  entry(
    of,
    "G1, ⊕ C12",
    "the subscription is open when its response head is there, as the published type says",
    `
    events
    + {…"type":"stream-connected"}`,
  );

const failed = (of) =>
  entry(
    of,
    "G1",
    "every send that fails for good is told, as the published type says",
    `
    events
    + {…"type":"message-send-failed"}`,
  );

const refused = (of, status) =>
  entry(
    of,
    "B7",
    "errors with a status are named TriggerApiError",
    `
    calls
    - send: rejected Error, status ${status}
    + send: rejected TriggerApiError, status ${status}
    events
    - {…"error":"Error, status ${status}",…"type":"message-send-failed"}
    + {…"error":"TriggerApiError, status ${status}",…"type":"message-send-failed"}`,
  );

const reading = [
  moved("B4 an earlier boundary settles nothing", 5, 5),
  moved("C7 the boundary of an earlier turn is read past", 7, 9),
  moved("B8 a send during an answer supersedes its reader", 1, 1),
  moved("B8 an action during an answer supersedes its reader", 1, 1),
  moved("B8 the rest of an answer is no part of the next one", 1, 5),
  entry(
    "B8 the rest of an answer is no part of the next one",
    "B8",
    "in the middle of a message the AI SDK throws, and the next one is never shown",
    `
    chunks of call 2 (send)
    - {"id":"t","type":"text-end"}
    - {"type":"finish"}
    events
    - {…"chunkType":"text-end",…"type":"first-chunk"}
    + {…"chunkType":"start",…"type":"first-chunk"}`,
  ),
  moved("C1 C7 C10 a known append is waited for without a peek", 3, 5),
  moved("C9 an abort of a superseded send stops nothing", 1, 1),
  moved("C8 what is left of the stopped turn is swallowed", 2, 5),
  moved("C8 G1 pending-version is never swallowed", 2, 2),
  moved("C8 a boundary older than the stopped turn does not open the gate", 7, 3),
  moved("C8 an aborted send gates the next turn too", 2, 5),
  moved("C8 a stopped turn whose append has no seq is passed at its boundary", 2, 5),
  entry(
    "C8 a boundary without a number opens the gate",
    "C8",
    "behind the stopped turn's boundary the next turn flows",
    `
    chunks of call 3 (send)
    ${answer("+", "fresh")}
    events
    - {…"lastEventId":"5",…"type":"turn-completed"}
    + {…"type":"first-chunk"}
    + {…"lastEventId":"11",…"type":"turn-completed"}
    session changes
    - chat-1 {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}
    + chat-1 ${STREAMING(2, 5)}
    + chat-1 {"isStreaming":false,"lastEventId":"11","publicAccessToken":"token"}
    sessions at the end
    - chat-1 open undefined {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}
    + chat-1 open undefined {"isStreaming":false,"lastEventId":"11","publicAccessToken":"token"}`,
  ),
  entry(
    'B4 a boundary that says "-5" settles nothing',
    "B4, C7",
    "only a whole number is compared: any other text is as good as no header",
    `
    chunks of call 1 (action)
    ${answer("-")}
    events
    - {…"lastEventId":"11",…}
    + {…"lastEventId":"5","sessionInEventId":"-5",…}
    session changes
    - …"lastEventId":"11"…
    + …"lastEventId":"5"…
    sessions at the end
    - …"lastEventId":"11"…
    + …"lastEventId":"5"…`,
  ),
  entry(
    "C5 an unknown control record with a body does not reach the consumer",
    "C5",
    "control records never reach the consumer",
    `
    chunks of call 1 (send)
    - {"type":"start"}
    events
    - {…"type":"first-chunk"}`,
  ),
  entry(
    "C3 the older form with an event that is no JSON, and one without an id",
    "C3",
    "what is no JSON is no chunk, and is lost alone",
    `
    chunks of call 1 (send)
    - "{no"
    events
    - {"chatId":"chat-1","lastEventId":"17-0",…"type":"first-chunk"}
    + {…"chunkType":"start",…"type":"first-chunk"}`,
  ),
  entry(
    "D2 a token that expires while a connection is broken is renewed",
    "D2",
    "401 refreshes once per connection, whichever connection it is",
    `
    callbacks
    + accessToken {"chatId":"chat-1"}
    chunks of call 1 (send)
    - failed TriggerApiError, status 401
    + {"id":"t","type":"text-start"}
    + {"delta":"Hello","id":"t","type":"text-delta"}
    + {"id":"t","type":"text-end"}
    + {"type":"finish"}
    + closed
    connections
    + out: left by the client
    events
    - {…"status":401,…"type":"stream-error"}
    + {…"lastEventId":"9",…"type":"turn-completed"}
    requests
    + out of chat-1: GET …/out {…Bearer minted 1; last-event-id: 4; …}
    session changes
    - chat-1 {"activeInputSeq":0,"isStreaming":false,"lastEventId":"4","publicAccessToken":"token"}
    + chat-1 {"activeInputSeq":0,"isStreaming":true,"lastEventId":"3","publicAccessToken":"minted 1"}
    + chat-1 {"isStreaming":false,"lastEventId":"9","publicAccessToken":"minted 1"}
    sessions at the end
    - chat-1 open undefined {"activeInputSeq":0,"isStreaming":false,"lastEventId":"4",…}
    + chat-1 open undefined {"isStreaming":false,"lastEventId":"9","publicAccessToken":"minted 1"}`,
  ),
];

const sending = [
  refused("F1 a refusal rejects with its status", 500),
  refused("F1 401 rejects with its status", 401),
  entry(
    "F1 an abort ends the answer cleanly",
    "C9",
    "aborting a live send stops its turn, which may run in the agent by now",
    `
    requests
    + in of chat-1: POST …/in/append {…Bearer handed over;…} {"kind":"stop"}
    session changes
    + chat-1 {"isStreaming":false,"publicAccessToken":"handed over"}
    sessions at the end
    - chat-1 open undefined {"isStreaming":true,"publicAccessToken":"handed over"}
    + chat-1 open undefined {"isStreaming":false,"publicAccessToken":"handed over"}`,
  ),
  entry(
    "B1 the application's headers go under the transport's own in any spelling",
    "B1",
    "headers cannot override the transport's own, nor be joined to them",
    `
    events
    - {…"partId":"part 2",…}
    + {…"partId":"part 1",…}
    requests
    - in of chat-1: POST …authorization: mine, Bearer token;…
    - out of chat-1: GET …authorization: Bearer token, mine;…
    + in of chat-1: POST …authorization: Bearer token;…
    + out of chat-1: GET …authorization: Bearer token;…`,
  ),
  entry(
    "A5 a session without a token starts like an unknown one",
    "A6",
    "a stored cursor is held until the session exists: without it, old turns would be shown again",
    `
    chunks of call 1 (send)
    ${answer("-")}
    events
    - {…"type":"stream-connected"}
    - {…"type":"first-chunk"}
    + {…"lastEventId":"4",…"type":"stream-connected"}
    requests
    - out of chat-1: GET …
    + out of chat-1: GET …last-event-id: 4;…
    session changes
    - chat-1 {"isStreaming":false,"publicAccessToken":"started"}
    - chat-1 {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"started"}
    + chat-1 {"isStreaming":false,"lastEventId":"4","publicAccessToken":"started"}
    + chat-1 {"activeInputSeq":0,"isStreaming":true,"lastEventId":"4","publicAccessToken":"started"}`,
  ),
  entry(
    "B6 a created session that then refuses its token",
    "B6",
    "the token of a session just created is another one: it may be renewed once too",
    `
    callbacks
    + accessToken {"chatId":"chat-1"}
    requests
    + in of chat-1: POST …Bearer minted 1;…
    session changes
    + chat-1 {"isStreaming":false,"publicAccessToken":"minted 1"}
    sessions at the end
    - chat-1 open undefined {"isStreaming":false,"publicAccessToken":"started again"}
    + chat-1 open undefined {"isStreaming":false,"publicAccessToken":"minted 1"}`,
  ),
];

const observing = [
  entry(
    "A6 setSession during an answer leaves its reader open",
    "A6",
    "the reader writes to the session that was set, not to the one that it replaced",
    `
    session changes
    - chat-1 {"isStreaming":false,"lastEventId":"1","publicAccessToken":"token"}
    + chat-1 {"isStreaming":false,"lastEventId":"1","publicAccessToken":"set"}
    sessions at the end
    - chat-1 open undefined {"isStreaming":true,"lastEventId":"0","publicAccessToken":"set"}
    + chat-1 open undefined {"isStreaming":false,"lastEventId":"1","publicAccessToken":"set"}`,
  ),
  entry(
    "A7 onSessionChange that throws breaks nothing",
    "A7",
    "an observer never breaks the chat: the reference's send rejects",
    `
    calls
    - send: rejected Error, thrown by the application
    + send: a stream
    chunks of call 1 (send)
    ${answer("+")}
    + closed
    connections
    + out: left by the client
    events
    + {…"type":"stream-connected"}
    + {…"type":"first-chunk"}
    + {…"type":"turn-completed"}
    requests
    + out of chat-1: GET …
    session changes
    + chat-1 {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}
    sessions at the end
    - chat-1 open undefined {"activeInputSeq":0,"isStreaming":true,"publicAccessToken":"token"}
    + chat-1 open undefined {"isStreaming":false,"lastEventId":"5","publicAccessToken":"token"}`,
  ),
  opened("C9 a consumer that cancels ends the reading and stops nothing"),
  opened("B8 a send during a watch takes its stream over"),
  opened("D3 six ends without a record give up"),
  entry(
    "G1 stream-connected at the response head",
    "G1, ⊕ C12",
    "the subscription is open when its response head is there, as the published type says",
    `
    events
    - nothing was sent so far
    + nothing was sent so far`,
  ),
  failed("A4 a send whose start fails rejects with that error"),
  failed("A5 a send whose accessToken fails rejects with that error"),
  failed("A4 startSession that throws at once rejects the send"),
  failed("C14 a send on a closed session rejects at once"),
  failed("C14 a submit without messages on a closed session rejects as closed"),
  failed("C14 an action in a body on a closed session rejects at once"),
];

export const decided = [reading, sending, observing].flat();

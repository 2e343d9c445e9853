// Intended differences of a head start (D3).

const broken = (of, ...lost) => ({
  of,
  statement: "⊕ D3",
  why: "engines report truncation as a clean end: before the end of the message it is no better than a break",
  diff: [
    "chunks of call 1 (send)",
    ...lost,
    "- closed",
    "+ failed TypeError",
    "events",
    '+ {…"error":"TypeError",…"type":"stream-error"}',
    "session changes",
    '- chat-1 {"isStreaming":false,"publicAccessToken":"handed over"}',
    "sessions at the end",
    '- chat-1 open undefined {"isStreaming":false,"publicAccessToken":"handed over"}',
    '+ chat-1 open undefined {"isStreaming":true,"publicAccessToken":"handed over"}',
  ].join("\n"),
});

export const headStart = [
  broken("F1 an end in the middle of the answer"),
  broken("F1 a last event without its blank line", '- {"type":"finish"}'),
];

// What a played server says: records and events of `.out` as text, and the answers that carry them.
// Knows the wire's forms, not the conversations.

/** The chunks of a short text answer. */
export function textAnswer(text, id = "a1") {
  return [
    { type: "start", messageId: id },
    { type: "text-start", id: "t" },
    { type: "text-delta", id: "t", delta: text },
    { type: "text-end", id: "t" },
    { type: "finish" },
  ];
}

/** A data record. Its part id is made of its number, unless another is given. */
export function data(seq_num, chunk, id = `part of ${seq_num}`) {
  return { seq_num, timestamp: 1, body: JSON.stringify({ data: chunk, id }) };
}

/** Data records from a number on. */
export function chunks(first, ...list) {
  return list.map((chunk, at) => data(first + at, chunk));
}

/** A control record; `headers` are the ones behind the first. */
export function control(seq_num, subtype, headers = {}) {
  const pairs = [["trigger-control", subtype], ...Object.entries(headers)];
  return { seq_num, timestamp: 1, body: "", headers: pairs };
}

/** The boundary of a turn that has processed `.in` up to `input`. */
export function turnComplete(seq_num, input, headers = {}) {
  const processed = input === undefined ? {} : { "session-in-event-id": String(input) };
  return control(seq_num, "turn-complete", { ...processed, ...headers });
}

/** A command of the store itself. */
export function command(seq_num) {
  return { seq_num, timestamp: 1, body: "5", headers: [["", "trim"]] };
}

/** One `batch` event with these records. */
export function batch(...records) {
  const all = records.flat();
  const tail = { seq_num: (all.at(-1)?.seq_num ?? -1) + 1, timestamp: 1 };
  return `event: batch\nid: 0,${all.length},9\ndata: ${JSON.stringify({ records: all, tail })}\n\n`;
}

/** A whole short turn from a record number on: a text, then the boundary that names `input`. */
export function turn(first, input, text = "Hello", headers = {}) {
  const records = chunks(first, ...textAnswer(text));
  return batch(records, turnComplete(first + records.length, input, headers));
}

export const PING = 'event: ping\ndata: {"timestamp":1}\n\n';
export const DONE = "data: [DONE]\n\n";

/** Steps of a body, beside the texts (or bytes) that it sends. Without an end it stays open. */
export const END = { step: "end" };
export const BREAK = { step: "break" };
export const until = (signal) => ({ step: "until", signal });

/** An answer that never comes: the request fails as `fetch` fails. */
export const UNREACHABLE = { unreachable: true };

/** An event stream of S2 batches. */
export function stream(...steps) {
  return eventStream({ "X-Stream-Version": "v2" }, steps);
}

/** The same, announced as settled. */
export function settledStream(...steps) {
  return eventStream({ "X-Stream-Version": "v2", "X-Session-Settled": "true" }, steps);
}

/** An event stream of the older form: the chunk itself is the data. */
export function streamV1(...steps) {
  return eventStream({}, steps);
}

function eventStream(headers, steps) {
  return { status: 200, headers: { "Content-Type": "text/event-stream", ...headers }, steps };
}

/** An append was written under this `.in` number. */
export function acknowledged(seq, more = {}) {
  return { status: 200, headers: {}, json: { ok: true, seq, ...more } };
}

/** A refusal. */
export function refused(status, json = { error: "no" }, headers = {}) {
  return { status, headers, json };
}

/** The server knows that the session is closed. */
export function closedRefusal(closedReason) {
  return refused(409, { error: "closed", code: "session_closed", closedReason });
}

/** The answer comes when the conversation says so. */
export function held(signal, answer) {
  return { ...answer, signal };
}

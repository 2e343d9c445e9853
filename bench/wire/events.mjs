// The bytes of `.out`: chunks as S2 records, records as batch events. Knows no sockets.

import { OPENING, chunkAt } from "./turns.mjs";

const TIMESTAMP = 1_763_740_000_000;

/** How many records a turn has, without its boundary. */
export const recordsOf = ({ count }) => count + OPENING;

/** One record: the chunk and a part id, as JSON in JSON. */
function record(kind, n) {
  const id = (n * 2_654_435_761).toString(36).slice(-7).padStart(7, "0");
  const body = JSON.stringify({ data: chunkAt(kind, n), id });
  return JSON.stringify({ seq_num: n, timestamp: TIMESTAMP + n, body });
}

function boundary(n) {
  const headers = [["trigger-control", "turn-complete"]];
  return JSON.stringify({ seq_num: n, timestamp: TIMESTAMP + n, headers, body: "" });
}

function event(records, next) {
  const tail = `{"seq_num":${next},"timestamp":${TIMESTAMP + next}}`;
  return `event: batch\nid: ${next - 1}\ndata: {"records":[${records.join(",")}],"tail":${tail}}\n\n`;
}

/** The events of a turn from a record on, up to another: `batch` records in each. */
export function* events({ kind, count, batch }, first = 0, end = count + OPENING) {
  for (let n = first; n < end; ) {
    const next = Math.min(n + batch, end);
    const records = [];
    for (; n < next; n += 1) records.push(record(kind, n));
    yield event(records, next);
  }
}

/** The event that ends the turn. */
export function turnComplete(turn) {
  const n = recordsOf(turn);
  return event([boundary(n)], n + 1);
}

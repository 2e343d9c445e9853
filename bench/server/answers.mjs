// How `.out` is answered, by the manner that the chat's id names. Everything that can be is prepared
// before it is asked for: what is measured is the reader.

import { once } from "node:events";

import { events, recordsOf, turnComplete } from "../wire/events.mjs";

/** Turns beyond this are made while they are sent. */
const PREPARED_RECORDS = 300_000;

const DRIP_EVERY_MS = 4;
const TOGETHER_EVERY_MS = 10;
/** Records of a connection that ends before its turn does. */
export const CONNECTION_RECORDS = 20;

const prepared = new Map();

function bytesOf(name, make) {
  if (!prepared.has(name)) prepared.set(name, Buffer.from(make()));
  return prepared.get(name);
}

/** The turn's deltas, as one buffer. */
function deltas(turn) {
  const { kind, count, batch } = turn;
  return bytesOf(`${kind} ${count} ${batch}`, () => [...events(turn)].join(""));
}

export function prepare(turn) {
  if (recordsOf(turn) <= PREPARED_RECORDS) deltas(turn);
}

export const MANNERS = {
  /** All of it at once. */
  async whole(turn, response) {
    if (recordsOf(turn) > PREPARED_RECORDS) await stream(turn, response);
    else response.write(deltas(turn));
    response.end(turnComplete(turn));
  },

  /** All that there is so far; the turn goes on. */
  async open(turn, response) {
    response.write(deltas(turn));
  },

  /** An event every few milliseconds; answers when each was written. */
  async drip(turn, response) {
    const writtenMs = [];
    for (const event of events(turn)) {
      await new Promise((resolve) => setTimeout(resolve, DRIP_EVERY_MS));
      writtenMs.push(monotonicMs());
      response.write(event);
    }
    response.end(turnComplete(turn));
    drips.set(turn.own, writtenMs);
  },

  /** A few records for each connection, then its end; the boundary only with the last. */
  async pieces(turn, response, cursor) {
    const first = cursor + 1;
    const last = Math.min(first + CONNECTION_RECORDS, recordsOf(turn));
    response.write([...events(turn, first, last)].join(""));
    response.end(last === recordsOf(turn) ? turnComplete(turn) : "");
  },

  /** Begins when as many chats as `own` says are there, and feeds them in turn. */
  async together(turn, response) {
    const [size, group] = turn.own.split("-");
    const waiting = groups.get(group) ?? [];
    groups.set(group, [...waiting, response]);
    if (groups.get(group).length < Number(size)) return;
    const everybody = groups.get(group);
    groups.delete(group);
    for (const event of preparedEvents(turn)) {
      for (const each of everybody) each.write(event);
      await new Promise((resolve) => setTimeout(resolve, TOGETHER_EVERY_MS));
    }
    for (const each of everybody) each.end(turnComplete(turn));
  },
};

/** When the events of a drip were written, by the chat's own word. */
export const drips = new Map();

const groups = new Map();

function preparedEvents(turn) {
  const name = `events ${turn.kind} ${turn.count} ${turn.batch}`;
  if (!prepared.has(name)) prepared.set(name, [...events(turn)].map((event) => Buffer.from(event)));
  return prepared.get(name);
}

async function stream(turn, response) {
  for (const event of events(turn)) {
    if (!response.write(event)) await once(response, "drain");
  }
}

/** The clock that the browser's own times come from as well. */
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

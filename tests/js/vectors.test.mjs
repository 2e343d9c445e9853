// The vectors of event streams against eventsource-parser, which shares nothing with the crate: that
// what the crate is held to is right is not only our own opinion. And the built package against it on
// random streams (C2).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createParser } from "eventsource-parser";

import { BOUNDED, watched } from "./good-send.mjs";
import { PlayedServer, read, submit } from "./transport.mjs";

/** Streams beyond it are not cut at every place. */
const SMALL_BYTES = 4_096;

function file(name) {
  return JSON.parse(readFileSync(new URL(`../vectors/data/${name}.json`, import.meta.url), "utf8"));
}

/** The bytes of a text in pieces; `tests/vectors/README.md` says what they are. */
function bytes(text) {
  if (typeof text === "string") return Buffer.from(text);
  if (Array.isArray(text)) return Buffer.concat(text.map(bytes));
  if ("hex" in text) return Buffer.from(text.hex, "hex");
  const once = bytes(text.repeat);
  return Buffer.alloc(once.length * text.times, once);
}

function withLineEnds(stream, end) {
  return end === "\n" ? stream : Buffer.from(stream.toString("latin1").replaceAll("\n", end), "latin1");
}

/** A sequence of whole numbers below a bound, the same for the same seed (mulberry32). */
function random(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

function inPieces(stream, size) {
  const chunks = [];
  for (let at = 0; at < stream.length; at += size()) chunks.push(at);
  return chunks.map((at, nth) => stream.subarray(at, chunks[nth + 1]));
}

/** Every way in which a stream is cut into chunks. */
function* cuttings(stream) {
  const isSmall = stream.length <= SMALL_BYTES;
  yield [stream];
  for (const size of isSmall ? [1, 2] : [61, 65_536]) yield inPieces(stream, () => size);
  for (let at = 1; isSmall && at < stream.length; at++) {
    yield [stream.subarray(0, at), stream.subarray(at)];
  }
  for (let seed = 0; seed < (isSmall ? 200 : 4); seed++) {
    const below = random(seed);
    const most = isSmall ? 2 ** below(8) : stream.length >> 3;
    yield inPieces(stream, () => 1 + below(most));
  }
}

/** What the parser makes of the chunks. The decoder leaves the byte order mark to it. */
function parse(chunks) {
  const events = [];
  let id = "";
  let retry = null;
  const parser = createParser({
    onId: (adopted) => (id = adopted),
    onEvent: ({ event = "message", data }) => events.push([event, data, id]),
    onRetry: (asked) => (retry = asked),
  });
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
  return { events, retry };
}

function assertParses(what, stream, expected) {
  let nth = 0;
  for (const chunks of cuttings(stream)) {
    assert.deepEqual(parse(chunks), expected, `${what}, cutting ${nth}`);
    nth += 1;
  }
}

const FILES = [
  "fields",
  "comments",
  "line-ends",
  "byte-order-marks",
  "ids",
  "retry",
  "text",
  "sizes",
];

for (const name of FILES) {
  test(`C2 eventsource-parser agrees with the vectors of ${name}`, () => {
    const { cases, line_ends: ends } = file(name);
    // What is too long is our own limit.
    for (const { name: what, stream, events, retry = null, ...rest } of cases) {
      if (rest.error !== undefined) continue;
      const texts = events.map((event) => event.map((part) => bytes(part).toString()));
      const expected = { events: texts, retry };
      for (const end of ends === "all" ? ["\n", "\r\n", "\r"] : ["\n"]) {
        const ended = withLineEnds(bytes(stream), end);
        if (rest.oracle_differs !== undefined) {
          assert.notDeepEqual(parse([ended]), expected, `${what}: it does not differ any more`);
        } else {
          assertParses(`${what} with ${JSON.stringify(end)}`, ended, expected);
        }
      }
    }
  });
}

/** Pieces of streams whose data is JSON, or almost: what a `v1` stream holds. */
const PIECES = [
  "data: 1\n\n",
  "data: [1,\ndata: 2]\n\n",
  'data: "é€😀"\n\n',
  "data:\n\n",
  "data: {\n\n",
  ": x\n",
  ":\r",
  "event: sun\n",
  "id: 7-0\n",
  "retry: 0x\n",
  "moon: full\r\n",
  "data:3",
  "\n",
  "\r",
  "\r\n",
  "\ufeff",
  "data",
  " ",
  "\r\r",
];

function isJson(text) {
  try {
    return JSON.parse(text) !== null;
  } catch {
    return false;
  }
}

function streamOf(chunks) {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

test("C2 the package hands on what eventsource-parser reads from random streams", BOUNDED, async (t) => {
  const end = Buffer.from('\n\ndata: {"type":"trigger:turn-complete"}\n\n');
  for (let seed = 0; seed < 300; seed++) {
    const below = random(seed);
    const pieces = Array.from({ length: 1 + below(40) }, () => PIECES[below(PIECES.length)]);
    const stream = Buffer.concat([Buffer.from(pieces.join("")), end]);
    const chunks = inPieces(stream, () => 1 + below(12)).map((chunk) => new Uint8Array(chunk));
    const expected = parse(chunks).events.map(([, data]) => data);
    assert.equal(expected.pop(), '{"type":"trigger:turn-complete"}');

    const response = new Response(streamOf(chunks), {
      headers: { "Content-Type": "text/event-stream" },
    });
    const { transport } = watched(t, new PlayedServer(response));
    const got = await read(await submit(transport));
    assert.deepEqual(got, expected.filter(isJson).map((data) => JSON.parse(data)), `seed ${seed}`);
    transport.dispose();
  }
});

// How often a body is read that gives little at a time: what comes in quick succession is read together.
// Node's fake timers play the clock; `Date` goes with them.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { settle, watched } from "./good-send.mjs";
import { PlayedServer, batch, submit } from "./transport.mjs";

const HEADERS = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };

/** A byte stream, as those of `fetch` are, that one record after the other is written to. */
class Records {
  written = 0;
  #controller;

  constructor() {
    const start = (controller) => (this.#controller = controller);
    this.response = new Response(new ReadableStream({ type: "bytes", start }), { headers: HEADERS });
  }

  write() {
    const chunk = { type: "data-count", data: this.written };
    this.#controller.enqueue(new TextEncoder().encode(batch(this.written, [chunk], false)));
    this.written += 1;
  }
}

/** An answer under way, and what its consumer has been shown so far. */
async function answering(t) {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  t.after(() => mock.timers.reset());
  const records = new Records();
  const { transport } = watched(t, new PlayedServer(records.response));
  const stream = await submit(transport);
  const shown = [];
  const read = (async () => {
    for await (const { data } of stream) shown.push(data);
  })();
  t.after(() => read);
  const write = async () => {
    records.write();
    for (let turns = 0; turns < 4; turns += 1) await settle();
    return shown.length === records.written;
  };
  return { records, shown, write };
}

const numbers = (count) => Array.from({ length: count }, (_, at) => at);

test("D5 what comes too quickly to be looked at is read together, and all of it", async (t) => {
  const { records, shown, write } = await answering(t);
  while (records.written < 100 && (await write()));
  assert.ok(records.written > 20, `${records.written} were shown as they came`);
  assert.ok(records.written < 100, "every one of a hundred was read by itself");
  const before = shown.length;
  for (let more = 0; more < 30; more += 1) await write();
  assert.equal(shown.length, before, "shown while the body rested");
  mock.timers.tick(250);
  await settle();
  await settle();
  assert.deepEqual(shown, numbers(records.written));
});

test("D5 an answer that comes at the speed of reading is shown as it comes", async (t) => {
  const { write } = await answering(t);
  for (let written = 0; written < 200; written += 1) {
    assert.ok(await write(), `record ${written} waited`);
    mock.timers.tick(4);
  }
});

test("D5 a clock that is set back makes nothing rest for long", async (t) => {
  const { records, shown, write } = await answering(t);
  while (await write());
  mock.timers.tick(250);
  mock.timers.setTime(1_000);
  while (await write());
  mock.timers.tick(250);
  await settle();
  await settle();
  assert.deepEqual(shown, numbers(records.written));
});

test("D5 a hidden page, whose timers are slow, reads what comes at once", async (t) => {
  globalThis.document = Object.assign(new EventTarget(), { visibilityState: "hidden", hidden: true });
  t.after(() => delete globalThis.document);
  const { write } = await answering(t);
  for (let written = 0; written < 100; written += 1) assert.ok(await write(), `record ${written} waited`);
});

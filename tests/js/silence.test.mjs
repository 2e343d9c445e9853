// A consumer that was full for a while does not hide a dead socket (D1). Node's fake timers play the
// clock; `Date` goes with them.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { PlayedServer, batch, submit, transportOver } from "./transport.mjs";

const PING = "event: ping\ndata: {}\n\n";

/** A response that sends one text and then nothing. */
function silentAfter(text) {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
  });
  const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
  return new Response(body, { headers });
}

/** Lets every promise that can settle do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("D1 silence after a full consumer has caught up is a dead socket", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const chunks = [{ type: "start" }, { type: "start-step" }, { type: "finish-step" }];
  const server = new PlayedServer(silentAfter(PING + batch(0, chunks, false)), batch(3, []));
  const transport = transportOver(server);
  const reader = (await submit(transport)).getReader();
  for (const _ of chunks) await reader.read();
  await settle();
  mock.timers.tick(26_000);
  await settle();
  mock.timers.tick(1_000);
  await settle();
  assert.equal(server.subscriptions().length, 2);
  assert.equal(server.subscriptions()[1].init.headers["Last-Event-ID"], "2");
  assert.equal((await reader.read()).done, true);
  transport.dispose();
  mock.timers.reset();
});

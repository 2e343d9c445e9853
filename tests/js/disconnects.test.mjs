// A connection that is lost for good is an error that `useChat` knows as a disconnect (B9, D3): a
// TypeError whose message contains "network". Node's fake timers play the clock.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { answeringServer, assertGoodSendWorks, settle, watched } from "./good-send.mjs";
import { PlayedServer, batch, read, submit } from "./transport.mjs";

const DISCONNECT = { name: "TypeError", message: /network/ };

/** Lets time pass, a second at a time, until a promise settles. */
async function passUntilSettled(promise) {
  let settled = false;
  const settles = () => {
    settled = true;
  };
  promise.then(settles, settles);
  for (let second = 0; second < 120 && !settled; second += 1) {
    mock.timers.tick(1_000);
    for (let turn = 0; turn < 5; turn += 1) await settle();
  }
  assert.ok(settled, "two minutes are enough");
}

test("D3 a stream that ends again and again is a disconnect", async (t) => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  t.after(() => mock.timers.reset());
  const ends = Array.from({ length: 6 }, () => "");
  const { transport, events } = watched(t, new PlayedServer(batch(0, [{ type: "start" }], false), ...ends));
  const chunks = read(await submit(transport));
  const rejected = assert.rejects(chunks, DISCONNECT);
  await passUntilSettled(chunks);
  await rejected;
  assert.equal(events.filter(({ type }) => type === "stream-error").length, 1);
});

test("B9 an append that the network loses again and again is a disconnect with its cause", async (t) => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  t.after(() => mock.timers.reset());
  const cause = new TypeError("fetch failed");
  const { transport, failures } = watched(t, answeringServer(), {
    fetch: () => Promise.reject(cause),
  });
  const sent = submit(transport);
  const rejected = assert.rejects(sent, { ...DISCONNECT, cause });
  await passUntilSettled(sent);
  await rejected;
  assert.equal(failures().length, 1);
  transport.setFetch(answeringServer().fetch);
  await assertGoodSendWorks(transport);
});

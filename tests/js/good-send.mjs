// For tests of bad input: a transport that is watched and disposed, and the good send behind it.

import assert from "node:assert/strict";

import { CHAT, PlayedServer, batch, read, submit, transportOver } from "./transport.mjs";

const START = { type: "start" };

/** For tests in which something might never settle. */
export const BOUNDED = { timeout: 20_000 };

/** A server that answers every message with one chunk. */
export function answeringServer() {
  return new PlayedServer(...Array.from({ length: 20 }, (_, turn) => batch(2 * turn, [START])));
}

/** A transport whose events are kept, and which is disposed with the test. */
export function watched(t, server, options = {}) {
  const events = [];
  const transport = transportOver(server, { onEvent: (event) => events.push(event), ...options });
  // Node ends when nothing is left to wait for: a promise that never settles is to fail its own test.
  const awake = setInterval(() => {}, 1_000);
  t.after(() => {
    transport.dispose();
    clearInterval(awake);
  });
  const failures = () => events.filter(({ type }) => type === "message-send-failed");
  return { transport, events, failures };
}

/** A send that has nothing wrong with it is answered. */
export async function assertGoodSendWorks(transport, chatId = CHAT) {
  assert.deepEqual(await read(await submit(transport, { chatId })), [START]);
}

/** Lets every promise that can settle do so. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

// A page whose waits between connections take no time: what is left is the work of connecting.

import { createTransport } from "contestant";

import { ask, check, drain, open } from "./conversation.js";

/** Waits of the transports between attempts are shorter, limits of what may take how long are longer. */
const SHORT_MS = 15_000;

hasten();

window.bench = {
  async run(chatId, kind) {
    const transport = open(createTransport, [chatId], { baseURL: location.origin });
    const startedMs = performance.now();
    const stream = await ask(transport, chatId);
    const sum = await (kind ? check(stream, kind) : drain(stream));
    const wallMs = performance.now() - startedMs;
    transport.dispose();
    return { sum, wallMs };
  },
};

/** Short delays are over at once, and the clock jumps over them. */
function hasten() {
  const { setTimeout: startTimer, Date: { now } } = window;
  let aheadMs = 0;
  Date.now = () => now() + aheadMs;
  window.setTimeout = (callback, delayMs = 0) => {
    if (delayMs >= SHORT_MS) return startTimer(callback, delayMs);
    const dueMs = Date.now() + delayMs;
    return startTimer(() => {
      aheadMs += Math.max(0, dueMs - Date.now());
      callback();
    }, 0);
  };
}

// Waits for a state that announces itself to nobody, such as the server's.

import { setTimeout as pause } from "node:timers/promises";

const INTERVAL_MS = 25;

/** Resolves with the first truthy value that `look` finds; rejects when it found none in time. */
export async function eventually(what, look, timeoutMs = 10_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await pause(INTERVAL_MS);
  }
}

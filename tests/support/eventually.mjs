// Waits for a state that announces itself to nobody, such as the server's.

import { setTimeout as pause } from "node:timers/promises";

const INTERVAL_MS = 25;

/** Shorter than the silence (25 s) after which the transport reconnects: what only that mends, fails. */
export const PATIENCE_MS = 20_000;

/** Of a page's load: the first pages and browsers of a run start side by side. */
export const LOADING_MS = 60_000;

/** Resolves with the first truthy value that `look` finds; rejects when it found none in time. */
export async function eventually(what, look, timeoutMs = PATIENCE_MS) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await pause(INTERVAL_MS);
  }
}

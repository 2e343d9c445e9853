// Two clocks for a page, in the place of the browser's: one that does not wait for short delays, and
// one that stands still until it is told.

/**
 * Delays below this are waits between attempts. Above it are the heartbeats of a claim, one behind the
 * other, and limits of what may take how long: a request that is under way would run out of time.
 */
const SHORT_MS = 4_000;

/** Short delays are over at once, and the clock jumps over them. */
export function hasten(shortMs = SHORT_MS) {
  const { setTimeout: startTimer, Date: { now } } = window;
  let aheadMs = 0;
  Date.now = () => now() + aheadMs;
  window.setTimeout = (callback, delayMs = 0) => {
    if (delayMs >= shortMs) return startTimer(callback, delayMs);
    const dueMs = Date.now() + delayMs;
    return startTimer(() => {
      aheadMs += Math.max(0, dueMs - Date.now());
      callback();
    }, 0);
  };
}

/** Nothing is due before `advance` says so. Answers `advance`. */
export function stop() {
  const { setTimeout: startTimer } = window;
  let nowMs = Date.now();
  let last = 0;
  const due = new Map();
  Date.now = () => nowMs;
  window.setTimeout = (callback, delayMs) => {
    due.set((last += 1), { callback, atMs: nowMs + delayMs });
    return last;
  };
  window.clearTimeout = (timer) => due.delete(timer);
  /** Lets what is under way come to rest: the page's own streams and promises take no time. */
  const settle = () => new Promise((resolve) => startTimer(resolve, 0));
  return async function advance(byMs) {
    const untilMs = nowMs + byMs;
    await settle();
    for (;;) {
      const [next] = [...due].sort(([, a], [, b]) => a.atMs - b.atMs);
      if (!next || next[1].atMs > untilMs) break;
      const [timer, { callback, atMs }] = next;
      due.delete(timer);
      nowMs = atMs;
      callback();
      await settle();
    }
    nowMs = untilMs;
  };
}

// What is said to the machine in a word, by its number there: a string would cost glue on both sides.

/** What is asked of a chat in a word, as the machine numbers it. */
export const ACT = {
  start: 0,
  stop: 1,
  reconnect: 2,
  reconnectAndStop: 3,
  clearGate: 4,
  abort: 5,
  cancel: 6,
} as const;

/** What the page or the device says, as the machine numbers it; and that everything ends. */
export const WAKE = {
  reconnect: 0,
  retry: 1,
  check: 2,
  online: 3,
  offline: 4,
  dispose: 5,
} as const;

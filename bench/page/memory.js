// A page that keeps its transport, and says how large the module's memory is.

// First: the package finds them in place.
import { held } from "../../tests/lifecycle/package-page/instruments.js";

import { createTransport } from "contestant";

import { weight } from "../wire/turns.mjs";
import { ask, check, open } from "./conversation.js";

const LOOK_EVERY_MS = 5_000;

let transport;
let reading;
let earlyWasmBytes;

/** Reads to the end, and looks at the module's memory as soon as so much has come. */
async function drain(stream, early) {
  const reader = stream.getReader();
  earlyWasmBytes = undefined;
  let sum = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return sum;
    sum += weight(value);
    if (sum >= early) earlyWasmBytes ??= held().wasmBytes;
  }
}

window.bench = {
  /** Opens the one transport, with all the chats that there will be. */
  open(chatIds) {
    transport = open(createTransport, chatIds, { baseURL: location.origin });
  },

  /** Begins a turn of a chat that is compared chunk by chunk; the transport stays. */
  compare(chatId, kind) {
    reading = ask(transport, chatId).then((stream) => check(stream, kind));
  },

  /** Begins a turn of a chat that is only counted. */
  count(chatId, early) {
    reading = ask(transport, chatId).then((stream) => drain(stream, early));
  },

  /** What came of the turn; `undefined` while it is under way, for whoever does not wait for minutes. */
  outcome: () => Promise.race([reading, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))]),

  /** The module's memory when the early part of the turn that was counted had come, and now. */
  wasmBytes: () => [earlyWasmBytes, held().wasmBytes],
};

// A page that keeps its transport, and says how large the module's memory is.

// First: the package finds them in place.
import { held } from "../../tests/lifecycle/package-page/instruments.js";

import { createTransport } from "contestant";

import { ask, check, drain, open } from "./conversation.js";

const LOOK_EVERY_MS = 5_000;

let transport;
let reading;
let earlyWasmBytes;

window.bench = {
  /** Opens the one transport, with all the chats that there will be. */
  open(chatIds) {
    transport = open(createTransport, chatIds, { baseURL: location.origin });
  },

  /** Begins a turn of a chat that is compared chunk by chunk; the transport stays. */
  compare(chatId, kind) {
    reading = ask(transport, chatId).then((stream) => check(stream, kind));
  },

  /** Begins a turn of a chat that is only counted; the module's memory is looked at when `early` has come. */
  count(chatId, early) {
    earlyWasmBytes = undefined;
    const look = (sum) => {
      if (sum >= early) earlyWasmBytes ??= held().wasmBytes;
    };
    reading = ask(transport, chatId).then((stream) => drain(stream, look));
  },

  /** What came of the turn; `undefined` while it is under way, for whoever does not wait for minutes. */
  outcome: () => Promise.race([reading, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))]),

  /** The module's memory when the early part of the turn that was counted had come, and now. */
  wasmBytes: () => [earlyWasmBytes, held().wasmBytes],
};

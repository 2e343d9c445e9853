// A page that keeps its transport, and says how large the module's memory is.

// First: the package finds them in place.
import { held } from "../../tests/lifecycle/package-page/instruments.js";

import { createTransport } from "contestant";

import { ask, check, drain, open } from "./conversation.js";

const LOOK_EVERY_MS = 5_000;

let transport;
let reading;

window.bench = {
  /** Opens the one transport, with all the chats that there will be. */
  open(chatIds) {
    transport = open(createTransport, chatIds, { baseURL: location.origin });
  },

  /** Begins a turn of a chat, compared chunk by chunk where a kind is given; the transport stays. */
  begin(chatId, kind) {
    reading = ask(transport, chatId).then((stream) => (kind ? check(stream, kind) : drain(stream)));
  },

  /** What came of the turn; `undefined` while it is under way, for whoever does not wait for minutes. */
  outcome: () => Promise.race([reading, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))]),

  wasmBytes: () => held().wasmBytes,
};

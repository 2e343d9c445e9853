// A page whose waits between connections take no time: what is left is the work of connecting.

import { createTransport } from "contestant";

import { hasten } from "../../tests/lifecycle/package-page/clock.js";
import { ask, check, drain, open } from "./conversation.js";

/** Waits of the transports between attempts are shorter, limits of what may take how long are longer. */
const SHORT_MS = 15_000;

hasten(SHORT_MS);

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

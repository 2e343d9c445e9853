// What the benchmark calls in a page. The contestant is chosen when the page is bundled.

import { createTransport } from "contestant";

import { ask, check, drain, open } from "./conversation.js";

const HOSTS = 10;

const opened = (chatIds, options = {}) =>
  open(createTransport, chatIds, { baseURL: location.origin, ...options });

/** A browser opens six connections to a host: the chats are spread over several names of this machine. */
const baseURL = ({ chatId }) => {
  const host = Number(chatId.split("-").at(-1)) % HOSTS;
  return `http://h${host}.localhost:${location.port}`;
};

window.bench = {
  /** One turn, compared chunk by chunk. */
  async check(chatId, kind) {
    const transport = opened([chatId]);
    const records = await check(await ask(transport, chatId), kind);
    transport.dispose();
    return records;
  },

  /** One turn as fast as it goes. */
  async run(chatId) {
    const transport = opened([chatId]);
    const startedMs = performance.now();
    const sum = await drain(await ask(transport, chatId));
    const wallMs = performance.now() - startedMs;
    transport.dispose();
    return { sum, wallMs };
  },

  /** When each chunk of a turn came. */
  async arrivals(chatId) {
    const transport = opened([chatId]);
    const arrivedMs = [];
    for await (const chunk of await ask(transport, chatId)) {
      if (chunk) arrivedMs.push(performance.now());
    }
    transport.dispose();
    return arrivedMs;
  },

  /** One turn of each of these chats at the same time, with one transport. */
  async together(chatIds, kind) {
    const transport = opened(chatIds, { baseURL });
    const startedMs = performance.now();
    const read = kind ? (stream) => check(stream, kind) : drain;
    const sums = await Promise.all(chatIds.map(async (chatId) => read(await ask(transport, chatId))));
    const wallMs = performance.now() - startedMs;
    transport.dispose();
    return { sums, wallMs };
  },
};

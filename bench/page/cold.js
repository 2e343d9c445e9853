// A page that asks as soon as it can. The first append is timed from the navigation.

import { createTransport } from "contestant";

import { ask, check, open } from "./conversation.js";

const { fetch } = window;

window.firstAppend = new Promise((resolve) => {
  window.fetch = (url, init) => {
    if (init?.method === "POST") resolve(performance.now());
    return fetch(url, init);
  };
});

const chatId = decodeURIComponent(location.hash.slice(1));
const transport = open(createTransport, [chatId], { baseURL: location.origin });
const asked = ask(transport, chatId);

/** Reads the answer and compares it; how many records it had. */
window.answered = async (kind) => check(await asked, kind);

// A message that is sent in mid-answer, as every AI SDK takes it (B8): in the middle of another answer each
// of them throws, and the message is never answered.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CHAT, PlayedServer, batch, transportOver } from "./transport.mjs";

const answer = (id, ...texts) => [
  { type: "start", messageId: id },
  { type: "text-start", id: "text" },
  ...texts.map((delta) => ({ type: "text-delta", id: "text", delta })),
  { type: "text-end", id: "text" },
  { type: "finish" },
];

/** A body that stays open. */
const unfinished = (text, signal) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      signal.addEventListener("abort", () => controller.error(signal.reason));
    },
  });

function stateOf() {
  return {
    status: "ready",
    messages: [],
    pushMessage(message) {
      this.messages = [...this.messages, message];
    },
    replaceMessage(at, message) {
      this.messages = this.messages.with(at, message);
    },
    snapshot: structuredClone,
  };
}

for (const name of ["ai-5", "ai-6", "ai"]) {
  test(`B8 ${name}: a message sent in mid-answer gets its own answer`, { timeout: 20_000 }, async () => {
    const { AbstractChat } = await import(name);
    const [first, second] = [answer("first", "Hello ", "world"), answer("second", "Later")];
    const server = new PlayedServer();
    const bodies = [
      batch(0, first.slice(0, 3), false),
      batch(3, first.slice(3), [["session-in-event-id", "0"]]) +
        batch(first.length + 1, second, [["session-in-event-id", "1"]]),
    ];
    const fetch = (url, init) => {
      if (init.method === "POST") return server.fetch(url, init);
      const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
      return Promise.resolve(new Response(unfinished(bodies.shift(), init.signal), { headers }));
    };
    const transport = transportOver(server, { fetch });
    const errors = [];
    class Chat extends AbstractChat {}
    const chat = new Chat({
      id: CHAT,
      state: stateOf(),
      transport,
      onError: (error) => errors.push(error),
    });
    void chat.sendMessage({ text: "one" });
    while (chat.messages.at(-1)?.parts.at(-1)?.text !== "Hello ") {
      await new Promise(setImmediate);
    }
    await chat.sendMessage({ text: "two" });
    transport.dispose();
    assert.deepEqual(errors, []);
    const texts = chat.messages.map(({ parts }) => parts.map(({ text }) => text).join(""));
    assert.deepEqual(texts, ["one", "Hello ", "two", "Later"]);
  });
}

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

/** A response that stays open. */
const unfinished = (text) => {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
  });
  const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
  return new Response(body, { headers });
};

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
    const server = new PlayedServer(
      unfinished(batch(0, first.slice(0, 3), false)),
      unfinished(
        batch(3, first.slice(3), [["session-in-event-id", "0"]]) +
          batch(first.length + 1, second, [["session-in-event-id", "1"]]),
      ),
    );
    const transport = transportOver(server);
    const errors = [];
    const chat = new AbstractChat({
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

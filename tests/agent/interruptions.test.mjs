// The user speaks or stops while the agent answers. Both reach it as records on `.in`.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { model } from "./agents.mjs";
import { conversation, startServer, textOf, toolPartOf } from "./conversation.mjs";
import { transcript } from "./transcripts.mjs";
import { eventually } from "../support/eventually.mjs";
import { userMessage } from "../support/session-server.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const talk = (name, play) => conversation(name, () => server, play);

const isStreamingText = (page) =>
  page.lastMessage?.role === "assistant" && textOf(page.lastMessage) === "One ";

/** As a page keeps an answer that it cut off: it does not read how the agent ends the text. */
function cutOff(message) {
  const parts = message.parts.map((part) => (part.type === "text" ? { ...part, state: "streaming" } : part));
  return { ...message, parts };
}

talk("C9 stop in useChat ends the turn in the agent", async (conversation) => {
  const { page, chatId, worker } = conversation;
  const sent = page.sendMessage({ text: "hold" });
  await eventually("the answer has begun", () => isStreamingText(page));
  await page.stop();
  await sent;
  const [question, answer] = await transcript(chatId, 1);
  assert.deepEqual((await conversation.inputs()).map(({ kind }) => kind), ["message", "stop"]);
  assert.deepEqual(page.shown, [question, cutOff(answer)]);
  assert.equal(worker.runs.length, 1);
});

talk("C8 the message after a stop is answered whole", async ({ page, chatId }) => {
  const sent = page.sendMessage({ text: "hold" });
  await eventually("the answer has begun", () => isStreamingText(page));
  await page.stop();
  await sent;
  await page.sendMessage({ text: "weather" });
  const [question, answer, ...next] = await transcript(chatId, 2);
  assert.deepEqual(page.shown, [question, cutOff(answer), ...next]);
  assert.equal(toolPartOf(page.lastMessage).state, "output-available");
});

talk("B5 stopGeneration ends the turn in the agent", async ({ page, transport, chatId }) => {
  const sent = page.sendMessage({ text: "hold" });
  await eventually("the answer has begun", () => isStreamingText(page));
  assert.equal(await transport.stopGeneration(chatId), true);
  await sent;
  const recorded = await transcript(chatId, 1);
  assert.equal(textOf(recorded.at(-1)), "One ");
  await page.sendMessage({ text: "hello" });
  assert.equal(textOf(page.lastMessage), "You said hello as message 2.");
});

talk("B5 a pending message steers the turn between two steps", async ({ page, transport, chatId }) => {
  const sent = page.sendMessage({ text: "inspect" });
  await eventually("the tool works", () =>
    page.lastMessage?.role === "assistant" && toolPartOf(page.lastMessage)?.state === "input-available");
  const steer = userMessage("Speak French");
  assert.equal(await transport.sendPendingMessage(chatId, steer), true);
  await sent;

  assert.equal(textOf(page.lastMessage), "D'accord.");
  const injected = page.lastMessage.parts.find(({ type }) => type === "data-pending-message-injected");
  assert.deepEqual(injected.data.messageIds, [steer.id]);
  assert.match(JSON.stringify(model.doStreamCalls.at(-1).prompt), /Speak French/);
  const recorded = await transcript(chatId, 1);
  const answers = recorded.filter(({ role }) => role === "assistant");
  assert.deepEqual(page.shown.filter(({ role }) => role === "assistant"), answers);
});

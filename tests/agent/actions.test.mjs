// Actions: commands that edit the conversation, with and without an answer.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { conversation, startServer, textOf } from "./conversation.mjs";
import { transcript, turnsOf } from "./transcripts.mjs";
import { eventually } from "../support/eventually.mjs";
import { readAll } from "../support/session-server.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const talk = (name, play) => conversation(name, () => server, play);

talk("B4 an action without a turn ends with no words", async ({ page, chatId, worker }) => {
  await page.sendMessage({ text: "keep this" });
  await page.sendMessage({ text: "forget this" });
  await transcript(chatId, 2);
  page.messages = page.messages.slice(0, -2); // The page edits its own copy, as documented.
  await page.sendMessage(undefined, { body: { action: { type: "undo" } } });
  assert.equal(page.status, "ready");
  assert.deepEqual(page.errors, []);
  await eventually("the agent has stored the edit", () => worker.stored?.length === 2);
  assert.deepEqual(page.shown, worker.stored);
  assert.equal(turnsOf(chatId).length, 2);

  await page.sendMessage({ text: "go on" });
  assert.deepEqual(page.shown, await transcript(chatId, 3));
  assert.equal(textOf(page.lastMessage), "You said go on as message 2.");
});

talk("B4 sendAction tells when the agent has processed it", async ({ page, transport, chatId }) => {
  await page.sendMessage({ text: "hello" });
  const settled = [];
  const onSettled = (result) => settled.push(result);
  const stream = await transport.sendAction(chatId, { type: "undo" }, { onSettled });
  assert.deepEqual(await readAll(stream), []);
  assert.equal(settled.length, 1);
  assert.equal(Number(settled[0].sessionInEventId), Number(settled[0].inputSeq));
});

talk("B4 an action with a turn is answered on the edited history", async ({ page, chatId }) => {
  await page.sendMessage({ text: "hello" });
  const [, before] = await transcript(chatId, 1);
  await page.regenerate({ body: { action: { type: "again" } } });
  const recorded = await transcript(chatId, 2);
  assert.deepEqual(page.shown, recorded);
  assert.equal(recorded.length, 2);
  assert.notEqual(recorded[1].id, before.id);
});

talk("B4 an action that asks is answered like a message", async ({ page, chatId, transport }) => {
  await page.sendMessage({ text: "hello" });
  const stream = await transport.sendAction(chatId, { type: "ask", question: "what else" });
  const chunks = await readAll(stream);
  const recorded = await transcript(chatId, 2);
  const said = chunks.map(({ delta }) => delta ?? "").join("");
  assert.equal(said, "You said what else as message 2.");
  assert.equal(said, textOf(recorded.at(-1)));
});

talk("C7 the end of an earlier action does not end a message's turn", async (conversation) => {
  const { page, chatId, transport } = conversation;
  await page.sendMessage({ text: "hello" });
  await transcript(chatId, 1);
  page.messages = [];
  // Neither waits for the other. Our appends keep their order; the reference's may change places.
  const acting = transport.sendAction(chatId, { type: "undo" });
  await page.sendMessage({ text: "weather" });
  assert.deepEqual(page.shown, await transcript(chatId, 2));
  assert.equal(page.messages.length, 2);
  await (await acting).cancel();
});

talk("B4 an action that the agent refuses is an error of the page", async ({ page, chatId }) => {
  await page.sendMessage({ text: "hello" });
  const shown = page.messages;
  await page.sendMessage(undefined, { body: { action: { type: "unheard of" } } });
  assert.equal(page.errors.length, 1);
  page.messages = shown;
  page.clearError();
  await page.sendMessage({ text: "still there" });
  assert.deepEqual(page.shown, await transcript(chatId, 3));
});

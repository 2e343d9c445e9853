// A conversation outlives its runs, and ends when the agent closes it.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { conversation, startServer, textOf } from "./conversation.mjs";
import { transcript } from "./transcripts.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const talk = (name, play) => conversation(name, () => server, play);

talk("C5 after upgrade-required the next run answers on the same stream", async (conversation) => {
  const { page, chatId, worker } = conversation;
  await page.sendMessage({ text: "hello" });
  await page.sendMessage({ text: "upgrade" });
  assert.deepEqual(page.shown, await transcript(chatId, 2));
  assert.equal(textOf(page.lastMessage), "You said upgrade as message 2.");
  assert.equal(worker.runs.length, 2);
  const controls = (await conversation.outputs()).flatMap(({ headers }) => headers);
  assert.ok(controls.some(([, value]) => value === "upgrade-required"));
  assert.ok(conversation.claims.scopes.includes(`read:runs:${worker.runs[1].id}`));
  assert.equal(conversation.eventsOf("message-sent").length, 2);
  assert.deepEqual(page.errors, []);
});

talk("C7 a message after endRun is answered by the next run", async ({ page, chatId, worker }) => {
  await page.sendMessage({ text: "goodbye" });
  assert.deepEqual(page.shown, await transcript(chatId, 1));
  await worker.runs[0].ended;
  await page.sendMessage({ text: "hello again" });
  assert.deepEqual(page.shown, await transcript(chatId, 2));
  assert.equal(textOf(page.lastMessage), "You said hello again as message 2.");
  assert.equal(worker.runs.length, 2);
});

talk("C14 a chat that the agent closed takes no more messages", async (conversation) => {
  const { page, chatId, transport } = conversation;
  await page.sendMessage({ text: "farewell" });
  assert.deepEqual(page.shown, await transcript(chatId, 1));
  assert.equal(transport.sessionStatus(chatId), "closed");
  assert.equal(transport.sessionClosedReason(chatId), "said farewell");
  assert.equal(conversation.eventsOf("session-closed").length, 1);
  await page.sendMessage({ text: "one more" });
  assert.equal(page.errors.length, 1);
  assert.equal(page.errors[0].code, "session_closed");
});

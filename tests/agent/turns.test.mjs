// Whole turns: what the page shows is what the agent recorded.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { conversation, startServer, textOf, toolPartOf } from "./conversation.mjs";
import { transcript } from "./transcripts.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const talk = (name, play, options) => conversation(name, () => server, play, options);

talk("C4 the page shows what the agent recorded, turn after turn", async ({ page, chatId }) => {
  const words = ["hello", "think", "weather", "bye now"];
  for (const [at, text] of words.entries()) {
    await page.sendMessage({ text });
    assert.equal(page.status, "ready");
    assert.deepEqual(page.shown, await transcript(chatId, at + 1));
  }
  assert.equal(page.messages.length, 2 * words.length);
  assert.equal(textOf(page.messages[1]), "You said hello as message 1.");
  assert.equal(page.messages[3].parts[1].type, "reasoning");
  assert.deepEqual(toolPartOf(page.messages[5]).output, { city: "Berlin", sky: "clear" });
  assert.equal(textOf(page.messages[7]), "You said bye now as message 4.");
  assert.deepEqual(page.errors, []);
});

talk("C3 the records by which the agent trims the stream are passed over", async (conversation) => {
  const { page, chatId, transport } = conversation;
  const words = ["one", "two", "three"];
  for (const [at, text] of words.entries()) {
    await page.sendMessage({ text });
    await transcript(chatId, at + 1);
  }
  const places = (await conversation.outputs()).map(({ seqNum }) => seqNum);
  assert.ok(places.some((place, at) => at > 0 && place > places[at - 1] + 1), "nothing was trimmed");
  assert.equal(transport.getSession(chatId).lastEventId, String(places.at(-1)));
  assert.deepEqual(page.errors, []);
});

talk("C6 each turn leaves the token that the agent signed", async (conversation) => {
  const { page, worker, transport, chatId } = conversation;
  await page.sendMessage({ text: "hello" });
  const first = transport.getSession(chatId);
  assert.equal(first.isStreaming, false);
  assert.ok(conversation.claims.scopes.includes(`read:runs:${worker.runs[0].id}`));
  await page.sendMessage({ text: "and again" });
  assert.notEqual(transport.getSession(chatId).publicAccessToken, first.publicAccessToken);
});

talk("C7 each turn-complete names the message that it answers", async (conversation) => {
  const { page } = conversation;
  for (const text of ["one", "two", "three"]) await page.sendMessage({ text });
  const answered = conversation.eventsOf("turn-completed").map((event) => event.sessionInEventId);
  assert.deepEqual(answered.map(String), ["0", "1", "2"]);
});

talk("B2 regenerate replaces the answer on both sides", async ({ page, chatId }) => {
  await page.sendMessage({ text: "hello" });
  const [, before] = await transcript(chatId, 1);
  await page.regenerate();
  const recorded = await transcript(chatId, 2);
  assert.deepEqual(page.shown, recorded);
  assert.equal(recorded.length, 2);
  assert.notEqual(recorded[1].id, before.id);
});

// Tool calls: those that the agent makes alone, those that wait for the user, and one that lets another
// agent answer. What the page shows is what the agent recorded.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { SUB_AGENT_DATA_TYPE } from "@trigger.dev/sdk/chat";
import {
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  readUIMessageStream,
} from "ai";

import { conversation, startServer, textOf, toolPartOf } from "./conversation.mjs";
import { asJson, transcript } from "./transcripts.mjs";
import { eventually } from "../support/eventually.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

/** As the documentation of both hooks says: a message whose calls are all decided goes out by itself. */
const sendAutomaticallyWhen = (chat) =>
  lastAssistantMessageIsCompleteWithApprovalResponses(chat) ||
  lastAssistantMessageIsCompleteWithToolCalls(chat);

const talk = (name, play) => conversation(name, () => server, play, { sendAutomaticallyWhen });

async function settled(page, state) {
  await eventually(`the call is ${state}`, () =>
    page.status === "ready" && toolPartOf(page.lastMessage).state === state);
}

talk("C4 a tool call without questions is one turn", async ({ page, chatId, worker }) => {
  await page.sendMessage({ text: "weather" });
  const recorded = await transcript(chatId, 1);
  assert.deepEqual(page.shown, recorded);
  assert.equal(recorded.length, 2);
  assert.equal(worker.runs.length, 1);
});

talk("B3 an approval continues the call in its message", async (conversation) => {
  const { page, chatId } = conversation;
  await page.sendMessage({ text: "email" });
  const asked = toolPartOf(page.lastMessage);
  assert.equal(asked.state, "approval-requested");
  assert.deepEqual(page.shown, await transcript(chatId, 1));

  await page.addToolApprovalResponse({ id: asked.approval.id, approved: true });
  await settled(page, "output-available");
  assert.deepEqual(page.shown, await transcript(chatId, 2));
  assert.equal(page.messages.length, 2);
  assert.deepEqual(toolPartOf(page.lastMessage).output, { sentTo: "ada@example.com" });
  assert.match(textOf(page.lastMessage), /^sendEmail says/);

  const { message } = (await conversation.inputs())[1].payload;
  assert.deepEqual(message.parts.map(Object.keys), [["type", "toolCallId", "state", "approval"]]);
});

talk("B3 a denial continues the call in its message", async ({ page, chatId }) => {
  await page.sendMessage({ text: "email" });
  const { approval } = toolPartOf(page.lastMessage);
  await page.addToolApprovalResponse({ id: approval.id, approved: false, reason: "not today" });
  await settled(page, "output-denied");
  assert.deepEqual(page.shown, await transcript(chatId, 2));
  assert.equal(page.messages.length, 2);
});

talk("B3 the user's answer continues the call in its message", async (conversation) => {
  const { page, chatId } = conversation;
  await page.sendMessage({ text: "ask" });
  const asked = toolPartOf(page.lastMessage);
  assert.equal(asked.state, "input-available");
  await page.addToolOutput({ tool: "askUser", toolCallId: asked.toolCallId, output: "tea" });
  await eventually("the agent has gone on", () => textOf(page.lastMessage) && page.status === "ready");
  assert.deepEqual(page.shown, await transcript(chatId, 2));
  assert.equal(textOf(page.lastMessage), 'askUser says "tea".');

  const { message } = (await conversation.inputs())[1].payload;
  assert.deepEqual(message.parts, [
    { type: "tool-askUser", toolCallId: asked.toolCallId, state: "output-available", output: "tea" },
  ]);
});

talk("B3 a question that was answered does not trouble the next turn", async ({ page, chatId }) => {
  await page.sendMessage({ text: "ask" });
  const { toolCallId } = toolPartOf(page.lastMessage);
  await page.addToolOutput({ tool: "askUser", toolCallId, output: "coffee" });
  await transcript(chatId, 2);
  await eventually("the page has it too", () => textOf(page.lastMessage) && page.status === "ready");
  await page.sendMessage({ text: "hello" });
  assert.deepEqual(page.shown, await transcript(chatId, 3));
  assert.equal(page.messages.length, 4);
});

talk("C4 a sub-agent's chunks reach the page as data parts", async ({ page, chatId }) => {
  await page.sendMessage({ text: "research" });
  assert.deepEqual(page.shown, await transcript(chatId, 1));

  const call = toolPartOf(page.lastMessage);
  const batches = page.data.filter(({ type }) => type === SUB_AGENT_DATA_TYPE).map(({ data }) => data);
  assert.deepEqual(batches.map(({ seq }) => seq), batches.map((_, at) => at));
  assert.ok(batches.length > 0 && batches.every(({ toolCallId }) => toolCallId === call.toolCallId));
  const chunks = batches.flatMap((batch) => batch.chunks);
  assert.deepEqual(asJson(await assemble(chunks)), call.output);
  assert.equal(textOf(call.output), "1 2 3 ");
});

async function assemble(chunks) {
  let message;
  for await (message of readUIMessageStream({ stream: ReadableStream.from(chunks) }));
  return message;
}

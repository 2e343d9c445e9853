// One conversation under plain Node: prints the answer's chunks as JSON.

import { TriggerChatTransport } from "trigger-chat-transport";

const [baseURL, chatId] = process.argv.slice(2);

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(baseURL + path, { method: "POST", headers, body: JSON.stringify(body) });
  return response.json();
}

const transport = new TriggerChatTransport({
  task: "demo-agent",
  baseURL,
  startSession: ({ chatId, clientData }) => post("/demo/start-session", { chatId, clientData }),
  accessToken: async ({ chatId }) => (await post("/demo/access-token", { chatId })).token,
});

const message = { id: "question", role: "user", parts: [{ type: "text", text: "emoji" }] };
const stream = await transport.sendMessages({
  chatId,
  trigger: "submit-message",
  messageId: undefined,
  messages: [message],
  abortSignal: undefined,
});
const chunks = [];
for await (const chunk of stream) chunks.push(chunk);
console.log(JSON.stringify(chunks));
transport.dispose();

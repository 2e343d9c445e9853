// With an OpenAI-compatible endpoint the answers are the model's, streamed.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { AgentChat } from "@trigger.dev/sdk/chat";
import { configure } from "@trigger.dev/sdk";

import { SECRET_KEY, startSessionServer } from "../support/session-server.mjs";

const asked = [];
let answer;
let server;
const endpoint = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  asked.push({ url: request.url, key: request.headers.authorization, body: JSON.parse(body) });
  answer(response);
});

before(async () => {
  endpoint.listen(0, "127.0.0.1");
  await once(endpoint, "listening");
  server = await startSessionServer({
    environment: {
      OPENAI_BASE_URL: `http://127.0.0.1:${endpoint.address().port}/v1`,
      OPENAI_API_KEY: "key",
      OPENAI_MODEL: "small",
    },
  });
  configure({ baseURL: server.url, accessToken: SECRET_KEY });
});
after(async () => {
  endpoint.close();
  await server.stop();
});

function speak(response, deltas) {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  for (const delta of deltas) response.write(`data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`);
  response.end("data: [DONE]\n\n");
}

test("the model hears the conversation and its answer is streamed", async () => {
  const chat = new AgentChat({ agent: "demo-agent", id: "model", baseURL: server.url });
  answer = (response) =>
    speak(response, [{ role: "assistant" }, { reasoning_content: "Hm." }, { content: "Olá, " }, { content: "mundo" }]);
  assert.equal(await (await chat.sendMessage("Hello")).text(), "Olá, mundo");
  answer = (response) => speak(response, [{ content: "Bye" }]);
  assert.equal(await (await chat.sendMessage("Goodbye")).text(), "Bye");
  assert.equal(asked[1].url, "/v1/chat/completions");
  assert.equal(asked[1].key, "Bearer key");
  assert.deepEqual(asked[1].body, {
    model: "small",
    stream: true,
    messages: [
      { role: "user", content: "Hello" },
      { role: "assistant", content: "Olá, mundo" },
      { role: "user", content: "Goodbye" },
    ],
  });
});

test("a model that refuses ends the turn with an error", async () => {
  const chat = new AgentChat({ agent: "demo-agent", id: "refused", baseURL: server.url });
  answer = (response) => response.writeHead(503).end();
  const chunks = [];
  for await (const chunk of await chat.sendMessage("Hello")) chunks.push(chunk);
  assert.equal(chunks.at(-1).type, "error");
  assert.match(chunks.at(-1).errorText, /503/);
});

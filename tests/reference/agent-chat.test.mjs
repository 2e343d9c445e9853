// The published server-side client and the SDK's session calls work with a secret key.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { configure, sessions } from "@trigger.dev/sdk";
import { AgentChat } from "@trigger.dev/sdk/chat";

import { SECRET_KEY, startSessionServer, textOf, turnsOf } from "../support/session-server.mjs";

let server;
before(async () => {
  server = await startSessionServer();
  configure({ baseURL: server.url, accessToken: SECRET_KEY });
});
after(() => server.stop());

function agentChat(id, options = {}) {
  return new AgentChat({ agent: "demo-agent", id, baseURL: server.url, ...options });
}

test("two turns, then a second process resumes", async () => {
  const chat = agentChat("agent-chat");
  const first = await (await chat.sendMessage("Hello from a server")).text();
  const second = await (await chat.sendMessage("12 deltas")).text();
  assert.deepEqual(turnsOf(await server.log("agent-chat")).map(textOf), [first, second]);
  const restored = agentChat("agent-chat", { session: chat.session });
  const third = await (await restored.sendMessage("3 deltas")).text();
  assert.equal(third, "1 2 3 ");
});

test("a tool call and its result are collected", async () => {
  const result = await (await agentChat("agent-tool").sendMessage("weather?")).result();
  assert.equal(result.toolCalls[0].toolName, "getWeather");
  assert.equal(result.toolResults[0].output.sky, "clear");
});

test("an undo action completes without words", async () => {
  const chat = agentChat("agent-action");
  await (await chat.sendMessage("2 deltas")).text();
  assert.equal(await (await chat.sendAction({ type: "undo" })).text(), "");
  assert.deepEqual((await server.chat("agent-action")).messages, []);
});

test("a stop lets the next message be answered", async () => {
  const chat = agentChat("agent-stop");
  const slow = await chat.sendMessage("a slow answer");
  const stopped = slow.text();
  await chat.stop();
  const next = await (await chat.sendMessage("4 deltas")).text();
  await stopped;
  assert.equal(next, "1 2 3 4 ");
});

test("closing from inside the chat closes the session", async () => {
  const chat = agentChat("agent-close");
  await (await chat.sendMessage("2 deltas")).text();
  assert.equal(await chat.close(), true);
  // The close travels on `.in`; `.out` says when it has arrived.
  await server.outputs("agent-close", "session-closed");
  const session = await sessions.retrieve("agent-close");
  assert.ok(session.closedAt instanceof Date);
});

test("the SDK's session calls accept the answers", async () => {
  const request = {
    type: "chat.agent",
    externalId: "sdk-calls",
    taskIdentifier: "demo-agent",
    triggerConfig: {
      basePayload: {
        chatId: "sdk-calls",
        trigger: "submit-message",
        message: { id: "u1", role: "user", parts: [{ type: "text", text: "6 deltas" }] },
      },
    },
    tags: ["chat:sdk-calls"],
  };
  const created = await sessions.start(request);
  assert.equal(created.isCached, false);
  assert.match(created.id, /^session_/);
  const again = await sessions.start(request);
  assert.deepEqual([again.isCached, again.id, again.runId], [true, created.id, created.runId]);
  assert.notEqual(again.publicAccessToken, created.publicAccessToken);
  const closed = await sessions.close("sdk-calls", { reason: "done" });
  const twice = await sessions.close(created.id, { reason: "other" });
  assert.deepEqual([closed.closedReason, twice.closedReason], ["done", "done"]);
  assert.deepEqual(twice.closedAt, closed.closedAt);
  const once = { retry: { maxAttempts: 1 } };
  await assert.rejects(sessions.start(request, once), { status: 409 });
});

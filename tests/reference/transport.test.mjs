// The published TriggerChatTransport works against the session server, and what it hands on is what
// the server wrote.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { TriggerChatTransport } from "@trigger.dev/sdk/chat";
import { readUIMessageStream } from "ai";

import { eventually } from "../support/eventually.mjs";
import { readAll, startSessionServer, textOf, turnsOf, userMessage } from "../support/session-server.mjs";

let server;
before(async () => (server = await startSessionServer()));
after(async () => assert.equal(await server.stop(), 0));

function transportFor(options = {}) {
  return new TriggerChatTransport({
    task: "demo-agent",
    baseURL: server.url,
    startSession: (request) => server.startSession(request),
    accessToken: (request) => server.accessToken(request),
    ...options,
  });
}

function send(transport, chatId, messages, extra = {}) {
  return transport.sendMessages({ chatId, trigger: "submit-message", messages, ...extra });
}

async function ask(transport, chatId, text) {
  return readAll(await send(transport, chatId, [userMessage(text)]));
}

test("two turns arrive whole and in order", async () => {
  const transport = transportFor();
  const first = await ask(transport, "two-turns", "Hello there");
  const second = await ask(transport, "two-turns", "What is the weather?");
  assert.deepEqual(turnsOf(await server.log("two-turns")), [first, second]);
  assert.match(textOf(first), /Hello there/);
  assert.ok(second.some((chunk) => chunk.type === "tool-output-available"));
  const { messages, lastEventId, isStreaming } = await server.chat("two-turns");
  assert.deepEqual(messages.map((message) => message.role), ["user", "assistant", "user", "assistant"]);
  assert.equal(lastEventId, transport.getSession("two-turns").lastEventId);
  assert.equal(isStreaming, false);
});

test("each turn-complete brings a fresh token", async () => {
  const transport = transportFor();
  await transport.start("fresh-token");
  const started = transport.getSession("fresh-token").publicAccessToken;
  await ask(transport, "fresh-token", "2 deltas");
  assert.notEqual(transport.getSession("fresh-token").publicAccessToken, started);
});

test("a second client resumes a running turn from its cursor", async () => {
  const transport = transportFor();
  await ask(transport, "resume", "5 deltas");
  const stream = await send(transport, "resume", [userMessage("a long answer please")]);
  const session = transport.getSession("resume");
  const resumed = await transportFor({ sessions: { resume: session } }).reconnectToStream({
    chatId: "resume",
  });
  const [original, replayed] = await Promise.all([readAll(stream), readAll(resumed)]);
  assert.deepEqual(replayed, original);
  assert.deepEqual(turnsOf(await server.log("resume"))[1], original);
});

test("a stop ends the turn cleanly and the next one is whole", async () => {
  const transport = transportFor();
  const stream = await send(transport, "stop", [userMessage("a slow answer please")]);
  const reader = stream.getReader();
  while ((await reader.read()).value?.type !== "text-delta");
  assert.equal(await transport.stopGeneration("stop"), true);
  const next = await ask(transport, "stop", "Hello again");
  const [stopped, answered] = turnsOf(await server.log("stop"));
  assert.deepEqual(
    stopped.slice(-3).map((chunk) => chunk.type),
    ["text-end", "finish-step", "finish"],
  );
  assert.deepEqual(next, answered);
});

test("an approved tool call goes on in the same message", async () => {
  const transport = transportFor();
  const question = userMessage("Please send an email to Ada");
  const stream = await send(transport, "approval", [question]);
  let message;
  for await (const snapshot of readUIMessageStream({ stream })) message = snapshot;
  const part = message.parts.find((candidate) => candidate.type === "tool-sendEmail");
  assert.equal(part.state, "approval-requested");
  part.state = "approval-responded";
  part.approval = { ...part.approval, approved: true };
  const going = await send(transport, "approval", [question, message]);
  const reloaded = await server.chat("approval");
  assert.deepEqual([reloaded.isStreaming, reloaded.messages.length], [true, 2]);
  const chunks = await readAll(going);
  assert.equal(chunks[0].messageId, message.id);
  const output = chunks.find((chunk) => chunk.type === "tool-output-available");
  assert.equal(output.toolCallId, part.toolCallId);
  const { messages } = await server.chat("approval");
  assert.equal(messages.length, 2);
  assert.equal(messages[1].parts.find((known) => known.type === "tool-sendEmail").state, "output-available");
});

test("regenerate answers the last question again, and undo forgets it", async () => {
  const transport = transportFor();
  await ask(transport, "again", "First question");
  const before = (await server.chat("again")).messages;
  const chunks = await readAll(
    await transport.sendMessages({ chatId: "again", trigger: "regenerate-message", messages: [] }),
  );
  assert.match(textOf(chunks), /First question/);
  const after = (await server.chat("again")).messages;
  assert.equal(after.length, before.length);
  assert.notEqual(after[1].id, before[1].id);
  assert.deepEqual(await readAll(await transport.sendAction("again", { type: "undo" })), []);
  assert.deepEqual((await server.chat("again")).messages, []);
});

test("a failing turn hands on its error and ends", async () => {
  const chunks = await ask(transportFor(), "failing", "please fail");
  assert.equal(chunks.at(-1).type, "error");
  const log = await server.log("failing");
  assert.equal(log.at(-1).control, "turn-complete");
});

test("a settled chat reconnects and ends at once", async () => {
  const transport = transportFor();
  await ask(transport, "settled", "3 deltas");
  const { publicAccessToken, lastEventId } = transport.getSession("settled");
  let answered;
  const reloaded = transportFor({
    sessions: { settled: { publicAccessToken, lastEventId } },
    fetch: async (url, init) => (answered = await fetch(url, init)),
  });
  const started = performance.now();
  const stream = await reloaded.reconnectToStream({ chatId: "settled" });
  assert.deepEqual(await readAll(stream), []);
  assert.ok(performance.now() - started < 3_000);
  assert.equal(answered.headers.get("X-Session-Settled"), "true");
  assert.equal(answered.headers.get("X-Stream-Version"), "v2");
});

test("a closed session refuses with the code, and readers are told", async () => {
  const transport = transportFor();
  await ask(transport, "closed", "3 deltas");
  const close = await server.post(
    "/api/v1/sessions/closed/close",
    { reason: "user-ended" },
    { Authorization: "Bearer tr_dev_reference" },
  );
  assert.equal((await close.json()).closedReason, "user-ended");
  await assert.rejects(ask(transport, "closed", "Hello?"), {
    status: 409,
    code: "session_closed",
    closedReason: "user-ended",
  });
  const last = (await server.log("closed")).at(-1);
  assert.equal(last.control, "session-closed");
  assert.deepEqual(last.headers, [
    ["session-closed", "true"],
    ["session-closed-reason", "user-ended"],
  ]);
});

test("an expired token is refreshed once and the message arrives once", async (t) => {
  const shortLived = await startSessionServer({ flags: ["--token-ttl-seconds", "1"] });
  t.after(() => shortLived.stop());
  let refreshes = 0;
  const transport = transportFor({
    baseURL: shortLived.url,
    startSession: (request) => shortLived.startSession(request),
    accessToken: (request) => {
      refreshes += 1;
      return shortLived.accessToken(request);
    },
  });
  await transport.start("expiring");
  const { exp } = claimsOf(transport.getSession("expiring").publicAccessToken);
  // A token counts whole seconds: it is dead one second after the one that it names.
  await new Promise((resolve) => setTimeout(resolve, (exp + 1) * 1_000 - Date.now() + 50));
  await ask(transport, "expiring", "1 deltas");
  assert.equal(refreshes, 1);
  assert.equal((await shortLived.inputs("expiring")).length, 1);
});

test("a cursor past the tail waits for what comes next", async (t) => {
  const transport = transportFor();
  await transport.start("past-tail");
  const { publicAccessToken } = transport.getSession("past-tail");
  const sessions = { "past-tail": { publicAccessToken, lastEventId: "999999", isStreaming: true } };
  const watcher = await transportFor({ sessions, watch: true }).reconnectToStream({ chatId: "past-tail" });
  const reader = watcher.getReader();
  t.after(() => reader.cancel());
  const first = reader.read();
  // Otherwise the answer may overtake the watcher, and its beginning is what it does not wait for.
  await eventually("the watcher is at the tail", () => server.isRead("past-tail"));
  await ask(transport, "past-tail", "2 deltas");
  assert.equal((await first).value.type, "start");
});

test("a denied tool call says so and goes on", async () => {
  const transport = transportFor();
  const question = userMessage("Send an email");
  const asked = await readAll(await send(transport, "denied", [question]));
  const { toolCallId, approvalId } = asked.find((chunk) => chunk.type === "tool-approval-request");
  const part = {
    type: "tool-sendEmail",
    toolCallId,
    state: "approval-responded",
    approval: { id: approvalId, approved: false },
  };
  const answer = { id: asked[0].messageId, role: "assistant", parts: [part] };
  const chunks = await readAll(await send(transport, "denied", [question, answer]));
  assert.ok(chunks.some((chunk) => chunk.type === "tool-output-denied"));
  assert.match(textOf(chunks), /did not send/);
});

test("a lost session is made again", async () => {
  const transport = transportFor();
  await ask(transport, "lost", "1 deltas");
  await server.json("/demo/chats/lost", { method: "DELETE" });
  const chunks = await ask(transport, "lost", "2 deltas");
  assert.equal(textOf(chunks), "1 2 ");
});

test("ids with slashes, dots and emoji name one chat", async () => {
  for (const chatId of ["team/a b", "v1.2..x", "😀-ünï", "100%", "a?b#c&d"]) {
    const chunks = await ask(transportFor(), chatId, "2 deltas");
    assert.deepEqual(turnsOf(await server.log(chatId)), [chunks], chatId);
  }
});

test("messages sent during a turn are turns of their own", async () => {
  const transport = transportFor({ watch: true });
  const stream = await send(transport, "queue", [userMessage("a long answer please")]);
  assert.equal(await transport.sendPendingMessage("queue", userMessage("7 deltas")), true);
  const reader = stream.getReader();
  let finished = 0;
  while (finished < 2) if ((await reader.read()).value?.type === "finish") finished += 1;
  await reader.cancel();
  transport.dispose();
  // A turn's boundary comes a moment behind its last chunk.
  const turns = async () => turnsOf(await server.log("queue"));
  await eventually("two turns have ended", async () => (await turns()).length === 2);
  assert.equal(textOf((await turns())[1]), "1 2 3 4 5 6 7 ");
});

function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
}

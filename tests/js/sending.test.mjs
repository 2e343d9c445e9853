// What the class makes of each kind of send (B1–B5, B8, B9, B11).

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

import { BOUNDED, answeringServer, assertGoodSendWorks, settle, watched } from "./good-send.mjs";
import { CHAT, PlayedServer, batch, read, submit, userMessage } from "./transport.mjs";

const bodies = (server) => server.appends().map(({ init }) => JSON.parse(init.body));

/** A response that says nothing until it is aborted. */
const silent = () => {
  const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
  return new Response(new ReadableStream(), { headers });
};

test("B1 C1 headers cannot override the transport's own, however they are written", async (t) => {
  const server = answeringServer();
  const own = {
    authorization: "Bearer mine",
    "CONTENT-TYPE": "text/plain",
    "X-Trigger-Source": "me",
    "x-part-id": "mine",
    accept: "text/html",
    "timeout-seconds": "1",
  };
  const { transport } = watched(t, server, { headers: own });
  await read(await submit(transport, { headers: new Headers(own) }));
  const [append, subscription] = server.requests.map(({ init }) => new Headers(init.headers));
  assert.equal(append.get("Authorization"), "Bearer token");
  assert.equal(append.get("Content-Type"), "application/json");
  assert.equal(append.get("x-trigger-source"), "sdk");
  assert.match(append.get("X-Part-Id"), /^[0-9a-f-]{36}$/);
  assert.equal(subscription.get("Authorization"), "Bearer token");
  assert.equal(subscription.get("Accept"), "text/event-stream");
  assert.equal(subscription.get("Timeout-Seconds"), "120");
});

test("B12 a header of the call takes the place of the option's, however either is written", async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server, { headers: { "X-Tenant": "option", "X-Other": "1" } });
  await read(await submit(transport, { headers: new Headers({ "X-Tenant": "call" }) }));
  for (const { init } of server.requests) {
    const headers = new Headers(init.headers);
    assert.deepEqual([headers.get("x-tenant"), headers.get("x-other")], ["call", "1"]);
  }
});

test("B1 every send has a part id of its own, which its retries share", BOUNDED, async (t) => {
  const server = answeringServer();
  const ids = [];
  const fetch = async (url, init) => {
    if (init.method === "POST") ids.push(init.headers["X-Part-Id"]);
    if (ids.length === 1) throw new TypeError("fetch failed");
    return server.fetch(url, init);
  };
  const { transport } = watched(t, server, { fetch });
  await assertGoodSendWorks(transport);
  await assertGoodSendWorks(transport);
  assert.equal(ids[0], ids[1]);
  assert.notEqual(ids[1], ids[2]);
  assert.equal(ids.length, 3);
});

test("B2 the body adds to the payload and replaces nothing of it", async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server);
  const body = { extra: [1], message: "other", chatId: "other", trigger: "other", metadata: "other" };
  await read(await submit(transport, { body, messageId: "m7", metadata: { page: 2 } }));
  assert.deepEqual(bodies(server)[0].payload, {
    extra: [1],
    message: userMessage("hello"),
    chatId: CHAT,
    trigger: "submit-message",
    messageId: "m7",
    metadata: { page: 2 },
  });
});

test("B2 only the last message goes out", async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server);
  const messages = [userMessage("first"), { ...userMessage("second"), id: "u2" }];
  await read(await submit(transport, { messages }));
  assert.deepEqual(bodies(server)[0].payload.message, messages[1]);
  assert.ok(!server.appends()[0].init.body.includes("first"));
});

/** The message that goes out of one that was given. */
async function sentOf(t, message) {
  const server = answeringServer();
  const { transport } = watched(t, server);
  await read(await submit(transport, { messages: [userMessage("hello"), message] }));
  return bodies(server)[0].payload.message;
}

test("B3 resolved tool parts go out without what the agent knows", async (t) => {
  const input = { to: "everybody" };
  const given = { type: "tool-mail", toolCallId: "c1", input, callProviderMetadata: {} };
  const sent = { type: "tool-mail", toolCallId: "c1" };
  const yes = { state: "approval-responded", approval: { id: "p", approved: true, reason: "fine" } };
  const no = { state: "output-denied", approval: { id: "q" } };
  const done = { state: "output-available", output: null, approval: { id: "r", approved: true } };
  const failed = { state: "output-error", errorText: "no" };
  const dynamic = { type: "dynamic-tool", toolName: "t" };
  const parts = [
    { type: "reasoning", text: "long" },
    { ...given, ...yes, toolName: "not for this type" },
    { ...given, ...no },
    { ...given, ...done },
    { ...given, ...dynamic, ...failed, output: "not for this state" },
    { ...given, state: "input-available" },
  ];
  const slim = [
    { ...sent, ...yes },
    { ...sent, ...no },
    { ...sent, ...done },
    { ...sent, ...dynamic, ...failed },
  ];
  const ids = { id: "a1", role: "assistant" };
  assert.deepEqual(await sentOf(t, { ...ids, metadata: { cost: 1 }, parts }), { ...ids, parts: slim });
});

test("B3 a message without resolved tool parts passes untouched", async (t) => {
  const tool = { type: "tool-x", toolCallId: "1", state: "output-available", input: {} };
  for (const message of [
    { id: "u", role: "user", parts: [tool] },
    { id: "a", role: "assistant", parts: [{ type: "text", text: "t" }, null, { state: "constructor" }] },
    { id: "a", role: "assistant", parts: [{ ...tool, type: "text" }] },
    { id: "a", role: "assistant" },
    "odd",
  ]) {
    assert.deepEqual(await sentOf(t, message), message);
  }
});

test("B4 the metadata and the signal of an action count", BOUNDED, async (t) => {
  const server = new PlayedServer(silent());
  const { transport } = watched(t, server, { clientData: { userId: "7", page: 1 } });
  const controller = new AbortController();
  const settled = [];
  const stream = await transport.sendAction(CHAT, "undo", {
    metadata: { page: 2 },
    abortSignal: controller.signal,
    onSettled: (settlement) => settled.push(settlement),
  });
  controller.abort();
  assert.deepEqual(await read(stream), []);
  const payload = { chatId: CHAT, trigger: "action", action: "undo", metadata: { userId: "7", page: 2 } };
  assert.deepEqual(bodies(server), [{ kind: "message", payload }, { kind: "stop" }]);
  assert.deepEqual(settled, []);
});

test("B5 a pending message goes into the running turn and leaves its stream open", async (t) => {
  const server = new PlayedServer(silent());
  const { transport } = watched(t, server, { clientData: { userId: "7" } });
  const stream = await submit(transport);
  const message = { ...userMessage("and quickly"), id: "u2" };
  assert.equal(await transport.sendPendingMessage(CHAT, message, { page: 2 }), true);
  const payload = {
    message,
    chatId: CHAT,
    trigger: "submit-message",
    metadata: { userId: "7", page: 2 },
  };
  assert.deepEqual(bodies(server)[1], { kind: "message", payload });
  assert.equal(server.subscriptions().length, 1);
  assert.ok(!server.subscriptions()[0].init.signal.aborted);
  assert.equal(transport.getSession(CHAT).isStreaming, true);
  await stream.cancel();
});

test("B5 stopGeneration ends the stream, the streaming state and the request", async (t) => {
  const server = new PlayedServer(silent());
  const { transport } = watched(t, server);
  const stream = await submit(transport);
  assert.equal(await transport.stopGeneration(CHAT), true);
  assert.deepEqual(await read(stream), []);
  assert.deepEqual(bodies(server)[1], { kind: "stop" });
  assert.equal(transport.getSession(CHAT).isStreaming, false);
  assert.ok(server.subscriptions()[0].init.signal.aborted);
});

test("B5 what is sent into an unknown chat, or refused, is false", async (t) => {
  const server = answeringServer();
  const refuse = async () => Response.json({ error: "no" }, { status: 400 });
  const { transport } = watched(t, server);
  for (const fetch of [server.fetch, refuse]) {
    transport.setFetch(fetch);
    const chatId = fetch === refuse ? CHAT : "unknown";
    assert.equal(await transport.sendPendingMessage(chatId, userMessage("hello")), false);
    assert.equal(await transport.stopGeneration(chatId), false);
  }
  assert.equal(server.requests.length, 0);
});

test("B6 a session that is gone is created again and the message arrives once", async (t) => {
  const server = answeringServer();
  const asked = [];
  const fetch = async (url, init) =>
    init.headers.Authorization === "Bearer token"
      ? Response.json({ error: "Session not found" }, { status: 404 })
      : server.fetch(url, init);
  const startSession = async (params) => {
    asked.push(params);
    return { publicAccessToken: "second" };
  };
  const { transport } = watched(t, server, { fetch, startSession });
  await assertGoodSendWorks(transport);
  assert.deepEqual(asked, [{ taskId: "agent", chatId: CHAT, clientData: {} }]);
  assert.equal(server.appends().length, 1);
  assert.equal(transport.getSession(CHAT).publicAccessToken, "second");
});

test("B8 a new send closes the earlier stream and keeps its own", async (t) => {
  const server = new PlayedServer(silent(), batch(0, [{ type: "start" }]));
  const { transport } = watched(t, server);
  const first = await submit(transport);
  const second = await submit(transport);
  assert.deepEqual(await read(first), []);
  assert.ok(server.subscriptions()[0].init.signal.aborted);
  await first.cancel();
  assert.deepEqual(await read(second), [{ type: "start" }]);
});

test("B9 an abort cuts the retries of a send short", BOUNDED, async (t) => {
  let attempts = 0;
  const fetch = async () => {
    attempts += 1;
    return new Response("", { status: 429, headers: { "Retry-After": "20" } });
  };
  const { transport } = watched(t, answeringServer(), { fetch });
  const controller = new AbortController();
  const rejected = assert.rejects(submit(transport, { abortSignal: controller.signal }), {
    name: "AbortError",
  });
  while (attempts === 0) await settle();
  await settle();
  controller.abort();
  await rejected;
  assert.equal(attempts, 1, "nothing was written, so there is nothing to stop");
});

test("B11 an abort while the append is under way is followed by one stop", BOUNDED, async (t) => {
  const server = answeringServer();
  let answer;
  const fetch = async (url, init) => {
    if (!answer) await new Promise((resolve) => (answer = resolve));
    return server.fetch(url, init);
  };
  const { transport } = watched(t, server, { fetch });
  const controller = new AbortController();
  const sent = submit(transport, { abortSignal: controller.signal });
  while (!answer) await settle();
  controller.abort();
  answer();
  assert.deepEqual(await read(await sent), []);
  assert.deepEqual(bodies(server).map(({ kind }) => kind), ["message", "stop"]);
  assert.equal(server.subscriptions().length, 0);
});

test("C9 a signal is let go once its send is over, however it ended", async (t) => {
  const { signal } = new AbortController();
  const { transport } = watched(t, answeringServer());
  const listening = () => getEventListeners(signal, "abort").length;
  const stream = await submit(transport, { abortSignal: signal });
  assert.equal(listening(), 1);
  await read(stream);
  assert.equal(listening(), 0);
  await (await submit(transport, { abortSignal: signal })).cancel();
  assert.equal(listening(), 0);
  transport.setFetch(async () => Response.json({ error: "no" }, { status: 400 }));
  await assert.rejects(submit(transport, { abortSignal: signal }), { status: 400 });
  assert.equal(listening(), 0);
});

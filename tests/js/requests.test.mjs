// What goes over the wire, and what comes back to the caller (A7, B1–B4, B7, C1, C4, S1, S2).

import assert from "node:assert/strict";
import { test } from "node:test";

import { CHAT, PlayedServer, batch, read, submit, transportOver, userMessage } from "./transport.mjs";

const PATH = "https://api.example/realtime/v1/sessions/chat%2F1%20%C3%BC";

test("B1 B2 C1 the requests of a turn", async () => {
  const server = new PlayedServer(batch(0, [{ type: "start" }]));
  const headers = { "X-Own": "1", Authorization: "cannot override" };
  const transport = transportOver(server, { headers, clientData: { userId: "7" } });
  const stream = await submit(transport, { body: { extra: true }, metadata: { page: 2 } });
  assert.deepEqual(await read(stream), [{ type: "start" }]);

  const [append, subscription] = server.requests;
  assert.equal(append.url, `${PATH}/in/append`);
  const { "X-Part-Id": partId, ...fixed } = append.init.headers;
  assert.match(partId, /^[0-9a-f-]{36}$/);
  assert.deepEqual(fixed, {
    "X-Own": "1",
    Authorization: "Bearer token",
    "Content-Type": "application/json",
    "x-trigger-source": "sdk",
  });
  assert.deepEqual(JSON.parse(append.init.body), {
    kind: "message",
    payload: {
      extra: true,
      message: userMessage("hello"),
      chatId: CHAT,
      trigger: "submit-message",
      metadata: { userId: "7", page: 2 },
    },
  });

  assert.equal(subscription.url, `${PATH}/out`);
  assert.deepEqual(subscription.init.headers, {
    "X-Own": "1",
    Authorization: "Bearer token",
    Accept: "text/event-stream",
    "Timeout-Seconds": "120",
  });
  for (const { init, url } of server.requests) {
    assert.equal(init.redirect, "error");
    assert.ok(init.signal instanceof AbortSignal);
    assert.ok(!url.includes("token"));
  }
  transport.dispose();
});

test("B2 a submit without messages rejects before any request", async () => {
  const server = new PlayedServer();
  const transport = transportOver(server);
  await assert.rejects(submit(transport, { messages: [] }), /at least one message/);
  assert.equal(server.requests.length, 0);
  transport.dispose();
});

test("B2 a regenerate carries no message", async () => {
  const server = new PlayedServer(batch(0, []));
  const transport = transportOver(server);
  await read(await submit(transport, { trigger: "regenerate-message", messageId: "a1" }));
  const { payload } = JSON.parse(server.appends()[0].init.body);
  assert.deepEqual(payload, { chatId: CHAT, trigger: "regenerate-message", messageId: "a1" });
  transport.dispose();
});

test("B4 an action goes by sendAction or in the body of a send", async () => {
  const server = new PlayedServer(batch(0, []), batch(1, []));
  const transport = transportOver(server);
  await read(await transport.sendAction(CHAT, { type: "undo" }));
  await read(await submit(transport, { body: { action: { type: "undo" } } }));
  const bodies = server.appends().map(({ init }) => JSON.parse(init.body));
  const payload = { chatId: CHAT, trigger: "action", action: { type: "undo" } };
  assert.deepEqual(bodies, [
    { kind: "message", payload },
    { kind: "message", payload },
  ]);
  transport.dispose();
});

test("B7 a refusal is an Error with what the server said", async () => {
  const transport = transportOver({
    fetch: async () =>
      Response.json({ error: "no", code: "session_closed", closedReason: "over" }, { status: 409 }),
  });
  const error = await submit(transport).catch((error) => error);
  assert.ok(error instanceof Error);
  assert.equal(error.name, "TriggerApiError");
  assert.deepEqual(
    { status: error.status, code: error.code, closedReason: error.closedReason },
    { status: 409, code: "session_closed", closedReason: "over" },
  );
  assert.equal(transport.sessionStatus(CHAT), "closed");
  transport.dispose();
});

test("B12 the headers of one call are sent with its requests only", async () => {
  const server = new PlayedServer(batch(0, []), batch(1, []));
  const transport = transportOver(server);
  await read(await submit(transport, { headers: new Headers({ "x-call": "1" }) }));
  await read(await submit(transport));
  const sent = server.requests.map(({ init }) => init.headers["x-call"]);
  assert.deepEqual(sent, ["1", "1", undefined, undefined]);
  transport.dispose();
});

test("B13 what is sent is what the messages were at the time of the call", async () => {
  const server = new PlayedServer(batch(0, []));
  const transport = transportOver(server);
  const messages = [userMessage("before")];
  const sent = submit(transport, { messages });
  messages[0].parts[0].text = "after";
  await read(await sent);
  assert.ok(server.appends()[0].init.body.includes("before"));
  transport.dispose();
});

test("A2 baseURL and fetch are asked for every request, with its context", async () => {
  const asked = [];
  const server = new PlayedServer(batch(0, []));
  const transport = transportOver(server, {
    baseURL: (context) => {
      asked.push(context);
      return `https://${context.endpoint}.example`;
    },
    fetch: (url, init, context) => {
      assert.ok(url.startsWith(`https://${context.endpoint}.example/`));
      return server.fetch(url, init);
    },
  });
  await read(await submit(transport));
  assert.deepEqual(asked, [
    { endpoint: "in", chatId: CHAT },
    { endpoint: "out", chatId: CHAT },
  ]);
  transport.dispose();
});

test("A7 observers that throw break nothing", async () => {
  const explode = () => {
    throw new Error("an observer's own failure");
  };
  const server = new PlayedServer(batch(0, [{ type: "start" }]));
  const transport = transportOver(server, { onEvent: explode, onSessionChange: explode });
  assert.deepEqual(await read(await submit(transport)), [{ type: "start" }]);
  transport.dispose();
});

test("A7 when sendMessages resolves, the session says streaming and was told", async () => {
  const changes = [];
  const server = new PlayedServer(batch(0, [], false));
  const transport = transportOver(server, { onSessionChange: (_, state) => changes.push(state) });
  await submit(transport);
  assert.equal(changes.at(-1).isStreaming, true);
  assert.equal(changes.at(-1).activeInputSeq, 0);
  assert.equal(transport.getSession(CHAT).isStreaming, true);
  transport.dispose();
});

test("C4 C9 an own __proto__ key stays data, and a consumer that cancels aborts the request", async () => {
  const chunk = JSON.parse('{"type":"data-x","__proto__":{"polluted":true}}');
  const server = new PlayedServer(batch(0, [chunk], false));
  const transport = transportOver(server);
  const reader = (await submit(transport)).getReader();
  const { value } = await reader.read();
  assert.ok(Object.hasOwn(value, "__proto__"));
  assert.equal({}.polluted, undefined);
  await reader.cancel();
  assert.ok(server.subscriptions()[0].init.signal.aborted);
  transport.dispose();
});

test("C9 an aborted signal ends the stream cleanly and sends one stop", async () => {
  const server = new PlayedServer(new Response(new ReadableStream(), {
    headers: { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" },
  }));
  const transport = transportOver(server);
  const controller = new AbortController();
  const stream = await submit(transport, { abortSignal: controller.signal });
  controller.abort();
  assert.deepEqual(await read(stream), []);
  const bodies = server.appends().map(({ init }) => JSON.parse(init.body).kind);
  assert.deepEqual(bodies, ["message", "stop"]);
  transport.dispose();
});

test("B11 a signal that is aborted already sends nothing", async () => {
  const server = new PlayedServer();
  const transport = transportOver(server);
  const rejected = submit(transport, { abortSignal: AbortSignal.abort() });
  await assert.rejects(rejected, { name: "AbortError" });
  assert.equal(server.requests.length, 0);
  transport.dispose();
});

test("A4 a callback's own error reaches the caller as it is", async () => {
  const own = new Error("no database");
  const transport = transportOver(new PlayedServer(), {
    sessions: {},
    startSession: async () => {
      throw own;
    },
  });
  assert.equal(await submit(transport).catch((error) => error), own);
  transport.setStartSession(async () => ({ publicAccessToken: 7 }));
  await assert.rejects(transport.start(CHAT), /publicAccessToken/);
  transport.dispose();
});

test("A2 an option that throws or answers nonsense is the caller's error, at once", async () => {
  const own = new Error("no such endpoint");
  const explode = () => {
    throw own;
  };
  const thrown = transportOver(new PlayedServer(), { baseURL: explode });
  assert.equal(await submit(thrown).catch((error) => error), own);
  thrown.dispose();
  for (const answer of [undefined, Promise.resolve(undefined), 7]) {
    const transport = transportOver(new PlayedServer(), { fetch: () => answer });
    await assert.rejects(submit(transport), /must resolve to a Response/);
    transport.dispose();
  }
});

test("B12 an action in the body of a send carries the headers of the call", async () => {
  const server = new PlayedServer(batch(0, []));
  const transport = transportOver(server);
  await read(await submit(transport, { body: { action: 1 }, headers: { "x-call": "1" } }));
  assert.equal(server.appends()[0].init.headers["x-call"], "1");
  transport.dispose();
});

test("B4 onSettled is told before the stream closes, and what it throws is swallowed", async () => {
  const boundary = [["trigger-control", "turn-complete"], ["session-in-event-id", "0"]];
  const record = { seq_num: 4, timestamp: 0, headers: boundary, body: "" };
  const text = `event: batch\ndata: ${JSON.stringify({ records: [record] })}\n\n`;
  const transport = transportOver(new PlayedServer(text));
  const settlements = [];
  const stream = await transport.sendAction(CHAT, { type: "undo" }, {
    onSettled: (settlement) => {
      settlements.push(settlement);
      throw new Error("an observer's own failure");
    },
  });
  assert.deepEqual(await read(stream), []);
  assert.deepEqual(settlements, [{ inputSeq: 0, sessionInEventId: "0", lastEventId: "4" }]);
  transport.dispose();
});

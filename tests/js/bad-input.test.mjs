// Messages and chat ids that are large, odd or impossible (B2, B10, B12): what can be sent arrives
// untouched, what cannot is refused before it leaves, and the next good send works.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BOUNDED, answeringServer, assertGoodSendWorks, watched } from "./good-send.mjs";
import { CHAT, read, submit, userMessage } from "./transport.mjs";

const LARGE = "x".repeat(1_200_000);

/** The size and the limit, in bytes. */
const TOO_LARGE = /12\d{5} bytes.*1048576/;

test("B10 a message of 1.2 MB is refused before it leaves", async (t) => {
  const server = answeringServer();
  const { transport, failures } = watched(t, server);
  await assert.rejects(submit(transport, { messages: [userMessage(LARGE)] }), TOO_LARGE);
  await assert.rejects(submit(transport, { body: { action: LARGE } }), TOO_LARGE);
  await assert.rejects(transport.sendAction(CHAT, { text: LARGE }), TOO_LARGE);
  assert.equal(await transport.sendPendingMessage(CHAT, userMessage(LARGE)), false);
  assert.equal(server.requests.length, 0);
  assert.deepEqual(
    failures().map(({ source, messageId }) => [source, messageId]),
    [["submit-message", "u1"], ["action", undefined], ["action", undefined], ["steer", "u1"]],
  );
  for (const { error, bodyBytes } of failures()) {
    assert.match(error.message, TOO_LARGE);
    assert.ok(bodyBytes > 1_200_000);
  }
  await assertGoodSendWorks(transport);
});

test("B10 a message that is too large only once it is escaped is refused too", async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server);
  const message = userMessage('"'.repeat(400_000));
  await assert.rejects(submit(transport, { messages: [message] }), /bytes.*1048576/);
  assert.equal(server.requests.length, 0);
  await assertGoodSendWorks(transport);
});

test("B10 a chat without a session is told before one is started", async (t) => {
  const startSession = () => assert.fail("nothing is to be sent");
  const { transport, failures } = watched(t, answeringServer(), { sessions: {}, startSession });
  await assert.rejects(submit(transport, { messages: [userMessage(LARGE)] }), TOO_LARGE);
  assert.equal(failures().length, 1);
});

test("B12 any text but a dot or two names a chat, and arrives encoded", async (t) => {
  const ids = [
    "a/b",
    "../../admin",
    "/",
    "a.b",
    "...",
    "a b",
    " ",
    "100%",
    "%2e%2e",
    "%2F",
    "a?b#c&d=e",
    "a\\b",
    "a\nb\u0000",
    "😀",
    "grüße",
    "e\u0301",
    "שלום",
    "__proto__",
    "constructor",
    "i".repeat(300),
    "😀".repeat(150),
  ];
  for (const chatId of ids) {
    const server = answeringServer();
    const contexts = [];
    const { transport, events } = watched(t, server, {
      sessions: {},
      startSession: async (params) => {
        contexts.push(params.chatId);
        return { publicAccessToken: "token" };
      },
      fetch: (url, init, context) => {
        contexts.push(context.chatId);
        return server.fetch(url, init);
      },
    });
    await assertGoodSendWorks(transport, chatId);
    const base = `https://api.example/realtime/v1/sessions/${encodeURIComponent(chatId)}`;
    assert.deepEqual(server.requests.map(({ url }) => url), [`${base}/in/append`, `${base}/out`]);
    for (const { url } of server.requests) assert.equal(new URL(url).href, url);
    assert.equal(JSON.parse(server.appends()[0].init.body).payload.chatId, chatId);
    assert.deepEqual(contexts, [chatId, chatId, chatId]);
    assert.ok(events.every((event) => event.chatId === chatId));
    assert.equal(transport.getSession(chatId).publicAccessToken, "token");
  }
});

/** Every call that names a chat and gives a promise. */
const callsOf = (transport, chatId) => [
  () => transport.start(chatId),
  () => transport.preload(chatId),
  () => submit(transport, { chatId }),
  () => transport.sendAction(chatId, { type: "undo" }),
  () => transport.sendPendingMessage(chatId, userMessage("hello")),
  () => transport.stopGeneration(chatId),
  () => transport.reconnectToStream({ chatId }),
];

for (const chatId of ["", ".", "..", "a\ud800", "\udc00", undefined, null, 7, {}]) {
  const shown = JSON.stringify(chatId) ?? "undefined";
  test(`B12 the chat id ${shown} rejects before any request`, BOUNDED, async (t) => {
    const server = answeringServer();
    const startSession = () => assert.fail("no session is to be started");
    const { transport } = watched(t, server, { startSession });
    for (const call of callsOf(transport, chatId)) {
      await assert.rejects(call, (error) => {
        assert.match(error.message, /chatId/, call.toString());
        return true;
      });
    }
    assert.equal(server.requests.length, 0);
    await assertGoodSendWorks(transport);
  });
}

test("B2 lone surrogates in ids and texts arrive as they are", async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server);
  const message = { id: "\ud800", role: "user", parts: [{ type: "text", text: "a\udc00😀\ud83d" }] };
  const sent = { messages: [message], messageId: "\udfff", metadata: { key: "\ud800" } };
  await read(await submit(transport, sent));
  const { payload } = JSON.parse(server.appends()[0].init.body);
  assert.deepEqual(payload.message, message);
  assert.equal(payload.messageId, "\udfff");
  assert.deepEqual(payload.metadata, { key: "\ud800" });
});

test("B2 own __proto__ keys of a message, body and metadata stay data", async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server);
  const own = () => JSON.parse('{"__proto__":{"polluted":true},"constructor":1}');
  const message = { ...userMessage("hello"), metadata: own() };
  await read(await submit(transport, { messages: [message], body: own(), metadata: own() }));
  const { body } = server.appends()[0].init;
  assert.equal(body.split('"__proto__":{"polluted":true}').length - 1, 3, body);
  assert.equal({}.polluted, undefined);
});

test("B2 a message that cannot be serialised rejects and sends nothing", BOUNDED, async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server);
  const cyclic = { role: "user", parts: [] };
  cyclic.parts.push(cyclic);
  for (const message of [cyclic, { ...userMessage("hello"), metadata: { count: 1n } }]) {
    await assert.rejects(submit(transport, { messages: [message] }), TypeError);
    await assert.rejects(transport.sendAction(CHAT, message), TypeError);
    await assert.rejects(transport.sendPendingMessage(CHAT, message), TypeError);
  }
  assert.equal(server.requests.length, 0);
  await assertGoodSendWorks(transport);
});

test("B3 a message whose parts make no sense arrives as it is", async (t) => {
  for (const parts of [undefined, null, "text", 7, [null, 7, "text", { type: 5 }, { type: "tool-" }]]) {
    const server = answeringServer();
    const { transport } = watched(t, server);
    const message = { id: "a1", role: "assistant", parts };
    await read(await submit(transport, { messages: [message] }));
    const { payload } = JSON.parse(server.appends()[0].init.body);
    assert.deepEqual(payload.message, JSON.parse(JSON.stringify(message)));
  }
});

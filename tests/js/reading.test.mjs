// What the class makes of streams: subscriptions, resuming, closed sessions (C1, C3, C6, C9, C10, C12, C14).

import assert from "node:assert/strict";
import { test } from "node:test";

import { BOUNDED, answeringServer, assertGoodSendWorks, watched } from "./good-send.mjs";
import { CHAT, PlayedServer, batch, read, submit, userMessage } from "./transport.mjs";

const START = { type: "start" };
const STREAM = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };

/** A response that stays open until the test ends it. */
function open(headers = {}) {
  let controller;
  const body = new ReadableStream({ start: (started) => (controller = started) });
  const response = new Response(body, { headers: { ...STREAM, ...headers } });
  const write = (text) => controller.enqueue(new TextEncoder().encode(text));
  return { response, write, end: () => controller.close() };
}

const streaming = (session = {}) => ({
  sessions: { [CHAT]: { publicAccessToken: "token", isStreaming: true, ...session } },
});

/** The headers that only some subscriptions carry. */
const resuming = ({ init }) => [init.headers["Last-Event-ID"], init.headers["X-Peek-Settled"]];

test("C1 a resumed subscription carries the cursor, and peeks only where no append is known", async (t) => {
  for (const [session, watch, expected] of [
    [{ lastEventId: "7" }, false, ["7", "1"]],
    [{}, false, [undefined, "1"]],
    [{ lastEventId: "7", activeInputSeq: 3 }, false, ["7", undefined]],
    [{ lastEventId: "7" }, true, ["7", undefined]],
  ]) {
    const server = new PlayedServer(open().response);
    const { transport } = watched(t, server, { ...streaming(session), watch });
    const stream = await transport.reconnectToStream({ chatId: CHAT, headers: { "x-call": "1" } });
    assert.ok(stream instanceof ReadableStream);
    const [subscription] = server.requests;
    assert.deepEqual(resuming(subscription), expected);
    assert.equal(subscription.init.headers["x-call"], "1");
    assert.equal(subscription.init.method ?? "GET", "GET");
  }
});

test("C1 C3 a broken stream is read on from its last record", BOUNDED, async (t) => {
  const server = new PlayedServer(batch(0, [START], false), batch(1, [{ type: "finish" }]));
  const { transport } = watched(t, server);
  assert.deepEqual(await read(await submit(transport)), [START, { type: "finish" }]);
  assert.deepEqual(server.subscriptions().map(resuming), [
    [undefined, undefined],
    ["0", undefined],
  ]);
});

test("a burst of megabytes is whole, and lets the page do other things in between", BOUNDED, async (t) => {
  const text = "words ".repeat(1_000);
  const chunks = Array.from({ length: 1_000 }, (_, at) => ({ type: "data-words", id: String(at), data: text }));
  const batches = chunks.map((chunk, at) => batch(at, [chunk], at === chunks.length - 1));
  const bytes = new TextEncoder().encode(batches.join(""));
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const server = new PlayedServer(new Response(body, { headers: STREAM }));
  const { transport } = watched(t, server);
  const stream = await submit(transport);
  let tasks = 0;
  let isOver = false;
  const other = () => {
    tasks += 1;
    if (!isOver) setImmediate(other);
  };
  setImmediate(other);
  const received = await read(stream);
  isOver = true;
  assert.deepEqual(received, chunks);
  assert.ok(tasks >= bytes.length / 2_000_000, `${tasks} other tasks in ${bytes.length} bytes`);
});

test("C6 at the end of a turn the new token is there before the stream closes", async (t) => {
  const boundary = [["trigger-control", "turn-complete"], ["public-access-token", "fresh"]];
  const record = { seq_num: 4, timestamp: 0, headers: boundary, body: "" };
  const text = `event: batch\ndata: ${JSON.stringify({ records: [record] })}\n\n`;
  const server = new PlayedServer(text, batch(5, [START]));
  const { transport } = watched(t, server);
  await read(await submit(transport));
  const { publicAccessToken, isStreaming, lastEventId, activeInputSeq } = transport.getSession(CHAT);
  assert.deepEqual(
    [publicAccessToken, isStreaming, lastEventId, activeInputSeq],
    ["fresh", false, "4", undefined],
  );
  await assertGoodSendWorks(transport);
  assert.equal(server.appends()[1].init.headers.Authorization, "Bearer fresh");
});

test("C6 C10 a watched chat is followed from turn to turn", async (t) => {
  const stream = open();
  const server = new PlayedServer(stream.response);
  const sessions = { [CHAT]: { publicAccessToken: "token", isStreaming: false } };
  const { transport } = watched(t, server, { watch: true, sessions });
  const reader = (await transport.reconnectToStream({ chatId: CHAT })).getReader();
  for (const first of [0, 2]) {
    stream.write(batch(first, [{ type: "start", messageId: `turn ${first}` }]));
    assert.equal((await reader.read()).value.messageId, `turn ${first}`);
  }
  await reader.cancel();
  assert.ok(server.subscriptions()[0].init.signal.aborted);
});

test("C9 an aborted reconnect ends its stream and stops nothing, unless asked to", BOUNDED, async (t) => {
  for (const [stopOnAbort, kinds] of [[undefined, []], [false, []], [true, ["stop"]]]) {
    const server = new PlayedServer(open().response);
    const { transport } = watched(t, server, streaming({ activeInputSeq: 3 }));
    const controller = new AbortController();
    const options = { chatId: CHAT, abortSignal: controller.signal, stopOnAbort };
    const stream = await transport.reconnectToStream(options);
    controller.abort();
    assert.deepEqual(await read(stream), []);
    assert.ok(server.subscriptions()[0].init.signal.aborted);
    assert.deepEqual(server.appends().map(({ init }) => JSON.parse(init.body).kind), kinds);
  }
});

test("C10 there is nothing to follow for a chat that is unknown, closed, idle or followed", async (t) => {
  const server = new PlayedServer(open().response);
  const { transport } = watched(t, server, {
    sessions: {
      closed: { publicAccessToken: "t", isStreaming: true, closed: true },
      idle: { publicAccessToken: "t", isStreaming: false },
      followed: { publicAccessToken: "t", isStreaming: true },
    },
  });
  const followed = await transport.reconnectToStream({ chatId: "followed" });
  for (const chatId of ["unknown", "closed", "idle", "followed"]) {
    assert.equal(await transport.reconnectToStream({ chatId }), null, chatId);
  }
  assert.equal(server.requests.length, 1);
  await followed.cancel();
});

test("C10 resumeStreamIsReplay is true only if this page holds some of the turn", async (t) => {
  const responses = [open(), open()];
  const server = new PlayedServer(...responses.map(({ response }) => response));
  const { transport } = watched(t, server, streaming({ lastEventId: "7", activeInputSeq: 0 }));
  assert.equal(transport.resumeStreamIsReplay, false);
  const first = (await transport.reconnectToStream({ chatId: CHAT })).getReader();
  assert.equal(transport.resumeStreamIsReplay, false, "a fresh page holds nothing of it");
  responses[0].write(batch(8, [START], false));
  await first.read();
  await first.cancel();
  const second = (await transport.reconnectToStream({ chatId: CHAT })).getReader();
  assert.equal(transport.resumeStreamIsReplay, true);
  assert.equal(server.subscriptions()[1].init.headers["Last-Event-ID"], "7");
  responses[1].write(batch(8, [START], false));
  assert.deepEqual((await second.read()).value, START);
});

test("C10 a reconnect whose signal is aborted already is null and asks for nothing", async (t) => {
  const server = new PlayedServer();
  const { transport } = watched(t, server, streaming());
  const abortSignal = AbortSignal.abort();
  assert.equal(await transport.reconnectToStream({ chatId: CHAT, abortSignal }), null);
  assert.equal(server.requests.length, 0);
});

test("C12 a finished chat resolves to null once its stream has drained empty", BOUNDED, async (t) => {
  const stream = open({ "X-Session-Settled": "true" });
  const { transport, events } = watched(t, new PlayedServer(stream.response), streaming());
  const resumed = transport.reconnectToStream({ chatId: CHAT });
  stream.write("data: [DONE]\n\n");
  stream.end();
  assert.equal(await resumed, null);
  assert.equal(transport.getSession(CHAT).isStreaming, false);
  assert.deepEqual(events.filter(({ type }) => type === "stream-connected"), []);
});

test("C12 of two reconnects at once the second gets the stream", BOUNDED, async (t) => {
  const server = new PlayedServer(open().response, batch(0, [START]));
  const { transport } = watched(t, server, streaming({ activeInputSeq: 0 }));
  const both = [1, 2].map(() => transport.reconnectToStream({ chatId: CHAT }));
  const [first, second] = await Promise.all(both);
  assert.equal(first, null);
  assert.ok(second instanceof ReadableStream);
});

test("C14 a closed session says so, and sends reject without a request", async (t) => {
  const server = answeringServer();
  const { transport, failures } = watched(t, server, {
    sessions: { [CHAT]: { publicAccessToken: "t", closed: true, closedReason: "over" } },
  });
  assert.equal(transport.sessionStatus(CHAT), "closed");
  assert.equal(transport.sessionClosedReason(CHAT), "over");
  const expected = {
    name: "TriggerApiError",
    status: 409,
    code: "session_closed",
    closedReason: "over",
  };
  await assert.rejects(submit(transport), expected);
  await assert.rejects(transport.sendAction(CHAT, "undo"), expected);
  assert.equal(await transport.sendPendingMessage(CHAT, userMessage("hello")), false);
  assert.equal(await transport.stopGeneration(CHAT), false);
  assert.equal(server.requests.length, 0);
  assert.ok(failures().length >= 2);
  assert.equal(transport.sessionStatus("unknown"), "open");
  assert.equal(transport.sessionClosedReason("unknown"), undefined);
});

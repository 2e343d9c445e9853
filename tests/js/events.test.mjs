// The events of a chat as `onEvent` gets them: the published names and fields (G1).

import assert from "node:assert/strict";
import { test } from "node:test";

import { watched } from "./good-send.mjs";
import { CHAT, PlayedServer, batch, read, submit, userMessage } from "./transport.mjs";

/** Batch events of control records from this sequence number on. */
function controls(first, ...headers) {
  const records = headers.map((pairs, at) => {
    const named = Object.entries(pairs);
    return { seq_num: first + at, timestamp: 0, headers: named, body: "" };
  });
  return `event: batch\ndata: ${JSON.stringify({ records })}\n\n`;
}

const FIRST_TURN = [
  batch(0, [{ type: "start" }, { type: "finish" }], false),
  controls(2, { "trigger-control": "turn-complete", "session-in-event-id": "0" }),
].join("");

/** The events of a kind without what differs from run to run, which is checked here. */
function of(events, type, ...varying) {
  return events
    .filter((event) => event.type === type)
    .map((event) => {
      assert.equal(event.chatId, CHAT);
      assert.ok(Math.abs(event.timestamp - Date.now()) < 60_000);
      const { type: _, chatId: __, timestamp: ___, ...fields } = event;
      for (const name of varying) {
        assert.ok(Number.isInteger(fields[name]) && fields[name] >= 0, name);
        delete fields[name];
      }
      return fields;
    });
}

test("G1 a turn tells that it was sent, answered and completed", async (t) => {
  const server = new PlayedServer(FIRST_TURN);
  const { transport, events } = watched(t, server);
  await read(await submit(transport));
  const names = ["message-sent", "stream-connected", "first-chunk", "turn-completed"];
  const told = events.filter(({ type }) => type !== "connection-changed");
  assert.deepEqual(told.map(({ type }) => type), names);

  const [{ init }] = server.appends();
  const sent = {
    source: "submit-message",
    messageId: "u1",
    partId: init.headers["X-Part-Id"],
    bodyBytes: Buffer.byteLength(init.body),
  };
  assert.deepEqual(of(events, "message-sent", "durationMs"), [sent]);
  assert.deepEqual(of(events, "stream-connected"), [
    { resumed: false, lastEventId: undefined, messageId: "u1" },
  ]);
  assert.deepEqual(of(events, "first-chunk", "sinceSendMs"), [
    { chunkType: "start", lastEventId: "0", messageId: "u1" },
  ]);
  assert.deepEqual(of(events, "turn-completed", "sinceSendMs"), [
    { lastEventId: "2", sessionInEventId: "0", messageId: "u1" },
  ]);
});

test("G1 every kind of send is told under its published name", async (t) => {
  const { transport, events } = watched(t, new PlayedServer(batch(0, []), batch(1, []), batch(2, [])));
  await read(await submit(transport));
  await read(await submit(transport, { trigger: "regenerate-message", messageId: "a1" }));
  await read(await transport.sendAction(CHAT, "undo"));
  await transport.sendPendingMessage(CHAT, userMessage("more"));
  await transport.stopGeneration(CHAT);
  const sent = events.filter(({ type }) => type === "message-sent");
  assert.deepEqual(
    sent.map(({ source, messageId }) => [source, messageId]),
    [
      ["submit-message", "u1"],
      ["regenerate-message", "a1"],
      ["action", undefined],
      ["steer", "u1"],
      ["stop", undefined],
    ],
  );
});

test("G1 a refused send tells its status and the error that the caller got", async (t) => {
  const fetch = async () => Response.json({ error: "no" }, { status: 413 });
  const { transport, events } = watched(t, new PlayedServer(), { fetch });
  const caught = await submit(transport).then(assert.fail, (error) => error);
  const [{ error, partId, bodyBytes, ...rest }] = of(events, "message-send-failed", "durationMs");
  assert.deepEqual(rest, { source: "submit-message", status: 413, messageId: "u1" });
  assert.equal(error.message, caught.message);
  assert.match(partId, /^[0-9a-f-]{36}$/);
  assert.ok(bodyBytes > 0);
});

test("G1 a stream that fails tells its status and the error that the reader got", async (t) => {
  const gone = new Response("", { status: 410 });
  const { transport, events } = watched(t, new PlayedServer(gone));
  const caught = await read(await submit(transport)).then(assert.fail, (error) => error);
  const [{ error, status }] = of(events, "stream-error");
  assert.equal(status, 410);
  assert.equal(error.message, caught.message);
  assert.equal(error.name, "TriggerApiError");
});

test("G1 C14 a close is told once, from the stream or from an append", async (t) => {
  const close = { "trigger-control": "session-closed", "session-closed-reason": "done" };
  const streamed = watched(t, new PlayedServer(controls(0, close, close)));
  await read(await submit(streamed.transport));
  await assert.rejects(submit(streamed.transport), { status: 409 });
  assert.deepEqual(of(streamed.events, "session-closed"), [{ reason: "done", source: "stream" }]);

  const fetch = async () => Response.json({ code: "session_closed" }, { status: 409 });
  const refused = watched(t, new PlayedServer(), { fetch });
  await assert.rejects(submit(refused.transport), { status: 409 });
  await assert.rejects(submit(refused.transport), { status: 409 });
  assert.deepEqual(of(refused.events, "session-closed"), [{ reason: undefined, source: "append" }]);
});

test("G1 a run that waits for its deployment is told with where that was learned", async (t) => {
  const server = new PlayedServer(
    controls(0, { "trigger-control": "pending-version" }, { "trigger-control": "turn-complete" }),
  );
  const fetch = async (url, init) => {
    const response = await server.fetch(url, init);
    if (init.method !== "POST") return response;
    return Response.json({ ok: true, seq: 0, pendingVersion: true });
  };
  const startSession = async () => ({ publicAccessToken: "token", pendingVersion: true });
  const { transport, events } = watched(t, server, { sessions: {}, startSession, fetch });
  await read(await submit(transport));
  const sources = of(events, "run-pending-version");
  assert.deepEqual(sources, [{ source: "start" }, { source: "send" }, { source: "upgrade" }]);
});

test("G1 a resumed stream tells the cursor that it was resumed from", async (t) => {
  const sessions = { [CHAT]: { publicAccessToken: "t", isStreaming: true, lastEventId: "7" } };
  const { transport, events } = watched(t, new PlayedServer(batch(8, [{ type: "start" }])), { sessions });
  await read(await transport.reconnectToStream({ chatId: CHAT }));
  assert.deepEqual(of(events, "stream-connected"), [
    { resumed: true, lastEventId: "7", messageId: undefined },
  ]);
  assert.deepEqual(of(events, "first-chunk"), [
    { chunkType: "start", lastEventId: "8", messageId: undefined, sinceSendMs: undefined },
  ]);
});

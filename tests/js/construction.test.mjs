// Construction: synchronous, strict about what it needs, and free of a browser (A1, A3).

import assert from "node:assert/strict";
import { test } from "node:test";

import { TriggerChatTransport, createChatTransport } from "../../pkg/node.js";

const accessToken = () => "token";

test("A1 a missing or wrong option is a TypeError that names it", () => {
  const wrong = [
    [undefined, /task/],
    [{}, /task/],
    [{ task: "", accessToken }, /task/],
    [{ task: 7, accessToken }, /task/],
    [{ task: "agent" }, /accessToken/],
    [{ task: "agent", accessToken: "token" }, /accessToken/],
  ];
  for (const [options, message] of wrong) {
    const construct = () => new TriggerChatTransport(options);
    assert.throws(construct, (error) => error instanceof TypeError && message.test(error.message));
  }
});

test("A1 createChatTransport is the same thing", () => {
  const transport = createChatTransport({ task: "agent", accessToken });
  assert.ok(transport instanceof TriggerChatTransport);
  transport.dispose();
});

test("A1 methods can be taken off the object", async () => {
  const transport = new TriggerChatTransport({ task: "agent", accessToken });
  const { getSession, reconnectToStream } = transport;
  assert.equal(getSession("unknown"), undefined);
  assert.equal(await reconnectToStream({ chatId: "unknown" }), null);
  transport.dispose();
});

test("A3 sessions hydrate, and getSession gives exactly their shape", () => {
  const closed = { publicAccessToken: "t", closed: true, closedReason: "over" };
  const transport = new TriggerChatTransport({
    task: "agent",
    accessToken,
    sessions: { a: { publicAccessToken: "t", lastEventId: "7", isStreaming: true, more: 1 }, closed },
    onSessionChange: () => assert.fail("hydration is no change"),
  });
  assert.deepEqual(transport.getSession("a"), {
    publicAccessToken: "t",
    lastEventId: "7",
    activeInputSeq: undefined,
    isStreaming: true,
    closed: undefined,
    closedReason: undefined,
  });
  assert.equal(transport.sessionStatus("a"), "open");
  assert.equal(transport.sessionStatus("closed"), "closed");
  assert.equal(transport.sessionClosedReason("closed"), "over");
  transport.dispose();
});

test("A6 setSession installs state and notifies at once", () => {
  const changes = [];
  const transport = new TriggerChatTransport({
    task: "agent",
    accessToken,
    onSessionChange: (...change) => changes.push(change),
  });
  transport.setSession("a", { publicAccessToken: "t", lastEventId: "3" });
  assert.equal(changes.length, 1);
  assert.equal(changes[0][1].lastEventId, "3");
  assert.equal(transport.getSession("a").publicAccessToken, "t");
  transport.dispose();
});

test("A8 a second dispose is harmless and later calls reject", async () => {
  const transport = new TriggerChatTransport({ task: "agent", accessToken });
  transport.dispose();
  transport.dispose();
  await assert.rejects(transport.start("a"), /disposed/);
  await assert.rejects(transport.stopGeneration("a"), /disposed/);
});

test("A8 a callback may dispose in the middle of a call", async () => {
  const transport = new TriggerChatTransport({
    task: "agent",
    accessToken,
    onSessionChange: () => transport.dispose(),
  });
  transport.setSession("a", { publicAccessToken: "t" });
  await assert.rejects(transport.start("a"), /disposed/);
});

test("B12 a chat id that names no session rejects", async () => {
  const transport = new TriggerChatTransport({ task: "agent", accessToken });
  for (const chatId of ["", ".", ".."]) await assert.rejects(transport.start(chatId), /chatId/);
  transport.dispose();
});

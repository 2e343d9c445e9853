// What an application can see of a transport at work: its connection (G2) and a report (G3).

import assert from "node:assert/strict";
import { test } from "node:test";

import { answeringServer, assertGoodSendWorks, watched } from "./good-send.mjs";
import { CHAT, read, submit } from "./transport.mjs";

test("G2 a turn's connection is told as it changes, and can be asked for", async (t) => {
  const { transport, events } = watched(t, answeringServer());
  const idle = {
    state: "idle",
    attempt: 0,
    nextRetryAt: undefined,
    lastEventId: undefined,
    behind: undefined,
  };
  assert.deepEqual(transport.connection(CHAT), idle);
  assert.deepEqual(transport.connection("unknown"), idle);
  const stream = await submit(transport);
  assert.deepEqual(transport.connection(CHAT), { ...idle, state: "connecting", attempt: 1 });
  await read(stream);
  const changes = events.filter(({ type }) => type === "connection-changed");
  const states = changes.map(({ connection }) => connection.state);
  assert.deepEqual(states, ["connecting", "live", "idle"]);
  assert.deepEqual(changes[2], {
    type: "connection-changed",
    chatId: CHAT,
    timestamp: changes[2].timestamp,
    connection: transport.connection(CHAT),
  });
  assert.equal(transport.connection(CHAT).lastEventId, "1");
});

test("G2 a disposed transport is idle", async (t) => {
  const { transport } = watched(t, answeringServer());
  await assertGoodSendWorks(transport);
  transport.dispose();
  assert.equal(transport.connection(CHAT).state, "idle");
});

test("G3 debug() gives the chats, and what happened, without tokens or words", async (t) => {
  const { transport } = watched(t, answeringServer());
  await assertGoodSendWorks(transport);
  const report = transport.debug();
  const { publicAccessToken, ...session } = transport.getSession(CHAT);
  assert.deepEqual(report.chats, { [CHAT]: { session, connection: transport.connection(CHAT) } });
  assert.deepEqual([report.watch, report.dropped], [false, 0]);
  assert.match(report.seed, /^\d+$/);
  const words = report.trace.map(([, , word]) => word);
  for (const word of ["hydrate", "send", ">append", ">connect", "records", "turn-complete"]) {
    assert.ok(words.includes(word), `${word} in ${words}`);
  }
  for (const [time] of report.trace) assert.ok(Math.abs(Date.now() - time) < 60_000);
  const text = JSON.stringify(report);
  assert.ok(!text.includes(`"${publicAccessToken}"`) && !text.includes("hello"));
});

test("G3 a report can be had of a transport that has done nothing, or is disposed", (t) => {
  const { transport } = watched(t, answeringServer(), { sessions: {} });
  assert.deepEqual(transport.debug().chats, {});
  transport.dispose();
  assert.deepEqual(transport.debug().trace, []);
});

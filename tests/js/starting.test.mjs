// How a chat gets its session and its token (A4, A5), as the application's callbacks see it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answeringServer, assertGoodSendWorks, watched } from "./good-send.mjs";
import { CHAT, read, submit } from "./transport.mjs";

test("A4 start calls startSession once with what it needs, and gives the stored state", async (t) => {
  const calls = [];
  const { transport } = watched(t, answeringServer(), {
    clientData: { userId: "7" },
    sessions: {},
    startSession: async (params) => {
      calls.push(params);
      return { publicAccessToken: "token" };
    },
  });
  const [first, second, preloaded] = await Promise.all([
    transport.start(CHAT),
    transport.start(CHAT),
    transport.preload(CHAT),
  ]);
  const later = await transport.start(CHAT);
  assert.deepEqual(calls, [{ taskId: "agent", chatId: CHAT, clientData: { userId: "7" } }]);
  assert.equal(preloaded, undefined);
  for (const state of [first, second, later]) assert.deepEqual(state, transport.getSession(CHAT));
  assert.deepEqual(
    [first.publicAccessToken, first.isStreaming, first.lastEventId],
    ["token", false, undefined],
  );
});

test("A4 startSession without client data gets an empty object", async (t) => {
  const { transport } = watched(t, answeringServer(), {
    sessions: {},
    startSession: async ({ clientData }) => {
      assert.deepEqual(clientData, {});
      return { publicAccessToken: "token" };
    },
  });
  await transport.start(CHAT);
});

test("A4 without startSession, start and preload say what to configure", async (t) => {
  const { transport } = watched(t, answeringServer(), { sessions: {} });
  await assert.rejects(transport.start(CHAT), /startSession/);
  await assert.rejects(transport.preload(CHAT), /startSession/);
  transport.setSession(CHAT, { publicAccessToken: "token" });
  assert.equal((await transport.start(CHAT)).publicAccessToken, "token");
});

test("A5 a first send takes its token from startSession, from accessToken, or from its state", async (t) => {
  const asked = [];
  const startSession = async () => {
    asked.push("startSession");
    return { publicAccessToken: "started" };
  };
  const accessToken = (params) => {
    asked.push(params);
    return "minted";
  };
  const known = { [CHAT]: { publicAccessToken: "known", isStreaming: false } };
  for (const [options, token, expected] of [
    [{ sessions: {}, startSession }, "started", ["startSession"]],
    [{ sessions: {} }, "minted", [{ chatId: CHAT }]],
    [{ sessions: known, startSession }, "known", []],
  ]) {
    const server = answeringServer();
    const { transport } = watched(t, server, { accessToken, ...options });
    await assertGoodSendWorks(transport);
    for (const { init } of server.requests) {
      assert.equal(init.headers.Authorization, `Bearer ${token}`);
    }
    assert.deepEqual(asked.splice(0), expected);
  }
});

test("A5 chats start their sessions apart from each other", async (t) => {
  const started = new Map();
  const { transport } = watched(t, answeringServer(), {
    sessions: {},
    startSession: ({ chatId }) => new Promise((resolve) => started.set(chatId, resolve)),
  });
  const sent = ["one", "two"].map((chatId) => submit(transport, { chatId }));
  assert.deepEqual([...started.keys()], ["one", "two"]);
  started.get("two")({ publicAccessToken: "second" });
  assert.deepEqual(await read(await sent[1]), [{ type: "start" }]);
  started.get("one")({ publicAccessToken: "first" });
  assert.deepEqual(await read(await sent[0]), [{ type: "start" }]);
});

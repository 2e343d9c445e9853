// What each option does, and that it can be replaced (A2, A6).

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { answeringServer, assertGoodSendWorks, watched } from "./good-send.mjs";
import { CHAT, read, submit } from "./transport.mjs";

const PATH = `/realtime/v1/sessions/${encodeURIComponent(CHAT)}`;

/** Where the requests of one good send went. */
async function urlsWith(t, options) {
  const server = answeringServer();
  const { transport } = watched(t, server, options);
  await assertGoodSendWorks(transport);
  return server.requests.map(({ url }) => url);
}

test("A2 baseURL is Trigger.dev's by default, and loses one trailing slash", async (t) => {
  const bases = [
    [undefined, "https://api.trigger.dev"],
    ["https://own.example", "https://own.example"],
    ["https://own.example/", "https://own.example"],
    ["https://own.example/deep//", "https://own.example/deep/"],
    ["", ""],
    [() => "https://own.example/", "https://own.example"],
  ];
  for (const [baseURL, base] of bases) {
    const urls = await urlsWith(t, { baseURL });
    assert.deepEqual(urls, [`${base}${PATH}/in/append`, `${base}${PATH}/out`]);
  }
});

test("A2 streamBaseURL wins for the stream and for nothing else", async (t) => {
  for (const baseURL of ["https://api.example", () => "https://api.example"]) {
    const urls = await urlsWith(t, { baseURL, streamBaseURL: "https://stream.example/" });
    assert.deepEqual(urls, [
      `https://api.example${PATH}/in/append`,
      `https://stream.example${PATH}/out`,
    ]);
  }
});

test("A2 streamTimeoutSeconds goes with every subscription", async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server, { streamTimeoutSeconds: 30 });
  await assertGoodSendWorks(transport);
  assert.equal(server.subscriptions()[0].init.headers["Timeout-Seconds"], "30");
});

test("A2 without the fetch option, fetch is looked up for every request", async (t) => {
  const { transport } = watched(t, answeringServer(), { fetch: undefined });
  for (let turn = 0; turn < 2; turn += 1) {
    const server = answeringServer();
    const calls = mock.method(globalThis, "fetch", server.fetch);
    if (turn > 0) transport.setSession(CHAT, { publicAccessToken: "t", isStreaming: false });
    await assertGoodSendWorks(transport);
    assert.equal(calls.mock.callCount(), 2);
    mock.restoreAll();
  }
});

test("A6 setFetch holds from the next request on, within a turn too", async (t) => {
  const [first, second] = [answeringServer(), answeringServer()];
  const { transport } = watched(t, first);
  const stream = await submit(transport, {}).then((stream) => stream);
  assert.equal(first.requests.length, 2);
  await read(stream);
  transport.setFetch((url, init) => {
    transport.setFetch(second.fetch);
    return first.fetch(url, init);
  });
  await submit(transport);
  assert.deepEqual([first.requests.length, second.requests.length], [3, 1]);
});

test("A6 setClientData holds for the next send and the next start", async (t) => {
  const server = answeringServer();
  const started = [];
  const { transport } = watched(t, server, {
    clientData: { page: 1 },
    sessions: {},
    startSession: async ({ clientData }) => {
      started.push(clientData);
      return { publicAccessToken: "token" };
    },
  });
  await assertGoodSendWorks(transport, "one");
  transport.setClientData({ page: 2 });
  await assertGoodSendWorks(transport, "two");
  transport.setClientData(undefined);
  await assertGoodSendWorks(transport, "three");
  const sent = server.appends().map(({ init }) => JSON.parse(init.body).payload.metadata);
  assert.deepEqual(sent, [{ page: 1 }, { page: 2 }, undefined]);
  assert.deepEqual(started, [{ page: 1 }, { page: 2 }, {}]);
});

test("A6 setStartSession and setAccessToken hold for the next use", async (t) => {
  const used = [];
  const server = answeringServer();
  const fetch = async (url, init) =>
    init.headers.Authorization === "Bearer minted 2"
      ? server.fetch(url, init)
      : new Response("", { status: 401 });
  const startSession = (n) => async () => {
    used.push(`start ${n}`);
    return { publicAccessToken: "stale" };
  };
  const accessToken = (n) => ({ chatId }) => {
    used.push(`mint ${n} for ${chatId}`);
    return `minted ${n}`;
  };
  const { transport } = watched(t, server, {
    sessions: {},
    startSession: startSession(1),
    accessToken: accessToken(1),
    fetch,
  });
  await assert.rejects(submit(transport, { chatId: "one" }), { status: 401 });
  transport.setStartSession(startSession(2));
  transport.setAccessToken(accessToken(2));
  await assertGoodSendWorks(transport, "two");
  assert.deepEqual(used, ["start 1", "mint 1 for one", "start 2", "mint 2 for two"]);
});

test("A6 setOnEvent and setOnSessionChange take over, and undefined ends them", async (t) => {
  const { transport } = watched(t, answeringServer());
  const [events, changes] = [[], []];
  transport.setOnEvent((event) => events.push(event.type));
  transport.setOnSessionChange((chatId) => changes.push(chatId));
  await assertGoodSendWorks(transport);
  assert.ok(events.includes("message-sent") && changes.includes(CHAT));
  const before = [events.length, changes.length];
  transport.setOnEvent(undefined);
  transport.setOnSessionChange(undefined);
  await assertGoodSendWorks(transport);
  assert.deepEqual([events.length, changes.length], before);
});

test("A6 seedResumeCursor is held until the session exists and moves nothing back", async (t) => {
  const server = answeringServer();
  const changes = [];
  const { transport } = watched(t, server, {
    sessions: { known: { publicAccessToken: "t", isStreaming: false } },
    startSession: async () => ({ publicAccessToken: "token" }),
    onSessionChange: (chatId, { lastEventId }) => changes.push([chatId, lastEventId]),
  });
  transport.seedResumeCursor("known", "41");
  assert.deepEqual(changes, [["known", "41"]]);
  transport.seedResumeCursor("known", "7");
  assert.equal(transport.getSession("known").lastEventId, "41");
  transport.seedResumeCursor("new", "0");
  assert.equal(transport.getSession("new"), undefined);
  await transport.start("new");
  assert.equal(transport.getSession("new").lastEventId, "0");
});

test("A3 onSessionChange and getSession give objects of their own", async (t) => {
  const { transport } = watched(t, answeringServer(), {
    onSessionChange: (_, session) => {
      session.publicAccessToken = "changed by the application";
    },
  });
  transport.setSession("chat", { publicAccessToken: "token", isStreaming: false });
  transport.getSession("chat").publicAccessToken = "changed by the application";
  assert.equal(transport.getSession("chat").publicAccessToken, "token");
});

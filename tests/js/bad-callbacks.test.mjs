// Callbacks that throw, reject, answer rubbish or never answer: the caller is told what is wrong, the
// event tells it too, and the next good send works (A2, A4, A5, A7, B6, B11).

import assert from "node:assert/strict";
import { test } from "node:test";

import { BOUNDED, answeringServer, assertGoodSendWorks, settle, watched } from "./good-send.mjs";
import { CHAT, read, submit } from "./transport.mjs";

const never = () => new Promise(() => {});

/** A server that refuses every token but `fresh`. */
function refusingServer() {
  const server = answeringServer();
  const { fetch } = server;
  server.refusals = 0;
  server.fetch = async (url, init) => {
    if (init.headers.Authorization === "Bearer fresh") return fetch(url, init);
    server.refusals += 1;
    return new Response("", { status: 401 });
  };
  return server;
}

/** The ways in which a function can fail with an error of its own. */
const failing = (own) => ({
  throws: () => {
    throw own;
  },
  rejects: () => Promise.reject(own),
});

const RUBBISH = [undefined, null, 7, "", {}, [], true];

for (const way of ["throws", "rejects"]) {
  test(`A4 A5 startSession that ${way} fails the send with its own error`, async (t) => {
    const own = new Error("no database");
    const startSession = failing(own)[way];
    const { transport, failures } = watched(t, answeringServer(), { sessions: {}, startSession });
    assert.equal(await submit(transport).catch((error) => error), own);
    assert.equal(await transport.start(CHAT).catch((error) => error), own);
    assert.deepEqual(failures().map(({ error, source }) => [error, source]), [[own, "submit-message"]]);
    transport.setStartSession(async () => ({ publicAccessToken: "token" }));
    await assertGoodSendWorks(transport);
  });

  test(`B6 accessToken that ${way} fails the send with its own error`, async (t) => {
    const own = new Error("not signed in");
    const accessToken = failing(own)[way];
    const { transport, failures } = watched(t, refusingServer(), { accessToken });
    assert.equal(await submit(transport).catch((error) => error), own);
    assert.deepEqual(failures().map(({ error }) => error), [own]);
    assert.equal(await transport.sendPendingMessage(CHAT, { id: "m", role: "user", parts: [] }), false);
    transport.setAccessToken(() => "fresh");
    await assertGoodSendWorks(transport);
  });
}

test("A4 A5 startSession that answers rubbish is told what it must resolve to", async (t) => {
  const answers = [...RUBBISH, "token", { publicAccessToken: 7 }, { token: "t" }];
  for (const answer of answers) {
    for (const startSession of [() => answer, async () => answer]) {
      const { transport, failures } = watched(t, answeringServer(), { sessions: {}, startSession });
      const expected = /startSession must resolve to .*publicAccessToken/;
      await assert.rejects(transport.start(CHAT), expected);
      await assert.rejects(submit(transport), expected);
      assert.match(failures()[0].error.message, expected);
      transport.setStartSession(async () => ({ publicAccessToken: "token" }));
      await assertGoodSendWorks(transport);
    }
  }
});

test("A5 B6 accessToken that answers rubbish is told what it must return", async (t) => {
  for (const answer of RUBBISH) {
    for (const accessToken of [() => answer, async () => answer]) {
      for (const sessions of [undefined, {}]) {
        const options = sessions ? { accessToken, sessions } : { accessToken };
        const { transport, failures } = watched(t, refusingServer(), options);
        await assert.rejects(submit(transport), /accessToken must return/);
        assert.equal(failures().length, 1);
        transport.setAccessToken(() => "fresh");
        await assertGoodSendWorks(transport);
      }
    }
  }
});

test("A2 baseURL that answers rubbish is named", BOUNDED, async (t) => {
  for (const answer of RUBBISH.filter((value) => value !== "")) {
    const { transport, failures } = watched(t, answeringServer(), { baseURL: () => answer });
    await assert.rejects(submit(transport), { name: "TypeError", message: /baseURL/ });
    assert.equal(failures().length, 1);
  }
});

test("A2 fetch that resolves to no Response is the caller's error, at once", BOUNDED, async (t) => {
  for (const answer of [...RUBBISH, { status: 200, ok: true }]) {
    const { transport, failures } = watched(t, answeringServer(), { fetch: async () => answer });
    await assert.rejects(submit(transport), /fetch .*must resolve to a Response/);
    assert.equal(failures().length, 1);
    transport.setFetch(answeringServer().fetch);
    await assertGoodSendWorks(transport);
  }
});

test("A2 fetch that resolves to no Response fails a subscription at once", BOUNDED, async (t) => {
  for (const answer of RUBBISH) {
    const server = answeringServer();
    const fetch = async (url, init, { endpoint }) =>
      endpoint === "in" ? server.fetch(url, init) : answer;
    const { transport } = watched(t, server, { fetch });
    await assert.rejects(read(await submit(transport)), /fetch .*must resolve to a Response/);
    transport.setFetch(server.fetch);
    await assertGoodSendWorks(transport);
  }
});

test("G1 what a callback throws reaches events as an Error", async (t) => {
  for (const thrown of ["a text", undefined, { code: 1 }]) {
    const startSession = () => Promise.reject(thrown);
    const { transport, failures } = watched(t, answeringServer(), { sessions: {}, startSession });
    const caught = await submit(transport).then(assert.fail, (error) => error);
    assert.equal(caught, thrown, "the caller gets it as it is");
    assert.ok(failures()[0].error instanceof Error);
  }
});

test("B11 a send whose startSession never answers ends with its signal", BOUNDED, async (t) => {
  const startSession = ({ chatId }) =>
    chatId === CHAT ? never() : Promise.resolve({ publicAccessToken: "token" });
  const { transport } = watched(t, answeringServer(), { sessions: {}, startSession });
  const controller = new AbortController();
  const sent = submit(transport, { abortSignal: controller.signal });
  await assertGoodSendWorks(transport, "another chat");
  controller.abort();
  await assert.rejects(sent, { name: "AbortError" });
});

test("B11 a send whose startSession never answers ends with stopGeneration", BOUNDED, async (t) => {
  const options = { sessions: {}, startSession: never };
  const { transport } = watched(t, answeringServer(), options);
  const rejected = assert.rejects(submit(transport), { name: "AbortError" });
  assert.equal(await transport.stopGeneration(CHAT), true);
  await rejected;
});

test("A8 what waits for a callback that never answers ends with dispose", BOUNDED, async (t) => {
  const options = { sessions: {}, startSession: never };
  const { transport, failures } = watched(t, answeringServer(), options);
  const calls = [submit(transport), transport.start(CHAT), transport.preload(CHAT)];
  const rejected = calls.map((call) => assert.rejects(call, /disposed/));
  await settle();
  transport.dispose();
  await Promise.all(rejected);
  assert.equal(failures().length, 1);
});

/** A transport whose send waits for a token that never comes, and that send. */
async function awaitingToken(t, options = {}) {
  const server = refusingServer();
  const { transport } = watched(t, server, { accessToken: never });
  const sent = submit(transport, options);
  sent.catch(() => {}); // Each test awaits it when its time has come.
  while (server.refusals === 0) await settle();
  await settle();
  return { transport, sent };
}

test("B11 a send whose accessToken never answers ends with its signal", BOUNDED, async (t) => {
  const controller = new AbortController();
  const { sent } = await awaitingToken(t, { abortSignal: controller.signal });
  controller.abort();
  await assert.rejects(sent, { name: "AbortError" });
});

test("B11 a send whose accessToken never answers ends with stopGeneration", BOUNDED, async (t) => {
  const { transport, sent } = await awaitingToken(t);
  await transport.stopGeneration(CHAT);
  await assert.rejects(sent, { name: "AbortError" });
});

test("B5 C9 a stream that waits for accessToken ends with a stop", BOUNDED, async (t) => {
  const server = refusingServer();
  const fetch = async (url, init, { endpoint }) =>
    endpoint === "in" ? Response.json({ ok: true, seq: 0 }) : server.fetch(url, init);
  const { transport } = watched(t, server, { accessToken: never, fetch });
  const stream = await submit(transport);
  while (server.refusals === 0) await settle();
  assert.equal(await transport.stopGeneration(CHAT), true);
  assert.deepEqual(await read(stream), []);
});

test("A4 a startSession that never answered is asked again by the next send", BOUNDED, async (t) => {
  const { transport } = watched(t, answeringServer(), { sessions: {}, startSession: never });
  const controller = new AbortController();
  const sent = submit(transport, { abortSignal: controller.signal });
  controller.abort();
  await assert.rejects(sent, { name: "AbortError" });
  transport.setStartSession(async () => ({ publicAccessToken: "token" }));
  await assertGoodSendWorks(transport);
});

test("B6 an accessToken that never answered is asked again by the next send", BOUNDED, async (t) => {
  const controller = new AbortController();
  const { transport, sent } = await awaitingToken(t, { abortSignal: controller.signal });
  controller.abort();
  await assert.rejects(sent, { name: "AbortError" });
  transport.setAccessToken(() => "fresh");
  await assertGoodSendWorks(transport);
});

// The first turn through the application's own URL: what goes out, and how it comes in (F1).

import assert from "node:assert/strict";
import { test } from "node:test";

import { answeringServer, assertGoodSendWorks, watched } from "./good-send.mjs";
import { CHAT, read, submit, userMessage } from "./transport.mjs";

const START = { type: "start" };
const FINISH = { type: "finish" };

function stream(...chunks) {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
}

/** What the application's own server answers. */
function handed(body, headers = { "X-Trigger-Chat-Access-Token": "handed over" }, status = 200) {
  return new Response(body, { status, headers });
}

/** A transport with `headStart`, over a global `fetch` that answers it, and what that was asked. */
function headStarted(t, answer, options = {}) {
  const asked = [];
  const fetch = async (url, init) => {
    asked.push({ url, init });
    return typeof answer === "function" ? answer(init) : answer;
  };
  t.mock.method(globalThis, "fetch", fetch);
  const server = answeringServer();
  const headStart = "/api/chat";
  return { ...watched(t, server, { sessions: {}, headStart, ...options }), server, asked };
}

test("F1 the first send posts the conversation to the URL as it is given", async (t) => {
  const { transport, server, asked } = headStarted(t, handed(stream(START, FINISH)), {
    headers: { "X-Tenant": "a" },
    clientData: { userId: "7" },
  });
  const messages = [userMessage("hello")];
  const chunks = await read(
    await submit(transport, { messages, body: { extra: 1 }, headers: { "x-call": "b" } }),
  );
  assert.deepEqual(chunks, [START, FINISH]);
  const [{ url, init }] = asked;
  assert.equal(url, "/api/chat");
  assert.equal(init.method, "POST");
  const own = { "Content-Type": "application/json" };
  assert.deepEqual(init.headers, { "X-Tenant": "a", "x-call": "b", ...own });
  assert.deepEqual(JSON.parse(init.body), {
    extra: 1,
    headStartMessages: messages,
    chatId: CHAT,
    trigger: "submit-message",
    metadata: { userId: "7" },
  });
  assert.equal(server.requests.length, 0, "the fetch option is for the sessions alone");
});

test("F1 the session that it leaves takes the next send, behind the cursor it was told", async (t) => {
  const state = { type: "trigger:session-state", lastEventId: "9" };
  const complete = { type: "trigger:turn-complete" };
  const { transport, server } = headStarted(t, handed(stream(START, FINISH, complete, state)));
  assert.deepEqual(await read(await submit(transport)), [START, FINISH]);
  const { publicAccessToken, lastEventId, isStreaming } = transport.getSession(CHAT);
  assert.deepEqual([publicAccessToken, lastEventId, isStreaming], ["handed over", "9", false]);
  await (await submit(transport)).cancel();
  assert.equal(server.appends()[0].init.headers.Authorization, "Bearer handed over");
  assert.equal(server.subscriptions()[0].init.headers["Last-Event-ID"], "9");
});

test("F1 a waiting deployment is an event", async (t) => {
  const headers = { "X-Trigger-Chat-Access-Token": "t", "X-Trigger-Chat-Pending-Version": "1" };
  const { transport, events } = headStarted(t, handed(stream(FINISH), headers));
  await read(await submit(transport));
  const pending = events.filter(({ type }) => type === "run-pending-version");
  assert.deepEqual(pending.map(({ source }) => source), ["head-start"]);
  const sent = events.find(({ type }) => type === "message-sent");
  assert.deepEqual([sent.source, sent.messageId, sent.partId], ["head-start", "u1", undefined]);
  assert.ok(sent.bodyBytes > 0);
});

for (const [name, answer, words] of [
  ["a status that is no success", handed("", {}, 503), /503/],
  ["an answer without its token", handed(stream(START), {}), /X-Trigger-Chat-Access-Token/],
  ["an answer without a body", handed(null), /no body/],
]) {
  test(`F1 ${name} rejects clearly, and the next send asks again`, async (t) => {
    let answers = [answer, handed(stream(FINISH))];
    const { transport, asked } = headStarted(t, () => answers.shift());
    await assert.rejects(submit(transport), words);
    assert.equal(transport.getSession(CHAT), undefined);
    assert.deepEqual(await read(await submit(transport)), [FINISH]);
    assert.equal(asked.length, 2);
  });
}

test("F1 a server that cannot be reached is a lost connection to useChat", async (t) => {
  const { transport } = headStarted(t, () => Promise.reject(new TypeError("Failed to fetch")));
  await assert.rejects(submit(transport), { name: "TypeError", message: /network/ });
});

test("F1 aborting while it is asked aborts the request", async (t) => {
  const answer = (init) =>
    new Promise((_, reject) => {
      init.signal.addEventListener("abort", () => reject(init.signal.reason));
    });
  const { transport, server, asked } = headStarted(t, answer);
  const controller = new AbortController();
  const sent = submit(transport, { abortSignal: controller.signal });
  controller.abort();
  await assert.rejects(sent, { name: "AbortError" });
  assert.ok(asked[0].init.signal.aborted);
  assert.equal(server.requests.length, 0);
});

test("F1 a chat that is known goes its usual way", async (t) => {
  const sessions = { [CHAT]: { publicAccessToken: "token", isStreaming: false } };
  const { transport, asked } = headStarted(t, handed(""), { sessions });
  await assertGoodSendWorks(transport);
  assert.equal(asked.length, 0);
});

test("F1 a send before the head start is answered goes to the session that it leaves", async (t) => {
  const { promise: held, resolve: answer } = withResolvers();
  const { transport, server, asked } = headStarted(t, () => held);
  const first = submit(transport);
  const second = submit(transport, { messages: [userMessage("and another thing")] });
  answer(handed(stream(FINISH)));
  assert.deepEqual(await read(await first), [FINISH]);
  assert.deepEqual(await read(await second), [START]);
  assert.equal(asked.length, 1);
  assert.equal(server.appends()[0].init.headers.Authorization, "Bearer handed over");
});

function withResolvers() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

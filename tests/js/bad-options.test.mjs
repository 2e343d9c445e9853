// Options of a wrong type are refused at construction by a TypeError that names them (A1, A2): what
// is let through breaks later, far from its cause.

import assert from "node:assert/strict";
import { test } from "node:test";

import { TriggerChatTransport } from "../../pkg/node.js";
import { BOUNDED, answeringServer, assertGoodSendWorks, watched } from "./good-send.mjs";
import { submit } from "./transport.mjs";

const needed = { task: "agent", accessToken: () => "token" };

/** Constructing with an option throws a TypeError whose message holds all of these words. */
function assertRefused(option, value, ...words) {
  const construct = () => new TriggerChatTransport({ ...needed, [option]: value }).dispose();
  assert.throws(construct, (error) => {
    const named = [option, ...words].every((word) => error.message.includes(word));
    assert.ok(error instanceof TypeError && named, `${option}: ${error}`);
    return true;
  });
}

test("A1 task and accessToken are needed, and nothing else", () => {
  for (const task of [undefined, null, "", 7, {}]) assertRefused("task", task);
  for (const accessToken of [undefined, null, "token", 7, {}, Promise.resolve("token")]) {
    assertRefused("accessToken", accessToken);
  }
  new TriggerChatTransport(needed).dispose();
});

test("A2 an option that is undefined or null counts as absent", async (t) => {
  const optional = [
    "startSession",
    "baseURL",
    "streamBaseURL",
    "onSessionChange",
    "headers",
    "streamTimeoutSeconds",
    "clientData",
    "watch",
  ];
  for (const absent of [undefined, null]) {
    const options = Object.fromEntries(optional.map((option) => [option, absent]));
    const server = answeringServer();
    const { transport } = watched(t, server, options);
    await assertGoodSendWorks(transport);
    assert.ok(server.requests[0].url.startsWith("https://api.trigger.dev/"));
    assert.equal(server.subscriptions()[0].init.headers["Timeout-Seconds"], "120");
    assert.equal(JSON.parse(server.appends()[0].init.body).payload.metadata, undefined);
    for (const option of ["onEvent", "fetch", "sessions"]) {
      new TriggerChatTransport({ ...needed, [option]: absent }).dispose();
    }
  }
});

for (const option of ["startSession", "fetch", "onEvent", "onSessionChange"]) {
  test(`A1 A2 ${option} must be a function`, () => {
    for (const wrong of [7, "text", {}, true]) assertRefused(option, wrong);
  });
}

test("A1 A2 baseURL must be a string or a function, streamBaseURL a string", () => {
  for (const wrong of [7, {}, true, []]) assertRefused("baseURL", wrong);
  for (const wrong of [7, {}, true, () => "https://api.example"]) {
    assertRefused("streamBaseURL", wrong);
  }
});

test("A1 A2 headers must be an object of headers that can be sent", () => {
  for (const wrong of [7, "X-Own: 1", true]) assertRefused("headers", wrong);
  const unsendable = [{ "x own": "1" }, { "": "1" }, { "x-own": "a\nb" }, { "x-own": "€" }];
  for (const wrong of unsendable) assertRefused("headers", wrong);
});

test("A1 A2 streamTimeoutSeconds must be a number that is not negative", () => {
  for (const wrong of [Number.NaN, -1, Number.POSITIVE_INFINITY, "120", {}, true]) {
    assertRefused("streamTimeoutSeconds", wrong);
  }
});

test("A1 A3 sessions must be an object of sessions, and the wrong one is named", () => {
  for (const wrong of [7, "chat", true]) assertRefused("sessions", wrong);
  for (const wrong of [null, "token", 7, {}, { publicAccessToken: 7 }]) {
    assertRefused("sessions", { good: { publicAccessToken: "t" }, odd: wrong }, "odd");
  }
});

test("A3 what is wrong in a stored session besides its token is dropped", async (t) => {
  const { transport } = watched(t, answeringServer(), {
    sessions: {
      odd: {
        publicAccessToken: "t",
        lastEventId: "1\r\nX-Evil: 1",
        activeInputSeq: -1,
        isStreaming: false,
        closedReason: 7,
      },
    },
  });
  await assertGoodSendWorks(transport, "odd");
});

test("A6 setSession refuses what is no session, and the one before it stands", async (t) => {
  const { transport } = watched(t, answeringServer());
  transport.setSession("chat", { publicAccessToken: "t" });
  for (const wrong of [undefined, null, "token", {}, { publicAccessToken: 7 }]) {
    const set = () => transport.setSession("chat", wrong);
    assert.throws(set, { name: "TypeError", message: /publicAccessToken/ });
  }
  assert.equal(transport.getSession("chat").publicAccessToken, "t");
  await assertGoodSendWorks(transport, "chat");
});

test("A6 a cursor that is none seeds nothing", async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server);
  for (const none of [undefined, null, "", "1\r\nX-Evil: 1"]) {
    transport.seedResumeCursor("chat", none);
  }
  transport.setSession("chat", { publicAccessToken: "t", isStreaming: false });
  await assertGoodSendWorks(transport, "chat");
  assert.equal(server.subscriptions()[0].init.headers["Last-Event-ID"], undefined);
});

test("B12 headers of a call that cannot be sent reject it at once", BOUNDED, async (t) => {
  const server = answeringServer();
  const { transport } = watched(t, server);
  for (const headers of [{ "x own": "1" }, { "x-own": "a\nb" }]) {
    await assert.rejects(submit(transport, { headers }), { name: "TypeError", message: /header/i });
  }
  assert.equal(server.requests.length, 0);
  await assertGoodSendWorks(transport);
});

// The end of a transport (A8), and what it never touches (A1).

import assert from "node:assert/strict";
import { test } from "node:test";

import { TriggerChatTransport } from "../../pkg/node.js";
import { BOUNDED, answeringServer, watched } from "./good-send.mjs";
import { CHAT, PlayedServer, batch, read, submit, userMessage } from "./transport.mjs";

/** A server whose answers go on until they are aborted. */
const endlessServer = () => {
  const server = new PlayedServer();
  const { fetch } = server;
  server.fetch = async (url, init) => {
    if (init.method === "POST") return fetch(url, init);
    server.requests.push({ url, init });
    const body = new ReadableStream({
      start: (controller) =>
        init.signal.addEventListener("abort", () => controller.error(init.signal.reason)),
    });
    const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
    return new Response(body, { headers });
  };
  return server;
};

for (const end of ["dispose", "close"]) {
  test(`A8 ${end} aborts every subscription and closes every stream`, BOUNDED, async (t) => {
    const server = endlessServer();
    const sessions = {
      one: { publicAccessToken: "t", isStreaming: false },
      two: { publicAccessToken: "t", isStreaming: true },
    };
    const { transport } = watched(t, server, { sessions });
    const streams = [
      await submit(transport, { chatId: "one" }),
      await transport.reconnectToStream({ chatId: "two" }),
    ];
    transport[end]();
    for (const stream of streams) assert.deepEqual(await read(stream), []);
    const subscriptions = server.subscriptions();
    assert.equal(subscriptions.length, 2);
    for (const { init } of subscriptions) assert.ok(init.signal.aborted);
    assert.equal(server.appends().length, 1, "the run goes on: no stop is sent");
    transport[end]();
  });
}

test("A8 dispose aborts an append that is under way and rejects its send", BOUNDED, async (t) => {
  let signal;
  const fetch = (_, init) => {
    signal = init.signal;
    return new Promise(() => {});
  };
  const { transport } = watched(t, answeringServer(), { fetch });
  const rejected = assert.rejects(submit(transport), /disposed/);
  transport.dispose();
  await rejected;
  assert.ok(signal.aborted);
});

test("A8 B12 every call of a disposed transport rejects, and the rest does nothing", async (t) => {
  const server = answeringServer();
  const { transport, events } = watched(t, server);
  transport.dispose();
  const calls = [
    transport.start(CHAT),
    transport.preload(CHAT),
    submit(transport),
    submit(transport, { trigger: "regenerate-message" }),
    transport.sendAction(CHAT, { type: "undo" }),
    transport.sendPendingMessage(CHAT, userMessage("more")),
    transport.stopGeneration(CHAT),
    transport.reconnectToStream({ chatId: CHAT }),
  ];
  for (const call of calls) await assert.rejects(call, /disposed/);
  transport.clearSupersedeGate(CHAT);
  transport.seedResumeCursor(CHAT, "7");
  transport.setFetch(undefined);
  assert.equal(transport.sessionStatus(CHAT), "open");
  assert.equal(server.requests.length, 0);
  assert.equal(events.length, 0);
});

test("A8 a transport that is disposed in the middle of a read delivers nothing more", BOUNDED, async (t) => {
  const server = new PlayedServer(batch(0, [{ type: "start" }, { type: "finish" }]));
  const { transport } = watched(t, server, {
    onEvent: ({ type }) => type === "first-chunk" && transport.dispose(),
  });
  await read(await submit(transport));
  await assert.rejects(submit(transport), /disposed/);
});

/** Runs with these globals in place of the ones that are there. */
async function withGlobals(globals, run) {
  const before = Object.keys(globals).map((name) => [
    name,
    Object.getOwnPropertyDescriptor(globalThis, name),
  ]);
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  try {
    await run();
  } finally {
    for (const [name, descriptor] of before) {
      delete globalThis[name];
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    }
  }
}

test("A1 a server without a page, or with the shell of one, can import and construct", async () => {
  const shells = [
    { window: undefined, document: undefined },
    { window: {}, document: {} },
    { window: globalThis, document: { addEventListener: undefined } },
  ];
  for (const [nth, shell] of shells.entries()) {
    const unused = () => assert.fail("nothing is to be asked for yet");
    await withGlobals({ ...shell, fetch: unused, EventSource: unused }, async () => {
      // Under another address the module is evaluated anew.
      const fresh = await import(`../../pkg/node.js?server=${nth}`);
      assert.notEqual(fresh.TriggerChatTransport, TriggerChatTransport);
      const transport = fresh.createChatTransport({ task: "agent", accessToken: () => "token" });
      assert.equal(transport.getSession(CHAT), undefined);
      transport.dispose();
    });
  }
});

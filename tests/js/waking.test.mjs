// What a page and a device say about connections (D4). Node has no page: a few events stand in for one.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { settle, watched } from "./good-send.mjs";
import { PlayedServer, batch, submit } from "./transport.mjs";

/** The page that the transport sees: its events, and how many listeners it has. */
class Page {
  listeners = 0;
  #window = new EventTarget();
  #document = new EventTarget();

  constructor(t) {
    const counted = (target) => ({
      addEventListener: (...listener) => {
        this.listeners += 1;
        target.addEventListener(...listener);
      },
      removeEventListener: (...listener) => {
        this.listeners -= 1;
        target.removeEventListener(...listener);
      },
    });
    this.document = { visibilityState: "visible", ...counted(this.#document) };
    const globals = { document: this.document, ...counted(this.#window) };
    Object.assign(globalThis, globals);
    t.after(() => Object.keys(globals).forEach((name) => delete globalThis[name]));
  }

  tell(type, fields = {}) {
    this.#window.dispatchEvent(Object.assign(new Event(type), fields));
  }

  show(visibilityState) {
    this.document.visibilityState = visibilityState;
    this.#document.dispatchEvent(new Event("visibilitychange"));
  }
}

/** A response that sends one record and stays open. */
function openBehind(seqNum) {
  const text = batch(seqNum, [{ type: "start" }], false);
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
  });
  const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
  return new Response(body, { headers });
}

/** A page whose transport has read one record of an answer that goes on. */
async function reading(t) {
  const page = new Page(t);
  const server = new PlayedServer(openBehind(0), openBehind(1), openBehind(2));
  const { transport } = watched(t, server);
  const reader = (await submit(transport)).getReader();
  await reader.read();
  return { page, server, transport, reader };
}

for (const [what, wake] of [
  ["the device is online again", (page) => page.tell("online")],
  ["the page comes back from the cache", (page) => page.tell("pageshow", { persisted: true })],
]) {
  test(`D4 when ${what}, the connection is replaced from the cursor`, async (t) => {
    const { page, server, reader } = await reading(t);
    wake(page);
    assert.deepEqual((await reader.read()).value, { type: "start" });
    const [first, second] = server.subscriptions();
    assert.ok(first.init.signal.aborted);
    assert.equal(second.init.headers["Last-Event-ID"], "0");
  });
}

test("D4 a page that was hidden for half a minute gets a new connection, sooner it does not", async (t) => {
  mock.timers.enable({ apis: ["Date"] });
  t.after(() => mock.timers.reset());
  const { page, server } = await reading(t);
  page.show("hidden");
  mock.timers.setTime(Date.now() + 29_000);
  page.show("visible");
  await settle();
  assert.equal(server.subscriptions().length, 1);
  page.show("hidden");
  mock.timers.setTime(Date.now() + 30_000);
  page.show("visible");
  await settle();
  assert.equal(server.subscriptions().length, 2);
});

test("D4 going offline aborts nothing", async (t) => {
  const { page, server } = await reading(t);
  page.tell("offline");
  await settle();
  assert.ok(!server.subscriptions()[0].init.signal.aborted);
});

test("D4 A8 dispose removes every listener", async (t) => {
  const { page, transport } = await reading(t);
  assert.ok(page.listeners > 0);
  transport.dispose();
  assert.equal(page.listeners, 0);
});

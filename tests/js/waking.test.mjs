// What a page and a device say about connections (D4). Node has no page: a few events stand in for one.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { settle, watched } from "./good-send.mjs";
import { CHAT, PlayedServer, batch, submit } from "./transport.mjs";

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

  resume() {
    this.#document.dispatchEvent(new Event("resume"));
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

for (const [what, wake] of [
  ["a freeze", (page) => page.resume()],
  ["a page is shown", (page) => page.tell("pageshow", { persisted: false })],
]) {
  test(`D4 behind ${what}, a stream that is silent for a second is replaced`, async (t) => {
    mock.timers.enable({ apis: ["Date", "setTimeout"] });
    t.after(() => mock.timers.reset());
    const { page, server } = await reading(t);
    wake(page);
    mock.timers.tick(999);
    await settle();
    assert.equal(server.subscriptions().length, 1);
    mock.timers.tick(1);
    await settle();
    assert.equal(server.subscriptions().length, 2);
    assert.equal(server.subscriptions()[1].init.headers["Last-Event-ID"], "0");
  });
}

test("D4 going offline aborts nothing", async (t) => {
  const { page, server } = await reading(t);
  page.tell("offline");
  await settle();
  assert.ok(!server.subscriptions()[0].init.signal.aborted);
});

test("D4 the page is listened to while something is sent or read, and no longer", async (t) => {
  const page = new Page(t);
  const { transport } = watched(t, new PlayedServer(batch(0, [{ type: "start" }])));
  assert.equal(page.listeners, 0);
  const stream = await submit(transport);
  assert.ok(page.listeners > 0);
  for await (const _ of stream);
  assert.equal(page.listeners, 0);
});

test("D4 G2 a device that was offline before anything was sent is told as offline", async (t) => {
  new Page(t);
  const navigator = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { onLine: false }, configurable: true });
  t.after(() => {
    delete globalThis.navigator;
    if (navigator) Object.defineProperty(globalThis, "navigator", navigator);
  });
  const { transport } = watched(t, new PlayedServer(openBehind(0)));
  const stream = submit(transport);
  assert.equal(transport.connection(CHAT).state, "offline");
  await (await stream).cancel();
});

test("D4 A8 dispose removes every listener", async (t) => {
  const { page, transport } = await reading(t);
  assert.ok(page.listeners > 0);
  transport.dispose();
  assert.equal(page.listeners, 0);
});

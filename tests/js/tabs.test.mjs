// Several transports on one channel (section E): ours with ours, and with the published package's.

import assert from "node:assert/strict";
import { once } from "node:events";
import { afterEach, test } from "node:test";

import { TriggerChatTransport as Published } from "@trigger.dev/sdk/chat";
import { TriggerChatTransport } from "../../pkg/node.js";
import { CHAT, batch, read, submit, userMessage } from "./transport.mjs";

const ELSEWHERE = /^Error: This chat is active in another tab$/;
const BOUNDED = { timeout: 10_000 };
const disposed = [];

afterEach(() => {
  for (const close of disposed.splice(0)) close();
});

/** A tab whose answers go on until they are told to end. */
function tab(Class = TriggerChatTransport, options = {}) {
  const turns = [];
  let seq = 0;
  const transport = new Class({
    task: "agent",
    multiTab: true,
    accessToken: () => "the-token",
    sessions: { [CHAT]: { publicAccessToken: "the-token", isStreaming: false } },
    fetch: async (_url, init) => {
      if (init.method === "POST") return Response.json({ ok: true, seq: seq++ });
      const body = new ReadableStream({
        start: (controller) => {
          turns.push(() => controller.enqueue(new TextEncoder().encode(batch(turns.length, []))));
          init.signal.addEventListener("abort", () => controller.error(init.signal.reason));
        },
      });
      const headers = { "Content-Type": "text/event-stream", "X-Stream-Version": "v2" };
      return new Response(body, { headers });
    },
    ...options,
  });
  disposed.push(() => transport.dispose());
  /** Resolves when the tab hears that it may send, or that it may not. */
  const hears = (wanted) =>
    new Promise((resolve) => {
      const listener = (chatId, readOnly) => {
        assert.equal(chatId, CHAT);
        if (readOnly !== wanted) return;
        transport.removeReadOnlyListener(listener);
        resolve();
      };
      transport.addReadOnlyListener(listener);
    });
  const finish = () => turns.at(-1)();
  return { transport, hears, finish };
}

/** Everything that is posted, until the test ends. */
function overheard() {
  const channel = new BroadcastChannel("trigger-chat-tab-coord");
  const messages = [];
  channel.onmessage = ({ data }) => messages.push(data);
  disposed.push(() => channel.close());
  return { channel, messages };
}

/** All messages posted so far have arrived. */
async function delivered() {
  const [from, to] = [new BroadcastChannel("delivered"), new BroadcastChannel("delivered")];
  const arrived = once(to, "message");
  from.postMessage(0);
  await arrived;
  from.close();
  to.close();
}

for (const [name, First, Second] of [
  ["ours and ours", TriggerChatTransport, TriggerChatTransport],
  ["ours and the published one", TriggerChatTransport, Published],
  ["the published one and ours", Published, TriggerChatTransport],
]) {
  test(`E1 E2 a claim holds between ${name} until its turn ends`, BOUNDED, async () => {
    const [first, second] = [tab(First), tab(Second)];
    assert.equal(second.transport.isReadOnly(CHAT), false);
    const told = second.hears(true);
    const stream = await submit(first.transport);
    await told;
    assert.deepEqual([first.transport.hasClaim(CHAT), first.transport.isReadOnly(CHAT)], [true, false]);
    assert.deepEqual([second.transport.hasClaim(CHAT), second.transport.isReadOnly(CHAT)], [false, true]);
    await assert.rejects(submit(second.transport), ELSEWHERE);
    await assert.rejects(second.transport.sendAction(CHAT, {}), ELSEWHERE);
    const free = second.hears(false);
    await delivered();
    first.finish();
    await Promise.all([read(stream), free]);
    assert.equal(first.transport.hasClaim(CHAT), false);
    const taken = first.hears(true);
    await submit(second.transport);
    await taken;
    assert.equal(second.transport.hasClaim(CHAT), true);
  });
}

test("E2 dispose releases, and nobody listens any more", BOUNDED, async () => {
  const [first, second] = [tab(), tab()];
  const told = second.hears(true);
  await submit(first.transport);
  await told;
  const free = second.hears(false);
  first.transport.dispose();
  await free;
  second.transport.dispose();
  const { channel, messages } = overheard();
  channel.postMessage({ type: "join", chatId: "", tabId: "asker" });
  await delivered();
  assert.deepEqual(messages, []);
});

test("E3 without BroadcastChannel nothing is coordinated", BOUNDED, async (t) => {
  const { BroadcastChannel } = globalThis;
  delete globalThis.BroadcastChannel;
  t.after(() => {
    globalThis.BroadcastChannel = BroadcastChannel;
  });
  const [first, second] = [tab(), tab()];
  await Promise.all([submit(first.transport), submit(second.transport)]);
  assert.deepEqual([first.transport.hasClaim(CHAT), second.transport.isReadOnly(CHAT)], [false, false]);
  first.transport.broadcastMessages(CHAT, []);
});

for (const [name, options] of [
  ["unless it is asked for", { multiTab: undefined }],
  ["for whoever watches", { watch: true }],
]) {
  test(`E1 tabs are not coordinated ${name}`, BOUNDED, async () => {
    const { messages } = overheard();
    const { transport } = tab(TriggerChatTransport, options);
    transport.addReadOnlyListener(() => assert.fail("nobody is told anything"));
    await submit(transport);
    await delivered();
    assert.deepEqual(messages, []);
  });
}

test("E6 the owner's messages are shown, those of others are not", BOUNDED, async () => {
  const [owner, follower] = [tab(), tab()];
  const shown = [];
  const listener = (chatId, messages) => shown.push([chatId, messages]);
  follower.transport.addMessagesListener(listener);
  const told = follower.hears(true);
  const stream = await submit(owner.transport);
  await told;
  const messages = [userMessage("hello")];
  const { channel } = overheard();
  channel.postMessage({ type: "messages", chatId: CHAT, tabId: "stranger", messages: [] });
  owner.transport.broadcastMessages(CHAT, messages);
  await delivered();
  assert.deepEqual(shown, [[CHAT, messages]]);
  owner.finish();
  await read(stream);
  owner.transport.broadcastMessages(CHAT, [...messages, userMessage("again")]);
  await delivered();
  assert.equal(shown.length, 2);
  follower.transport.removeMessagesListener(listener);
  owner.transport.broadcastMessages(CHAT, messages);
  await delivered();
  assert.equal(shown.length, 2);
});

test("E6 what was shown while a page was still loading is told to its first listener", BOUNDED, async () => {
  const [owner, follower] = [tab(), tab()];
  const told = follower.hears(true);
  const stream = await submit(owner.transport);
  await told;
  const messages = [userMessage("hello")];
  owner.transport.broadcastMessages(CHAT, []);
  owner.transport.broadcastMessages(CHAT, messages);
  owner.finish();
  await read(stream);
  await delivered();
  const shown = [];
  const listener = (...heard) => shown.push(heard);
  follower.transport.addMessagesListener(listener);
  follower.transport.removeMessagesListener(listener);
  assert.deepEqual(shown, [[CHAT, messages]]);
  follower.transport.addMessagesListener(listener);
  assert.equal(shown.length, 1);
});

test("E6 a tab that was loading while a turn passed is told of it", BOUNDED, async () => {
  const owner = tab();
  const { messages } = overheard();
  const said = [userMessage("hello")];
  const stream = await submit(owner.transport);
  owner.transport.broadcastMessages(CHAT, said);
  const over = new Promise((resolve) => {
    const { channel } = overheard();
    channel.onmessage = ({ data }) => data.type === "release" && resolve();
  });
  owner.finish();
  await read(stream);
  await over;
  messages.length = 0;
  const late = tab();
  const shown = new Promise((resolve) => {
    late.transport.addMessagesListener((...heard) => resolve(heard));
  });
  assert.deepEqual(await shown, [CHAT, said]);
  await delivered();
  const heard = messages.filter(({ chatId }) => chatId).map(({ type, session }) => [type, session?.lastEventId]);
  const cursor = owner.transport.getSession(CHAT).lastEventId;
  assert.deepEqual(heard, [
    ["claim", undefined],
    ["messages", undefined],
    ["session", cursor],
    ["release", undefined],
  ]);
  assert.equal(late.transport.isReadOnly(CHAT), false);
});

test("E6 a tab that is opened in mid-turn is shown what was shown before", BOUNDED, async () => {
  const owner = tab();
  const said = [userMessage("hello")];
  await submit(owner.transport);
  owner.transport.broadcastMessages(CHAT, said);
  const late = tab();
  const shown = new Promise((resolve) => {
    late.transport.addMessagesListener((...heard) => resolve(heard));
  });
  assert.deepEqual(await shown, [CHAT, said]);
  assert.equal(late.transport.isReadOnly(CHAT), true);
});

test("E6 a turn that another tab has had since is not told again by the one before", BOUNDED, async () => {
  const [first, second] = [tab(), tab()];
  const turn = await submit(first.transport);
  first.transport.broadcastMessages(CHAT, [userMessage("old")]);
  const free = second.hears(false);
  first.finish();
  await Promise.all([read(turn), free]);
  await submit(second.transport);
  second.transport.broadcastMessages(CHAT, [userMessage("new")]);
  const shown = [];
  const late = tab();
  late.transport.addMessagesListener((_, messages) => shown.push(messages[0].parts[0].text));
  await late.hears(true);
  await delivered();
  assert.deepEqual([...new Set(shown)], ["new"]);
});

test("E6 who shows its chats has a moment for an answer that came at once", BOUNDED, async () => {
  const [owner, follower] = [tab(), tab()];
  owner.transport.addMessagesListener(() => {});
  const [told, freed] = [follower.hears(true), follower.hears(false)];
  const stream = await submit(owner.transport);
  await told;
  owner.finish();
  await read(stream);
  await delivered();
  assert.equal(follower.transport.isReadOnly(CHAT), true);
  await freed;
});

test("E5 what cannot be cloned is not shown, and breaks nothing", BOUNDED, async () => {
  const { transport } = tab();
  await submit(transport);
  transport.broadcastMessages(CHAT, [() => {}]);
});

test("E5 a listener that throws breaks nothing", BOUNDED, async () => {
  const [first, second] = [tab(), tab()];
  second.transport.addReadOnlyListener(() => {
    throw new Error("a listener's own affair");
  });
  const told = second.hears(true);
  await submit(first.transport);
  await told;
});

test("E5 messages of any shape break nothing", BOUNDED, async () => {
  const { transport } = tab();
  const { channel } = overheard();
  const long = "x".repeat(5_000);
  for (const data of [
    null, 7, "claim", [], {}, { type: "claim" }, { type: "claim", chatId: CHAT },
    { type: "claim", chatId: 7, tabId: "t" }, { type: "claim", chatId: CHAT, tabId: { a: 1 } },
    { type: "claim", chatId: long, tabId: "t" }, { type: "claim", chatId: CHAT, tabId: long },
    { type: "__proto__", chatId: CHAT, tabId: "t" }, { type: "messages", chatId: CHAT, tabId: "t" },
    { type: "session", chatId: CHAT, tabId: "t", session: { lastEventId: "9".repeat(400) } },
    { type: "session", chatId: CHAT, tabId: "t", session: null },
  ]) {
    channel.postMessage(data);
  }
  await delivered();
  assert.equal(transport.isReadOnly(CHAT), false);
  await submit(transport);
});

test("S4 no token is posted", BOUNDED, async () => {
  const { messages } = overheard();
  const { transport, finish } = tab();
  const stream = await submit(transport);
  finish();
  await read(stream);
  await delivered();
  assert.deepEqual(messages.map(({ type }) => type), ["join", "hello", "claim", "session", "release"]);
  assert.doesNotMatch(JSON.stringify(messages), /token/);
});

// Sub-agents: their messages are built from the batches in the parent's stream, as the published
// package builds them (H1).

import assert from "node:assert/strict";
import { test } from "node:test";

import { createSubAgentMessages as createPublished } from "@trigger.dev/sdk/chat";

import { SUB_AGENT_DATA_TYPE, createSubAgentMessages } from "../../pkg/node.js";
import { conversations } from "./sub-agent-chunks.mjs";

const CALL = "call_1";

function part(seq, chunks, toolCallId = CALL) {
  return { type: SUB_AGENT_DATA_TYPE, transient: true, data: { toolCallId, seq, chunks } };
}

function delta(text) {
  return { type: "text-delta", id: "t", delta: text };
}

const opening = [
  { type: "start", messageId: "m" },
  { type: "text-start", id: "t" },
];

function textOf(message) {
  return message.parts.map((each) => each.text).join("");
}

/** Messages, and a promise of their next change. */
function follow(options = {}) {
  let tell;
  const messages = createSubAgentMessages({ throttleMs: 0, ...options, onChange: () => tell?.() });
  const changed = () => new Promise((resolve) => (tell = resolve));
  return { messages, changed };
}

/** What is shown of chunks, or nothing: a second sub-agent says when the first is done with. */
function shown(create, batches) {
  return new Promise((resolve) => {
    const onChange = () => {
      resolve(messages.get(CALL));
      messages.dispose();
    };
    const messages = create({ throttleMs: 0, onChange });
    batches.forEach((chunks, seq) => messages.onData(part(seq, structuredClone(chunks))));
    messages.onData(part(0, opening, "witness"));
  });
}

for (const [name, chunks] of Object.entries(conversations)) {
  test(`H1 ${name}: the published message, after every chunk`, async () => {
    for (let end = 0; end <= chunks.length; end += 1) {
      const sofar = chunks.slice(0, end);
      const oneByOne = sofar.map((chunk) => [chunk]);
      const expected = await shown(createPublished, [sofar]);
      assert.deepEqual(await shown(createSubAgentMessages, [sofar]), expected, `${end} chunks`);
      assert.deepEqual(await shown(createSubAgentMessages, oneByOne), expected, `${end} batches`);
    }
  });
}

test("H1 each tool call has a message of its own", async () => {
  const { messages, changed } = follow();
  const change = changed();
  messages.onData(part(0, [...opening, delta("one")], "a"));
  messages.onData(part(0, [...opening, delta("two")], "b"));
  await change;
  assert.equal(textOf(messages.get("a")), "one");
  assert.equal(textOf(messages.get("b")), "two");
  assert.equal(messages.get("c"), undefined);
});

test("H1 a batch that is repeated after a reconnect shows once, one from beyond a gap never", async () => {
  const { messages, changed } = follow();
  let change = changed();
  messages.onData(part(0, opening));
  messages.onData(part(1, [delta("once")]));
  await change;
  change = changed();
  messages.onData(part(0, opening));
  messages.onData(part(1, [delta("once")]));
  messages.onData(part(3, [delta(" far")]));
  messages.onData(part(2, [delta(" more")]));
  await change;
  assert.equal(textOf(messages.get(CALL)), "once more");
});

test("H1 a message stays the same object until it changes", async () => {
  const { messages, changed } = follow();
  let change = changed();
  messages.onData(part(0, [...opening, delta("a")]));
  await change;
  const before = messages.get(CALL);
  assert.equal(messages.get(CALL), before);
  change = changed();
  messages.onData(part(1, [delta("b")]));
  await change;
  assert.notEqual(messages.get(CALL), before);
  assert.equal(textOf(before), "a");
});

test("H1 a message is built once for all that came within throttleMs, 100 by default", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = [];
  const onChange = () => seen.push(textOf(messages.get(CALL)));
  const messages = createSubAgentMessages({ onChange });
  messages.onData(part(0, [...opening, delta("a")]));
  t.mock.timers.tick(99);
  messages.onData(part(1, [delta("b")]));
  assert.equal(messages.get(CALL), undefined);
  t.mock.timers.tick(1);
  t.mock.timers.reset();
  await settled();
  assert.deepEqual(seen, ["ab"]);
});

test("H1 what comes while a message is built is in the next one", async () => {
  const { messages, changed } = follow();
  const change = changed();
  messages.onData(part(0, [...opening, delta("a")]));
  await new Promise((resolve) => setTimeout(resolve));
  messages.onData(part(1, [delta("b")]));
  await change;
  if (textOf(messages.get(CALL)) === "a") await changed();
  assert.equal(textOf(messages.get(CALL)), "ab");
});

test("H1 ⊕ what follows a finished message is added to it", async () => {
  const { messages, changed } = follow();
  let change = changed();
  const end = [{ type: "text-end", id: "t" }, { type: "finish" }];
  messages.onData(part(0, [...opening, delta("answer"), ...end]));
  await change;
  change = changed();
  messages.onData(part(1, [{ type: "data-cost", data: 3 }]));
  await change;
  const { id, parts } = messages.get(CALL);
  assert.equal(id, "m");
  assert.deepEqual(parts.map(({ type }) => type), ["text", "data-cost"]);
});

test("H1 other data parts and malformed batches are passed over", async () => {
  const { messages, changed } = follow();
  const change = changed();
  const malformed = [
    undefined,
    null,
    "text",
    {},
    { toolCallId: 7, seq: 0, chunks: [] },
    { toolCallId: CALL, seq: 0 },
    { toolCallId: CALL, seq: "0", chunks: opening },
    { toolCallId: CALL, chunks: opening },
  ];
  for (const data of malformed) messages.onData({ type: SUB_AGENT_DATA_TYPE, data });
  messages.onData({ ...part(0, opening), type: "data-other" });
  messages.onData(part(0, [null, {}, "chunk", ...opening, delta("well")]));
  await change;
  assert.equal(textOf(messages.get(CALL)), "well");
});

test("H1 the chunks that are handed over stay as they are", async () => {
  const { messages, changed } = follow();
  const change = changed();
  const chunks = [
    { type: "start" },
    { type: "data-plan", id: "p", data: { step: 1 } },
    { type: "data-plan", id: "p", data: { step: 2 } },
    { type: "text-start", id: "t" },
    delta("a"),
    delta("b"),
  ];
  const before = structuredClone(chunks);
  messages.onData(part(0, chunks));
  await change;
  assert.deepEqual(chunks, before);
  assert.notEqual(messages.get(CALL).parts[0].data, chunks[2].data);
});

test("A7 what onChange throws does not stop later changes", async () => {
  let changes = 0;
  let tell;
  const second = new Promise((resolve) => (tell = resolve));
  const onChange = () => {
    changes += 1;
    if (changes === 2) tell();
    else messages.onData(part(1, [delta("b")]));
    throw new Error("the application's");
  };
  const messages = createSubAgentMessages({ throttleMs: 0, onChange });
  messages.onData(part(0, [...opening, delta("a")]));
  await second;
  assert.equal(textOf(messages.get(CALL)), "ab");
});

test("H1 a long answer leaves the page room while it is built", async () => {
  const { messages, changed } = follow();
  const change = changed();
  const parts = Array.from({ length: 1000 }, (_, id) => ({ type: "text-start", id: String(id) }));
  messages.onData(part(0, parts));
  let beats = 0;
  const heart = setInterval(() => (beats += 1));
  await change;
  clearInterval(heart);
  assert.equal(messages.get(CALL).parts.length, parts.length);
  assert.ok(beats > 0);
});

test("H1 dispose drops the messages and what is under way", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let told = 0;
  const onChange = () => (told += 1);
  const building = createSubAgentMessages({ throttleMs: 0, onChange });
  building.onData(part(0, opening));
  t.mock.timers.tick(1);
  const waiting = createSubAgentMessages({ throttleMs: 5, onChange });
  waiting.onData(part(0, opening));
  for (const messages of [building, waiting]) {
    messages.dispose();
    messages.dispose();
    messages.onData(part(0, opening, "later"));
  }
  t.mock.timers.tick(10);
  t.mock.timers.reset();
  await settled();
  for (const messages of [building, waiting]) {
    assert.equal(messages.get(CALL), undefined);
    assert.equal(messages.get("later"), undefined);
  }
  assert.equal(told, 0);
});

test("H1 the functions can be taken off the object", async () => {
  const { messages, changed } = follow();
  const { onData, get, dispose } = messages;
  const change = changed();
  onData(part(0, [...opening, delta("a")]));
  await change;
  assert.equal(textOf(get(CALL)), "a");
  dispose();
});

/** Another sub-agent's message, built after this call, is there. */
async function settled() {
  const { messages, changed } = follow();
  const change = changed();
  messages.onData(part(0, opening));
  await change;
  messages.dispose();
}

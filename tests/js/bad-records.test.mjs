// What a server, a proxy or an agent should never send: it costs itself and nothing else (C3, C4, C13).
// Batches that are malformed as a whole are in tests/behaviour/malformed.rs, where the clock is.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BOUNDED, answeringServer, assertGoodSendWorks, watched } from "./good-send.mjs";
import { CHAT, PlayedServer, batch, read, submit, userMessage } from "./transport.mjs";

const HTML = "<!doctype html><title>Sign in</title>";

const portal = (status = 200) =>
  new Response(HTML, { status, headers: { "Content-Type": "text/html; charset=utf-8" } });

/** One batch event with these records, then a good chunk and the turn's boundary. */
function before(records) {
  const good = { seq_num: records.length, timestamp: 0, body: '{"data":{"type":"start"},"id":"good"}' };
  const headers = [["trigger-control", "turn-complete"]];
  const end = { seq_num: records.length + 1, timestamp: 0, headers, body: "" };
  return `event: batch\ndata: ${JSON.stringify({ records: [...records, good, end] })}\n\n`;
}

/** The chunks of a turn whose first records have these bodies. */
async function chunksBehind(t, bodies) {
  const records = bodies.map((body, seq_num) => ({ seq_num, timestamp: 0, body }));
  const server = new PlayedServer(before(records), batch(records.length + 2, [{ type: "start" }]));
  const { transport } = watched(t, server);
  const chunks = await read(await submit(transport));
  assert.equal(server.subscriptions().length, 1);
  await assertGoodSendWorks(transport);
  return chunks;
}

const LONG = "long ".repeat(2_000);

const data = (chunk, id) => `{"data":${chunk},"id":"${id}"}`;

test("C3 a record whose body is malformed is lost alone", async (t) => {
  const malformed = [
    "",
    "{",
    "null",
    "[]",
    HTML,
    '{"id":"no data"}',
    '{"data":',
    '{"data":{"type":"text-delta"',
    data('{"type" "start"}', "a"),
    data('{"type":"start",}', "b"),
    data("oops]", "c"),
    data("tru", "d"),
    // Long ones are not looked through before they are parsed.
    data(`{"type":"start" "x":"${LONG}"}`, "e"),
    data(`{"type":"start","x":"${LONG}`, "f"),
    data(`{"type":"start","x":"\\q${LONG}"}`, "g"),
  ];
  for (const body of malformed) {
    assert.deepEqual(await chunksBehind(t, [body]), [{ type: "start" }], body);
  }
  assert.deepEqual(await chunksBehind(t, malformed), [{ type: "start" }]);
});

test("C3 a long record in any order of members and with others gives its chunk", async (t) => {
  const chunk = { type: "tool-output-available", toolCallId: "t", output: LONG };
  const text = JSON.stringify(chunk);
  const bodies = [
    data(text, "a"),
    `{"id":"b","data":${text}}`,
    `{"data":${text},"at":{"id":"x"},"id":"c"}`,
    `{"data":${text},"id":"d","at":["id","y"]}`,
    `{"data":${text},"at":1,"id":"a"}`,
  ];
  const wanted = [chunk, chunk, chunk, chunk, { type: "start" }];
  assert.deepEqual(await chunksBehind(t, bodies), wanted);
});

test("C3 records of unknown members and odd bodies cost nothing", async (t) => {
  const records = [
    { seq_num: 0, timestamp: "soon", body: 7 },
    { seq_num: 1, body: { data: { type: "start" } } },
    { seq_num: 2, timestamp: 0, body: null, extra: { deep: [{}] } },
    JSON.parse('{"__proto__": {"seq_num": 9}, "constructor": 7, "seq_num": 3, "body": ""}'),
    { seq_num: 4, headers: [], body: "" },
    { seq_num: 5, headers: [["x", ""], ["trigger-control", "trigger-control"]], body: "" },
  ];
  const server = new PlayedServer(before(records));
  const { transport } = watched(t, server);
  assert.deepEqual(await read(await submit(transport)), [{ type: "start" }]);
  assert.equal(server.subscriptions().length, 1);
});

test("C4 a chunk is handed on as it is, however odd its contents", async (t) => {
  const depth = 10_000;
  const nested = "[".repeat(depth) + "]".repeat(depth);
  const odd = [
    String.raw`{"type":"data-x","data":"\ud800 lone \udc00"}`,
    '{"type":"data-x","data":[1e400,-1e400,123456789012345678901234567890,5e-324]}',
    '{"type":"data-x","data":{"__proto__":{"polluted":true},"constructor":1,"toString":2}}',
    '{"type":"data-x","type":"data-y","":""}',
    `{"type":"data-x","data":${nested}}`,
    '{"type":"data-x","data":"\\u0000\\u2028 </script> trigger:turn-complete"}',
  ];
  const chunks = await chunksBehind(t, odd.map((chunk, at) => data(chunk, `part ${at}`)));
  const expected = [...odd.slice(0, 4), ...odd.slice(5)].map((chunk) => JSON.parse(chunk));
  const [deep] = chunks.splice(4, 1);
  assert.deepEqual(chunks, [...expected, { type: "start" }]);
  let levels = 0;
  for (let at = deep.data; at !== undefined; at = at[0]) levels += 1;
  assert.equal(levels, depth);
  assert.equal({}.polluted, undefined);
});

test("C4 a part id of a wrong type is none", async (t) => {
  const odd = ["7", "null", "{}", "[]"].map((id) => `{"data":{"type":"start"},"id":${id}}`);
  assert.equal((await chunksBehind(t, odd)).length, odd.length + 1);
});

test("C3 a malformed chunk of an older stream is lost alone", async (t) => {
  const text =
    'id: 1-0\ndata: {"type":"start"\n\n' +
    'id: 1-1\ndata: {"type":"start-step"}\n\n' +
    'id: 1-2\ndata: {"type":"trigger:turn-complete"}\n\n';
  const headers = { "Content-Type": "text/event-stream" };
  const { transport } = watched(t, new PlayedServer(new Response(text, { headers })));
  assert.deepEqual(await read(await submit(transport)), [{ type: "start-step" }]);
  assert.equal(transport.getSession(CHAT).lastEventId, "1-2");
});

test("C13 a page in place of the stream is an error that says so, once", BOUNDED, async (t) => {
  const server = new PlayedServer(portal(), batch(0, [{ type: "start" }]));
  const { transport, events } = watched(t, server);
  await assert.rejects(read(await submit(transport)), /not an event stream.*text\/html.*baseURL/s);
  assert.equal(server.subscriptions().length, 1);
  assert.equal(events.filter(({ type }) => type === "stream-error").length, 1);
  assert.equal(transport.getSession(CHAT).isStreaming, false);
  await assertGoodSendWorks(transport);
});

test("C13 a page in place of a resumed stream rejects the reconnect", BOUNDED, async (t) => {
  const sessions = { [CHAT]: { publicAccessToken: "token", isStreaming: true } };
  const { transport } = watched(t, new PlayedServer(portal()), { sessions });
  await assert.rejects(transport.reconnectToStream({ chatId: CHAT }), /not an event stream.*text\/html/);
});

test("C13 a page in place of an acknowledgement is no acknowledgement", BOUNDED, async (t) => {
  const server = answeringServer();
  let appends = 0;
  const fetch = async (url, init) => {
    if (init.method !== "POST") return server.fetch(url, init);
    appends += 1;
    return portal();
  };
  const { transport, events, failures } = watched(t, server, { fetch });
  await assert.rejects(submit(transport), /text\/html.*baseURL/s);
  assert.equal(await transport.sendPendingMessage(CHAT, userMessage("more")), false);
  assert.equal(appends, 2);
  assert.equal(server.subscriptions().length, 0);
  assert.equal(failures().length, 2);
  assert.ok(!events.some(({ type }) => type === "message-sent"));
  transport.setFetch(server.fetch);
  await assertGoodSendWorks(transport);
});

test("B7 a page in place of a refusal is an Error with its status", BOUNDED, async (t) => {
  const server = answeringServer();
  const { transport, failures } = watched(t, server, { fetch: async () => portal(400) });
  await assert.rejects(submit(transport), { name: "TriggerApiError", status: 400 });
  assert.equal(failures()[0].status, 400);
  transport.setFetch(server.fetch);
  await assertGoodSendWorks(transport);
});

test("B1 an acknowledgement that is malformed JSON counts, without a seq", async (t) => {
  for (const body of ["", "{", "null", '{"ok":true,"seq":-1}', '{"seq":"7"}', '{"seq":1e99}']) {
    const server = answeringServer();
    const fetch = async (url, init) =>
      init.method === "POST" ? new Response(body) : server.fetch(url, init);
    const { transport } = watched(t, server, { fetch });
    assert.deepEqual(await read(await submit(transport)), [{ type: "start" }], body);
  }
});

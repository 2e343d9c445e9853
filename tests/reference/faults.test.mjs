// The fault port breaks connections the way networks do, and heals. Seen from raw sockets, since
// clients differ in how they word it.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, afterEach, before, test } from "node:test";

import { TriggerChatTransport } from "@trigger.dev/sdk/chat";

import { readAll, startSessionServer, turnsOf, userMessage } from "../support/session-server.mjs";

let server;
before(async () => (server = await startSessionServer()));
afterEach(() => server.json("/faults", { method: "DELETE" }));
after(() => server.stop());

/** Asks once and reads the whole answer. */
async function ask(chatId, text) {
  const { publicAccessToken } = await server.startSession({ chatId });
  const transport = new TriggerChatTransport({
    task: "demo-agent",
    baseURL: server.url,
    accessToken: () => publicAccessToken,
    sessions: { [chatId]: { publicAccessToken } },
  });
  const messages = [userMessage(text)];
  const stream = await transport.sendMessages({ chatId, trigger: "submit-message", messages });
  return { token: publicAccessToken, chunks: await readAll(stream) };
}

/** Sends a request on a socket of its own; answers the bytes that came and how the socket ended. */
async function exchange(lines, body = "") {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const received = [];
  let error;
  socket.on("data", (bytes) => received.push(bytes));
  socket.on("error", (failure) => (error = failure));
  socket.write(`${lines.join("\r\n")}\r\nHost: 127.0.0.1\r\n\r\n${body}`);
  await new Promise((resolve) => socket.on("close", resolve));
  return { bytes: Buffer.concat(received), code: error?.code };
}

function readOut(chatId, token, headers = []) {
  return exchange([
    `GET /realtime/v1/sessions/${chatId}/out HTTP/1.1`,
    `Authorization: Bearer ${token}`,
    "Accept: text/event-stream",
    "X-Peek-Settled: 1",
    "Connection: close",
    ...headers,
  ]);
}

const isWhole = ({ bytes }) => bytes.toString("latin1").endsWith("0\r\n\r\n");

test("a reset, a truncation and a clean end are three different ends", async () => {
  const { token } = await ask("ends", "3 deltas");
  const cut = (end) => ({ endpoint: "out", chatId: "ends", action: { kind: "cut", afterBytes: 100, end } });
  await server.fault(cut("reset"));
  const reset = await readOut("ends", token);
  assert.equal(reset.code, "ECONNRESET");
  await server.fault(cut("truncate"));
  const truncated = await readOut("ends", token);
  assert.deepEqual([truncated.code, isWhole(truncated)], [undefined, false]);
  await server.fault(cut("clean"));
  const clean = await readOut("ends", token);
  assert.deepEqual([clean.code, isWhole(clean)], [undefined, true]);
  const untouched = await readOut("ends", token);
  assert.deepEqual([untouched.code, isWhole(untouched)], [undefined, true]);
  assert.ok(untouched.bytes.includes("[DONE]"));
  const [rule] = await server.json("/faults");
  assert.equal(rule.hits, 1);
});

test("a cut falls inside the wanted record, and inside a character", async () => {
  const { token } = await ask("inside", "emoji please");
  const log = await server.log("inside");
  const wide = log.findIndex((entry) => /[^\x00-\x7f]/.test(entry.chunk?.delta ?? "")) + 1;
  await server.fault({
    endpoint: "out",
    action: { kind: "cut", insideRecord: wide, end: "truncate" },
  });
  const { bytes } = await readOut("inside", token);
  const text = bytes.toString("utf8");
  assert.ok(text.includes(`{"seq_num":${wide - 1},`));
  assert.ok(!text.includes(`{"seq_num":${wide},`));
  assert.ok(text.includes("\ufffd"), "the last character is broken");
});

test("a lost answer leaves the record behind, and the part id finds it", async () => {
  const { token } = await ask("lost-answer", "1 deltas");
  await server.fault({ endpoint: "in", action: { kind: "lose-answer" } });
  const body = JSON.stringify({ kind: "stop" });
  const request = [
    "POST /realtime/v1/sessions/lost-answer/in/append HTTP/1.1",
    `Authorization: Bearer ${token}`,
    `Content-Length: ${body.length}`,
    "X-Part-Id: lost",
  ];
  const lost = await exchange(request, body);
  assert.equal(lost.bytes.length, 0);
  const recorded = (await server.inputs("lost-answer")).filter((input) => input.partId === "lost");
  assert.equal(recorded.length, 1);
  const again = await exchange([...request, "Connection: close"], body);
  assert.ok(again.bytes.includes(`"seq":${recorded[0].seq}`));
});

test("a dropped request is not carried out", async () => {
  const { token } = await ask("dropped", "1 deltas");
  await server.fault({ endpoint: "any", chatId: "dropped", action: { kind: "drop" } });
  const before = (await server.inputs("dropped")).length;
  const dropped = await exchange(
    [
      "POST /realtime/v1/sessions/dropped/in/append HTTP/1.1",
      `Authorization: Bearer ${token}`,
      "Content-Length: 2",
    ],
    "{}",
  );
  assert.equal(dropped.bytes.length, 0);
  assert.equal((await server.inputs("dropped")).length, before);
});

test("a status comes with its headers and body, after those that pass", async () => {
  const { token } = await ask("status", "1 deltas");
  const action = {
    kind: "status",
    status: 429,
    headers: { "Retry-After": "7", "x-ratelimit-reset": "1000" },
    body: '{"ok":false,"error":"slow down"}',
  };
  await server.fault({ endpoint: "in", chatId: "status", skip: 1, action });
  const append = () =>
    server.post(
      "/realtime/v1/sessions/status/in/append",
      { kind: "stop" },
      { Authorization: `Bearer ${token}`, Origin: "https://app.example" },
    );
  assert.equal((await append()).status, 200);
  const limited = await append();
  assert.equal(limited.status, 429);
  assert.equal(limited.headers.get("retry-after"), "7");
  assert.match(limited.headers.get("access-control-expose-headers"), /Retry-After/);
  assert.equal((await limited.json()).error, "slow down");
  assert.equal((await append()).status, 200);
});

test("a stalled connection is silent, counted, and goes on when healed", async () => {
  const { token } = await ask("stalled", "3 deltas");
  await server.fault({ endpoint: "out", action: { kind: "stall", afterBytes: 50 } });
  const response = await fetch(`${server.url}/realtime/v1/sessions/stalled/out`, {
    headers: { Authorization: `Bearer ${token}`, Accept: "text/event-stream", "X-Peek-Settled": "1" },
  });
  const reader = response.body.getReader();
  const first = await reader.read();
  assert.equal(first.value.length, 50);
  assert.deepEqual(await server.json("/faults/connections"), { stalled: 1 });
  await server.json("/faults", { method: "DELETE" });
  const rest = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) rest.push(next.value);
  assert.ok(Buffer.concat(rest).includes("[DONE]"));
  assert.deepEqual(await server.json("/faults/connections"), {});
});

test("the published client reads a turn through slices, and through a delay", async () => {
  await server.fault({ endpoint: "out", action: { kind: "slice", bytes: 7, delayMs: 0 } });
  await server.fault({ endpoint: "in", action: { kind: "delay", ms: 50 } });
  const { chunks } = await ask("sliced", "emoji please");
  assert.deepEqual(turnsOf(await server.log("sliced")), [chunks]);
  const rules = await server.json("/faults");
  assert.deepEqual(rules.map((rule) => rule.hits), [1, 1]);
});

test("a rule that means nothing is refused", async () => {
  assert.equal((await server.fault({ endpoint: "out" })).status, 400);
  assert.equal((await server.fault("{")).status, 400);
  const both = { kind: "cut", afterBytes: 1, insideRecord: 1, end: "reset" };
  assert.equal((await server.fault({ endpoint: "out", action: both })).status, 400);
});

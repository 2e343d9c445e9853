// Every refusal has its documented status, a JSON body, and headers that let a browser read it.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";

import { SECRET_KEY, startSessionServer } from "../support/session-server.mjs";

const LIMIT = 1024 * 1024;

let server;
let token;
before(async () => {
  server = await startSessionServer();
  token = (await server.startSession({ chatId: "codes" })).publicAccessToken;
});
after(() => server.stop());

function append(body, headers = {}, chatId = "codes") {
  const path = `/realtime/v1/sessions/${encodeURIComponent(chatId)}/in/append`;
  return server.post(path, body, { Authorization: `Bearer ${token}`, Origin: "https://app.example", ...headers });
}

async function refused(response, status) {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("access-control-allow-origin"), "https://app.example");
  const body = await response.json();
  assert.equal(body.ok, false);
  assert.equal(typeof body.error, "string");
  return body;
}

function signed(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", SECRET_KEY).update(text).digest("base64url")}`;
}

function tokenWith(scopes, secondsFromNow = 60) {
  const now = Math.floor(Date.now() / 1_000);
  const fixed = { iss: "test", aud: "test", sub: "test", pub: true, jti: "test" };
  return signed({ ...fixed, scopes, iat: now, exp: now + secondsFromNow });
}

const bearer = (value) => ({ Authorization: `Bearer ${value}` });
const stop = { kind: "stop" };

test("callers without a valid token are refused with 401", async () => {
  await refused(await append(stop, { Authorization: "" }), 401);
  await refused(await append(stop, { Authorization: "Basic abc" }), 401);
  await refused(await append(stop, bearer("not-a-token")), 401);
  await refused(await append(stop, bearer(tokenWith(["write:sessions:codes"], -1))), 401);
  await refused(await append(stop, bearer(`${tokenWith(["write:sessions:codes"])}x`)), 401);
});

test("tokens of other chats and other actions are refused with 403", async () => {
  await refused(await append(stop, bearer(tokenWith(["write:sessions:other"]))), 403);
  await refused(await append(stop, bearer(tokenWith(["read:sessions:codes"]))), 403);
});

test("an unknown session is 404 for its own token and 403 for others", async () => {
  await refused(await append(stop, bearer(tokenWith(["write:sessions:nobody"])), "nobody"), 404);
  await refused(await append(stop, {}, "nobody"), 403);
});

test("only JSON is taken", async () => {
  await refused(await append("hello"), 400);
  await refused(await append(""), 400);
});

test("oversize bodies and oversize records are 413", async () => {
  await refused(await append(JSON.stringify("a".repeat(LIMIT))), 413);
  await refused(await append("x".repeat(20 * LIMIT)), 413);
  // Below the body's limit, but every quote becomes three more bytes in the record.
  await refused(await append(JSON.stringify('"'.repeat(LIMIT / 3))), 413);
  const partId = "exact";
  const around = 8 + Buffer.byteLength(JSON.stringify({ data: '""', id: partId }));
  const fits = JSON.stringify("a".repeat(LIMIT - around));
  const headers = { "X-Part-Id": partId };
  assert.equal((await append(fits, headers)).status, 200);
  await refused(await append(fits.replace("a", "aa"), headers), 413);
});

test("one part id is one record, also when it arrives twice at once", async () => {
  const headers = { "X-Part-Id": "once" };
  const answers = await Promise.all([append(stop, headers), append(stop, headers), append(stop, headers)]);
  const bodies = await Promise.all(answers.map((answer) => answer.json()));
  bodies.push(await (await append(stop, headers)).json());
  assert.equal(new Set(bodies.map((body) => body.seq)).size, 1);
  assert.ok(bodies.every((body) => body.ok === true));
  const records = (await server.inputs("codes")).filter((input) => input.partId === "once");
  assert.equal(records.length, 1);
  const other = await (await append(stop, { "X-Part-Id": "another" })).json();
  assert.ok(other.seq > bodies[0].seq);
});

test("a session is refused for what it lacks", async () => {
  const create = (body, key = SECRET_KEY) =>
    server.post("/api/v1/sessions", body, { ...bearer(key), Origin: "https://app.example" });
  const valid = {
    type: "chat.agent",
    externalId: "made",
    taskIdentifier: "demo-agent",
    triggerConfig: { basePayload: { chatId: "made", trigger: "preload" } },
  };
  await refused(await create("{"), 400);
  await refused(await create({ ...valid, taskIdentifier: undefined }), 422);
  await refused(await create({ ...valid, triggerConfig: {} }), 422);
  await refused(await create({ ...valid, externalId: "session_mine" }), 422);
  await refused(await create({ ...valid, externalId: "" }), 422);
  await refused(await create(valid, "tr_dev_wrong"), 401);
  await refused(await create(valid, tokenWith(["write:sessions"])), 403);
  await refused(await create(valid, tokenWith(["write:sessions", "write:tasks:other"])), 403);
  const scoped = tokenWith(["write:sessions", "write:tasks:demo-agent"]);
  assert.equal((await create(valid, scoped)).status, 201);
  assert.equal((await create(valid, scoped)).status, 200);
});

test("closing needs an administrator and a short reason", async () => {
  const close = (body, key) =>
    server.post("/api/v1/sessions/codes/close", body, { ...bearer(key), Origin: "https://app.example" });
  await refused(await close({}, token), 403);
  await refused(await close({ reason: "x".repeat(257) }, SECRET_KEY), 422);
  await refused(await close("{", SECRET_KEY), 400);
});

test("reading .out wants an event stream, and .in the secret key", async () => {
  const read = (path, headers) =>
    fetch(`${server.url}/realtime/v1/sessions/codes/${path}`, {
      headers: { Origin: "https://app.example", ...headers },
    });
  await refused(await read("out", { ...bearer(token), Accept: "application/json" }), 406);
  await refused(await read("out", { Accept: "text/event-stream" }), 401);
  await refused(await read("in", { ...bearer(token), Accept: "text/event-stream" }), 403);
  const inputs = await read("in", {
    ...bearer(SECRET_KEY),
    Accept: "text/event-stream",
    "Timeout-Seconds": "1",
  });
  assert.match(await inputs.text(), /event: batch\n[^]*data: \[DONE\]/);
});

test("unknown paths and methods answer in JSON", async () => {
  const origin = { headers: { Origin: "https://app.example" } };
  await refused(await fetch(`${server.url}/api/v1/unknown`, origin), 404);
  await refused(await fetch(`${server.url}/api/v1/sessions`, origin), 405);
  await refused(await fetch(`${server.url}/demo/chats/unknown`, origin), 404);
});

test("a browser's preflight is answered for any header", async () => {
  const response = await fetch(`${server.url}/realtime/v1/sessions/codes/out`, {
    method: "OPTIONS",
    headers: {
      Origin: "https://app.example",
      "Access-Control-Request-Method": "GET",
      "Access-Control-Request-Headers": "authorization,last-event-id,x-anything",
    },
  });
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("access-control-allow-origin"), "https://app.example");
  assert.equal(response.headers.get("access-control-allow-headers"), "authorization,last-event-id,x-anything");
});

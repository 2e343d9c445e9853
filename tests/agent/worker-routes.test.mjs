// The session server's routes for workers are for holders of the secret key, not for pages.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SECRET_KEY, startSessionServer } from "../support/session-server.mjs";

const SESSION = "/realtime/v1/sessions/workers";
const ROUTES = [
  ["PUT", `${SESSION}/out`],
  ["GET", `${SESSION}/out/records`],
  ["GET", `${SESSION}/in/records`],
  ["POST", "/api/v1/sessions/workers/end-and-continue"],
  ["POST", "/api/v1/auth/jwt/claims"],
  ["GET", "/s2/v1/streams"],
];

let server;
let token;
before(async () => {
  server = await startSessionServer();
  ({ publicAccessToken: token } = await server.startSession({ chatId: "workers" }));
});
after(() => server.stop());

async function statusOf(method, path, bearer) {
  const headers = { "Content-Type": "application/json", "s2-basin": "session-server" };
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  const body = method === "POST" ? JSON.stringify({ callingRunId: "run_of_another" }) : undefined;
  return (await fetch(server.url + path, { method, headers, body })).status;
}

for (const [method, path] of ROUTES) {
  test(`${method} ${path} needs the secret key`, async () => {
    assert.equal(await statusOf(method, path), 401);
    assert.equal(await statusOf(method, path, token), 403);
    assert.equal(await statusOf(method, path, SECRET_KEY), 200);
  });
}

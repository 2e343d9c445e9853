// What the files here need: one engine, the session server with the built demo page, and a page of
// another origin to go to.

import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { startSessionServer } from "../support/session-server.mjs";
import { ChatTab } from "./chat-tab.mjs";

const PAGE = fileURLToPath(new URL("../../www-demo/app/dist", import.meta.url));

/** Starts all of it before the file's tests and ends it afterwards. */
export function visitsIn(startEngine) {
  let server;
  let elsewhere;
  let engine;
  before(async () => {
    assert.ok(existsSync(PAGE), "the demo page is not built: cargo xtask test e2e does it");
    server = await startSessionServer({ flags: ["--static", PAGE] });
    elsewhere = await startElsewhere();
    server.elsewhere = `http://127.0.0.1:${elsewhere.address().port}/`;
    engine = await startEngine();
  });
  after(async () => {
    await engine?.close();
    elsewhere?.close();
    elsewhere?.closeAllConnections();
    assert.equal(await server?.stop(), 0, "the server ends in good order");
  });
  /** A visitor on an empty chat. */
  return async function visit(t) {
    const tab = await engine.newTab();
    t.after(() => tab.close());
    const chat = new ChatTab(tab, server);
    await chat.open();
    return chat;
  };
}

async function startElsewhere() {
  const elsewhere = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>Elsewhere</title>");
  });
  elsewhere.listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  return elsewhere;
}

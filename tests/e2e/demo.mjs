// What every file here needs: the session server with the built demo page, and one browser.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { startChromium } from "../support/chromium.mjs";
import { startSessionServer } from "../support/session-server.mjs";
import { ChatPage } from "./chat-page.mjs";

const PAGE = fileURLToPath(new URL("../../www-demo/app/dist", import.meta.url));

/** Starts both before the file's tests and ends them afterwards. */
export function demo({ flags = [] } = {}) {
  let server;
  let browser;
  before(async () => {
    assert.ok(existsSync(PAGE), "the demo page is not built: cargo xtask test e2e does it");
    server = await startSessionServer({ flags: ["--static", PAGE, ...flags] });
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    assert.equal(await server?.stop(), 0, "the server ends in good order");
  });
  return {
    /** A visitor who was never here before, on an empty chat. `watch` sees the page before it loads. */
    async visit(t, watch = () => {}) {
      const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
      t.after(() => context.close());
      const page = await context.newPage();
      watch(page);
      const chat = new ChatPage(page, server);
      await chat.open();
      return chat;
    },
    get server() {
      return server;
    },
  };
}

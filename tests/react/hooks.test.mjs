// Each hook by itself, in a page under StrictMode.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SILENT } from "../support/session-server.mjs";
import { NEWEST, buildNamed } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const { visit, here } = visitsTo([buildNamed(NEWEST)]);

describe("hooks", { concurrency: 4 }, () => {
  test("H1 useLoadTranscript loads once, and the stream opens behind what it has loaded", async (t) => {
    const first = await visit(t, NEWEST);
    await first.ask("Hello");
    await first.hasAnswers(1);
    const { chatId } = first;
    const { lastEventId } = await here.server.chat(chatId);

    const loads = [];
    const prepare = (context) =>
      context.on("request", (request) => {
        const { pathname } = new URL(request.url());
        if (pathname === `/demo/chats/${encodeURIComponent(chatId)}`) loads.push(pathname);
      });
    const second = await visit(t, NEWEST, { chatId, prepare });
    await second.hasAnswers(1);
    assert.equal(loads.length, 1);
    await second.ask("Hello again");
    await second.hasAnswers(2);
    await second.showsWhatTheServerWrote();
    const [connected] = await second.eventsOf("stream-connected");
    assert.equal(connected.lastEventId, lastEventId);
    assert.deepEqual(second.complaints, []);
  });

  test("H1 G2 useChatConnection follows the connection", async (t) => {
    const visitor = await visit(t, NEWEST);
    await visitor.hasConnection("idle");
    await visitor.ask(SILENT);
    await visitor.hasConnection("live");
    await visitor.breakSilence();
    await visitor.hasAnswers(1);
    await visitor.hasConnection("idle");
    assert.deepEqual(visitor.complaints, []);
  });

  test("H1 useSubAgentMessages shows a sub-agent while it works", async (t) => {
    const visitor = await visit(t, NEWEST);
    await visitor.page.evaluate(() => {
      const chunks = [
        { type: "start", messageId: "sub" },
        { type: "text-start", id: "text" },
        { type: "text-delta", id: "text", delta: "I am at it" },
      ];
      window.onData({ type: "data-subagent", data: { toolCallId: "call", seq: 0, chunks } });
    });
    await visitor.page.locator("aside", { hasText: "I am at it" }).waitFor();
    assert.deepEqual(visitor.complaints, []);
  });

  test("H5 hooks go over to another transport", async (t) => {
    const visitor = await visit(t, NEWEST, { layout: "swapped" });
    await visitor.ask("Hello");
    await visitor.hasAnswers(1);
    await visitor.reload();
    await visitor.page.evaluate(() => window.renew());
    await visitor.ask(SILENT);
    await visitor.hasConnection("live");
    await visitor.type("emoji", "Steer");
    await visitor.hasInputs(3);
    await visitor.breakSilence();
    await visitor.hasAnswers(3);
    await visitor.showsWhatTheServerWrote();
    await visitor.sent("Hello", SILENT, "emoji");
    const used = await visitor.seen("used");
    assert.ok(used.includes("fetch in two"));
    assert.ok(!used.includes("fetch in one"));
    assert.deepEqual(visitor.complaints, []);
  });
});

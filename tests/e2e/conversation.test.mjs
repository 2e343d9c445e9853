// A plain conversation: complete, once, and between the page and its own server only.

import assert from "node:assert/strict";
import { test } from "node:test";

import { complaintsOf } from "../support/chromium.mjs";
import { demo } from "./demo.mjs";

const { visit } = demo();

test("two turns show what the server wrote, and each question is sent once", async (t) => {
  const chat = await visit(t);
  await chat.ask("Where is Ada?");
  await chat.hasAnswers(1);
  await chat.showsWhatTheServerWrote();

  await chat.ask("And what does she think?");
  await chat.hasAnswers(2);
  await chat.showsWhatTheServerWrote();

  assert.deepEqual(await chat.questions(), ["Where is Ada?", "And what does she think?"]);
  await chat.sent("Where is Ada?", "And what does she think?");
});

test("the page talks to its own origin only, and the console stays quiet", async (t) => {
  const requested = [];
  let complaints;
  const chat = await visit(t, (page) => {
    complaints = complaintsOf(page);
    page.on("request", (request) => requested.push(request.url()));
  });
  await chat.ask("Hello");
  await chat.hasAnswers(1);
  await chat.reload();
  await chat.ask("Hello again");
  await chat.hasAnswers(2);

  assert.ok(requested.some((url) => url.endsWith(".wasm")), "the transport's module was loaded");
  assert.deepEqual(requested.filter((url) => new URL(url).origin !== chat.server.url), []);
  assert.deepEqual(complaints, []);
});

test("20,000 deltas arrive completely", async (t) => {
  const chat = await visit(t);
  await chat.ask("20000 deltas");
  await chat.shows(" 20000 ", 40_000);
  await chat.hasAnswers(1, 40_000);
  await chat.showsWhatTheServerWrote();

  const rendered = await chat.byTestId("text").innerText();
  const numbers = Array.from({ length: 20_000 }, (_, index) => String(index + 1));
  assert.deepEqual(rendered.trim().split(/\s+/), numbers);
});

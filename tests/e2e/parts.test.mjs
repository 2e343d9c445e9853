// Everything an answer can be made of besides text reaches the screen.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { demo } from "./demo.mjs";

const { visit } = demo();

// Side by side: they mostly wait.
describe("parts of an answer", { concurrency: 2 }, () => {
  test("a tool call shows its input and its result, then the text", async (t) => {
    const chat = await visit(t);
    await chat.ask("What is the weather?");
    await chat.hasTool("output-available");
    await chat.hasAnswers(1);
    const tool = await chat.byTestId("tool").innerText();
    assert.match(tool, /"city": "Lisbon"/);
    assert.match(tool, /"unit": "°C"/);
    await chat.showsWhatTheServerWrote();
  });

  test("reasoning is shown apart from the answer, whole", async (t) => {
    const chat = await visit(t);
    await chat.ask("think about it");
    await chat.hasAnswers(1);
    const written = (await chat.server.log(chat.chatId))
      .filter(({ chunk }) => chunk?.type === "reasoning-delta")
      .map(({ chunk }) => chunk.delta)
      .join("");
    assert.equal(await chat.byTestId("reasoning").locator("p").textContent(), written);
    await chat.showsWhatTheServerWrote();
  });

  test("a data part is replaced in place, and ends with its last state", async (t) => {
    const chat = await visit(t);
    await chat.ask("show me data");
    await chat.hasAnswers(1);
    assert.equal(await chat.byTestId("data").count(), 1);
    assert.match(await chat.byTestId("data").innerText(), /3 of 3/);
    await chat.showsWhatTheServerWrote();
  });

  test("a tool call is whole after a reload while it runs", async (t) => {
    const chat = await visit(t);
    await chat.ask("What is the weather?");
    await chat.byTestId("tool").waitFor();
    await chat.reload();
    await chat.hasTool("output-available");
    await chat.hasAnswers(1);
    assert.equal(await chat.byTestId("tool").count(), 1);
    await chat.showsWhatTheServerWrote();
    await chat.sent("What is the weather?");
  });
});

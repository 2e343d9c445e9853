// A tool that asks first: the visitor's decision is carried out once, through reloads as well.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { eventually } from "../support/eventually.mjs";
import { demo } from "./demo.mjs";

const { visit } = demo();

async function askForEmail(chat) {
  await chat.ask("send an email");
  await chat.byTestId("approve").waitFor();
  await chat.hasStatus("ready");
}

async function decisionIsReceived(chat) {
  const received = async () => (await chat.server.inputs(chat.chatId)).length === 2;
  await eventually("the server received the decision", received);
}

async function emailWasSent(chat) {
  await chat.hasTool("output-available");
  await chat.hasAnswers(1);
  await chat.showsWhatTheServerWrote();
  assert.match(await chat.byTestId("tool").innerText(), /"sent": true/);
  await chat.sent("send an email", "approved");
}

// Side by side: they mostly wait.
describe("decisions about a tool", { concurrency: 3 }, () => {
  test("an approved tool runs once, and the answer goes on", async (t) => {
    const chat = await visit(t);
    await askForEmail(chat);
    await chat.byTestId("approve").click();
    await emailWasSent(chat);
  });

  test("a denied tool does not run, and the answer says so", async (t) => {
    const chat = await visit(t);
    await askForEmail(chat);
    await chat.byTestId("deny").click();
    await chat.hasTool("output-denied");
    await chat.shows("I did not send the email.");
    await chat.hasAnswers(1);
    await chat.showsWhatTheServerWrote();
    await chat.sent("send an email", "denied");
  });

  test("the decision can still be made after a reload", async (t) => {
    const chat = await visit(t);
    await askForEmail(chat);
    await chat.reload();
    await chat.byTestId("approve").click();
    await emailWasSent(chat);
  });

  test("an approved tool's result is shown although the page was reloaded while it ran", async (t) => {
    const chat = await visit(t);
    await askForEmail(chat);
    await chat.byTestId("approve").click();
    await decisionIsReceived(chat);
    await chat.reload();
    await emailWasSent(chat);
  });

  test("a decision of which the page never heard that it arrived is carried out after a reload", async (t) => {
    const chat = await visit(t);
    await askForEmail(chat);
    await chat.fault({ endpoint: "in", times: 100, action: { kind: "lose-answer" } });
    await chat.byTestId("approve").click();
    await decisionIsReceived(chat);
    await chat.reload();
    await emailWasSent(chat);
  });

  test("reloads before the decision and while the tool runs change nothing", async (t) => {
    const chat = await visit(t);
    await askForEmail(chat);
    await chat.reload();
    await chat.byTestId("approve").click();
    await decisionIsReceived(chat);
    await chat.reload();
    await emailWasSent(chat);

    await chat.ask("Thanks");
    await chat.hasAnswers(2);
    await chat.showsWhatTheServerWrote();
    await chat.sent("send an email", "approved", "Thanks");
  });

  test("a reload in the middle of what follows the approved tool repeats nothing", async (t) => {
    const chat = await visit(t);
    await askForEmail(chat);
    await chat.byTestId("approve").click();
    await chat.shows("Done:");
    await chat.reload();
    await emailWasSent(chat);
  });
});

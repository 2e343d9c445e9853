// The hooks with a real `chat.agent`: it takes messages up between two steps, and edits its history.

import assert from "node:assert/strict";
import { test } from "node:test";

import { TASK, agent } from "../agent/agents.mjs";
import { Worker } from "../agent/worker.mjs";
import { eventually } from "../support/eventually.mjs";
import { NEWEST, buildNamed } from "./builds.mjs";
import { visitsTo } from "./visits.mjs";

const { visit, here } = visitsTo([buildNamed(NEWEST)], { flags: ["--worker-task", TASK] });

/** A visitor whose chat is served by a worker. */
async function visitWithWorker(t) {
  const chatId = `chat/${crypto.randomUUID()}`;
  const worker = new Worker(here.server, agent, chatId);
  t.after(() => worker.stop());
  const prepare = (context) => context.exposeFunction("startSession", worker.startSession);
  return { worker, visitor: await visit(t, NEWEST, { chatId, prepare }) };
}

test("H4 a steer that is taken up shows where it was, and is not answered again", async (t) => {
  const { visitor } = await visitWithWorker(t);
  await visitor.ask("inspect");
  await visitor.page.locator("article[data-parts*=tool-inspect]").waitFor({ state: "attached" });
  await visitor.type("Speak French", "Steer");
  await visitor.hasAnswers(1);
  await visitor.shows("D'accord.");
  assert.deepEqual(await visitor.page.locator("article mark").allTextContents(), ["Speak French"]);
  assert.deepEqual(await visitor.pending(), []);
  // Another message, answered: had the steer been sent again, its answer would come first.
  await visitor.ask("hello");
  await visitor.hasAnswers(2);
  await visitor.shows("You said hello");
  await visitor.sent("inspect", "Speak French", "hello");
  assert.deepEqual(visitor.complaints, []);
});

test("H1 useChatActions sends an action as a request of useChat", async (t) => {
  const { visitor, worker } = await visitWithWorker(t);
  await visitor.ask("keep this");
  await visitor.hasAnswers(1);
  await visitor.ask("forget this");
  await visitor.hasAnswers(2);
  await visitor.click("Undo");
  await visitor.hasInputs(3);
  await eventually("the agent has stored the edit", () => worker.stored?.length === 2);
  await visitor.hasStatus("ready");
  const { payload } = (await visitor.inputs())[2].chunk;
  assert.deepEqual(payload.action, { type: "undo" });
  assert.equal(payload.trigger, "action");
  assert.equal((await visitor.messages("assistant")).length, 2);
  await visitor.ask("go on");
  await visitor.shows("You said go on as message 2.");
  assert.deepEqual(await visitor.seen("errors"), []);
});

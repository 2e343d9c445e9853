// The packed package, installed in a project of its own, works in a Vite build, under Vite's
// development server and under plain Node.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { complaintsOf, startChromium } from "../support/chromium.mjs";
import { startSessionServer, textOf, turnsOf } from "../support/session-server.mjs";
import { createSampleProject } from "./sample-project.mjs";

const TIMEOUT_MS = 30_000;

let project;
let browser;
before(async () => ([project, browser] = await Promise.all([createSampleProject(), startChromium()])));
after(() => Promise.all([project?.remove(), browser?.close()]));

async function serverFor(t, flags) {
  const server = await startSessionServer({ flags });
  t.after(() => server.stop());
  return server;
}

/** Opens the page on a chat, asks its question, and answers what was shown and fetched. */
async function askOnThePage(t, url, chatId) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const complaints = complaintsOf(page);
  const modules = [];
  page.on("response", (response) => {
    if (new URL(response.url()).pathname.endsWith(".wasm")) modules.push(response);
  });
  await page.goto(`${url}#${chatId}`);
  await page.getByRole("button", { name: "Ask" }).click();
  await page.locator('main[data-status="ready"]:has([data-role="assistant"])').waitFor();
  const text = await page.locator('[data-role="assistant"]').textContent();
  return { text, complaints, modules };
}

async function assertAnswered(server, chatId, { text, complaints, modules }) {
  const turns = turnsOf(await server.log(chatId));
  assert.deepEqual(turns.map(textOf), [text]);
  assert.equal((await server.inputs(chatId)).length, 1);
  assert.deepEqual(complaints, []);
  assert.equal(modules.length, 1, "the module is fetched once, as a file");
  assert.equal(modules[0].status(), 200);
  assert.equal(modules[0].headers()["content-type"], "application/wasm");
}

test("the sample installs the versions that the demo page is built with", async () => {
  const manifest = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
  const demo = await manifest("../../www-demo/app/package.json");
  const sample = await manifest("vite/package.json");
  for (const kind of ["dependencies", "devDependencies"]) {
    const { "trigger-chat-transport": _, ...versions } = sample[kind];
    const same = Object.keys(versions).map((name) => [name, demo[kind][name]]);
    assert.deepEqual(versions, Object.fromEntries(same));
  }
});

test("the package holds its code, its types, its module and its papers", () => {
  const unexpected = /\.(map|test|rs|tsx?)(\.|$)/;
  for (const file of ["index.js", "node.js", "index.d.ts", "trigger_chat_transport_bg.wasm", "README.md", "LICENSE"]) {
    assert.ok(project.packedFiles.includes(file), file);
  }
  const sources = project.packedFiles.filter((file) => !file.endsWith(".d.ts") && unexpected.test(file));
  assert.deepEqual(sources, []);
});

test("its declarations satisfy a strict project that passes it to useChat", async () => {
  await project.runScript("check");
});

test("a Vite build ships the module as a file, and the page holds a conversation", async (t) => {
  await project.runScript("build");
  const server = await serverFor(t, ["--static", project.dist]);
  const shown = await askOnThePage(t, server.url, "built");
  await assertAnswered(server, "built", shown);
});

test("Vite's development server serves the page, and it holds a conversation", async (t) => {
  const server = await serverFor(t, []);
  const vite = await project.startViteServer(server.url);
  t.after(() => vite.close());
  const shown = await askOnThePage(t, vite.resolvedUrls.local[0], "developed");
  await assertAnswered(server, "developed", shown);
});

test("a script under plain Node holds a conversation and ends by itself", async (t) => {
  const server = await serverFor(t, []);
  const chunks = JSON.parse(await project.node("converse.mjs", server.url, "scripted"));
  assert.deepEqual([chunks], turnsOf(await server.log("scripted")));
});

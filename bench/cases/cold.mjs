// How soon after the navigation a page with an empty cache makes its first append, and what it has to
// download for it.

import { readFile } from "node:fs/promises";

import { brotliSize } from "../../js/build/brotli.mjs";
import { CONTESTANTS, medians, own, takeTurns } from "../contest.mjs";
import { bundled } from "../server/pages.mjs";
import { chatId } from "../server/turn.mjs";
import { recordsOf } from "../wire/events.mjs";

const TURN = { kind: "text", count: 10, batch: 10 };
const OUR_FILES = ["index.js", "trigger_chat_transport_bg.wasm"];

/** A cheap phone far from the mast: what Lighthouse calls slow 4G, and a quarter of the processor. */
const SLOW = { latencyMs: 150, bytesPerSecond: 1_600_000 / 8, slowdown: 4 };

export async function cold({ browser, server, rounds }) {
  const visit = (slow) => (name) => firstAppend(browser, `${server.url}/${name}/cold`, name, slow);
  const fast = await takeTurns(rounds, visit(undefined));
  const slow = await takeTurns(rounds, visit(SLOW));
  const row = (name, results, title) => ({
    name: `navigation to first append, ${name}`,
    chart: `first append, ${title}`,
    unit: "ms",
    values: medians(results, ({ ms }) => ms),
    beside: { name: "ms of CPU", values: medians(results, ({ cpuMs }) => cpuMs) },
    target: { reference: 1 },
  });
  return [
    row("this machine", fast, "this machine"),
    row("150 ms, 1.6 Mbit/s and a quarter of the processor", slow, "slow phone"),
    {
      name: "download",
      chart: "download",
      unit: "bytes of brotli",
      values: await sizes(),
      target: { most: 30 * 1_024 },
    },
  ];
}

async function firstAppend(browser, url, name, slow) {
  const tab = await browser.newTab();
  try {
    if (slow) await slowDown(tab, slow);
    await tab.goto(`${url}#${encodeURIComponent(chatId(TURN, own()))}`);
    const { ms, records } = await tab.evaluate(async (kind) => {
      const [ms, records] = await Promise.all([window.firstAppend, window.answered(kind)]);
      return { ms, records };
    }, TURN.kind);
    if (records !== recordsOf(TURN)) throw new Error(`${name} was not answered`);
    const { ThreadTime } = await tab.metrics();
    return { ms, cpuMs: ThreadTime * 1_000 };
  } finally {
    await tab.close();
  }
}

async function slowDown(tab, { latencyMs, bytesPerSecond, slowdown }) {
  const speed = { downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond };
  await tab.send("Network.enable");
  await tab.send("Network.emulateNetworkConditions", { offline: false, latency: latencyMs, ...speed });
  await tab.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
}

/** Ours as `cargo xtask build` counts it; the others bundled, and counted alike. */
async function sizes() {
  const counted = {};
  for (const name of CONTESTANTS) {
    const files =
      name === "ours"
        ? OUR_FILES.map((file) => readFile(new URL(`../../pkg/${file}`, import.meta.url)))
        : [bundled(name, `contestants/${name}.js`)];
    const sizes = (await Promise.all(files)).map(brotliSize);
    counted[name] = sizes.reduce((sum, size) => sum + size);
  }
  return counted;
}

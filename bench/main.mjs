// The benchmark: `cargo xtask bench [--quick] [case…]`, which builds the package before. A whole run
// writes BENCHMARKS.md and the chart; a part of it, or a quick one, only prints.

import { writeFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";

import { startBrowser } from "./browser/browser.mjs";
import { burst } from "./cases/burst.mjs";
import { chats } from "./cases/chats.mjs";
import { cold } from "./cases/cold.mjs";
import { drip } from "./cases/drip.mjs";
import { memory } from "./cases/memory.mjs";
import { node } from "./cases/node.mjs";
import { reconnects } from "./cases/reconnects.mjs";
import { reload } from "./cases/reload.mjs";
import { throughput } from "./cases/throughput.mjs";
import { CONTESTANTS } from "./contest.mjs";
import { chart } from "./report/chart.mjs";
import { document, summary, table } from "./report/table.mjs";
import { buildPages } from "./server/pages.mjs";
import { startServer } from "./server/server.mjs";

const CASES = {
  throughput: { title: "Throughput", run: throughput },
  latency: { title: "Latency", run: drip },
  burst: { title: "A burst", run: burst },
  cold: { title: "Cold start and size", run: cold },
  memory: { title: "Memory", run: memory },
  reconnects: { title: "Reconnects", run: reconnects },
  chats: { title: "Fifty chats at once", run: chats },
  reload: { title: "A reload in the middle of a long turn, in React", run: reload },
  node: { title: "Under Node", run: node },
};

const PAGES = ["page.js", "cold.js", "memory.js", "reconnects.js", "reload.jsx"];

await main(process.argv.slice(2));

async function main(words) {
  const quick = words.includes("--quick");
  const named = words.filter((word) => word !== "--quick");
  const unknown = named.find((name) => !(name in CASES));
  if (unknown) {
    const usage = `cargo xtask bench [--quick] [case…]; cases: ${Object.keys(CASES).join(", ")}`;
    console.error(`there is no case \`${unknown}\`\n\n${usage}`);
    process.exitCode = 1;
    return;
  }
  const rounds = quick ? 2 : 7;
  const names = named.length > 0 ? named : Object.keys(CASES);
  const loadBefore = loadavg()[0];
  const { cases, version } = await runCases(names, { quick, rounds });
  console.log(summary(cases).replaceAll("*", ""));
  if (quick || named.length > 0) return;
  const run = {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    load: [loadBefore, loadavg()[0]],
    browser: version,
    rounds,
  };
  await writeFile(new URL("../BENCHMARKS.md", import.meta.url), document(run, cases));
  await writeFile(new URL("chart.svg", import.meta.url), chart(cases));
  console.log("wrote BENCHMARKS.md and bench/chart.svg");
}

async function runCases(names, asked) {
  const server = await startServer(await buildPages(CONTESTANTS, PAGES, ["cold.js"]));
  const browser = await startBrowser();
  const cases = [];
  try {
    const pages = {};
    for (const name of CONTESTANTS) {
      pages[name] = await browser.newTab();
      await pages[name].goto(`${server.url}/${name}/page`);
    }
    for (const name of names) {
      const { title, run } = CASES[name];
      const startedMs = Date.now();
      const rows = await run({ ...asked, pages, browser, server });
      cases.push({ title, rows });
      const seconds = Math.round((Date.now() - startedMs) / 1_000);
      console.log(`\n${title} (${name}, ${seconds} s)\n\n${table(rows)}\n`);
    }
  } finally {
    await browser.close();
    server.stop();
  }
  return { cases, version: browser.version };
}

function machine() {
  const [{ model }] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores, ${model.trim()}, ${gigabytes} GB, ${process.platform}`;
}

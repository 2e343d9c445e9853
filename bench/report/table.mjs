// The rows as Markdown: a table for each case, and what it takes to read them.

import { CONTESTANTS } from "../contest.mjs";
import { figure, ratio, verdicts } from "./verdict.mjs";

const COLUMNS = [
  "what",
  "reference",
  "ours",
  "hand-written",
  "ours / reference",
  "ours / hand-written",
  "target",
];

const INTRODUCTION = `# Benchmarks

Three contestants read the same turns, taking turns themselves in one run:

- **reference**: \`TriggerChatTransport\` of \`@trigger.dev/sdk\` 4.8.3;
- **ours**: this package as \`cargo xtask build\` leaves it;
- **hand-written**: the leanest reader that a careful engineer would write by hand in JavaScript
  (\`bench/page/contestants/hand-written.js\`). It has nothing of a transport but the reading.

Each has a page of its own in headless Chromium; a plain HTTP server sends prepared bytes, uncompressed,
over real sockets. Before anything is timed, each must deliver exactly the expected chunks in order (a
delta may be several of its part, joined); of what is timed, the amount is checked.

**CPU** is the processor time of the page's main thread, and the figure to trust: CDP's \`ThreadTime\`
(\`Performance.getMetrics\`), for tasks and reloads the thread time of Chromium's own trace. Wall time
stands beside it in parentheses and is only as good as the machine was idle. Every figure is a median,
every ratio one of medians of the same run. A reload is counted from the
navigation, with all that the page loads and runs besides. Less is better throughout.

![Ours and the hand-written reader as shares of the reference](bench/chart.svg)
`;

/** The whole document. `run` says where, when and how; `cases` are titles with rows. */
export function document(run, cases) {
  const where = [
    "- Command: `node bench/main.mjs`, which `cargo xtask bench` runs over the package it has just built",
    `- Date: ${run.date}`,
    `- Machine: ${run.machine}`,
    `- Load average of the machine: ${run.load.map((each) => each.toFixed(1)).join(" before, ")} after`,
    `- ${run.browser}, Node ${process.version}`,
    `- ${run.rounds} rounds; 5 of bursts, chats, reloads and under Node, 3 of reconnects, 1 of memory`,
  ];
  const tables = cases.map(({ title, rows }) => `## ${title}\n\n${table(rows)}\n`);
  return [INTRODUCTION, ...where, `\n${summary(cases)}\n`, ...tables].join("\n");
}

/** How many of the targets are met, in words. */
export function summary(cases) {
  const all = cases.flatMap(({ rows }) => rows.flatMap(verdicts));
  const met = all.filter((each) => each.met).length;
  return `**${met} of ${all.length} targets are met.**`;
}

export function table(rows) {
  const lines = [COLUMNS, COLUMNS.map((_, at) => (at === 0 ? "---" : "---:")), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function cells(row) {
  const { name, unit, beside } = row;
  const label = beside ? `${name} (${unit}; in parentheses ${beside.name})` : `${name} (${unit})`;
  const numbers = CONTESTANTS.map((contestant) => {
    const second = beside && figure(beside.values[contestant]);
    return figure(row.values[contestant]) + (second ? ` (${second})` : "");
  });
  const ratios = ["reference", "hand-written"].map((to) => ratio(row, to)?.toFixed(2) ?? "");
  const target = verdicts(row).map(({ text, met }) => `${text}: ${met ? "met" : "**not met**"}`);
  return [label, ...numbers, ...ratios, target.join("<br>")];
}

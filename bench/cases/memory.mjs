// What a page still holds after a million records: its JavaScript heap, and the module's memory.

import { medians, own, takeTurns } from "../contest.mjs";
import { prepare } from "../server/answers.mjs";
import { chatId } from "../server/turn.mjs";
import { recordsOf } from "../wire/events.mjs";
import { turnWeight } from "../wire/turns.mjs";

const MB = 1_000_000;

export async function memory({ quick, browser, server }) {
  const million = quick ? 100_000 : 1_000_000;
  const first = { kind: "text", count: 20_000, batch: 100 };
  const second = { ...first, count: million };
  prepare(first);
  const results = await takeTurns(1, (name) =>
    retained(browser, `${server.url}/${name}/memory`, name, [first, second]),
  );
  const records = million.toLocaleString("en");
  const wasm = (at) => ({ ours: medians(results, ({ wasmBytes }) => wasmBytes[at] / MB).ours });
  return [
    {
      name: `JavaScript heap retained after ${records} records`,
      unit: "MB",
      values: medians(results, ({ heapBytes }) => heapBytes / MB),
      target: { most: 0.15 },
    },
    {
      name: "wasm memory after them",
      unit: "MB",
      values: wasm(1),
      beside: { name: "MB after the first tenth of them", values: wasm(0) },
      target: { most: 2, flat: true },
    },
  ];
}

/** What more is held behind a second turn, which is counted, than behind a first one, which is compared. */
async function retained(browser, url, name, [first, second]) {
  const tab = await browser.newTab();
  try {
    await tab.goto(url);
    const [firstId, secondId] = [first, second].map((turn) => chatId(turn, own()));
    await tab.evaluate((...ids) => window.bench.open(ids), firstId, secondId);
    await tab.evaluate((id, kind) => window.bench.compare(id, kind), firstId, first.kind);
    await delivered(tab, name, recordsOf(first));
    const before = await tab.heapBytes();
    const all = turnWeight(second.kind, second.count);
    await tab.evaluate((id, early) => window.bench.count(id, early), secondId, all / 10);
    await delivered(tab, name, all);
    const wasmBytes = await tab.evaluate(() => window.bench.wasmBytes());
    return { heapBytes: (await tab.heapBytes()) - before, wasmBytes };
  } finally {
    await tab.close();
  }
}

/** Waits for the turn's end. */
async function delivered(tab, name, wanted) {
  let got;
  while (got === undefined) got = await tab.evaluate(() => window.bench.outcome());
  if (got !== wanted) throw new Error(`${name} delivered ${got} of ${wanted}`);
}

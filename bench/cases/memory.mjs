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
      values: { ours: medians(results, ({ wasmBytes }) => wasmBytes.at(-1) / MB).ours },
      beside: {
        name: `MB after ${first.count.toLocaleString("en")}`,
        values: { ours: medians(results, ({ wasmBytes }) => wasmBytes[0] / MB).ours },
      },
      target: { most: 2, flat: true },
    },
  ];
}

/** After a first turn, which is compared, what is held; then what more is held after the second. */
async function retained(browser, url, name, turns) {
  const tab = await browser.newTab();
  try {
    await tab.goto(url);
    const chatIds = turns.map((turn) => chatId(turn, own()));
    await tab.evaluate((ids) => window.bench.open(ids), chatIds);
    const heapBytes = [];
    const wasmBytes = [];
    for (const [n, turn] of turns.entries()) {
      const wanted = n === 0 ? recordsOf(turn) : turnWeight(turn.kind, turn.count);
      const kind = n === 0 ? turn.kind : "";
      const got = await read(tab, chatIds[n], kind);
      if (got !== wanted) throw new Error(`${name} delivered ${got} of ${wanted}`);
      heapBytes.push(await tab.heapBytes());
      wasmBytes.push(await tab.evaluate(() => window.bench.wasmBytes()));
    }
    return { heapBytes: heapBytes[1] - heapBytes[0], wasmBytes };
  } finally {
    await tab.close();
  }
}

async function read(tab, id, kind) {
  await tab.evaluate((...given) => window.bench.begin(...given), id, kind);
  for (;;) {
    const outcome = await tab.evaluate(() => window.bench.outcome());
    if (outcome !== undefined) return outcome;
  }
}

// How much of the main thread a record takes, by kind and by how many come in an event.

import { CONTESTANTS, medians, own, takeTurns } from "../contest.mjs";
import { prepare } from "../server/answers.mjs";
import { chatId } from "../server/turn.mjs";
import { recordsOf } from "../wire/events.mjs";
import { turnWeight } from "../wire/turns.mjs";

const KINDS = [
  { kind: "text", title: "text deltas", batches: [1, 10, 100], count: 20_000, target: [0.18, 0.85] },
  { kind: "tool", title: "tool-input deltas", batches: [1, 10, 100], count: 20_000, target: [0.27, 0.85] },
  // More of them in an event would be over the 1 MiB that S2 puts in one.
  { kind: "output", title: "500 KB tool outputs", batches: [1, 2], count: 20, target: [0.75, 0.85] },
];

const WARM_UPS = 2;

export async function throughput({ quick, pages, rounds }) {
  const rows = [];
  for (const { kind, title, batches, count, target } of KINDS) {
    for (const batch of quick ? [batches[1]] : batches) {
      const turn = { kind, count: quick ? count / 2 : count, batch };
      const results = await readTurns(pages, turn, rounds);
      const perRecord = (ms) => (ms * 1_000) / recordsOf(turn);
      rows.push({
        name: `${title}, ${batch} in an event`,
        chart: `main thread: ${title} by ${batch}`,
        unit: "µs of CPU for a record",
        values: medians(results, ({ cpuMs }) => perRecord(cpuMs)),
        beside: { name: "µs of wall time", values: medians(results, ({ wallMs }) => perRecord(wallMs)) },
        target: { reference: target[0], "hand-written": target[1] },
      });
    }
  }
  return rows;
}

/** Checks the turn with everybody, then times it in turns. */
async function readTurns(pages, turn, rounds) {
  prepare(turn);
  const wanted = turnWeight(turn.kind, turn.count);
  const run = async (name) => {
    const result = await pages[name].evaluate((id) => window.bench.run(id), chatId(turn, own()));
    if (result.sum !== wanted) throw new Error(`${name} handed over ${result.sum} of ${wanted}`);
    return result;
  };
  for (const name of CONTESTANTS) {
    await checked(pages[name], name, turn);
    for (let n = 0; n < WARM_UPS; n += 1) await run(name);
  }
  return takeTurns(rounds, (name) => pages[name].timed(() => run(name)));
}

/** Fails unless the contestant delivers exactly the turn, in order. */
export async function checked(page, name, turn) {
  const records = await page
    .evaluate((id, kind) => window.bench.check(id, kind), chatId(turn, own()), turn.kind)
    .catch((error) => Promise.reject(new Error(`${name}: ${error.message}`)));
  if (records !== recordsOf(turn)) throw new Error(`${name}: ${records} of ${recordsOf(turn)} records`);
}

// How long a record is on its way from the server's write to the consumer, while they come one by one.

import { CONTESTANTS, median, medians, own, takeTurns } from "../contest.mjs";
import { drips } from "../server/answers.mjs";
import { chatId } from "../server/turn.mjs";
import { recordsOf } from "../wire/events.mjs";
import { checked } from "./throughput.mjs";

/** Longer is not latency: the clocks of server and page would not be the same. */
const ABSURD_MS = 5_000;

export async function drip({ quick, pages, rounds }) {
  const turn = { manner: "drip", kind: "text", count: quick ? 100 : 300, batch: 1 };
  for (const name of CONTESTANTS) await checked(pages[name], name, turn);
  const results = await takeTurns(rounds, (name) => delays(pages[name], name, turn));
  return [
    {
      name: "latency of a record over a drip, median",
      unit: "ms",
      chart: "latency of a record",
      values: medians(results, median),
      beside: { name: "ms for the slowest tenth", values: medians(results, slowestTenth) },
      target: { "hand-written": 1.1 },
    },
  ];
}

async function delays(page, name, turn) {
  const word = own();
  await page.collectGarbage();
  const arrivedMs = await page.evaluate((id) => window.bench.arrivals(id), chatId(turn, word));
  const writtenMs = drips.get(word);
  drips.delete(word);
  if (arrivedMs.length !== recordsOf(turn)) throw new Error(`${name}: ${arrivedMs.length} chunks`);
  // The browser's clock is the server's, but for its origin.
  const { NavigationStart } = await page.metrics();
  const each = arrivedMs.map((ms, n) => NavigationStart * 1_000 + ms - writtenMs[n]);
  const absurd = each.find((ms) => ms <= 0 || ms > ABSURD_MS);
  if (absurd !== undefined) throw new Error(`${name}: a record took ${absurd} ms`);
  return each;
}

const slowestTenth = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * 0.9)];

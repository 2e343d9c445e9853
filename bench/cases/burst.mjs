// How long the page is blocked at most while 200,000 records come at once.

import { CONTESTANTS, medians, own, takeTurns } from "../contest.mjs";
import { prepare } from "../server/answers.mjs";
import { chatId } from "../server/turn.mjs";
import { turnWeight } from "../wire/turns.mjs";
import { checked } from "./throughput.mjs";

export async function burst({ quick, pages, rounds }) {
  const turn = { kind: "text", count: quick ? 50_000 : 200_000, batch: 100 };
  prepare(turn);
  const wanted = turnWeight(turn.kind, turn.count);
  for (const name of CONTESTANTS) await checked(pages[name], name, turn);
  const results = await takeTurns(Math.min(rounds, 5), (name) =>
    pages[name].withLongestTask(async () => {
      const result = await pages[name].evaluate((id) => window.bench.run(id), chatId(turn, own()));
      if (result.sum !== wanted) throw new Error(`${name} handed over ${result.sum} of ${wanted}`);
      return result;
    }),
  );
  return [
    {
      name: `longest task, ${turn.count.toLocaleString("en")} records at once`,
      unit: "ms of CPU",
      chart: "longest task of a burst",
      values: medians(results, ({ taskCpuMs }) => taskCpuMs),
      beside: { name: "ms of wall time", values: medians(results, ({ taskMs }) => taskMs) },
      target: { most: 50 },
    },
    {
      name: "the burst from its append to its end, by the clock",
      unit: "ms",
      values: medians(results, ({ wallMs }) => wallMs),
    },
  ];
}

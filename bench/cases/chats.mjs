// Fifty chats of one page that answer at the same time, each with an event of ten records every ten
// milliseconds.

import { CONTESTANTS, medians, own, takeTurns } from "../contest.mjs";
import { chatId } from "../server/turn.mjs";
import { recordsOf } from "../wire/events.mjs";
import { turnWeight } from "../wire/turns.mjs";

const CHATS = 50;

export async function chats({ quick, pages, rounds }) {
  const turn = { manner: "together", kind: "text", count: quick ? 300 : 1_000, batch: 10 };
  const read = async (name, kind, each) => {
    const group = `${CHATS}-${own()}`;
    const ids = Array.from({ length: CHATS }, (_, n) => chatId(turn, `${group}-${n}`));
    const result = await pages[name].evaluate((...args) => window.bench.together(...args), ids, kind);
    if (!result.sums.every((sum) => sum === each)) throw new Error(`${name}: not every chat was answered`);
    return result;
  };
  for (const name of CONTESTANTS) await read(name, turn.kind, recordsOf(turn));
  const wanted = turnWeight(turn.kind, turn.count);
  const results = await takeTurns(Math.min(rounds, 5), (name) =>
    pages[name].timed(() => read(name, "", wanted)),
  );
  return [
    {
      name: `${CHATS} chats at once, ${recordsOf(turn).toLocaleString("en")} records each`,
      unit: "ms of CPU",
      chart: "main thread: 50 chats at once",
      values: medians(results, ({ cpuMs }) => cpuMs),
      beside: { name: "ms of wall time", values: medians(results, ({ wallMs }) => wallMs) },
      target: { reference: 0.3 },
    },
  ];
}

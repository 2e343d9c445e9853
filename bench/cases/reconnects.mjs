// What a connection costs that ends before its turn does: a thousand of them, with twenty records each.

import { CONTESTANTS, medians, own, takeTurns } from "../contest.mjs";
import { CONNECTION_RECORDS } from "../server/answers.mjs";
import { chatId } from "../server/turn.mjs";
import { OPENING, turnWeight } from "../wire/turns.mjs";

export async function reconnects({ quick, browser, server, rounds }) {
  const connections = quick ? 100 : 1_000;
  const count = connections * CONNECTION_RECORDS - OPENING;
  const turn = { manner: "pieces", kind: "text", count, batch: 10 };
  const wanted = turnWeight(turn.kind, turn.count);
  const tabs = {};
  const run = async (name) => {
    const result = await tabs[name].evaluate((id) => window.bench.run(id), chatId(turn, own()));
    if (result.sum !== wanted) throw new Error(`${name} handed over ${result.sum} of ${wanted}`);
    return result;
  };
  for (const name of CONTESTANTS) {
    tabs[name] = await browser.newTab();
    await tabs[name].goto(`${server.url}/${name}/reconnects`);
    const id = chatId({ ...turn, count: 5 * CONNECTION_RECORDS }, own());
    await tabs[name].evaluate((chat) => window.bench.run(chat, "text"), id);
  }
  const results = await takeTurns(Math.min(rounds, 3), (name) => tabs[name].timed(() => run(name)));
  for (const tab of Object.values(tabs)) await tab.close();
  return [
    {
      name: `${connections.toLocaleString("en")} reconnects, ${CONNECTION_RECORDS} records each`,
      unit: "ms of CPU",
      chart: "main thread: reconnects",
      values: medians(results, ({ cpuMs }) => cpuMs),
      beside: { name: "ms of wall time", values: medians(results, ({ wallMs }) => wallMs) },
    },
  ];
}

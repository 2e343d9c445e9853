// A React page with useChat that is reloaded in the middle of a turn of 20,000 deltas.

import { CONTESTANTS, medians, takeTurns } from "../contest.mjs";
import { prepare } from "../server/answers.mjs";
import { chatId } from "../server/turn.mjs";

const LOOKS = [
  { look: "plain", title: "plain text", targets: [0.4, 0.25, 0.2] },
  { look: "markdown", title: "Markdown", targets: [0.55, 0.55, 0.55] },
];

export async function reload({ quick, browser, server, rounds }) {
  const rows = [];
  for (const { look, title, targets } of LOOKS) {
    const turn = { manner: "open", kind: "text", count: quick ? 5_000 : 20_000, batch: 100 };
    prepare(turn);
    const tabs = {};
    for (const name of CONTESTANTS) {
      tabs[name] = await browser.newTab();
      const hash = encodeURIComponent(chatId(turn, look));
      await tabs[name].goto(`${server.url}/${name}/reload#${hash}`);
      await caughtUp(tabs[name], name);
      // Once more, so that the browser has kept what it compiled.
      await reloaded(tabs[name], name);
    }
    const results = await takeTurns(Math.min(rounds, 5), (name) => reloaded(tabs[name], name));
    for (const tab of Object.values(tabs)) await tab.close();
    const of = `reload in a turn of ${turn.count.toLocaleString("en")} deltas, ${title}`;
    const row = (what, unit, number, target) => ({
      name: `${of}: ${what}`,
      chart: `reload, ${title}: ${what}`,
      unit,
      values: medians(results, number),
      target: { reference: target },
    });
    rows.push(
      row("caught up", "ms", ({ wallMs }) => wallMs, targets[0]),
      row("main thread", "ms of CPU", ({ tasksCpuMs }) => tasksCpuMs, targets[1]),
      {
        ...row("longest block", "ms of CPU", ({ taskCpuMs }) => taskCpuMs, targets[2]),
        beside: { name: "ms of wall time", values: medians(results, ({ taskMs }) => taskMs) },
      },
    );
  }
  return rows;
}

function reloaded(tab, name) {
  // The trace knows the processor time also where the reloaded page is in another process.
  return tab.withLongestTask(async () => {
    await tab.reload();
    return { wallMs: await caughtUp(tab, name) };
  });
}

/** From the navigation to the answer on the screen, which must be the agent's to the letter. */
async function caughtUp(tab, name) {
  return tab
    .evaluate(() => window.caughtUp)
    .catch((error) => Promise.reject(new Error(`${name}: ${error.message}`)));
}

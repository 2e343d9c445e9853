// Chromium with what a measurement asks of it: tabs in processes of their own, the processor time of
// their main threads, their heaps, their tasks.

import { ARGUMENTS, PROGRAM } from "../../tests/support/chromium.mjs";
import { ChromiumTab } from "../../tests/lifecycle/engines/chromium.mjs";
import { Remote } from "../../tests/lifecycle/engines/remote.mjs";
import { startProgram, temporaryFolder } from "../../tests/lifecycle/engines/program.mjs";
import { longestTask } from "./tasks.mjs";

/** What else the browser is started with. */
const MEASURING = [
  // A tab that is not in front must not be slowed down: the contestants take turns.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  // A process kept ready for pages to come does not answer when a trace ends, for five seconds.
  "--disable-features=SpareRendererForSitePerProcess",
];

export async function startBrowser() {
  const profile = await temporaryFolder("bench");
  const own = ["--remote-debugging-port=0", `--user-data-dir=${profile.path}`];
  const program = await startProgram(PROGRAM, [...ARGUMENTS, ...MEASURING, ...own], {
    ready: /DevTools listening on (ws:.+)/,
  });
  const remote = await Remote.connect(program.match[1]);
  return {
    version: (await remote.send("Browser.getVersion")).product,
    /** A window of a visitor of its own, with nothing in its cache. */
    newTab: () => openTab(remote),
    async close() {
      await remote.close();
      await program.stop();
      await profile.remove();
    },
  };
}

async function openTab(remote) {
  const { browserContextId } = await remote.send("Target.createBrowserContext");
  const target = { url: "about:blank", browserContextId };
  const { targetId } = await remote.send("Target.createTarget", target);
  const { sessionId } = await remote.send("Target.attachToTarget", { targetId, flatten: true });
  const tab = new MeasuredTab(remote, { targetId, sessionId, browserContextId });
  await tab.send("Page.enable");
  await tab.send("Performance.enable");
  return tab;
}

class MeasuredTab extends ChromiumTab {
  #remote;

  constructor(remote, ids) {
    super(remote, ids);
    this.#remote = remote;
  }

  async metrics() {
    const { metrics } = await this.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }

  async collectGarbage() {
    await this.send("HeapProfiler.collectGarbage");
  }

  /** What the JavaScript heap holds for good. */
  async heapBytes() {
    // What finalisers let go of is only free the next time.
    for (let times = 0; times < 3; times += 1) await this.collectGarbage();
    return (await this.send("Runtime.getHeapUsage")).usedSize;
  }

  /** What `work` answers, and the processor time that the main thread took for it. */
  async timed(work) {
    await this.collectGarbage();
    const before = await this.metrics();
    const result = await work();
    const after = await this.metrics();
    return { ...result, cpuMs: (after.ThreadTime - before.ThreadTime) * 1_000 };
  }

  /** What `work` answers, and the longest task of the main thread meanwhile. */
  async withLongestTask(work) {
    await this.collectGarbage();
    return longestTask(this.#remote, work);
  }
}

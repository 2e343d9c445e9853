// The longest task of a page's main thread while something runs, from Chromium's own trace. The other
// pages are at rest meanwhile, so the longest of all pages is the one's.

const CATEGORIES = ["disabled-by-default-devtools.timeline", "__metadata"];
const MAIN_THREAD = "CrRendererMain";

/**
 * What `work` answers, with the longest task by the clock, the longest by processor time, and the
 * processor time of all tasks.
 */
export async function longestTask(remote, work) {
  const events = [];
  const collect = ({ params }) => events.push(...params.value);
  remote.events.on("Tracing.dataCollected", collect);
  const traceConfig = { includedCategories: CATEGORIES, excludedCategories: ["*"] };
  await remote.send("Tracing.start", { traceConfig, transferMode: "ReportEvents" });
  const result = await work();
  const complete = remote.next("Tracing.tracingComplete");
  await remote.send("Tracing.end");
  await complete;
  remote.events.off("Tracing.dataCollected", collect);
  return { ...result, ...longestOf(events) };
}

function longestOf(events) {
  const threads = new Set();
  for (const { name, pid, tid, args } of events) {
    if (name === "thread_name" && args.name === MAIN_THREAD) threads.add(`${pid} ${tid}`);
  }
  let [taskMs, taskCpuMs, tasksCpuMs] = [0, 0, 0];
  // One that the end of the trace cuts off has no duration.
  for (const { name, pid, tid, dur = 0, tdur = 0 } of events) {
    if (name !== "RunTask" || !threads.has(`${pid} ${tid}`)) continue;
    taskMs = Math.max(taskMs, dur / 1_000);
    taskCpuMs = Math.max(taskCpuMs, tdur / 1_000);
    tasksCpuMs += tdur / 1_000;
  }
  if (taskMs === 0) throw new Error("the trace has no task: does this browser name them otherwise?");
  return { taskMs, taskCpuMs, tasksCpuMs };
}

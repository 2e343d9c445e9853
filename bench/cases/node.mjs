// The same turns under Node, quickly: the processor time is the whole process's, there is no page.

import { CONTESTANTS, medians, own, takeTurns } from "../contest.mjs";
import { startReader } from "../node/process.mjs";
import { prepare } from "../server/answers.mjs";
import { chatId } from "../server/turn.mjs";
import { recordsOf } from "../wire/events.mjs";
import { turnWeight } from "../wire/turns.mjs";

const TURNS = [
  { kind: "text", title: "text deltas", batch: 10, count: 20_000 },
  { kind: "tool", title: "tool-input deltas", batch: 10, count: 20_000 },
  { kind: "output", title: "500 KB tool outputs", batch: 1, count: 20 },
];

const WARM_UPS = 2;

export async function node({ server, rounds }) {
  const readers = {};
  for (const name of CONTESTANTS) readers[name] = await startReader(name, server.url);
  const rows = [];
  for (const { title, ...turn } of TURNS) {
    const results = await readTurns(readers, turn, Math.min(rounds, 5));
    const perRecord = (ms) => (ms * 1_000) / recordsOf(turn);
    rows.push({
      name: `Node: ${title}, ${turn.batch} in an event`,
      unit: "µs of CPU for a record",
      values: medians(results, ({ cpuMs }) => perRecord(cpuMs)),
      beside: { name: "µs of wall time", values: medians(results, ({ wallMs }) => perRecord(wallMs)) },
    });
  }
  for (const reader of Object.values(readers)) await reader.stop();
  return rows;
}

async function readTurns(readers, turn, rounds) {
  prepare(turn);
  const read = async (name, kind, wanted) => {
    const result = await readers[name].read(chatId(turn, own()), kind);
    if (result.sum !== wanted) throw new Error(`${name} under Node: ${result.sum} of ${wanted}`);
    return result;
  };
  const wanted = turnWeight(turn.kind, turn.count);
  for (const name of CONTESTANTS) {
    await read(name, turn.kind, recordsOf(turn));
    for (let n = 0; n < WARM_UPS; n += 1) await read(name, undefined, wanted);
  }
  return takeTurns(rounds, (name) => read(name, undefined, wanted));
}

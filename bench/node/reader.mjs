// A process of its own for one contestant under Node: reads turns when it is told to by its parent.

import { ask, check, drain, open } from "../page/conversation.js";

const [contestant, baseURL] = process.argv.slice(2);
const { createTransport } = await import(`../page/contestants/${contestant}.js`);

process.on("message", async ({ id, kind }) => {
  try {
    process.send({ result: await read(id, kind) });
  } catch (error) {
    process.send({ error: error.stack });
  }
});
process.send({ result: "ready" });

/** Compares chunk by chunk where a kind is given. */
async function read(id, kind) {
  const transport = open(createTransport, [id], { baseURL });
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const stream = await ask(transport, id);
  const sum = await (kind ? check(stream, kind) : drain(stream));
  const wallMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(before);
  transport.dispose();
  return { sum, wallMs, cpuMs: (user + system) / 1_000 };
}

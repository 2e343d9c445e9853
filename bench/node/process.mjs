// Starts a contestant's process, and asks it to read.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("reader.mjs", import.meta.url));

export async function startReader(contestant, baseURL) {
  const child = fork(PROGRAM, [contestant, baseURL]);
  const end = () => child.kill();
  process.once("exit", end);
  const ended = once(child, "exit").then(([code]) => [{ error: `it ended with ${code}` }]);
  const answer = async () => {
    const [{ result, error }] = await Promise.race([once(child, "message"), ended]);
    if (error) throw new Error(`${contestant} under Node: ${error}`);
    return result;
  };
  await answer();
  return {
    read(id, kind) {
      child.send({ id, kind });
      return answer();
    },
    async stop() {
      process.off("exit", end);
      end();
      await ended;
    },
  };
}

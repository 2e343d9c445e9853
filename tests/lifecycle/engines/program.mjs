// Starts a program that others can reach once it is ready, and ends it again with all its processes.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const START_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 5_000;

// The programs are groups of their own: what ends this process by a signal does not reach them.
for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => process.exit(1));

/**
 * Resolves with the program, and with the match of the first line of its output that `ready` finds.
 * Without `ready` it resolves as soon as the program runs.
 */
export async function startProgram(name, words, options = {}) {
  const { ready, environment = {}, timeoutMs = START_TIMEOUT_MS } = options;
  const child = spawn(name, words, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: browsers are many processes, and all of them have to go.
    detached: true,
  });
  const endGroup = () => signal(child, "SIGKILL");
  process.once("exit", endGroup);
  const said = [];
  try {
    const match = await new Promise((resolve, reject) => {
      child.once("error", (error) => reject(new Error(`cannot start ${name}`, { cause: error })));
      child.once("exit", (code) => reject(new Error(`${name} ended with ${code}:\n${said.join("\n")}`)));
      const fail = () => reject(new Error(`${name} is not ready:\n${said.join("\n")}`));
      setTimeout(fail, timeoutMs).unref();
      if (!ready) child.once("spawn", resolve);
      for (const output of [child.stdout, child.stderr]) {
        createInterface(output).on("line", (line) => {
          if (said.length < 50) said.push(line);
          const found = ready?.exec(line);
          if (found) resolve(found);
        });
      }
    });
    return { match, stop: () => stop(child, endGroup) };
  } catch (error) {
    await stop(child, endGroup);
    throw error;
  }
}

async function stop(child, endGroup) {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const ended = once(child, "exit");
    const late = setTimeout(endGroup, END_TIMEOUT_MS);
    signal(child, "SIGTERM");
    await ended;
    clearTimeout(late);
  }
  endGroup();
  process.off("exit", endGroup);
}

/** To the whole group. One that has gone already is what was wanted; one may never have been there. */
function signal(child, name) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** A folder for one run of a browser. */
export async function temporaryFolder(name) {
  const path = await mkdtemp(join(tmpdir(), `lifecycle-${name}-`));
  // Processes that are ending may still write to it.
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 10 }) };
}

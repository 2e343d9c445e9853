// A project outside the repository that installs the packed package, as a user's would: nothing
// can be found by accident in a folder above.

import { execFile } from "node:child_process";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const BUILT = fileURLToPath(new URL("../../pkg", import.meta.url));
const SAMPLE = fileURLToPath(new URL("vite", import.meta.url));
const TIMEOUT_MS = 60_000;

export async function createSampleProject() {
  const folder = await mkdtemp(join(tmpdir(), "package-test-"));
  await cp(SAMPLE, folder, { recursive: true });
  const { stdout } = await run("npm", ["pack", BUILT, "--json"], folder);
  const [{ filename, files }] = JSON.parse(stdout);
  await rename(join(folder, filename), join(folder, "trigger-chat-transport.tgz"));
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], folder);
  return new SampleProject(folder, files.map(({ path }) => path));
}

class SampleProject {
  constructor(folder, packedFiles) {
    this.folder = folder;
    this.packedFiles = packedFiles;
  }

  get dist() {
    return join(this.folder, "dist");
  }

  runScript(name) {
    return run("npm", ["run", name], this.folder);
  }

  async node(...args) {
    return (await run(process.execPath, args, this.folder)).stdout;
  }

  /** The project's own Vite, on a free port; the chat's requests go on to the session server. */
  async startViteServer(target) {
    const entry = createRequire(join(this.folder, "package.json")).resolve("vite");
    const { createServer } = await import(pathToFileURL(entry));
    const vite = await createServer({
      root: this.folder,
      logLevel: "error",
      server: { port: 0, host: "127.0.0.1", proxy: { "/demo": target, "/realtime": target } },
    });
    return vite.listen();
  }

  remove() {
    return rm(this.folder, { recursive: true, force: true });
  }
}

async function run(program, args, folder) {
  try {
    return await execute(program, args, { cwd: folder, timeout: TIMEOUT_MS });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`, { cause: error });
  }
}

// wasm-opt over the module, short names, and the glue to match. The npm package `binaryen`
// contains the program itself, as JavaScript: nothing is downloaded when it is installed.

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { trimmed } from "./glue.mjs";
import { shortenNames } from "./names.mjs";
import { trapWhereItPanics } from "./panics.mjs";
import { weights, withoutCustomSections } from "./weight.mjs";

const NAME = "trigger_chat_transport_bg.wasm";
const GLUE = "trigger_chat_transport.js";

// No feature flags: wasm-opt reads the module's own list of features. With `--all-features` it
// emits what V8 rejects.
const PASSES = [
  // The module defines its own memory, and keeps its first KiB for a stack that has overflowed.
  "--zero-filled-memory",
  "--low-memory-unused",
  // Flat code with its loops found anew is 1.5 % smaller after brotli than -Oz alone.
  ..."--merge-similar-functions -Oz --flatten --rereloop -Oz -Oz --converge".split(" "),
  // A function with one caller stays one unless it is tiny: short functions look alike to brotli, which
  // is 1.8 % in all. One long one with everything inside is smaller only before compression.
  "--one-caller-inline-max-function-size=40",
  // With their names, by which the parts are weighed.
  "--debuginfo",
];

/** Gives the module to ship, what its parts weigh, and the path of the glue that goes with it. */
export async function optimise(root) {
  const folder = join(root, "target/optimised");
  await mkdir(folder, { recursive: true });
  const output = join(folder, NAME);
  const program = join(root, "node_modules/binaryen/bin/wasm-opt");
  const input = join(folder, "trapping.wasm");
  await writeFile(input, trapWhereItPanics(await readFile(join(root, "target/bindgen", NAME))));
  await promisify(execFile)(process.execPath, [program, ...PASSES, input, "-o", output]);

  const glue = await trimmed(await readFile(join(root, "target/bindgen", GLUE), "utf8"));
  const optimised = await readFile(output);
  const short = shortenNames(withoutCustomSections(optimised), glue);
  new WebAssembly.Module(short.wasm); // throws if an engine would reject it
  const gluePath = join(folder, GLUE);
  await writeFile(gluePath, short.glue);
  return { files: new Map([[NAME, short.wasm]]), weights: weights(optimised), glue: gluePath };
}

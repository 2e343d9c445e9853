// The packaging step of `cargo xtask build`: from wasm-bindgen's output and js/src to pkg/.
// Run by itself (`node js/build.mjs`), it works on what target/bindgen holds.

import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundle } from "./build/bundle.mjs";
import { declarations } from "./build/declarations.mjs";
import { checkShipped, sizeTable } from "./build/shipped.mjs";
import { optimise } from "./build/wasm.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const pkg = join(root, "pkg");

/** The package's files by their path in pkg/. */
const files = new Map();

const [wasm, types] = await Promise.all([optimise(root), declarations(root)]);
for (const part of [wasm.files, await bundle(root, wasm.glue), types]) {
  for (const [path, bytes] of part) files.set(path, bytes);
}
for (const name of await readdir(join(root, "pkg-template"))) {
  files.set(name, await readFile(join(root, "pkg-template", name)));
}
files.set("LICENSE", await readFile(join(root, "LICENSE")));

await replaceContents(pkg, files);
const shipped = checkShipped(pkg, files);
console.log(sizeTable(shipped, files, wasm.weights));

/** Leaves files alone that did not change, so that what is built from them stays fresh. */
async function replaceContents(folder, contents) {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    const stale = !contents.has(name.replaceAll("\\", "/"));
    if (stale && (await stat(path)).isFile()) await rm(path);
  }
  for (const [name, bytes] of contents) {
    const path = join(folder, name);
    const before = await readFile(path).catch(() => null);
    if (before?.equals(bytes)) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

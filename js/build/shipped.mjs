// What npm would publish, what it weighs, and the limit of what a page downloads.

import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";

import { brotliSize } from "./brotli.mjs";

const DOWNLOADED = ["index.js", "trigger_chat_transport_bg.wasm"];
const LIMIT = 45 * 1024;

/** The paths npm would pack; they must be those that were built. */
export function checkShipped(pkg, files) {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const listing = execFileSync(npm, ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: pkg,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32",
  });
  const shipped = JSON.parse(listing)[0].files.map((file) => file.path);
  const forgotten = [...files.keys()].filter((path) => !shipped.includes(path));
  if (forgotten.length > 0) {
    throw new Error(`"files" in pkg-template/package.json leaves out ${forgotten.join(", ")}`);
  }
  return shipped.sort();
}

/** Bytes of every file as it is, with gzip -9 and with brotli 11; and of the module's parts. */
export function sizeTable(shipped, files, weights) {
  const rows = shipped.map((path) => [path, ...sizes(files.get(path))]);
  const downloaded = rows.filter(([path]) => DOWNLOADED.includes(path));
  const sum = [1, 2, 3].map((column) => downloaded.reduce((total, row) => total + row[column], 0));
  const table = [
    ["bytes", "raw", "gzip", "brotli"],
    ...rows,
    ["wasm + glue + class", ...sum],
  ].map(format);
  const parts = weights.map(([part, bytes, share]) => format([`  ${part}`, bytes, "", share]));
  table.push("", "of the module, the functions of", ...parts);
  const brotli = sum[2];
  if (brotli > LIMIT) {
    throw new Error(`${table.join("\n")}\n${brotli} bytes of brotli are over the limit of ${LIMIT}`);
  }
  return table.join("\n");
}

function sizes(bytes) {
  return [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliSize(bytes)];
}

function format([name, ...numbers]) {
  return name.padEnd(34) + numbers.map((number) => number.toLocaleString("en").padStart(10)).join("");
}

// The types that ship: the declarations reachable from the public ones, and no others.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { promisify } from "node:util";

const PUBLIC = ["index.d.ts", "react/index.d.ts"];

/** Packages whose types may be named: those that an application has when it uses ours. */
const PEERS = ["ai", "react"];

/** Comments may hold examples, and those import what they like. */
const COMMENT = /\/\*[\s\S]*?\*\//g;

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']|<reference\s+(?:path|types)="([^"]+)"/g;

export async function declarations(root) {
  const emitted = join(root, "target/declarations");
  await emit(root, emitted);
  const files = new Map();
  const waiting = PUBLIC.filter((path) => existsSync(join(emitted, path)));
  if (!waiting.includes("index.d.ts")) throw new Error("js/src/index.ts is missing");
  while (waiting.length > 0) {
    const path = waiting.pop();
    if (files.has(path)) continue;
    const text = await readFile(join(emitted, path), "utf8");
    files.set(path, Buffer.from(text));
    for (const [, module, reference] of text.replace(COMMENT, "").matchAll(SPECIFIER)) {
      const next = target(path, module ?? reference);
      if (next) waiting.push(next);
    }
  }
  return files;
}

async function emit(root, folder) {
  await rm(folder, { recursive: true, force: true });
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const flags = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", folder];
  try {
    await promisify(execFile)(process.execPath, [tsc, "-p", join(root, "js/tsconfig.json"), ...flags]);
  } catch (error) {
    throw new Error(`tsc\n${error.stdout ?? ""}${error.stderr ?? error}`);
  }
}

/** The declaration that a specifier means, or nothing if another package has it. */
function target(from, specifier) {
  if (specifier.startsWith(".")) {
    // With the extension, because users whose TypeScript resolves as Node does need it.
    if (!specifier.endsWith(".js")) throw new Error(`${from}: "${specifier}" must end in .js`);
    return posix.join(posix.dirname(from), specifier.replace(/\.js$/, ".d.ts"));
  }
  const own = specifier === "trigger-chat-transport";
  if (own || PEERS.some((peer) => specifier === peer || specifier.startsWith(`${peer}/`))) return null;
  throw new Error(`${from} names "${specifier}", which users do not have`);
}

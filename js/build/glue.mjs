// wasm-bindgen's glue without what no engine of ours needs (Chrome 96, Firefox 100, Safari 15 and
// later), and with our own loader at its end.

import { readFile } from "node:fs/promises";

/** What is cut, and what takes its place. Each is there, or wasm-bindgen has changed. */
const CUTS = [
  // Engines without finalizers.
  [/\(typeof FinalizationRegistry === 'undefined'\)\s*\? \{[^\n]*\}\s*: new/, "new"],
  // Engines that only encode text into arrays of their own.
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[\s\S]*?\n\}\n/, ""],
  [/    if \(realloc === undefined\) \{[\s\S]*?\n    \}\n/, ""],
];

const LOADER = /let wasmModule, wasmInstance, wasm;[\s\S]*$/;

export async function trimmed(glue) {
  const loader = await readFile(new URL("loader.js", import.meta.url), "utf8");
  return [...CUTS, [LOADER, () => loader]].reduce((text, [pattern, replacement]) => {
    if (!pattern.test(text)) throw new Error(`the glue has nothing like ${pattern}`);
    return text.replace(pattern, replacement);
  }, glue);
}

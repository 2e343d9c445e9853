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
  // Arguments that are no strings: those are refused before, or made here.
  [/        try \{\n([^}]*)\} catch \(e\) \{[\s\S]*?throw e;\n        \}\n/g, "$1"],
  // Growing memory always gives another buffer, with or without a sign that the old one is gone.
  [/cachedDataViewMemory0 === null \|\| [^{]*(?=\) \{)/, "cachedDataViewMemory0?.buffer !== wasm.memory.buffer"],
  // What holds a machine frees it by name.
  [/if \(Symbol\.dispose\) [^\n]*\n/, ""],
];

const LOADER = /let wasmModule, wasmInstance, wasm;[\s\S]*$/;

export async function trimmed(glue) {
  const loader = await readFile(new URL("loader.js", import.meta.url), "utf8");
  return [...CUTS, [LOADER, () => loader]].reduce((text, [pattern, replacement]) => {
    if (!pattern.test(text)) throw new Error(`the glue has nothing like ${pattern}`);
    return text.replace(pattern, replacement);
  }, glue);
}

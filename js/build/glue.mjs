// wasm-bindgen's glue without what no engine of ours needs (Chrome 96, Firefox 100, Safari 15 and
// later), and with our own loader at its end.

import { readFile } from "node:fs/promises";

/** As large as the text can become, then as large as it is: Rust gives back what it was told to have. */
const PASS_STRING = `
function passStringToWasm0(text) {
  const most = text.length * 3;
  const ptr = wasm.__wbindgen_malloc(most, 1) >>> 0;
  const view = getUint8ArrayMemory0().subarray(ptr, ptr + most);
  const { written } = cachedTextEncoder.encodeInto(text, view);
  WASM_VECTOR_LEN = written;
  return written === most ? ptr : wasm.__wbindgen_realloc(ptr, most, written, 1) >>> 0;
}
`;

/** What is cut, and what takes its place. Each is there, or wasm-bindgen has changed. */
const CUTS = [
  // A machine holds its host, which holds it: only whoever frees it by name lets go of either.
  [/const CoreFinalization = [\s\S]*?;\n/, ""],
  [/ *CoreFinalization\.\w+\([^\n]*\n/g, ""],
  [/if \(Symbol\.dispose\) [^\n]*\n/, ""],
  // Engines that only encode text into arrays of their own.
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[\s\S]*?\n\}\n/, ""],
  // A loop for short texts in ASCII: none is passed for each read.
  [/function passStringToWasm0\([\s\S]*?\n\}\n/, PASS_STRING],
  [/, wasm\.__wbindgen_malloc(, wasm\.__wbindgen_realloc)?(?=\))/g, ""],
  [/function passArray8ToWasm0\(arg, malloc\) \{\n    const ptr = malloc/, "function passArray8ToWasm0(arg) {\n    const ptr = wasm.__wbindgen_malloc"],
  // Arguments that are no strings: those are refused before, or made here.
  [/        try \{\n([^}]*)\} catch \(e\) \{[\s\S]*?throw e;\n        \}\n/g, "$1"],
  // Growing memory always gives another buffer, with or without a sign that the old one is gone.
  [/cachedDataViewMemory0 === null \|\| [^{]*(?=\) \{)/, "cachedDataViewMemory0?.buffer !== wasm.memory.buffer"],
];

const LOADER = /let wasmModule, wasmInstance, wasm;[\s\S]*$/;

export async function trimmed(glue) {
  const loader = await readFile(new URL("loader.js", import.meta.url), "utf8");
  return [...CUTS, [LOADER, () => loader]].reduce((text, [pattern, replacement]) => {
    if (!pattern.test(text)) throw new Error(`the glue has nothing like ${pattern}`);
    return text.replace(pattern, replacement);
  }, glue);
}

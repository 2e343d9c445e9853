// Short names between the module and its glue. wasm-bindgen names each import and export after its
// method, many with a hash, in the wasm file and in the glue. Hashes do not compress: 2 KB in all.

import { FUNCTION, SECTIONS, leb, rewriteSection, text } from "./sections.mjs";

/** Renames the imports and exports of `wasm`; gives the new bytes, and the new glue. */
export function shortenNames(wasm, glue) {
  const imports = shortenImports(wasm, glue);
  return shortenExports(imports.wasm, imports.glue);
}

function shortNames() {
  const names = new Map();
  const short = (name) => {
    if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
    return names.get(name);
  };
  return { names, short };
}

function shortenExports(wasm, glue) {
  const { names, short } = shortNames();
  const renamed = rewriteSection(wasm, SECTIONS.export, (reader) => {
    const count = reader.number();
    const bytes = [...leb(count)];
    for (let n = 0; n < count; n++) {
      bytes.push(...text(short(reader.text())), reader.byte(), ...leb(reader.number()));
    }
    return bytes;
  });
  const shortened = glue.replace(/\bwasm\.([\w$]+)/g, (whole, name) =>
    names.has(name) ? `wasm.${names.get(name)}` : whole,
  );
  return { wasm: renamed, glue: shortened };
}

function shortenImports(wasm, glue) {
  const { names, short } = shortNames();
  const renamed = rewriteSection(wasm, SECTIONS.import, (reader) => {
    const count = reader.number();
    const bytes = [...leb(count)];
    for (let n = 0; n < count; n++) {
      bytes.push(...text(short(reader.text())), ...text(short(reader.text())));
      if (reader.byte() !== FUNCTION) throw new Error("the module imports more than functions");
      bytes.push(FUNCTION, ...leb(reader.number()));
    }
    return bytes;
  });
  let shortened = glue;
  for (const [long, name] of names) {
    const parts = shortened.split(long);
    if (parts.length !== 2) throw new Error(`the glue names ${long} ${parts.length - 1} times`);
    shortened = parts.join(name);
  }
  return { wasm: renamed, glue: shortened };
}

// What of the module each part of the crate and each dependency is: the bytes of its functions, and what
// the module would be smaller by, after brotli, without them. A function that the compiler has built into
// another counts as that one's.

import { brotliSize } from "./brotli.mjs";
import { FUNCTION, SECTIONS, rewriteSection, sections } from "./sections.mjs";

const FUNCTION_NAMES = 1;

/** By the name of a function; the first that fits. */
const PARTS = [
  ["the glue's own functions", /^(core_|__)|wasm_bindgen|js_sys|web::export::_/],
  ["talc", /\btalc::/],
  ["ours", /trigger_chat_transport::(\w+)/],
  ["the standard library", /(?:)/],
];

/** The rows: a part, its bytes, and its share after brotli. `wasm` has names. */
export function weights(wasm) {
  const names = functionNames(wasm);
  const parts = new Map();
  eachFunction(wasm, (index, { length }) => {
    const part = partOf(names.get(index) ?? "");
    parts.set(part, (parts.get(part) ?? 0) + length);
  });
  const sizeWithout = (part) =>
    brotliSize(withoutFunctions(wasm, (index) => partOf(names.get(index) ?? "") === part));
  const whole = sizeWithout();
  const rows = [...parts].map(([part, bytes]) => [part, bytes, whole - sizeWithout(part)]);
  return rows.sort((a, b) => b[1] - a[1]);
}

/** The module without the names and whatever else no engine reads. */
export function withoutCustomSections(wasm) {
  return rewriteSection(wasm, SECTIONS.custom, () => undefined);
}

function partOf(name) {
  const [part, pattern] = PARTS.find(([, pattern]) => pattern.test(name));
  return part === "ours" ? pattern.exec(name)[1] : part;
}

/** Not a module any more: for its size only. */
function withoutFunctions(wasm, isLeftOut) {
  const bodies = [];
  eachFunction(wasm, (index, body) => isLeftOut(index) || bodies.push(body));
  return withoutCustomSections(rewriteSection(wasm, SECTIONS.code, () => Buffer.concat(bodies)));
}

function eachFunction(wasm, visit) {
  let imported = 0;
  for (const { id, reader } of sections(wasm)) {
    if (id === SECTIONS.import) imported = importedFunctions(reader);
    if (id !== SECTIONS.code) continue;
    const count = reader.number();
    for (let n = 0; n < count; n++) {
      const size = reader.number();
      visit(imported + n, wasm.subarray(reader.at, reader.at + size));
      reader.at += size;
    }
  }
}

function importedFunctions(reader) {
  const count = reader.number();
  let functions = 0;
  for (let n = 0; n < count; n++) {
    reader.text();
    reader.text();
    if (reader.byte() === FUNCTION) functions++;
    reader.number();
  }
  return functions;
}

/** By index, from the section that debuggers read. */
function functionNames(wasm) {
  const names = new Map();
  for (const { id, reader, end } of sections(wasm)) {
    if (id !== SECTIONS.custom || reader.text() !== "name") continue;
    while (reader.at < end) {
      const kind = reader.byte();
      const behind = reader.number() + reader.at;
      const count = kind === FUNCTION_NAMES ? reader.number() : 0;
      for (let n = 0; n < count; n++) names.set(reader.number(), reader.text());
      reader.at = behind;
    }
  }
  if (names.size === 0) throw new Error("the module has no names");
  return names;
}

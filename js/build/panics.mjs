// A panic aborts the module, and nothing prints its message: the code that would put the message
// together is dropped. What panics still traps, at the same places.

import binaryen from "binaryen";

// Demangled names, without their hashes.

const PANICS = [
  /(^|<|::<)(core|std)::panicking::/,
  /(^|<|::<)core::cell::(lazy::)?panic_/,
  /(^|<|::<)alloc::(raw_vec::handle_error|alloc::handle_alloc_error)/,
  /(^|<|::<)std::alloc::/,
  /::(rust_begin_unwind|rust_panic|__rust_start_panic)$/,
  /^<?(core|alloc|std)::.*_failed$/,
];

/** Formatting: left over for messages of panics alone, since nothing else may use it. */
const FORMATTING = [
  /^<?core::fmt::/,
  /^<.* as core::fmt::(Debug|Display|Write)>::/,
  /^core::str::count::/,
];

/** What panics would say: in which file, and the standard library's words. */
const WORDS = [
  /(\/rustc\/[0-9a-f]{40}\/library\/\w+\/)?src\/[\w/]+\.rs/g,
  /assertion failed: [\w.()]+/g,
  /slice index starts at |range (start|end) index | out of range for slice of length /g,
  /(insertion|removal) index \(is |\) should be <=? len \(is /g,
  /Tried to shrink to a larger capacity|capacity overflow|RefCell already (mutably )?borrowed/g,
];

/** Replaces the bodies of functions that panic or format by a trap; gives the new bytes. */
export function trapWhereItPanics(wasm) {
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(wasm);
  const panicking = trap(module, PANICS);
  if (panicking === 0) throw new Error("no function panics: are the names still in the module?");
  checkNobodyFormats(module.emitText());
  trap(module, FORMATTING);
  return silenced(module.emitBinary());
}

/** The same with zeros in the place of words that nobody can hear: wasm-opt leaves them out. */
function silenced(wasm) {
  const zeros = (words) => "\0".repeat(words.length);
  const text = Buffer.from(wasm).toString("latin1");
  return Buffer.from(WORDS.reduce((all, words) => all.replace(words, zeros), text), "latin1");
}

function trap(module, patterns) {
  let trapped = 0;
  for (let at = 0; at < module.getNumFunctions(); at++) {
    const reference = module.getFunctionByIndex(at);
    if (!matches(binaryen.getFunctionInfo(reference).name, patterns)) continue;
    binaryen.Function(reference).setBody(module.unreachable());
    trapped += 1;
  }
  return trapped;
}

/** What formats would trap in a user's page: it must not be built. */
function checkNobodyFormats(text) {
  let caller = "";
  for (const [, definition, callee] of text.matchAll(/^ \(func \$("[^"]*"|\S+)|\(call \$("[^"]*"|\S+)/gm)) {
    if (definition) caller = unquoted(definition);
    else if (matches(unquoted(callee), FORMATTING) && !matches(caller, FORMATTING)) {
      throw new Error(`${caller} calls ${unquoted(callee)}: use src/text.rs in place of format!`);
    }
  }
}

function matches(name, patterns) {
  const plain = name.replace(/\[[0-9a-f]{16}\]/g, "");
  return patterns.some((pattern) => pattern.test(plain));
}

function unquoted(name) {
  return name.replaceAll('"', "");
}

// The end of the glue: starts the module. Stands in for wasm-bindgen's own, which also takes what our
// entries never give. js/src/wasm.ts sees to it that one of the two runs once.

let wasm;

function start({ exports }) {
  wasm = exports;
  wasm.__wbindgen_start();
}

function initSync({ module }) {
  start(new WebAssembly.Instance(new WebAssembly.Module(module), __wbg_get_imports()));
}

async function init({ module_or_path }) {
  const response = await fetch(module_or_path);
  if (!response.ok) throw new Error(`${response.url} answers with status ${response.status}`);
  // Only what a server calls by its right type compiles while it streams in.
  const streams = response.headers.get("Content-Type") === "application/wasm";
  const { instance } = streams
    ? await WebAssembly.instantiateStreaming(response, __wbg_get_imports())
    : await WebAssembly.instantiate(await response.arrayBuffer(), __wbg_get_imports());
  start(instance);
}

export { initSync, init as default };

//! From the compiled crate to JavaScript glue, declarations and a wasm file: wasm-bindgen, used
//! as a library so that its version is the one in Cargo.lock and nobody installs a program.

use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

/// The stem of the three files: `.js`, `.d.ts` and `_bg.wasm`.
pub(crate) const STEM: &str = "trigger_chat_transport";

pub(crate) fn generate(wasm: &Path, folder: &Path) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name(STEM)
        .typescript(true)
        // The names say which functions panic; js/build/panics.mjs needs them, and what ships has none.
        .remove_name_section(false)
        .remove_producers_section(true)
        // Each entry in js/src/load says where the wasm is; the glue must not name it again, or
        // bundlers would emit the file for Node's entry too.
        .omit_default_module_path(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .map_err(|error| format!("wasm-bindgen: {error:#}"))
}

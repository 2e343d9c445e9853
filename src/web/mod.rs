//! The only files that know a browser.
//!
//! They say what to ask for, note what is under way and convert; every decision is the machine's. What
//! users hold is a class in `js/`; it talks to [`Core`] and is talked to through [`Host`], which makes
//! requests, waits and listens.

mod convert;
mod driver;
mod export;
mod host;
mod requests;
mod tabs;

pub use export::Core;
pub use host::Host;

/// Two KB of brotli smaller than the standard library's allocator for this target.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

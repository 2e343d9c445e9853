//! The only files that know a browser.
//!
//! They fetch, wait, listen and convert; every decision is the machine's. What users hold is a class
//! in `js/`; it talks to [`Core`] and is talked to through [`Host`].

mod convert;
mod driver;
mod export;
mod fetch;
mod host;
mod page;
mod payload;
mod tabs;

pub use export::Core;
pub use host::Host;

/// Two KB of brotli smaller than the standard library's allocator for this target.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

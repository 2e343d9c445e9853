//! Cargo's runner for tests built for `wasm32-unknown-unknown` (see `.cargo/config.toml`).
//!
//! It is wasm-bindgen's own test runner, built from this workspace's `Cargo.lock`: nobody has to
//! install a program, and its version always matches that of `wasm-bindgen` in the crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    match wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

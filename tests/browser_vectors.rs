//! The vectors in a browser: `tests/vectors/README.md` says what they are. The crate is the compiled
//! one; nothing of the browser is used besides.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "vectors/suite/mod.rs"]
mod suite;

use suite::{events, frames, heads, turns};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn c2_events() {
    events::run(include_str!("vectors/data/fields.json"));
    events::run(include_str!("vectors/data/comments.json"));
    events::run(include_str!("vectors/data/line-ends.json"));
    events::run(include_str!("vectors/data/byte-order-marks.json"));
    events::run(include_str!("vectors/data/ids.json"));
    events::run(include_str!("vectors/data/retry.json"));
    events::run(include_str!("vectors/data/text.json"));
}

#[wasm_bindgen_test]
fn s9_sizes() {
    events::run(include_str!("vectors/data/sizes.json"));
}

#[wasm_bindgen_test]
fn c3_c4_c5_s7_batches() {
    frames::run(include_str!("vectors/data/batches.json"));
}

#[wasm_bindgen_test]
fn c13_d2_responses() {
    heads::run(include_str!("vectors/data/responses.json"));
}

#[wasm_bindgen_test]
fn d2_d3_d5_reconnecting() {
    turns::run(include_str!("vectors/data/reconnecting.json"));
}

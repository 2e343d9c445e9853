//! The vectors, natively. `README.md` beside this file says what they are.
#![cfg(not(target_arch = "wasm32"))]

mod suite;

use suite::{events, frames, heads, turns};

#[test]
fn c2_fields() {
    events::run(include_str!("data/fields.json"));
}

#[test]
fn c2_comments() {
    events::run(include_str!("data/comments.json"));
}

#[test]
fn c2_line_ends() {
    events::run(include_str!("data/line-ends.json"));
}

#[test]
fn c2_byte_order_marks() {
    events::run(include_str!("data/byte-order-marks.json"));
}

#[test]
fn c2_ids() {
    events::run(include_str!("data/ids.json"));
}

#[test]
fn c2_retry() {
    events::run(include_str!("data/retry.json"));
}

#[test]
fn c2_text() {
    events::run(include_str!("data/text.json"));
}

#[test]
fn s9_sizes() {
    events::run(include_str!("data/sizes.json"));
}

#[test]
fn c3_c4_c5_s7_batches() {
    frames::run(include_str!("data/batches.json"));
}

#[test]
fn c13_d2_responses() {
    heads::run(include_str!("data/responses.json"));
}

#[test]
fn d2_d3_d5_reconnecting() {
    turns::run(include_str!("data/reconnecting.json"));
}

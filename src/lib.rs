//! The browser transport of Trigger.dev chat agents.
//!
//! A chat transport is a protocol machine with a browser around it. The machine decides: when to
//! connect, what to send, which record counts, when a turn ends. The browser obeys: it fetches,
//! waits, listens, and hands chunks to a `ReadableStream`.
//!
//! ```text
//!  fetch ──bytes──▶ [wire] ──Record──▶ [session] ──chunk──▶ ReadableStream ──▶ useChat
//!    ▲                                     │
//!    └────── Connect / Abort / Wait ───────┘      outputs; the browser layer obeys
//! ```
//!
//! # The driving rule
//!
//! Feed one [`Input`], drain every [`Output`], arm one timer for [`Machine::deadline_ms`], wait.
//! Nothing else changes the machine. It knows no clock and no randomness (both are arguments), so a
//! list of inputs replays a bug exactly. Debug builds assert that outputs were drained before the
//! next input.
//!
//! # The map
//!
//! | module | what it is for | what it never knows |
//! | --- | --- | --- |
//! | [`wire`] | bytes to records, and what goes to `.in` | chats, time, retries |
//! | [`link`] | one HTTP attempt after another | chats, records |
//! | [`session`] | one chat: its cursor, turn, sends and reader | other chats, the browser |
//! | [`tabs`] | who may send, where several tabs have a chat open | sessions, messages of a chat |
//! | [`trace`] | the last inputs and outputs, to replay a bug | what they mean |
//! | [`text`] | numbers and parts as text | |
//! | [`machine`] | routes inputs to sessions and tabs | what the inputs mean |
//! | `web` | the only files that know a browser | what to decide |
//!
//! Arrows point one way: `web -> machine -> session -> link, wire`, with
//! `tabs` beside `session`. `tests/architecture.rs` fails on
//! any other.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

pub mod error;
pub mod io;
pub mod link;
pub mod machine;
pub mod secret;
pub mod session;
pub mod tabs;
pub mod text;
pub mod trace;
pub mod wire;

#[cfg(target_arch = "wasm32")]
pub mod web;

pub use error::Error;
pub use io::{Config, Input, Output};
pub use machine::Machine;
pub use secret::Secret;

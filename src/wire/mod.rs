//! Bytes to records, and what goes to `.in`.
//!
//! `.out` is an event stream whose `batch` events hold S2 records; [`Decoder`] turns the bytes of
//! one response into [`Frame`]s. It knows no chats, no time and no retries: a new response gets a
//! new decoder, which is how the half event of a dead connection is dropped.

pub mod answer;
mod array;
mod cursor;
mod decoder;
mod escape;
mod event;
mod find;
mod frame;
pub mod input;
mod join;
mod json;
mod line;
mod record;

pub use array::array_of;
pub use cursor::Cursor;
pub use decoder::{Decoder, Version, WireError};
pub use event::{Event, EventStream};
pub use frame::Frame;
pub use join::join_deltas;
pub use json::{chunk_type, first_value};
pub use line::{LINE_LIMIT_BYTES, LineSplitter, LineTooLong};
pub use record::{Content, Control, Record, TurnComplete};

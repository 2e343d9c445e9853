//! The vectors, run against the crate: the same natively and in a browser.

mod cutting;
pub(crate) mod events;
mod file;
pub(crate) mod frames;
pub(crate) mod heads;
#[path = "../../../fuzz/src/targets/specification.rs"]
mod specification;
pub(crate) mod turns;

//! What the machine does, input by input: one file for each promise.

mod closing;
mod crossing;
mod reading;
mod reconnecting;
mod resuming;
mod sending;
mod starting;
mod stopping;
mod tokens;
mod world;

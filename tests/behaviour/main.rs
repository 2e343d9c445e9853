//! What the machine does, input by input: one file for each promise.

mod closing;
mod connection;
mod crossing;
mod head_start;
mod malformed;
mod reading;
mod reconnecting;
mod replay;
mod rereading;
mod resuming;
mod retrying;
mod sending;
mod starting;
mod stopping;
mod superseding;
mod tabs;
mod telling;
mod tokens;
mod unanswered;
mod world;

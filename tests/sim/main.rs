//! The simulator: whole schedules of pages, connections, a server and an agent, in simulated time.
#![cfg(not(target_arch = "wasm32"))]

mod agent;
mod calls;
mod campaign;
mod device;
mod faults;
mod judge;
mod log;
mod network;
mod obey;
mod outcomes;
mod page;
mod plan;
mod queue;
mod random;
mod requests;
mod seeds;
mod server;
mod shrink;
mod streaming;
mod tabs;
mod user;
mod wire;
mod world;

//! Operation lists on the machine: what an application, a server and a network may do, in any order.
//!
//! Asserted at every step: the cursor passes no part that was not delivered, and moves back only where
//! a turn is read again (P2); one read at most for each chat, none behind `dispose` (P3); each call is
//! settled once and each stream ends once (P5); no timer that is due at once again (P7); what is kept
//! is bounded and holds no token (P8, P10).

mod operations;
mod world;

use super::choices::{Choices, is_one_in};
use super::{TRACES_READ, check_trace};
use world::World;

pub(crate) fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let mut world = World::new(choices.one_in(4));
    while !choices.is_over() {
        operations::next(&mut world, &mut choices);
    }
    world.dispose();
    if is_one_in(TRACES_READ, bytes) {
        check_trace(world.trace());
    }
}

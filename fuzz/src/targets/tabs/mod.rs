//! Operation lists on the tabs of one origin: their machines, the channel and the locks between them, and
//! a hostile page that may say anything.
//!
//! Asserted at every step, where there are locks: whoever was told that it has a chat's turn has its lock,
//! or is about to learn that it was stolen, so that no two believe it at once; and no lock is held for
//! nothing. In both modes: nothing is sent without the turn; a message of the channel leads to no request
//! and moves no cursor; each call is settled once; an answer is shown whole, whatever was said of it; no
//! timer that is due at once again; one question for each input at most. At the end a claim that nobody
//! keeps up has lapsed, `dispose` has settled whatever waited, and no token was told.

mod forged;
mod operations;
mod origin;
mod tab;
mod turns;

use trigger_chat_transport::io::TabMode;

use super::TRACES_READ;
use super::choices::{Choices, is_one_in};
use origin::Origin;

const CHATS: [&str; 2] = ["a", "b"];

/// A flood takes as long as a hundred runs: there is one in one run in so many.
const FLOODED: u32 = 1 << 15;

pub(crate) fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let first = choices.byte();
    let mode = if first % 4 == 3 { TabMode::Messages } else { TabMode::Locks };
    let tabs = if first < 0xC0 { 2 } else { 3 };
    let mut origin = Origin::new(mode, tabs);
    let is_flooded = is_one_in(FLOODED, bytes);
    if is_flooded {
        origin.hear_all(0, forged::flood());
    }
    while !choices.is_over() {
        operations::next(&mut origin, &mut choices);
    }
    origin.lapse();
    if is_flooded {
        origin.hear_newcomer(0);
    }
    origin.end(is_one_in(TRACES_READ, bytes));
}

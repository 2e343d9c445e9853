//! Reads what other tabs and the browser's locks say. Decides nothing.

use crate::Input;
use crate::io::{TabEvent, TabMode, TabWord};

/// How tabs are coordinated, as the JavaScript side numbers it.
pub(super) fn mode(number: u8) -> TabMode {
    match number {
        0 => TabMode::Alone,
        1 => TabMode::Messages,
        _ => TabMode::Locks,
    }
}

/// What another tab says, as the JavaScript side numbers it: in the order of [`TabWord`].
pub(super) fn word(number: u8) -> TabWord {
    match number {
        0 => TabWord::Claim,
        1 => TabWord::Release,
        2 => TabWord::Unfinished,
        3 => TabWord::Left,
        4 => TabWord::Heartbeat,
        5 => TabWord::Messages,
        6 => TabWord::Session,
        _ => TabWord::Join,
    }
}

/// Something that happened, as the JavaScript side numbers it.
pub(super) fn event(number: u8, chat: String) -> Input {
    let event = match number {
        0 => TabEvent::Opened,
        1 => TabEvent::Locked,
        2 => TabEvent::Refused,
        3 => TabEvent::Stolen,
        4 => TabEvent::Left,
        _ => TabEvent::Shown,
    };
    Input::TabEvent { event, chat }
}

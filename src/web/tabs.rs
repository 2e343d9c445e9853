//! Reads what other tabs and the browser's locks say. Decides nothing.

use crate::Input;
use crate::io::{TabEvent, TabMessage, TabMode, TabWord};

/// How tabs are coordinated, as the JavaScript side numbers it.
pub(super) fn mode(number: u8) -> TabMode {
    match number {
        0 => TabMode::Alone,
        1 => TabMode::Messages,
        _ => TabMode::Locks,
    }
}

/// A message of another tab; `None` if its `type` is not known.
pub(super) fn message(
    name: &str,
    chat: String,
    tab: String,
    locked: bool,
    last_event_id: Option<String>,
) -> Option<Input> {
    let word = TabWord::of_name(name)?;
    Some(Input::TabSays(TabMessage { word, chat, tab, locked, last_event_id }))
}

/// Something that happened, as the JavaScript side numbers it.
pub(super) fn event(number: u8, chat: String) -> Input {
    let event = match number {
        0 => TabEvent::Opened,
        1 => TabEvent::Locked,
        2 => TabEvent::Refused,
        3 => TabEvent::Stolen,
        _ => TabEvent::Left,
    };
    Input::TabEvent { event, chat }
}

//! Obeys what is to be done between tabs, and reads what other tabs say. Decides nothing.

use super::host::Host;
use crate::Input;
use crate::io::{TabInput, TabMessage, TabMode, TabOutput, TabWord};

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
    Some(Input::Tab(TabInput::Message(TabMessage { word, chat, tab, locked, last_event_id })))
}

pub(super) fn obey(host: &Host, output: TabOutput) {
    match output {
        TabOutput::Post(TabMessage { word, chat, tab, locked, last_event_id }) => {
            host.post(word.name(), &chat, &tab, locked, last_event_id);
        }
        TabOutput::Lock { chat, request, steal } => host.lock(&chat, request, steal),
        TabOutput::Unlock { chat } => host.unlock(&chat),
        TabOutput::ReadOnly { chat, read_only } => host.read_only(&chat, read_only),
        TabOutput::Claimed { chat, claimed } => host.claimed(&chat, claimed),
        TabOutput::Show { chat } => host.show(&chat),
    }
}

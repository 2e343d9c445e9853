//! What tabs tell each other, in the shape that the published package uses (E1).
//!
//! A message comes from anybody on the origin: it is checked for size, it moves nothing backward, and
//! nothing that it holds is taken for an answer of the agent.

/// The longest id of a tab, in bytes (security rule S9).
const TAB_LIMIT_BYTES: usize = 128;
/// The longest id of a chat, in bytes.
const CHAT_LIMIT_BYTES: usize = 1024;

/// One message on the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabMessage {
    /// What it says.
    pub word: TabWord,
    /// The chat that it is about; empty where it is about all.
    pub chat: String,
    /// The tab that sent it.
    pub tab: String,
    /// Its claim is also a Web Lock. The published package says nothing of the kind.
    pub locked: bool,
    /// The cursor that a finished turn has reached, for [`TabWord::Session`].
    pub last_event_id: Option<String>,
}

/// What a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TabWord {
    /// The tab has the turn from now on.
    Claim,
    /// It has it no longer.
    Release,
    /// It still has it.
    Heartbeat,
    /// What the chat shows; the messages themselves stay outside.
    Messages,
    /// How far the tab has read the chat.
    Session,
    /// Whoever has a turn is to say so. The published package passes it over.
    Join,
}

impl TabWord {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Claim, "claim"),
        (Self::Release, "release"),
        (Self::Heartbeat, "heartbeat"),
        (Self::Messages, "messages"),
        (Self::Session, "session"),
        (Self::Join, "join"),
    ];

    /// As the message's `type`.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(word, _)| *word == self).map_or("", |(_, name)| name)
    }

    /// The word of a message's `type`; `None` for one that is not known.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, one)| *one == name).map(|(word, _)| *word)
    }
}

impl TabMessage {
    /// Whether its ids are of a size that is kept.
    pub(super) fn is_sound(&self) -> bool {
        let fits = self.tab.len() <= TAB_LIMIT_BYTES && self.chat.len() <= CHAT_LIMIT_BYTES;
        fits && !self.tab.is_empty() && (self.word == TabWord::Join || !self.chat.is_empty())
    }
}

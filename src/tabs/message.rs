//! What tabs tell each other, in the shape that the published package uses (E1), and what the browser
//! says of the channel and of locks.
//!
//! A message comes from anybody on the origin: it is checked for size, it moves nothing backward, and
//! nothing that it holds is taken for an answer of the agent.

/// The longest id of a tab, in bytes (security rule S9).
const TAB_LIMIT_BYTES: usize = 128;
/// The longest id of a chat, in bytes.
const CHAT_LIMIT_BYTES: usize = 1024;
/// The longest cursor, in bytes.
const CURSOR_LIMIT_BYTES: usize = 128;

/// How the tabs of a page's chats keep out of each other's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TabMode {
    /// Not at all: there is no channel, or nobody asked for it.
    Alone,
    /// By messages.
    Messages,
    /// By messages and by locks.
    Locks,
}

/// One message of another tab.
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
    /// It has it no longer, but the turn goes on. On the channel a release that says so.
    Unfinished,
    /// The same, because its page goes away: perhaps to be loaded anew, and to resume.
    Left,
    /// It still has it.
    Heartbeat,
    /// What the chat shows; the messages themselves stay outside.
    Messages,
    /// How far the tab has read the chat.
    Session,
    /// Whoever has a turn is to say so. The published package passes it over.
    Join,
}

/// Something that the browser says of the channel or of a chat's lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TabEvent {
    /// The channel is open.
    Opened,
    /// The lock that was asked for is this tab's.
    Locked,
    /// The lock that was asked for is another tab's.
    Refused,
    /// Another tab has taken the lock of this one.
    Stolen,
    /// The page goes away, perhaps for good, or stands still.
    Left,
    /// This tab shows the others what it shows of the chat.
    Shown,
}

/// Something to do between tabs.
#[derive(Debug, PartialEq, Eq)]
pub struct TabOutput {
    /// What.
    pub act: TabAct,
    /// About this chat.
    pub chat: String,
    /// For a [`TabWord::Session`] that is posted.
    pub last_event_id: Option<String>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TabAct {
    /// Post a message in this tab's name.
    Post(TabWord),
    /// Ask for the chat's lock, if nobody has it: [`TabEvent::Locked`] or [`TabEvent::Refused`].
    Lock,
    /// Take the chat's lock from whoever has it: [`TabEvent::Locked`].
    Steal,
    /// Let the chat's lock go.
    Unlock,
    /// Tell the application whether another tab has the turn.
    ReadOnly(bool),
    /// Tell the application whether this tab has the turn.
    Claimed(bool),
    /// Show the messages of the message that was fed last.
    Show,
}

impl TabMessage {
    /// Whether its ids are of a size that is kept.
    pub fn is_sound(&self) -> bool {
        let fits = self.tab.len() <= TAB_LIMIT_BYTES
            && self.chat.len() <= CHAT_LIMIT_BYTES
            && self.last_event_id.as_ref().is_none_or(|id| id.len() <= CURSOR_LIMIT_BYTES);
        fits && !self.tab.is_empty() && (self.word == TabWord::Join || !self.chat.is_empty())
    }
}

impl TabAct {
    /// As the JavaScript side numbers it, which knows a message's `type` by its word's number.
    pub fn number(self) -> u8 {
        match self {
            Self::Post(word) => word as u8,
            Self::Lock => 8,
            Self::Steal => 9,
            Self::Unlock => 10,
            Self::ReadOnly(true) => 11,
            Self::ReadOnly(false) => 12,
            Self::Claimed(true) => 13,
            Self::Claimed(false) => 14,
            Self::Show => 15,
        }
    }
}

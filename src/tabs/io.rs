//! What the world tells of other tabs, and what is asked of it.

use super::TabMessage;
use crate::io::RequestId;

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

/// Something that happened between tabs.
#[derive(Debug)]
pub enum TabInput {
    /// The channel is open.
    Opened,
    /// A message arrived.
    Message(TabMessage),
    /// A lock was given, or is another's.
    Locked {
        /// Which [`TabOutput::Lock`].
        request: RequestId,
        /// Whether it is ours now.
        granted: bool,
    },
    /// Another tab took a lock of ours.
    LockLost {
        /// Of this chat.
        chat: String,
    },
    /// The page goes away, perhaps for good.
    Leave,
}

/// Something to do between tabs.
#[derive(Debug, PartialEq, Eq)]
pub enum TabOutput {
    /// Post a message. Its `tab` is this one's.
    Post(TabMessage),
    /// Ask for a chat's lock, if nobody has it; `steal`: although somebody may have it. Answer with
    /// [`TabInput::Locked`].
    Lock {
        /// The chat.
        chat: String,
        /// The number of the question.
        request: RequestId,
        /// Whether it is to be taken from whoever has it.
        steal: bool,
    },
    /// Let a chat's lock go.
    Unlock {
        /// The chat.
        chat: String,
    },
    /// Whether this tab may send has changed.
    ReadOnly {
        /// To this chat.
        chat: String,
        /// Another tab has the turn.
        read_only: bool,
    },
    /// Whether this tab has the turn has changed.
    Claimed {
        /// Of this chat.
        chat: String,
        /// It has.
        claimed: bool,
    },
    /// Another tab shows these messages of a chat: those of the message that was fed last.
    Show {
        /// The chat.
        chat: String,
    },
}

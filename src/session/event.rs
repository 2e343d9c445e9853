//! The events that an application can observe (G1). Public as `ChatTransportEvent`.

use super::Connection;
use crate::error::Error;

/// What a send was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendSource {
    /// A message of the user, or resolved tool parts.
    SubmitMessage,
    /// The last answer again.
    RegenerateMessage,
    /// A message into the running turn.
    Steer,
    /// A custom action.
    Action,
    /// A stop.
    Stop,
    /// The first message of a chat, through the application's own server.
    HeadStart,
}

impl SendSource {
    /// The name in events.
    pub fn name(self) -> &'static str {
        match self {
            Self::SubmitMessage => "submit-message",
            Self::RegenerateMessage => "regenerate-message",
            Self::Steer => "steer",
            Self::Action => "action",
            Self::Stop => "stop",
            Self::HeadStart => "head-start",
        }
    }

    /// Whether an answer is read for it.
    pub fn has_answer(self) -> bool {
        !matches!(self, Self::Steer | Self::Stop)
    }

    /// Whether later events are attributed to it.
    pub fn is_message(self) -> bool {
        matches!(self, Self::SubmitMessage | Self::RegenerateMessage | Self::HeadStart)
    }
}

/// The last message sent on a chat, to which what follows is attributed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attribution {
    /// The message.
    pub message_id: Option<String>,
    /// How long ago it was acknowledged, in milliseconds.
    pub since_send_ms: Option<u64>,
}

/// What was sent, or was to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendFacts {
    /// What it was.
    pub source: SendSource,
    /// The message it was about.
    pub message_id: Option<String>,
    /// Its idempotency key; a head start has none.
    pub part_id: Option<String>,
    /// Its size in bytes.
    pub body_bytes: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// How the transport learned of a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseSource {
    /// From the terminal record.
    Stream,
    /// From a refused append.
    Append,
}

/// How the transport learned that a run waits for its deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingVersionSource {
    /// From `startSession`.
    Start,
    /// From an append.
    Send,
    /// From the answer to a head start.
    HeadStart,
    /// From a record.
    Upgrade,
}

/// Something to observe.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The server acknowledged a send.
    MessageSent(SendFacts),
    /// A send failed for good.
    MessageSendFailed(SendFacts, Error),
    /// The subscription is open.
    StreamConnected {
        /// Whether it follows a turn that was under way.
        resumed: bool,
        /// The cursor it connected from.
        last_event_id: Option<String>,
        /// The message it is attributed to.
        message_id: Option<String>,
    },
    /// The first chunk of a turn.
    FirstChunk {
        /// Its type.
        chunk_type: Option<String>,
        /// Its cursor.
        last_event_id: Option<String>,
        /// The message it is attributed to.
        attribution: Attribution,
    },
    /// The turn is complete.
    TurnCompleted {
        /// The cursor of its last record.
        last_event_id: Option<String>,
        /// The agent's committed `.in` cursor.
        session_in_event_id: Option<String>,
        /// The message it is attributed to.
        attribution: Attribution,
    },
    /// The stream failed for good.
    StreamError(Error),
    /// The session is closed.
    SessionClosed {
        /// Why, if known.
        reason: Option<String>,
        /// How we know.
        source: CloseSource,
    },
    /// The run waits for its deployment.
    RunPendingVersion(PendingVersionSource),
    /// The connection is in another state (G2).
    ConnectionChanged(Connection),
}

impl Event {
    /// Its `type`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::MessageSent(_) => "message-sent",
            Self::MessageSendFailed(..) => "message-send-failed",
            Self::StreamConnected { .. } => "stream-connected",
            Self::FirstChunk { .. } => "first-chunk",
            Self::TurnCompleted { .. } => "turn-completed",
            Self::StreamError(_) => "stream-error",
            Self::SessionClosed { .. } => "session-closed",
            Self::RunPendingVersion(_) => "run-pending-version",
            Self::ConnectionChanged(_) => "connection-changed",
        }
    }
}

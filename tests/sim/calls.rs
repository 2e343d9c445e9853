//! The calls of a page as its application sees them: a promise, and the stream that it may give.

use trigger_chat_transport::io::CallId;

use crate::server::What;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Send(What),
    Reconnect,
    Start,
    Stop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Streaming,
    Ended,
}

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) chat: usize,
    pub(crate) asked: Asked,
    pub(crate) state: State,
    /// The user aborted it or cancelled its stream.
    pub(crate) given_up: bool,
    /// Chunks that the consumer has not taken; one that takes them at once has no pace.
    pub(crate) backlog: usize,
    pub(crate) pace_ms: u64,
    /// The record behind which its stream begins.
    pub(crate) start: Option<i64>,
    /// The cursor that was asked from first.
    pub(crate) joined: i64,
    /// The last record that its stream was given.
    pub(crate) place: i64,
    /// The cursor that was asked from last.
    pub(crate) cursor: i64,
    /// The `.in` seq of the turn that a resumed stream has to show from its start.
    pub(crate) resumes: Option<u64>,
}

impl Call {
    pub(crate) fn new(chat: usize, asked: Asked) -> Self {
        Self {
            chat,
            asked,
            state: State::Pending,
            given_up: false,
            backlog: 0,
            pace_ms: 0,
            start: None,
            joined: -1,
            place: -1,
            cursor: -1,
            resumes: None,
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.pace_ms > 0 && self.backlog > 0
    }

    /// The label under which the server knows it.
    pub(crate) fn label(&self) -> Option<u64> {
        match self.asked {
            Asked::Send(what) => what.label(),
            _ => None,
        }
    }

    /// Whether it is about an answer that is read.
    pub(crate) fn has_stream(&self) -> bool {
        matches!(self.asked, Asked::Send(What::Message(_) | What::Action(_)) | Asked::Reconnect)
    }

    pub(crate) fn is_active(&self) -> bool {
        self.has_stream() && self.state != State::Ended
    }
}

/// A label for a page's call.
pub(crate) fn label(page: usize, call: CallId) -> u64 {
    (page as u64) << 32 | u64::from(call)
}

/// A chat's id.
pub(crate) fn chat_id(chat: usize) -> String {
    format!("chat {chat}")
}

/// The number of a chat.
pub(crate) fn chat_number(id: &str) -> usize {
    id.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

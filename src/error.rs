//! What can go wrong, in words that say what to do.
//!
//! Errors answer questions instead of being matched on text. The browser layer turns each into a
//! real JavaScript `Error`: `TriggerApiError` with `status` where a server answered, a `TypeError`
//! with "network" in its message where the connection was lost (that is how `useChat` recognises a
//! disconnect, D3), the caller's own error where a callback threw.

use core::fmt;
use std::any::Any;
use std::rc::Rc;

use crate::text::{decimal, joined};

/// What the world threw, carried through untouched: a JavaScript error, or anything in tests.
#[derive(Clone)]
pub struct Cause(pub Rc<dyn Any>);

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cause")
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A failure that reaches the application.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// A callback of the application threw or rejected; its error reaches the caller as it is.
    Callback(Cause),
    /// A callback answered with something that cannot be used.
    BadAnswer {
        /// Which option, and what it must give.
        expected: &'static str,
    },
    /// The server refused a request (B7).
    Api {
        /// What was asked of it.
        request: &'static str,
        /// The HTTP status.
        status: u16,
        /// The body of the answer, cut to a readable length.
        body: String,
        /// The server's stable code, if it gave one.
        code: Option<String>,
        /// Why the session is closed, for `session_closed`.
        closed_reason: Option<String>,
    },
    /// The connection failed and was not, or could no longer be, repaired.
    Network {
        /// What failed.
        what: &'static str,
        /// What `fetch` threw, if it did.
        cause: Option<Cause>,
    },
    /// Somebody else answered: a login page, a captive portal (C13).
    WrongAnswer {
        /// What was asked, and what the answer should have been.
        expected: &'static str,
        /// Its content type.
        content_type: String,
    },
    /// The stream holds, again and again, what is no batch of records.
    MalformedStream,
    /// The session is closed: terminal (C14).
    SessionClosed {
        /// The chat.
        chat: String,
        /// Why, if known.
        reason: Option<String>,
    },
    /// `startSession` is needed and not configured (A4, B6).
    StartSessionMissing {
        /// What needed it.
        needed_for: &'static str,
    },
    /// The body is larger than a record of `.in` may be (B10).
    TooLarge {
        /// What the record would be metered at.
        bytes: u64,
        /// The most there may be.
        limit: u64,
    },
    /// The output of the previous turn and this one cannot be told apart (C8).
    OutputLost,
    /// An event larger than the reader takes.
    EventTooLarge,
    /// The chat id cannot name a session in a URL (B12).
    BadChatId,
    /// Another tab has the chat's turn (E2).
    ActiveElsewhere,
    /// The caller aborted before anything was sent.
    Aborted,
    /// The transport was disposed (A8).
    Disposed,
}

impl Error {
    /// A refusal of which only the status is known.
    pub fn of_status(request: &'static str, status: u16) -> Self {
        Self::Api { request, status, body: String::new(), code: None, closed_reason: None }
    }

    /// The HTTP status that goes with it, if there is one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api { status, .. } => Some(*status),
            Self::SessionClosed { .. } => Some(409),
            _ => None,
        }
    }

    /// The stable code that goes with it, if there is one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Api { code, .. } => code.as_deref(),
            Self::SessionClosed { .. } => Some("session_closed"),
            _ => None,
        }
    }

    /// Why the session is closed, where that is what it says.
    pub fn closed_reason(&self) -> Option<&str> {
        match self {
            Self::Api { closed_reason: reason, .. } | Self::SessionClosed { reason, .. } => {
                reason.as_deref()
            }
            _ => None,
        }
    }

    /// Whether the server says that the session is closed (B6).
    pub fn is_session_closed(&self) -> bool {
        self.status() == Some(409) && self.code() == Some("session_closed")
    }

    /// What was thrown at us, where that is the error.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Callback(cause) => Some(cause),
            Self::Network { cause, .. } => cause.as_ref(),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl Error {
    /// What to tell the developer or user.
    pub fn message(&self) -> String {
        match self {
            Self::Callback(_) => "a callback of the application failed".to_owned(),
            Self::BadAnswer { expected } => (*expected).to_owned(),
            Self::Api { request, status, body, .. } => {
                joined(&[request, " failed with status ", &decimal((*status).into()), ": ", body])
            }
            Self::Network { what, .. } => joined(&["network error: ", what]),
            Self::WrongAnswer { expected, content_type } => joined(&[
                expected,
                " but \"",
                content_type,
                "\": check baseURL, and whether a proxy or login page answers in its place",
            ]),
            Self::MalformedStream => {
                "the .out stream is malformed: its batches cannot be read".to_owned()
            }
            Self::SessionClosed { chat, reason: None } => {
                joined(&["Chat session ", chat, " is closed"])
            }
            Self::SessionClosed { chat, reason: Some(reason) } => {
                joined(&["Chat session ", chat, " is closed: ", reason])
            }
            Self::StartSessionMissing { needed_for } => joined(&[
                "TriggerChatTransport: the startSession option is needed ",
                needed_for,
                ": configure it",
            ]),
            Self::TooLarge { bytes, limit } => joined(&[
                "the message is too large: its record would be ",
                &decimal(*bytes),
                " bytes, the limit is ",
                &decimal(*limit),
                ". Upload large files and send their URLs",
            ]),
            Self::OutputLost => {
                "The output of this turn was lost behind an earlier one. Try again.".to_owned()
            }
            Self::EventTooLarge => "an event of the .out stream is larger than 16 MiB".to_owned(),
            Self::BadChatId => "chatId must not be empty, \".\" or \"..\"".to_owned(),
            Self::ActiveElsewhere => "This chat is active in another tab".to_owned(),
            Self::Aborted => "The send was aborted before it left".to_owned(),
            Self::Disposed => {
                "this TriggerChatTransport was disposed: construct a new one".to_owned()
            }
        }
    }
}

impl std::error::Error for Error {}

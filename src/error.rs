//! What can go wrong, in words that say what to do.
//!
//! Errors answer questions instead of being matched on text. The browser layer turns each into a
//! real JavaScript `Error`: `TriggerApiError` with `status` where a server answered, a `TypeError`
//! with "network" in its message where the connection was lost (that is how `useChat` recognises a
//! disconnect, D3), the caller's own error where a callback threw.

use core::fmt;
use std::any::Any;
use std::rc::Rc;

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
    /// The answer was not an event stream: a login page, a captive portal (C13).
    NotAnEventStream {
        /// Its content type.
        content_type: String,
    },
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
    /// The caller aborted before anything was sent.
    Aborted,
    /// The transport was disposed (A8).
    Disposed,
}

impl Error {
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
        match self {
            Self::Callback(_) => f.write_str("a callback of the application failed"),
            Self::BadAnswer { expected } => f.write_str(expected),
            Self::Api { request, status, body, .. } => {
                write!(f, "{request} failed with status {status}: {body}")
            }
            Self::Network { what, .. } => write!(f, "network error: {what}"),
            Self::NotAnEventStream { content_type } => write!(
                f,
                "the answer to the .out subscription is not an event stream but \"{content_type}\": \
                 check baseURL, and whether a proxy or login page answers in its place"
            ),
            Self::SessionClosed { chat, reason } => {
                write!(f, "Chat session {chat} is closed")?;
                reason.as_ref().map_or(Ok(()), |reason| write!(f, ": {reason}"))
            }
            Self::StartSessionMissing { needed_for } => write!(
                f,
                "TriggerChatTransport: the startSession option is needed {needed_for}: configure it, \
                 or give the transport a known session by the sessions option"
            ),
            Self::TooLarge { bytes, limit } => write!(
                f,
                "the message is too large: its record would be {bytes} bytes, the limit is {limit}. \
                 Upload large files and send their URLs"
            ),
            Self::OutputLost => {
                f.write_str("The output of this turn was lost behind a stopped one. Try again.")
            }
            Self::EventTooLarge => f.write_str("an event of the .out stream is larger than 16 MiB"),
            Self::BadChatId => f.write_str("chatId must not be empty, \".\" or \"..\""),
            Self::Aborted => f.write_str("The send was aborted before it left"),
            Self::Disposed => {
                f.write_str("this TriggerChatTransport was disposed: construct a new one")
            }
        }
    }
}

impl std::error::Error for Error {}

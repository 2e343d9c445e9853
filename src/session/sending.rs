//! One append on its way to `.in`: a message, an action, a stop.

use super::{Context, SendFacts, SendSource};
use crate::io::{Body, CallId, RequestId, Send};
use crate::wire::Cursor;
use crate::wire::input::STOP_BODY;

/// One append: what it is, and how far it has come.
#[derive(Debug)]
pub(super) struct Sending {
    /// Whose promise waits. A stop that an aborted signal caused has none.
    pub(super) call: Option<CallId>,
    pub(super) source: SendSource,
    pub(super) message_id: Option<String>,
    pub(super) part_id: String,
    pub(super) body_bytes: u64,
    pub(super) queued_ms: u64,
    pub(super) first_attempt_ms: Option<u64>,
    /// Where the chat's reader stood when it left first: the turn that it asks for lies behind.
    pub(super) left_at: Option<Option<Cursor>>,
    pub(super) failures: u32,
    pub(super) phase: Phase,
    pub(super) token_renewed: bool,
    pub(super) session_recreated: bool,
    /// The caller gave up when the append may have left: a stop follows it (B11).
    pub(super) aborted: bool,
    /// An attempt left whose outcome is unknown.
    pub(super) may_be_written: bool,
}

/// How far an append has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Behind others.
    Queued,
    /// Waits for a session to be started, or a token minted where none can be.
    NeedsSession,
    /// The token was refused.
    NeedsToken,
    /// The session is not there and is to be created again.
    NeedsRecreation,
    /// On its way.
    InFlight { request: RequestId, deadline_ms: u64 },
    /// On its way to the application's own server, which may take its time.
    HeadStarting { request: RequestId },
    /// To be tried again.
    Waiting { until_ms: u64 },
}

impl Send {
    /// A stop, whose body is always [`STOP_BODY`]: so far from the limit that its size written as a
    /// string need not be exact.
    pub fn stop() -> Self {
        let body_bytes = STOP_BODY.len() as u64;
        let (source, message_id) = (SendSource::Stop, None);
        Self { source, message_id, body_bytes, escaped_body_bytes: body_bytes }
    }
}

impl Sending {
    pub(super) fn new(call: Option<CallId>, send: Send, cx: &mut Context<'_>) -> Self {
        Self {
            call,
            source: send.source,
            message_id: send.message_id,
            part_id: cx.jitter.uuid(),
            body_bytes: send.body_bytes,
            queued_ms: cx.now_ms,
            first_attempt_ms: None,
            left_at: None,
            failures: 0,
            phase: Phase::Queued,
            token_renewed: false,
            session_recreated: false,
            aborted: false,
            may_be_written: false,
        }
    }

    /// A stop that no call waits for.
    pub(super) fn stop(cx: &mut Context<'_>) -> Self {
        Self::new(None, Send::stop(), cx)
    }

    /// What events tell of it.
    pub(super) fn facts(&self, now_ms: u64) -> SendFacts {
        SendFacts {
            source: self.source,
            message_id: self.message_id.clone(),
            part_id: (self.source != SendSource::HeadStart).then(|| self.part_id.clone()),
            body_bytes: self.body_bytes,
            duration_ms: now_ms.saturating_sub(self.queued_ms),
        }
    }

    /// The request under way.
    pub(super) fn request(&self) -> Option<RequestId> {
        match self.phase {
            Phase::InFlight { request, .. } | Phase::HeadStarting { request } => Some(request),
            _ => None,
        }
    }

    /// Whether the agent may have begun to answer it.
    pub(super) fn may_ask_for_a_turn(&self) -> bool {
        let left = self.may_be_written || matches!(self.phase, Phase::InFlight { .. });
        left && self.source.has_answer()
    }

    /// Where the world finds its body.
    pub(super) fn body(&self) -> Body {
        match (self.source, self.call) {
            (SendSource::Stop, _) | (_, None) => Body::Stop,
            (_, Some(call)) => Body::Of(call),
        }
    }
}

//! Sends that wait to learn whether this tab gets the turn.

use crate::io::{CallId, RequestId, Send, SendSource};

/// The sends of one chat, in their order.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) chat: String,
    /// None left: the caller gave them up.
    pub(super) sends: Vec<(CallId, Send)>,
    pub(super) stage: Stage,
}

/// What they wait for.
#[derive(Debug)]
pub(super) enum Stage {
    /// The lock.
    Locking { request: RequestId },
    /// Whoever has the lock, to say that it lives.
    Asking { until_ms: u64 },
}

impl Waiting {
    pub(super) fn request(&self) -> Option<RequestId> {
        match self.stage {
            Stage::Locking { request } => Some(request),
            Stage::Asking { .. } => None,
        }
    }

    pub(super) fn deadline_ms(&self) -> Option<u64> {
        match self.stage {
            Stage::Asking { until_ms } => Some(until_ms),
            Stage::Locking { .. } => None,
        }
    }

    /// Takes a call back; what it was, if it is among them.
    pub(super) fn withdraw(&mut self, call: CallId) -> Option<SendSource> {
        let at = self.sends.iter().position(|(of, _)| *of == call)?;
        Some(self.sends.remove(at).1.source)
    }
}

//! How a chat gets its session and its tokens from the callbacks of the application (A4, A5, B6).

use super::outbox::is_late;
use super::{Context, Event, PartIds, PendingVersionSource, Session, Turn};
use crate::error::Error;
use crate::io::{CallId, Outcome, Output, RequestId, StartFailure, StartedSession};
use crate::secret::Secret;

/// A callback of the application that answers within this time answers; another is given up (S5).
const CALLBACK_LIMIT_MS: u64 = 60_000;

/// A call of a callback.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    request: RequestId,
    pub(super) deadline_ms: u64,
}

impl Asked {
    fn now(cx: &mut Context<'_>) -> Self {
        let deadline_ms = cx.now_ms.saturating_add(CALLBACK_LIMIT_MS);
        Self { request: cx.next_request(), deadline_ms }
    }
}

impl Session {
    pub(super) fn start(&mut self, call: CallId, cx: &mut Context<'_>) {
        match self.persisted() {
            Some(state) if !state.token.is_empty() => cx.settle(call, Outcome::Session(state)),
            _ => {
                self.start_calls.push(call);
                self.request_session(cx);
            }
        }
    }

    /// Asks for a session, once for everybody who waits for it (A4).
    pub(super) fn request_session(&mut self, cx: &mut Context<'_>) {
        if self.starting.is_none() {
            let asked = Asked::now(cx);
            self.starting = Some(asked);
            let (chat, request) = (self.chat.clone(), asked.request);
            cx.emit(Output::StartSession { chat, request });
        }
    }

    /// Asks for a token, once for everybody who waits for it.
    pub(super) fn request_token(&mut self, cx: &mut Context<'_>) {
        if self.minting.is_none() {
            let asked = Asked::now(cx);
            self.minting = Some(asked);
            let (chat, request) = (self.chat.clone(), asked.request);
            cx.emit(Output::MintToken { chat, request });
        }
    }

    /// A callback that nobody waits for any more may never answer: whoever comes next asks anew.
    pub(super) fn forget_unawaited(&mut self) {
        if !self.awaits_session() && self.start_calls.is_empty() {
            self.starting = None;
        }
        if !self.sends_await_token() && !self.reader_awaits_token() {
            self.minting = None;
        }
    }

    pub(super) fn session_started(
        &mut self,
        request: RequestId,
        answer: Result<StartedSession, StartFailure>,
        cx: &mut Context<'_>,
    ) {
        let is_current = self.starting.is_some_and(|asked| asked.request == request);
        if !is_current && answer.is_err() {
            return;
        }
        self.starting = self.starting.filter(|_| !is_current);
        let calls = core::mem::take(&mut self.start_calls);
        let error = match answer {
            Ok(started) => {
                self.install(started, cx);
                if let Some(state) = self.persisted() {
                    for call in calls {
                        cx.settle(call, Outcome::Session(state.clone()));
                    }
                }
                self.resume_sends(true, cx);
                return;
            }
            Err(StartFailure::Failed(error)) => {
                self.session_unavailable(&error, cx);
                error
            }
            Err(StartFailure::NotConfigured) => {
                self.start_not_configured(cx);
                Error::StartSessionMissing { needed_for: "by start() and preload()" }
            }
        };
        for call in calls {
            cx.settle(call, Outcome::Failed(error.clone()));
        }
    }

    /// A started session is a new stream: what was known of an older one under this id is gone. A
    /// cursor seeded before the session was known stands.
    fn install(&mut self, started: StartedSession, cx: &mut Context<'_>) {
        if started.pending_version {
            self.tell(Event::RunPendingVersion(PendingVersionSource::Start), cx);
        }
        let known = self.token.replace(started.token).is_some_and(|token| !token.is_empty());
        if known && !self.awaits_recreation() {
            // It was installed or minted in the meantime: what is known of it stands.
            return self.tell_changed(true, cx);
        }
        if known {
            self.cursor = None;
            self.part_ids = PartIds::default();
            self.drop_reader(cx);
        }
        self.turn = Turn::none();
        self.gate.open();
        self.tell_changed(true, cx);
    }

    pub(super) fn token_minted(
        &mut self,
        request: RequestId,
        answer: Result<Secret, Error>,
        cx: &mut Context<'_>,
    ) {
        let is_current = self.minting.is_some_and(|asked| asked.request == request);
        if !is_current && answer.is_err() {
            return;
        }
        self.minting = self.minting.filter(|_| !is_current);
        match answer {
            Ok(token) => {
                self.token = Some(token);
                self.tell_changed(true, cx);
                self.resume_sends(false, cx);
                self.resume_reader(cx);
            }
            Err(error) => {
                self.token_unavailable(&error, cx);
                self.fail_unauthorized_reader(error, cx);
            }
        }
    }

    /// A callback that does not answer is told by an error; what it answers later is still taken.
    pub(super) fn tick_callbacks(&mut self, cx: &mut Context<'_>) {
        for asked in [&mut self.starting, &mut self.minting].into_iter().flatten() {
            if is_late(asked.deadline_ms, cx.now_ms) {
                asked.deadline_ms = cx.now_ms.saturating_add(CALLBACK_LIMIT_MS);
            }
        }
        if let Some(asked) = self.starting.filter(|asked| cx.now_ms >= asked.deadline_ms) {
            let expected = "startSession has not answered within a minute";
            let error = StartFailure::Failed(Error::BadAnswer { expected });
            self.session_started(asked.request, Err(error), cx);
        }
        if let Some(asked) = self.minting.filter(|asked| cx.now_ms >= asked.deadline_ms) {
            let expected = "accessToken has not answered within a minute";
            self.token_minted(asked.request, Err(Error::BadAnswer { expected }), cx);
        }
    }
}

//! What a chat sends: one append after another, in the order of the calls (B1, B5–B7, B9–B11).
//!
//! Appends of one chat never overtake each other: a stop that arrived before the message it was
//! pressed behind would stop the wrong turn.

use super::{CloseSource, Context, Event, PendingVersionSource, SendFacts, SendSource, Session};
use crate::error::Error;
use crate::io::{AppendOutcome, Body, CallId, Outcome, Output, RequestId, Send};
use crate::link::{Backoff, Jitter, ResponseHead, retry_after_ms};
use crate::wire::answer::{Acknowledged, Refusal};
use crate::wire::input::{RECORD_LIMIT_BYTES, STOP_BODY, metered_bytes};

/// An append that is not answered by then is given up and tried again (B9).
const ANSWER_TIMEOUT_MS: u64 = 30_000;
/// From the first attempt on, a failing append is tried again for so long (B9).
const RETRY_LIMIT_MS: u64 = 30_000;
/// As much of a refusal's body as an error shows, in bytes.
const SHOWN_BODY_BYTES: usize = 2_000;

/// The sends of a chat; only the first is under way.
#[derive(Debug, Default)]
pub(super) struct Outbox(Vec<Sending>);

#[derive(Debug)]
struct Sending {
    /// Whose promise waits. A stop that an aborted signal caused has none.
    call: Option<CallId>,
    source: SendSource,
    message_id: Option<String>,
    part_id: String,
    body_bytes: u64,
    queued_ms: u64,
    first_attempt_ms: Option<u64>,
    failures: u32,
    phase: Phase,
    token_renewed: bool,
    session_recreated: bool,
    /// The caller gave up when the append may have left: a stop follows it (B11).
    aborted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
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
    /// To be tried again.
    Waiting { until_ms: u64 },
}

impl Sending {
    fn new(call: Option<CallId>, send: Send, cx: &mut Context<'_>) -> Self {
        Self {
            call,
            source: send.source,
            message_id: send.message_id,
            part_id: part_id(cx.jitter),
            body_bytes: send.body_bytes,
            queued_ms: cx.now_ms,
            first_attempt_ms: None,
            failures: 0,
            phase: Phase::Queued,
            token_renewed: false,
            session_recreated: false,
            aborted: false,
        }
    }

    fn facts(&self, now_ms: u64) -> SendFacts {
        SendFacts {
            source: self.source,
            message_id: self.message_id.clone(),
            part_id: self.part_id.clone(),
            body_bytes: self.body_bytes,
            duration_ms: now_ms.saturating_sub(self.queued_ms),
        }
    }

    /// The request under way.
    fn request(&self) -> Option<RequestId> {
        match self.phase {
            Phase::InFlight { request, .. } => Some(request),
            _ => None,
        }
    }

    fn body(&self) -> Body {
        match (self.source, self.call) {
            (SendSource::Stop, _) | (_, None) => Body::Stop,
            (_, Some(call)) => Body::Of(call),
        }
    }
}

impl Outbox {
    fn take(&mut self, at: usize) -> Option<Sending> {
        (at < self.0.len()).then(|| self.0.remove(at))
    }

    pub(super) fn deadline_ms(&self) -> Option<u64> {
        match self.0.first()?.phase {
            Phase::InFlight { deadline_ms, .. } => Some(deadline_ms),
            Phase::Waiting { until_ms } => Some(until_ms),
            _ => None,
        }
    }
}

impl Session {
    pub(super) fn send(&mut self, call: CallId, send: Send, cx: &mut Context<'_>) {
        let unknown = self.token.is_none();
        if unknown && matches!(send.source, SendSource::Steer | SendSource::Stop) {
            return cx.settle(call, Outcome::Accepted(false));
        }
        let escaped_body_bytes = send.escaped_body_bytes;
        let sending = Sending::new(Some(call), send, cx);
        let bytes = metered_bytes(escaped_body_bytes, &sending.part_id);
        if bytes > RECORD_LIMIT_BYTES {
            let error = Error::TooLarge { bytes, limit: RECORD_LIMIT_BYTES };
            return self.send_failed(sending, error, cx);
        }
        if let Some(reason) = self.closed.clone() {
            let error = Error::SessionClosed { chat: self.chat.clone(), reason };
            return self.send_failed(sending, error, cx);
        }
        if sending.source == SendSource::Stop && self.turn.request_stop() {
            // Written down before it is sent: a reload in between must not replay the turn.
            self.tell_changed(true, cx);
        }
        self.enqueue(sending, cx);
    }

    /// A stop that no call waits for.
    pub(super) fn send_stop(&mut self, cx: &mut Context<'_>) {
        let stop = stop(cx);
        self.enqueue(stop, cx);
    }

    fn enqueue(&mut self, sending: Sending, cx: &mut Context<'_>) {
        self.outbox.0.push(sending);
        if self.outbox.0.len() == 1 {
            self.send_next(cx);
        }
    }

    /// Gets the first send under way, if it is not.
    fn send_next(&mut self, cx: &mut Context<'_>) {
        let Some(sending) = self.outbox.0.first_mut() else { return };
        if sending.request().is_some() {
            return;
        }
        let Some(token) = self.token.clone().filter(|token| !token.is_empty()) else {
            sending.phase = Phase::NeedsSession;
            return self.request_session(cx);
        };
        let request = cx.next_request();
        sending.first_attempt_ms.get_or_insert(cx.now_ms);
        let deadline_ms = cx.now_ms.saturating_add(ANSWER_TIMEOUT_MS);
        sending.phase = Phase::InFlight { request, deadline_ms };
        let (part_id, body) = (sending.part_id.clone(), sending.body());
        cx.emit(Output::Append { chat: self.chat.clone(), request, token, part_id, body });
    }

    /// A token or a session is there: what waited for it goes on.
    pub(super) fn resume_sends(&mut self, cx: &mut Context<'_>) {
        let waits = |phase| {
            matches!(phase, Phase::NeedsSession | Phase::NeedsToken | Phase::NeedsRecreation)
        };
        if self.outbox.0.first().is_some_and(|sending| waits(sending.phase)) {
            self.send_next(cx);
        }
    }

    /// `startSession` failed.
    pub(super) fn session_unavailable(&mut self, error: &Error, cx: &mut Context<'_>) {
        self.fail_first_if(&[Phase::NeedsSession, Phase::NeedsRecreation], error, cx);
    }

    /// `accessToken` failed.
    pub(super) fn token_unavailable(&mut self, error: &Error, cx: &mut Context<'_>) {
        self.fail_first_if(&[Phase::NeedsSession, Phase::NeedsToken], error, cx);
    }

    /// There is no `startSession`: a first send takes its token from `accessToken` (A5), a session
    /// that is gone stays gone (B6).
    pub(super) fn start_not_configured(&mut self, cx: &mut Context<'_>) {
        match self.outbox.0.first().map(|sending| sending.phase) {
            Some(Phase::NeedsSession) => self.request_token(cx),
            Some(Phase::NeedsRecreation) => {
                let needed_for = "to create the session again, which the server does not know \
                                  (was it stored for another environment?)";
                self.fail_first(Error::StartSessionMissing { needed_for }, cx);
            }
            _ => {}
        }
    }

    fn fail_first_if(&mut self, phases: &[Phase], error: &Error, cx: &mut Context<'_>) {
        if self.outbox.0.first().is_some_and(|sending| phases.contains(&sending.phase)) {
            self.fail_first(error.clone(), cx);
        }
    }

    fn fail_first(&mut self, error: Error, cx: &mut Context<'_>) {
        if let Some(sending) = self.outbox.take(0) {
            self.send_failed(sending, error, cx);
            self.send_next(cx);
        }
    }

    pub(super) fn fail_all_sends(&mut self, error: &Error, cx: &mut Context<'_>) {
        for sending in core::mem::take(&mut self.outbox.0) {
            if let Some(request) = sending.request() {
                cx.emit(Output::Disconnect { request });
            }
            self.send_failed(sending, error.clone(), cx);
        }
    }

    pub(super) fn appended(
        &mut self,
        request: RequestId,
        outcome: AppendOutcome,
        cx: &mut Context<'_>,
    ) {
        let Some(sending) = self.outbox.0.first_mut() else { return };
        if sending.request() != Some(request) {
            return;
        }
        let (head, body) = match outcome {
            AppendOutcome::Failed(cause) => {
                let error =
                    Error::Network { what: "the message could not be sent", cause: Some(cause) };
                return self.retry_or_fail(None, error, cx);
            }
            AppendOutcome::Answer(head, body) => (head, body),
        };
        match head.status {
            200..=299 => self.acknowledged(&body, cx),
            401 | 403 if !sending.token_renewed => {
                sending.token_renewed = true;
                sending.phase = Phase::NeedsToken;
                self.request_token(cx);
            }
            404 if !sending.session_recreated => {
                sending.session_recreated = true;
                sending.phase = Phase::NeedsRecreation;
                self.request_session(cx);
            }
            408 | 429 | 500..=599 => {
                let asked_ms = retry_after_ms(&head, cx.now_ms);
                self.retry_or_fail(asked_ms, refused(&head, &body), cx);
            }
            _ => {
                let error = refused(&head, &body);
                if error.is_session_closed() {
                    let reason = error.closed_reason().map(str::to_owned);
                    self.mark_closed(reason, CloseSource::Append, cx);
                }
                self.fail_first(error, cx);
            }
        }
    }

    /// Tries the first send again under the same part id, unless its time is up (B9).
    fn retry_or_fail(&mut self, asked_ms: Option<u64>, error: Error, cx: &mut Context<'_>) {
        let Some(sending) = self.outbox.0.first_mut() else { return };
        if sending.aborted {
            return self.withdraw(0, cx);
        }
        sending.failures = sending.failures.saturating_add(1);
        let delay_ms =
            asked_ms.unwrap_or_else(|| Backoff::APPEND.delay_ms(sending.failures, cx.jitter));
        let until_ms = cx.now_ms.saturating_add(delay_ms);
        let began_ms = sending.first_attempt_ms.unwrap_or(cx.now_ms);
        if until_ms > began_ms.saturating_add(RETRY_LIMIT_MS) {
            self.fail_first(error, cx);
        } else {
            sending.phase = Phase::Waiting { until_ms };
        }
    }

    pub(super) fn tick_outbox(&mut self, cx: &mut Context<'_>) {
        match self.outbox.0.first().map(|sending| sending.phase) {
            Some(Phase::Waiting { until_ms }) if cx.now_ms >= until_ms => self.send_next(cx),
            Some(Phase::InFlight { request, deadline_ms }) if cx.now_ms >= deadline_ms => {
                cx.emit(Output::Disconnect { request });
                let what = "the server did not answer the message in time";
                self.retry_or_fail(None, Error::Network { what, cause: None }, cx);
            }
            _ => {}
        }
    }

    fn acknowledged(&mut self, body: &str, cx: &mut Context<'_>) {
        let Some(sending) = self.outbox.take(0) else { return };
        let answer = Acknowledged::read(body);
        if answer.pending_version {
            self.tell(Event::RunPendingVersion(PendingVersionSource::Send), cx);
        }
        if sending.call.is_some() {
            if sending.source.is_message() {
                self.last_sent = Some((sending.message_id.clone(), cx.now_ms));
            }
            self.tell(Event::MessageSent(sending.facts(cx.now_ms)), cx);
        }
        match (sending.call, sending.source) {
            (Some(call), SendSource::Steer) => cx.settle(call, Outcome::Accepted(true)),
            (Some(call), SendSource::Stop) => {
                self.stopped(cx);
                cx.settle(call, Outcome::Accepted(true));
            }
            (Some(call), _) => self.turn_requested(call, answer.seq, sending.aborted, cx),
            (None, _) => {}
        }
        self.send_next(cx);
    }

    fn send_failed(&mut self, sending: Sending, error: Error, cx: &mut Context<'_>) {
        let Some(call) = sending.call else { return };
        let error = if sending.aborted { Error::Aborted } else { error };
        let facts = sending.facts(cx.now_ms);
        self.tell(Event::MessageSendFailed(facts, error.clone()), cx);
        if sending.source == SendSource::Stop {
            self.stop_failed(cx);
        }
        let outcome = match sending.source {
            SendSource::Steer | SendSource::Stop => Outcome::Accepted(false),
            _ => Outcome::Failed(error),
        };
        cx.settle(call, outcome);
    }

    /// The caller of a send gave up. Whether it was still to be sent.
    pub(super) fn abort_send(&mut self, call: CallId, cx: &mut Context<'_>) -> bool {
        let mine = |sending: &Sending| sending.call == Some(call);
        let Some(at) = self.outbox.0.iter().position(mine) else { return false };
        match self.outbox.0.get_mut(at) {
            // It is known only with the answer which turn is to be stopped.
            Some(sending) if sending.request().is_some() => sending.aborted = true,
            _ => self.withdraw(at, cx),
        }
        true
    }

    /// Takes a send back. If an attempt of it had left, a stop takes its place (B11).
    fn withdraw(&mut self, at: usize, cx: &mut Context<'_>) {
        let Some(sending) = self.outbox.take(at) else { return };
        if let Some(call) = sending.call {
            cx.settle(call, Outcome::Failed(Error::Aborted));
        }
        if sending.first_attempt_ms.is_some() {
            let stop = stop(cx);
            self.outbox.0.insert(0, stop);
        }
        if at == 0 {
            self.send_next(cx);
        }
    }
}

fn stop(cx: &mut Context<'_>) -> Sending {
    let body_bytes = STOP_BODY.len() as u64;
    let (source, message_id) = (SendSource::Stop, None);
    let send = Send { source, message_id, body_bytes, escaped_body_bytes: body_bytes };
    Sending::new(None, send, cx)
}

fn refused(head: &ResponseHead, body: &str) -> Error {
    let Refusal { code, closed_reason } = Refusal::read(body);
    let shown = body.get(..body.floor_char_boundary(SHOWN_BODY_BYTES)).unwrap_or_default();
    Error::Api {
        request: "the append to .in",
        status: head.status,
        body: shown.to_owned(),
        code,
        closed_reason,
    }
}

/// A random UUID (version 4).
fn part_id(jitter: &mut Jitter) -> String {
    const PATTERN: &str = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
    let mut bits = u128::from(jitter.next()) << 64 | u128::from(jitter.next());
    let mut digit = |place| {
        let value = (bits & 15) as u32;
        bits >>= 4;
        match place {
            'x' => char::from_digit(value, 16).unwrap_or('0'),
            // The variant: two bits are fixed.
            'v' => char::from_digit(value & 3 | 8, 16).unwrap_or('8'),
            fixed => fixed,
        }
    };
    PATTERN.chars().map(&mut digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b1_part_ids_are_uuids_and_do_not_repeat() {
        let mut jitter = Jitter::new(3);
        let ids: std::collections::BTreeSet<_> = (0..1_000).map(|_| part_id(&mut jitter)).collect();
        assert_eq!(ids.len(), 1_000);
        for id in ids {
            let bytes = id.as_bytes();
            assert_eq!((bytes.len(), bytes[14]), (36, b'4'), "{id}");
            assert!(b"89ab".contains(&bytes[19]), "{id}");
        }
    }
}

//! What a chat sends: one append after another, in the order of the calls (B1, B5–B7, B9–B11).
//!
//! Appends of one chat never overtake each other: a stop that arrived before the message it was
//! pressed behind would stop the wrong turn.

use super::sending::{Phase, Sending};
use super::{CloseSource, Context, Event, PendingVersionSource, SendSource, Session};
use crate::error::Error;
use crate::io::{AppendOutcome, CallId, Outcome, Output, RequestId, Send};
use crate::link::{Backoff, ResponseHead, retry_after_ms};
use crate::wire::answer::{Acknowledged, Refusal};
use crate::wire::input::{RECORD_LIMIT_BYTES, metered_bytes};

/// An append that is not answered by then is given up and tried again (B9).
const ANSWER_TIMEOUT_MS: u64 = 30_000;
/// From the first attempt on, a failing append is tried again for so long (B9).
const RETRY_LIMIT_MS: u64 = 30_000;
/// As much of a refusal's body as an error shows, in bytes.
const SHOWN_BODY_BYTES: usize = 2_000;

/// The sends of a chat; only the first is under way.
#[derive(Debug, Default)]
pub(super) struct Outbox(Vec<Sending>);

impl Outbox {
    /// Whether the last thing to be sent is a stop.
    pub(super) fn ends_with_stop(&self) -> bool {
        self.0.last().is_some_and(|sending| sending.source == SendSource::Stop)
    }

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
        let unknown = self.token.is_none() && self.outbox.0.is_empty();
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
        if let Some(error) = self.closed_error() {
            return self.send_failed(sending, error, cx);
        }
        match sending.source {
            SendSource::Stop => self.press_stop(call, sending, cx),
            _ => self.enqueue(sending, cx),
        }
    }

    /// The application stops the running turn, or what it has just asked for (B5, B11).
    fn press_stop(&mut self, call: CallId, sending: Sending, cx: &mut Context<'_>) {
        if let Some(stop) = self.outbox.0.last_mut().filter(|one| one.call.is_none()) {
            // One is on its way already: a second could hit the turn behind it.
            stop.call = Some(call);
            return;
        }
        self.withdraw_unsent(cx);
        if self.token.is_none() {
            return cx.settle(call, Outcome::Accepted(true));
        }
        self.write_stop_down(cx);
        self.enqueue(sending, cx);
    }

    /// Before a stop is sent: a reload in between must not replay the turn.
    fn write_stop_down(&mut self, cx: &mut Context<'_>) {
        if self.turn.request_stop() {
            self.tell_changed(true, cx);
        }
    }

    /// A stop that no call waits for.
    pub(super) fn send_stop(&mut self, cx: &mut Context<'_>) {
        let stop = Sending::stop(cx);
        // Before what has not left: behind the next message it would stop that one's turn.
        let unsent = |sending: &Sending| sending.first_attempt_ms.is_none();
        let at = self.outbox.0.iter().position(unsent).unwrap_or(self.outbox.0.len());
        self.outbox.0.insert(at, stop);
        if at == 0 {
            self.send_next(cx);
        }
    }

    fn enqueue(&mut self, sending: Sending, cx: &mut Context<'_>) {
        self.outbox.0.push(sending);
        if self.outbox.0.len() == 1 {
            self.send_next(cx);
        }
    }

    /// Gets the first send under way, if it is not.
    fn send_next(&mut self, cx: &mut Context<'_>) {
        if self.outbox.0.first().is_none_or(|sending| sending.request().is_some()) {
            return;
        }
        if let Some(error) = self.closed_error() {
            return self.fail_first(error, cx);
        }
        let Some(sending) = self.outbox.0.first_mut() else { return };
        let Some(token) = self.token.clone().filter(|token| !token.is_empty()) else {
            sending.phase = Phase::NeedsSession;
            return self.request_session(cx);
        };
        let is_pressed_stop = sending.source == SendSource::Stop && sending.call.is_some();
        if is_pressed_stop && sending.first_attempt_ms.is_none() {
            // The turn may have been asked for after the stop was pressed.
            self.write_stop_down(cx);
        }
        let Some(sending) = self.outbox.0.first_mut() else { return };
        let request = cx.next_request();
        sending.first_attempt_ms.get_or_insert(cx.now_ms);
        let deadline_ms = cx.now_ms.saturating_add(ANSWER_TIMEOUT_MS);
        sending.phase = Phase::InFlight { request, deadline_ms };
        let (part_id, body) = (sending.part_id.clone(), sending.body());
        cx.emit(Output::Append { chat: self.chat.clone(), request, token, part_id, body });
    }

    /// A token or a session is there: what waited for it goes on.
    pub(super) fn resume_sends(&mut self, recreated: bool, cx: &mut Context<'_>) {
        let waits = |phase| match phase {
            Phase::NeedsSession | Phase::NeedsToken => true,
            Phase::NeedsRecreation => recreated,
            _ => false,
        };
        if self.outbox.0.first().is_some_and(|sending| waits(sending.phase)) {
            self.send_next(cx);
        }
    }

    /// Whether the first send found no session on the server.
    pub(super) fn awaits_recreation(&self) -> bool {
        self.outbox.0.first().is_some_and(|sending| sending.phase == Phase::NeedsRecreation)
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
                sending.may_be_written = true;
                let error =
                    Error::Network { what: "the message could not be sent", cause: Some(cause) };
                return self.retry_or_fail(None, error, cx);
            }
            AppendOutcome::Threw(cause) => return self.fail_first(Error::Callback(cause), cx),
            AppendOutcome::Answer(head, body) => (head, body),
        };
        if sending.aborted
            && matches!(head.status, 401 | 403 | 404 | 429)
            && !sending.may_be_written
        {
            return self.withdraw(0, cx);
        }
        sending.may_be_written |= matches!(head.status, 408 | 500..=599);
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
                let asked_ms = retry_after_ms(&head, cx.unix_ms);
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
        if cx.offline {
            // The time in which it is to succeed waits for the network.
            sending.first_attempt_ms = Some(cx.now_ms);
        }
        let backoff_ms = Backoff::APPEND.delay_ms(sending.failures, cx.jitter);
        let began_ms = sending.first_attempt_ms.unwrap_or(cx.now_ms);
        let last_ms = began_ms.saturating_add(RETRY_LIMIT_MS);
        if cx.now_ms.saturating_add(backoff_ms) > last_ms {
            return self.fail_first(error, cx);
        }
        // Not sooner than our own backoff, and, whatever the server asks for, once before the end.
        let until_ms = cx.now_ms.saturating_add(asked_ms.unwrap_or(0).max(backoff_ms));
        sending.phase = Phase::Waiting { until_ms: until_ms.min(last_ms) };
    }

    pub(super) fn tick_outbox(&mut self, cx: &mut Context<'_>) {
        match self.outbox.0.first().map(|sending| sending.phase) {
            Some(Phase::Waiting { until_ms }) if cx.now_ms >= until_ms => self.send_next(cx),
            Some(Phase::InFlight { request, deadline_ms }) if cx.now_ms >= deadline_ms => {
                cx.emit(Output::Disconnect { request });
                if let Some(sending) = self.outbox.0.first_mut() {
                    sending.may_be_written = true;
                }
                let what = "the server did not answer the message in time";
                self.retry_or_fail(None, Error::Network { what, cause: None }, cx);
            }
            _ => {}
        }
    }

    /// The network may be back: a send that waits need not wait any longer.
    pub(super) fn retry_sends_now(&mut self, cx: &mut Context<'_>) {
        if matches!(self.outbox.0.first(), Some(Sending { phase: Phase::Waiting { .. }, .. })) {
            self.send_next(cx);
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

    /// A stop takes back what it was pressed behind and has not left (B11).
    fn withdraw_unsent(&mut self, cx: &mut Context<'_>) {
        let unsent = |one: &Sending| one.first_attempt_ms.is_none() && one.source.has_answer();
        while let Some(at) = self.outbox.0.iter().rposition(unsent) {
            self.withdraw(at, cx);
        }
    }

    /// Takes a send back. If an attempt of it had left, a stop takes its place (B11).
    fn withdraw(&mut self, at: usize, cx: &mut Context<'_>) {
        let Some(sending) = self.outbox.take(at) else { return };
        if let Some(call) = sending.call {
            cx.settle(call, Outcome::Failed(Error::Aborted));
        }
        if sending.may_be_written {
            if sending.source.has_answer() {
                // Which turn it asked for is unknown: the next boundary is its end.
                self.gate.shut(None);
            }
            let stop = Sending::stop(cx);
            self.outbox.0.insert(0, stop);
        }
        if at == 0 {
            self.send_next(cx);
        }
    }
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

//! What a chat sends: one append after another, in the order of the calls (B1, B5–B7, B9–B11).
//!
//! Appends of one chat never overtake each other: a stop that arrived before the message it was
//! pressed behind would stop the wrong turn.

use super::sending::{Phase, Sending};
use super::{Context, Event, SendSource, Session};
use crate::error::Error;
use crate::io::{CallId, Outcome, Output, Send};
use crate::wire::input::{RECORD_LIMIT_BYTES, metered_bytes};

/// An append that is not answered by then is given up and tried again (B9).
const ANSWER_TIMEOUT_MS: u64 = 30_000;

/// A timer that comes so late says that the page was paused.
const PAUSE_MS: u64 = 5_000;

/// The sends of a chat; only the first is under way.
#[derive(Debug, Default)]
pub(super) struct Outbox(Vec<Sending>);

impl Outbox {
    /// Whether the last thing to be sent is a stop.
    pub(super) fn ends_with_stop(&self) -> bool {
        self.0.last().is_some_and(|sending| sending.source == SendSource::Stop)
    }

    pub(super) fn first(&self) -> Option<&Sending> {
        self.0.first()
    }

    pub(super) fn first_mut(&mut self) -> Option<&mut Sending> {
        self.0.first_mut()
    }

    pub(super) fn take(&mut self, at: usize) -> Option<Sending> {
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

/// The page was paused, or the device asleep: that time counts for nothing.
pub(super) fn is_late(deadline_ms: u64, now_ms: u64) -> bool {
    now_ms.saturating_sub(deadline_ms) >= PAUSE_MS
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
        let withdrawn = self.withdraw_unsent(cx);
        if self.token.is_none() || (withdrawn && !self.turn.is_outstanding()) {
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
        if self.outbox.0.get(at).is_some_and(|next| next.source == SendSource::Stop) {
            return;
        }
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
    pub(super) fn send_next(&mut self, cx: &mut Context<'_>) {
        if self.outbox.0.first().is_none_or(|sending| sending.request().is_some()) {
            return;
        }
        if let Some(error) = self.closed_error() {
            return self.fail_first(error, cx);
        }
        let Some(sending) = self.outbox.0.first_mut() else { return };
        if sending.source == SendSource::HeadStart {
            return self.send_head_start(cx);
        }
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
        if sending.first_attempt_ms.is_some()
            && let Some(until_ms) = self.resends.begin(cx.now_ms)
        {
            sending.phase = Phase::Waiting { until_ms };
            return;
        }
        let request = cx.next_request();
        sending.first_attempt_ms.get_or_insert(cx.now_ms);
        sending.left_at.get_or_insert_with(|| self.cursor.clone());
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

    /// Whether the first send waits for `startSession`.
    pub(super) fn awaits_session(&self) -> bool {
        self.first_is_in(&[Phase::NeedsSession, Phase::NeedsRecreation])
    }

    /// Whether the first send waits for `accessToken`.
    pub(super) fn sends_await_token(&self) -> bool {
        self.first_is_in(&[Phase::NeedsSession, Phase::NeedsToken])
    }

    fn first_is_in(&self, phases: &[Phase]) -> bool {
        self.outbox.0.first().is_some_and(|sending| phases.contains(&sending.phase))
    }

    /// Whether the first send found no session on the server.
    pub(super) fn awaits_recreation(&self) -> bool {
        self.first_is_in(&[Phase::NeedsRecreation])
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
                let needed_for = "to create a session that the server does not know";
                self.fail_first(Error::StartSessionMissing { needed_for }, cx);
            }
            _ => {}
        }
    }

    fn fail_first_if(&mut self, phases: &[Phase], error: &Error, cx: &mut Context<'_>) {
        if self.first_is_in(phases) {
            self.fail_first(error.clone(), cx);
        }
    }

    pub(super) fn fail_first(&mut self, error: Error, cx: &mut Context<'_>) {
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

    pub(super) fn tick_outbox(&mut self, cx: &mut Context<'_>) {
        let Some(sending) = self.outbox.first_mut() else { return };
        match sending.phase {
            Phase::Waiting { until_ms } if cx.now_ms >= until_ms => self.send_next(cx),
            Phase::InFlight { request, deadline_ms } if cx.now_ms >= deadline_ms => {
                cx.emit(Output::Disconnect { request });
                sending.may_be_written = true;
                if is_late(deadline_ms, cx.now_ms) {
                    // The answer may have come into a page that was paused.
                    sending.first_attempt_ms = Some(cx.now_ms);
                }
                let what = "the message was not answered in time";
                self.retry_or_fail(None, Error::Network { what, cause: None }, cx);
            }
            _ => {}
        }
    }

    /// The network may be back: a send that waits need not wait any longer.
    pub(super) fn retry_sends_now(&mut self, cx: &mut Context<'_>) {
        if let Some(Sending { phase: Phase::Waiting { .. }, .. }) = self.outbox.first() {
            self.send_next(cx);
        }
    }

    pub(super) fn send_failed(&mut self, sending: Sending, error: Error, cx: &mut Context<'_>) {
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
            Some(sending) if matches!(sending.phase, Phase::InFlight { .. }) => {
                sending.aborted = true;
            }
            _ => self.withdraw(at, cx),
        }
        true
    }

    /// A stop takes back what it was pressed behind and was not written (B11). Whether there was any.
    fn withdraw_unsent(&mut self, cx: &mut Context<'_>) -> bool {
        let unsent = |one: &Sending| one.source.has_answer() && !one.may_ask_for_a_turn();
        let mut withdrawn = false;
        while let Some(at) = self.outbox.0.iter().rposition(unsent) {
            self.withdraw(at, cx);
            withdrawn = true;
        }
        withdrawn
    }

    /// Takes a send back. If an attempt of it had left, a stop takes its place (B11).
    pub(super) fn withdraw(&mut self, at: usize, cx: &mut Context<'_>) {
        let Some(sending) = self.outbox.take(at) else { return };
        if let Phase::HeadStarting { request } = sending.phase {
            cx.emit(Output::Disconnect { request });
        }
        let may_be_written = sending.may_be_written;
        let has_answer = sending.source.has_answer();
        self.send_failed(sending, Error::Aborted, cx);
        if may_be_written {
            if has_answer && !self.reads_head_start() {
                // But a head start is the answer to nothing else.
                self.gate.shut_to_unknown();
            }
            let stop = Sending::stop(cx);
            self.outbox.0.insert(0, stop);
        }
        if at == 0 {
            self.send_next(cx);
        }
    }
}

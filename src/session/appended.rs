//! What becomes of an append that left: acknowledged, tried again, or refused (B6, B7, B9).

use super::sending::{Phase, Sending};
use super::{CloseSource, Context, Event, PendingVersionSource, SendSource, Session};
use crate::error::Error;
use crate::io::{AppendOutcome, Outcome, RequestId};
use crate::link::{Backoff, ResponseHead, retry_after_ms};
use crate::wire::answer::{Acknowledged, Refusal};

/// From the first attempt on, a failing append is tried again for so long (B9).
const RETRY_LIMIT_MS: u64 = 30_000;
/// As much of a refusal's body as an error shows, in bytes.
const SHOWN_BODY_BYTES: usize = 2_000;

impl Session {
    pub(super) fn appended(
        &mut self,
        request: RequestId,
        outcome: AppendOutcome,
        cx: &mut Context<'_>,
    ) {
        let Some(sending) = self.outbox.first_mut() else { return };
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
            200..=299 if head.is_html() => {
                let expected = "the answer to the append to .in is not an acknowledgement";
                let content_type = head.content_type.unwrap_or_default();
                self.fail_first(Error::WrongAnswer { expected, content_type }, cx);
            }
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
    pub(super) fn retry_or_fail(
        &mut self,
        asked_ms: Option<u64>,
        error: Error,
        cx: &mut Context<'_>,
    ) {
        let Some(sending) = self.outbox.first_mut() else { return };
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

    /// A server took a send over: what comes now is attributed to it.
    pub(super) fn tell_sent(&mut self, sending: &Sending, cx: &mut Context<'_>) {
        if sending.source.is_message() {
            self.last_sent = Some((sending.message_id.clone(), cx.now_ms));
        }
        self.tell(Event::MessageSent(sending.facts(cx.now_ms)), cx);
    }

    fn acknowledged(&mut self, body: &str, cx: &mut Context<'_>) {
        let Some(sending) = self.outbox.take(0) else { return };
        let answer = Acknowledged::read(body);
        if answer.pending_version {
            self.tell(Event::RunPendingVersion(PendingVersionSource::Send), cx);
        }
        if sending.call.is_some() {
            self.tell_sent(&sending, cx);
        }
        match (sending.call, sending.source) {
            (Some(call), SendSource::Steer) => {
                self.steered.accepted(answer.seq);
                cx.settle(call, Outcome::Accepted(true));
            }
            (Some(call), SendSource::Stop) => {
                self.stopped(cx);
                cx.settle(call, Outcome::Accepted(true));
            }
            (Some(call), _) => self.turn_requested(call, answer.seq, sending, cx),
            (None, _) => {}
        }
        self.send_next(cx);
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

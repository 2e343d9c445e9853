//! The first turn through the application's own server, which answers while the agent boots (F1).
//!
//! One POST whose answer is the stream. It is not idempotent, so nothing of it is tried again; the
//! session that it leaves is an ordinary one, from whose `.out` a lost answer can be resumed.

use super::reader::Reader;
use super::sending::Phase;
use super::{Context, Event, PendingVersionSource, Session, Turn};
use crate::error::{Cause, Error};
use crate::io::{HeadStartHead, Outcome, Output, RequestId};
use crate::wire::Cursor;

impl Session {
    /// Makes the request of the first send.
    pub(super) fn send_head_start(&mut self, cx: &mut Context<'_>) {
        let Some(sending) = self.outbox.first_mut() else { return };
        let Some(call) = sending.call else { return };
        let request = cx.next_request();
        sending.first_attempt_ms = Some(cx.now_ms);
        sending.phase = Phase::HeadStarting { request };
        cx.emit(Output::HeadStart { chat: self.chat.clone(), request, call });
    }

    pub(super) fn head_started(
        &mut self,
        request: RequestId,
        answer: Result<HeadStartHead, Cause>,
        cx: &mut Context<'_>,
    ) {
        if self.outbox.first_mut().and_then(|sending| sending.request()) != Some(request) {
            return;
        }
        let head = match answer {
            Ok(head) if (200..=299).contains(&head.status) => head,
            refused => {
                cx.emit(Output::Disconnect { request });
                return self.fail_first(refusal(refused), cx);
            }
        };
        let Some(sending) = self.outbox.take(0) else { return };
        let Some(call) = sending.call else { return };
        self.tell_sent(&sending, cx);
        match usable(head) {
            Ok((token, pending_version)) => {
                self.token = Some(token);
                self.gate.open();
                self.turn = Turn::none();
                self.turn.begin(None, self.cursor.clone());
                self.tell_changed(true, cx);
                if pending_version {
                    self.tell(Event::RunPendingVersion(PendingVersionSource::HeadStart), cx);
                }
                self.drop_reader(cx);
                self.reader = Some(Reader::of_head_start(call, request, cx));
                cx.settle(call, Outcome::Stream { repeats: false });
                self.tell_connected(cx);
            }
            Err(error) => {
                cx.emit(Output::Disconnect { request });
                cx.settle(call, Outcome::Failed(error));
            }
        }
        self.send_next(cx);
    }

    pub(super) fn reads_head_start(&self) -> bool {
        self.reader.as_ref().is_some_and(|reader| reader.head_start.is_some())
    }

    /// The answer says where the turn ended in `.out`: the next subscription begins there.
    pub(super) fn adopt_cursor(&mut self, last_event_id: Option<String>, cx: &mut Context<'_>) {
        if let Some(cursor) = last_event_id.as_deref().and_then(Cursor::parse)
            && self.reads_head_start()
        {
            self.cursor = Some(cursor);
            self.tell_changed(true, cx);
        }
    }

    /// The body of the answer is over. Engines report a truncated body as a clean end: it counts
    /// only behind the end of the turn or of the message. Otherwise the turn goes on without us.
    pub(super) fn end_head_start(&mut self, lost: Option<Cause>, cx: &mut Context<'_>) {
        let Some(reader) = &self.reader else { return };
        let finished = reader.head_start == Some(Progress::Finished);
        if finished || self.turn.streaming() != Some(true) {
            return self.end_settled(cx);
        }
        let call = reader.call;
        let what = "the answer of the headStart URL broke off: reconnectToStream resumes the turn";
        let error = Error::Network { what, cause: lost };
        self.tell(Event::StreamError(error.clone()), cx);
        self.disconnect(cx);
        self.reader = None;
        cx.emit(Output::Fail { call, error });
    }
}

/// How far the message of a head start has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// More of it is to come.
    Unfinished,
    /// Its `finish` chunk was seen.
    Finished,
}

fn refusal(answer: Result<HeadStartHead, Cause>) -> Error {
    match answer {
        Ok(head) => Error::of_status("the headStart request", head.status),
        Err(cause) => {
            Error::Network { what: "the headStart URL could not be reached", cause: Some(cause) }
        }
    }
}

/// The token, and whether the run waits for its deployment.
fn usable(head: HeadStartHead) -> Result<(crate::Secret, bool), Error> {
    let unusable = |expected| Error::BadAnswer { expected };
    if !head.has_body {
        return Err(unusable("the answer of the headStart URL has no body"));
    }
    let token = head.token.filter(|token| !token.is_empty()).ok_or(unusable(
        "the answer of the headStart URL lacks the X-Trigger-Chat-Access-Token header: return what \
         chat.headStart returned, and expose the header to CORS",
    ))?;
    Ok((token, head.pending_version))
}

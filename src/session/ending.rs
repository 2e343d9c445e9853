//! How a subscription ends: its stream closes, or fails with what the link gave up for.

use super::sending::Sending;
use super::{Context, Event, Session};
use crate::error::Error;
use crate::io::{Outcome, Output};
use crate::link::GaveUp;

impl Session {
    /// Ends the subscription. Its stream closes cleanly; a call that still waits gets nothing.
    pub(super) fn drop_reader(&mut self, cx: &mut Context<'_>) {
        self.disconnect(cx);
        if let Some(reader) = self.reader.take() {
            if reader.unanswered {
                cx.settle(reader.call, Outcome::NoStream);
            } else {
                cx.emit(Output::Close { call: reader.call });
            }
        }
    }

    /// The server has nothing more to send and says so: the turn is over or gone.
    pub(super) fn end_settled(&mut self, cx: &mut Context<'_>) {
        self.rest_to_come = false;
        if self.turn.detach() {
            self.tell_changed(true, cx);
        }
        self.drop_reader(cx);
    }

    /// Ends the subscription with an error.
    pub(super) fn fail_reader(&mut self, error: Error, cx: &mut Context<'_>) {
        self.disconnect(cx);
        let Some(reader) = self.reader.take() else { return };
        if self.outbox.first().is_some_and(Sending::may_ask_for_a_turn) {
            self.turn.leave_to_append();
        }
        if self.turn.detach() {
            self.tell_changed(true, cx);
        }
        self.tell(Event::StreamError(error.clone()), cx);
        if reader.unanswered {
            cx.settle(reader.call, Outcome::Failed(error));
        } else {
            cx.emit(Output::Fail { call: reader.call, error });
        }
    }
}

/// What a link's end means to the application.
pub(super) fn gave_up(reason: GaveUp) -> Error {
    match reason {
        GaveUp::Refused(status) => Error::of_status("the subscription to .out", status),
        GaveUp::NotAnEventStream(content_type) => Error::WrongAnswer {
            expected: "the answer to the .out subscription is not an event stream",
            content_type,
        },
        GaveUp::EndedEarly | GaveUp::Settled => Error::Network {
            what: "the .out stream ended before the turn was complete",
            cause: None,
        },
        GaveUp::Stalled => Error::Network {
            what: "the .out stream stalled: connected, but no record came",
            cause: None,
        },
    }
}

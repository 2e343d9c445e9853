//! How a turn is stopped, and how a reader ends without stopping it (B5, C9, DESIGN decision 8).

use super::{Context, Session};
use crate::io::CallId;

impl Session {
    /// The caller's signal was aborted (C9).
    pub(super) fn abort(&mut self, call: CallId, cx: &mut Context<'_>) {
        if self.abort_send(call, cx) {
            return;
        }
        let Some(reader) = self.reader.as_ref().filter(|reader| reader.call == call) else {
            return;
        };
        let stops = reader.stop_on_abort && self.turn.is_outstanding();
        if stops {
            self.gate.shut(self.turn.input_seq());
            self.steered.turn_ended(None, cx.now_ms);
        }
        // Written down before it is sent, and before the stream closes (DESIGN, decision 8).
        if reader.stop_on_abort && self.turn.detach() {
            self.tell_changed(true, cx);
        }
        self.drop_reader(cx);
        if stops && !self.outbox.ends_with_stop() {
            self.send_stop(cx);
        }
    }

    /// The consumer cancelled the stream: reading and every retry end (C9).
    pub(super) fn cancel(&mut self, call: CallId, cx: &mut Context<'_>) {
        if self.reader.as_ref().is_some_and(|reader| reader.call == call) {
            self.drop_reader(cx);
        }
    }

    /// A stop that the application asked for was acknowledged (B5).
    pub(super) fn stopped(&mut self, cx: &mut Context<'_>) {
        if let Some(seq) = self.turn.stopped() {
            self.gate.shut(seq);
            self.steered.turn_ended(None, cx.now_ms);
        }
        self.drop_reader(cx);
        self.tell_changed(true, cx);
    }

    /// The stopped turn will never see its boundary: what was held back is the next one's (C8).
    pub(super) fn clear_gate(&mut self, cx: &mut Context<'_>) {
        let held = self.gate.release();
        self.hand_over_held(held, cx);
        self.rest_to_come = false;
        if self.reader.is_none() {
            self.turn.abandon();
        }
    }

    /// A stop failed: the turn goes on, and so does its reader.
    pub(super) fn stop_failed(&mut self, cx: &mut Context<'_>) {
        if self.turn.stop_failed() {
            self.tell_changed(true, cx);
        }
    }
}

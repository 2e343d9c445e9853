//! What a record does to a chat: the cursor's admission, the boundaries of turns (C4–C8, C11, D5).
//!
//! Admission is the one place where a record may be dropped as already delivered.

use super::gate::Boundary;
use super::{CloseSource, Context, Event, PendingVersionSource, Session, head_start};
use crate::error::Error;
use crate::io::Output;
use crate::wire::{Content, Control, Cursor, Record, TurnComplete, chunk_type};

impl Session {
    /// Takes one record. Chunks for the consumer are added to `chunks`, and handed over before
    /// anything that must come behind them.
    pub(super) fn read_record(
        &mut self,
        record: Record,
        chunks: &mut Vec<String>,
        cx: &mut Context<'_>,
    ) {
        if !self.admit(record.cursor) {
            return;
        }
        if let Some(reader) = &mut self.reader {
            reader.link.record(cx.now_ms);
        }
        match record.content {
            Content::Skip => {}
            Content::Data { chunk, part_id } => {
                for held in self.gate.reach(self.cursor.as_ref()) {
                    self.take_chunk(held, chunks, cx);
                }
                if part_id.is_none_or(|id| self.part_ids.is_new(&id))
                    && let Some(chunk) = self.gate.pass(chunk, self.cursor.as_ref())
                {
                    self.take_chunk(chunk, chunks, cx);
                }
            }
            Content::Control(control) => {
                self.hand_over(chunks, cx);
                self.control(control, cx);
            }
        }
    }

    /// Moves the cursor to a record; false if the record was already taken.
    fn admit(&mut self, cursor: Option<Cursor>) -> bool {
        let Some(cursor) = cursor else { return true };
        if let (Some(mine), Cursor::Seq(seq_num)) = (&self.cursor, &cursor)
            && mine.has_passed(*seq_num)
        {
            return false;
        }
        self.turn.note_record(self.cursor.as_ref());
        self.cursor = Some(cursor);
        true
    }

    /// What the gate held back is shown after all.
    pub(super) fn hand_over_held(&mut self, held: Vec<String>, cx: &mut Context<'_>) {
        let mut chunks = Vec::new();
        for chunk in held {
            self.take_chunk(chunk, &mut chunks, cx);
        }
        self.hand_over(&mut chunks, cx);
    }

    fn take_chunk(&mut self, chunk: String, chunks: &mut Vec<String>, cx: &mut Context<'_>) {
        let Some(reader) = &mut self.reader else { return };
        if let Some(progress) = &mut reader.head_start
            && chunk_type(&chunk).as_deref() == Some("finish")
        {
            *progress = head_start::Progress::Finished;
        }
        if !core::mem::replace(&mut reader.saw_chunk, true) {
            self.answer_reader(cx);
            let event = Event::FirstChunk {
                chunk_type: chunk_type(&chunk),
                last_event_id: self.last_event_id(),
                attribution: self.attribution(cx.now_ms),
            };
            self.tell(event, cx);
        }
        chunks.push(chunk);
    }

    fn control(&mut self, control: Control, cx: &mut Context<'_>) {
        match control {
            Control::TurnComplete(turn) => self.boundary(turn, cx),
            Control::PendingVersion => {
                self.tell(Event::RunPendingVersion(PendingVersionSource::Upgrade), cx);
            }
            Control::SessionClosed { reason } => {
                let held = self.gate.release_others();
                self.hand_over_held(held, cx);
                self.mark_closed(reason, CloseSource::Stream, cx);
                self.drop_reader(cx);
            }
            Control::SessionState { last_event_id } => self.adopt_cursor(last_event_id, cx),
            Control::UpgradeRequired | Control::Unknown => {}
        }
    }

    /// A turn's boundary: perhaps of an earlier turn, of a stopped one, or the awaited one.
    fn boundary(&mut self, turn: TurnComplete, cx: &mut Context<'_>) {
        let awaited_seq = self.reader.as_ref().and_then(|reader| reader.awaited_seq);
        match self.gate.boundary(&turn, awaited_seq, self.cursor.as_ref()) {
            None => {}
            Some(Boundary::Older) => return,
            Some(Boundary::Stopped) if !cx.watches() => return self.pass_boundary(turn, cx),
            Some(Boundary::Stopped) => {}
            Some(Boundary::Own(held)) => {
                // No tab can have shown what only comes now.
                self.shown_elsewhere = None;
                self.hand_over_held(held, cx);
            }
            Some(Boundary::OwnLost) => {
                self.turn.complete(None);
                if let Some(reason) = turn.closed {
                    self.mark_closed(reason, CloseSource::Stream, cx);
                }
                self.tell_changed(true, cx);
                return self.fail_reader(Error::OutputLost, cx);
            }
        }
        let earlier = turn
            .committed_input_seq()
            .zip(awaited_seq)
            .is_some_and(|(committed, awaited)| committed < awaited);
        if earlier { self.pass_boundary(turn, cx) } else { self.complete_turn(turn, cx) }
    }

    /// A boundary that is not the awaited one: only what it says of the session counts.
    fn pass_boundary(&mut self, turn: TurnComplete, cx: &mut Context<'_>) {
        // The awaited turn starts behind it: a reload must not replay what came before.
        self.turn.start_at(self.cursor.as_ref(), turn.committed_input_seq());
        if let Some(token) = turn.token {
            self.token = Some(token);
        }
        self.tell_changed(true, cx);
        if let Some(reason) = turn.closed {
            self.mark_closed(reason, CloseSource::Stream, cx);
            self.drop_reader(cx);
        }
    }

    /// Tells the call that reads that its append was processed, if the boundary says so (B4).
    fn tell_settled(
        &mut self,
        processed: Option<u64>,
        session_in_event_id: Option<String>,
        cx: &mut Context<'_>,
    ) {
        let Some(reader) = &mut self.reader else { return };
        let reached = |seq: &mut u64| processed.is_some_and(|processed| processed >= *seq);
        if let Some(input_seq) = reader.unsettled_seq.take_if(reached)
            && let Some(session_in_event_id) = session_in_event_id
        {
            let call = reader.call;
            let last_event_id = self.last_event_id();
            cx.emit(Output::Settled { call, input_seq, session_in_event_id, last_event_id });
        }
    }

    /// The awaited turn is complete (C6).
    fn complete_turn(&mut self, turn: TurnComplete, cx: &mut Context<'_>) {
        let processed = turn.committed_input_seq();
        if let Some(reason) = turn.closed {
            self.mark_closed(reason, CloseSource::Stream, cx);
        }
        if let Some(token) = turn.token {
            self.token = Some(token);
        }
        let session_in_event_id = turn.session_in_event_id;
        let event = Event::TurnCompleted {
            last_event_id: self.last_event_id(),
            session_in_event_id: session_in_event_id.clone(),
            attribution: self.attribution(cx.now_ms),
        };
        self.tell(event, cx);
        self.turn.complete(processed);
        self.rest_to_come = false;
        self.steered.turn_ended(processed, cx.now_ms);
        self.ended_at.clone_from(&self.cursor);
        self.tell_changed(true, cx);
        self.tell_settled(processed, session_in_event_id, cx);
        match &mut self.reader {
            // What it has still to say is where the turn ended.
            Some(reader) if reader.head_start.is_some() => {}
            Some(reader) if cx.watches() && self.closed.is_none() => {
                reader.awaited_seq = None;
                reader.saw_chunk = false;
            }
            _ => self.drop_reader(cx),
        }
    }
}

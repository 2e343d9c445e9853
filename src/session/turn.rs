//! The turn of a chat: whether one is under way, since where, and for which append.

use crate::wire::Cursor;

/// The state of the last turn.
#[derive(Debug, Default)]
pub struct Turn {
    /// Unknown until the first send of a session that we did not start.
    streaming: Option<bool>,
    /// The cursor from before the turn's first record. Inner `None`: the start of the stream.
    start: Option<Option<Cursor>>,
    /// The `.in` seq of the append that asked for it.
    input_seq: Option<u64>,
    /// The application said that the turn will never see its boundary.
    abandoned: bool,
    /// A stop of it is on its way; holds what `streaming` was before.
    stopping: Option<Option<bool>>,
    /// Some of it was handed to a consumer of this page.
    handed_over: bool,
    /// Where the last turn started that came to an end here, and the `.in` seq that it had processed.
    completed: Option<(Option<Cursor>, u64)>,
    /// Its start was moved to the end of a transcript, which may hold all of it.
    seeded: bool,
    /// Where a turn started that a reader left, and which an append on its way may have asked for.
    left: Option<Option<Cursor>>,
}

impl Turn {
    /// A turn as an application stored it.
    pub fn restored(
        streaming: Option<bool>,
        input_seq: Option<u64>,
        cursor: Option<Cursor>,
    ) -> Self {
        let start = (streaming == Some(true)).then_some(cursor);
        Self { streaming, start, input_seq, ..Self::default() }
    }

    /// A session without a turn yet.
    pub fn none() -> Self {
        Self { streaming: Some(false), ..Self::default() }
    }

    /// An append asked for a turn; the reader stands at `cursor`.
    pub fn begin(&mut self, input_seq: Option<u64>, cursor: Option<Cursor>) {
        *self = Self { streaming: Some(true), start: Some(cursor), input_seq, ..Self::default() };
    }

    /// Where the turn of an append with `seq` started, if records of it were read before the append
    /// was acknowledged: by a watch, or because the first answer to the append was lost.
    pub fn read_before(&self, seq: Option<u64>) -> Option<Option<Cursor>> {
        match &self.completed {
            Some((start, processed)) if seq.is_some_and(|seq| seq <= *processed) => {
                Some(start.clone())
            }
            _ if self.is_outstanding() => None,
            _ => self.start.clone().or_else(|| self.left.clone()),
        }
    }

    /// A reader fails while an append is on its way: what it has read may be that one's turn.
    pub fn leave_to_append(&mut self) {
        self.left = self.start.clone();
    }

    /// A record is about to move the cursor away from `cursor`.
    pub fn note_record(&mut self, cursor: Option<&Cursor>) {
        self.start.get_or_insert_with(|| cursor.cloned());
    }

    /// A boundary was passed that says that the `.in` seq `processed` was reached: this turn starts behind
    /// it, unless it is that of an append that is still to be acknowledged.
    pub fn start_at(&mut self, cursor: Option<&Cursor>, processed: Option<u64>) {
        self.end(processed);
        self.start = Some(cursor.cloned());
    }

    /// Some of it reached a consumer.
    pub fn note_handed_over(&mut self) {
        self.handed_over = true;
    }

    /// Whether a consumer of this page may hold some of it already.
    pub fn is_handed_over(&self) -> bool {
        self.handed_over
    }

    /// The turn saw its boundary, which says that the `.in` seq `processed` was reached.
    pub fn complete(&mut self, processed: Option<u64>) {
        self.end(processed);
        self.input_seq = None;
        self.stopping = None;
        self.detach();
    }

    fn end(&mut self, processed: Option<u64>) {
        self.completed = self.start.take().zip(processed);
    }

    /// Nobody follows the turn any more; its boundary is still to come. Whether that is a change.
    pub fn detach(&mut self) -> bool {
        self.start = None;
        if self.stopping.is_some() {
            self.stopping = Some(Some(false));
        }
        self.handed_over = false;
        self.streaming.replace(false) == Some(true)
    }

    /// A stop leaves: from now on a reload must not replay the turn. Whether that is a change.
    pub fn request_stop(&mut self) -> bool {
        if !self.is_outstanding() {
            return false;
        }
        self.stopping.get_or_insert(self.streaming);
        self.streaming.replace(false) == Some(true)
    }

    /// The stop was acknowledged: gives the seq of the stopped turn's append, if a turn was stopped
    /// that has not seen its boundary since.
    pub fn stopped(&mut self) -> Option<Option<u64>> {
        let seq = self.stopping.take().map(|_| self.input_seq);
        self.detach();
        seq
    }

    /// The stop failed: the turn goes on. Whether that is a change.
    pub fn stop_failed(&mut self) -> bool {
        match self.stopping.take() {
            Some(before) => {
                let changed = self.streaming != before;
                self.streaming = before;
                changed
            }
            None => false,
        }
    }

    /// The boundary will never come.
    pub fn abandon(&mut self) {
        self.abandoned = true;
    }

    /// Whether a boundary is still to come, as far as is known.
    pub fn is_outstanding(&self) -> bool {
        let stopping = self.stopping == Some(Some(true));
        !self.abandoned && (stopping || self.streaming == Some(true) || self.input_seq.is_some())
    }

    /// Whether it streams; unknown is `None`.
    pub fn streaming(&self) -> Option<bool> {
        self.streaming
    }

    /// Whether it may lie before its start: in a transcript that was loaded (A6).
    pub fn is_seeded(&self) -> bool {
        self.seeded
    }

    /// The `.in` seq of the append that asked for it.
    pub fn input_seq(&self) -> Option<u64> {
        self.input_seq
    }

    /// Where a reload has to resume, given where the reader stands (A3).
    pub fn resume_cursor<'a>(&'a self, cursor: Option<&'a Cursor>) -> Option<&'a Cursor> {
        let start = self.start.as_ref().filter(|_| self.stopping.is_none());
        start.map_or(cursor, Option::as_ref)
    }

    /// A transcript that reaches up to `cursor` was loaded and no record was seen yet (A6).
    pub fn seed(&mut self, cursor: &Cursor) {
        if let Some(start @ None) = &mut self.start {
            *start = Some(cursor.clone());
            self.seeded = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a6_a_transcript_moves_the_start_of_a_turn_that_has_no_record_yet() {
        let end = Cursor::Seq(7);
        let mut turn = Turn::default();
        turn.begin(Some(1), None);
        turn.seed(&end);
        assert_eq!((turn.resume_cursor(None), turn.is_seeded()), (Some(&end), true));
    }
}

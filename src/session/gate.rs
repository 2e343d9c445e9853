//! The gate: what is not to be shown, because its turn was stopped (C8, C11) or left for another one (B8),
//! or because it is or was another tab's (C6, E6), is held back until it is known to be no part of the
//! awaited turn.

use crate::wire::{Cursor, TurnComplete, chunk_type};

/// The most chunks and bytes that are held back; beyond either they are gone.
const HELD_CHUNKS_LIMIT: usize = 20_000;
const HELD_BYTES_LIMIT: usize = 8 * 1024 * 1024;

/// What the boundary that arrived at a shut gate was.
#[derive(Debug, PartialEq, Eq)]
pub enum Boundary {
    /// Of a turn before the stopped one: the gate stays shut.
    Older,
    /// Of the stopped turn: the gate is open for the next.
    Stopped,
    /// Of the new turn, the stopped one died without its own: what was held back is its output.
    Own(Vec<String>),
    /// Of the new turn, but more was held back than there is room for.
    OwnLost,
}

/// Holds back the records of a stopped turn, or of turns that were left or are another tab's.
#[derive(Debug, Default)]
pub struct Gate(Option<Shut>);

#[derive(Debug)]
struct Shut {
    reason: Reason,
    held: Vec<String>,
    held_bytes: usize,
    overflowed: bool,
}

/// For whose sake the gate is shut.
#[derive(Debug, Clone, Copy)]
enum Reason {
    /// A turn was stopped, whose append has this `.in` seq.
    Stop { seq: Option<u64> },
    /// Another tab says that it has shown the records up to this `seq_num`; `is_left`: behind that lies
    /// the rest of a turn that another tab, or a reader of this one, has left.
    Others { shown_up_to: Option<u64>, is_left: bool },
}

impl Gate {
    /// A turn was stopped before its boundary was seen.
    pub fn shut(&mut self, stopped_seq: Option<u64>) {
        self.0 = Some(Shut::new(Reason::Stop { seq: stopped_seq }));
    }

    /// A turn was stopped that may not even have been asked for: the next boundary is taken for its end. An
    /// earlier stop counts for more; and what is held back may be the open reader's own, so it stays.
    pub fn shut_to_unknown(&mut self) {
        let unknown = Reason::Stop { seq: None };
        let shut = self.0.get_or_insert_with(|| Shut::new(unknown));
        if shut.is_to_others() {
            shut.reason = unknown;
        }
    }

    /// Another tab has shown what comes up to a record, or the turn behind it was left; a stop counts for
    /// more. What was held back for such a reason before is no part of the turn that begins.
    pub fn shut_to_others(&mut self, shown_up_to: Option<u64>, is_left: bool) {
        if (shown_up_to.is_some() || is_left) && self.0.as_ref().is_none_or(Shut::is_to_others) {
            self.0 = Some(Shut::new(Reason::Others { shown_up_to, is_left }));
        }
    }

    /// Nothing is to be held back any more, and what was is of no use.
    pub fn open(&mut self) {
        self.0 = None;
    }

    /// Nothing is to be held back any more: gives what was.
    // Kept out of line: a copy for each caller is bytes.
    #[inline(never)]
    pub fn release(&mut self) -> Vec<String> {
        self.0.take().map(|shut| shut.held).unwrap_or_default()
    }

    /// No boundary will come any more: gives what was held back for other tabs' sake.
    pub fn release_others(&mut self) -> Vec<String> {
        if self.0.as_ref().is_some_and(Shut::is_to_others) { self.release() } else { Vec::new() }
    }

    /// What is held back will be read again.
    pub fn forget_held(&mut self) {
        if let Some(shut) = &mut self.0 {
            *shut = Shut::new(shut.reason);
        }
    }

    /// A record has come at `cursor`. Behind what another tab has shown the gate opens; what is held back
    /// then lies behind the last boundary, and gives the lie to that tab: it belongs to this turn.
    pub fn reach(&mut self, cursor: Option<&Cursor>) -> Vec<String> {
        let behind = |shut: &Shut| match shut.reason {
            Reason::Others { shown_up_to, is_left: false } => {
                !shut.overflowed && is_shown(shown_up_to, cursor) == Some(false)
            }
            _ => false,
        };
        if self.0.as_ref().is_some_and(behind) { self.release() } else { Vec::new() }
    }

    /// Holds the chunk of the record at `cursor` back if the gate is shut, else gives it to the caller. In
    /// what is left of a turn nothing begins: what begins is the turn behind it.
    pub fn pass(&mut self, chunk: String, cursor: Option<&Cursor>) -> Option<String> {
        let Some(shut) = &mut self.0 else {
            return Some(chunk);
        };
        if shut.is_behind_left(cursor) && chunk_type(&chunk).as_deref() == Some("start") {
            self.open();
            return Some(chunk);
        }
        shut.held_bytes = shut.held_bytes.saturating_add(chunk.len());
        if shut.held.len() >= HELD_CHUNKS_LIMIT || shut.held_bytes > HELD_BYTES_LIMIT {
            shut.overflowed = true;
            shut.held = Vec::new();
        }
        if !shut.overflowed {
            shut.held.push(chunk);
        }
        None
    }

    /// A boundary arrived at `cursor`; `awaited_seq` is that of the append whose turn is read for. `None`:
    /// the gate was open.
    pub fn boundary(
        &mut self,
        turn: &TurnComplete,
        awaited_seq: Option<u64>,
        cursor: Option<&Cursor>,
    ) -> Option<Boundary> {
        let shut = self.0.as_mut()?;
        let committed = turn.committed_input_seq();
        let at_least =
            |seq: Option<u64>| committed.zip(seq).map(|(committed, seq)| committed >= seq);
        let reaches = at_least(awaited_seq);
        let (is_older, is_own) = match shut.reason {
            Reason::Others { .. } => {
                let opens = shut.is_behind_left(cursor);
                (reaches == Some(false) && !opens, reaches != Some(false))
            }
            // Who follows the stopped turn itself waits for what comes behind it.
            Reason::Stop { seq } => {
                (at_least(seq) == Some(false), reaches == Some(true) && awaited_seq != seq)
            }
        };
        if is_older {
            self.forget_held();
            return Some(Boundary::Older);
        }
        let shut = self.0.take()?;
        Some(match (is_own, shut.overflowed) {
            (false, _) => Boundary::Stopped,
            (true, false) => Boundary::Own(shut.held),
            (true, true) => Boundary::OwnLost,
        })
    }
}

impl Shut {
    fn new(reason: Reason) -> Self {
        Self { reason, held: Vec::new(), held_bytes: 0, overflowed: false }
    }

    fn is_to_others(&self) -> bool {
        matches!(self.reason, Reason::Others { .. })
    }

    /// Whether the record at `cursor` is behind what another tab has shown, where the rest of a turn that
    /// was left ends with the next boundary.
    fn is_behind_left(&self, cursor: Option<&Cursor>) -> bool {
        match self.reason {
            Reason::Others { shown_up_to, is_left: true } => {
                is_shown(shown_up_to, cursor) != Some(true)
            }
            _ => false,
        }
    }
}

/// Whether a record is one that another tab has shown; `None`: it has not said.
fn is_shown(shown_up_to: Option<u64>, cursor: Option<&Cursor>) -> Option<bool> {
    let shown = Cursor::Seq(shown_up_to?);
    cursor.map(|at| !shown.is_behind(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(seq: Option<u64>) -> TurnComplete {
        TurnComplete {
            session_in_event_id: seq.map(|seq| seq.to_string()),
            ..TurnComplete::default()
        }
    }

    #[test]
    fn c8_records_are_held_until_the_stopped_turns_boundary() {
        let mut gate = Gate::default();
        assert_eq!(gate.pass("a".into(), None), Some("a".into()));
        gate.shut(Some(5));
        assert_eq!(gate.pass("b".into(), None), None);
        assert_eq!(gate.boundary(&complete(Some(4)), Some(7), None), Some(Boundary::Older));
        assert_eq!(gate.boundary(&complete(Some(5)), Some(7), None), Some(Boundary::Stopped));
        assert_eq!(gate.pass("c".into(), None), Some("c".into()));
        assert_eq!(gate.boundary(&complete(Some(7)), Some(7), None), None);
    }

    #[test]
    fn c8_a_boundary_without_a_cursor_is_the_stopped_turns() {
        let mut gate = Gate::default();
        gate.shut(Some(5));
        assert_eq!(gate.boundary(&complete(None), Some(7), None), Some(Boundary::Stopped));
    }

    #[test]
    fn c11_what_was_held_is_released_when_the_boundary_is_the_new_turns_own() {
        let mut gate = Gate::default();
        gate.shut(Some(5));
        gate.pass("old".into(), None);
        gate.boundary(&complete(Some(3)), Some(7), None);
        gate.pass("new".into(), None);
        let released = gate.boundary(&complete(Some(8)), Some(7), None);
        assert_eq!(released, Some(Boundary::Own(vec!["new".into()])));
    }

    #[test]
    fn c6_a_boundary_before_the_rest_of_a_turn_that_was_left_is_older() {
        let boundary = |is_left, at| {
            let mut gate = Gate::default();
            gate.shut_to_others(Some(5), is_left);
            gate.boundary(&complete(Some(4)), Some(7), Some(&Cursor::Seq(at)))
        };
        assert_eq!(boundary(true, 5), Some(Boundary::Older));
        assert_eq!(boundary(true, 6), Some(Boundary::Stopped));
        assert_eq!(boundary(false, 6), Some(Boundary::Older));
    }

    #[test]
    fn b11_a_stop_of_who_knows_what_leaves_an_earlier_one_and_what_is_held() {
        let mut gate = Gate::default();
        gate.shut(Some(5));
        gate.shut_to_unknown();
        assert_eq!(gate.boundary(&complete(Some(4)), Some(7), None), Some(Boundary::Older));
        let mut gate = Gate::default();
        gate.shut_to_others(Some(9), false);
        gate.pass("a".into(), None);
        gate.shut_to_unknown();
        assert_eq!(gate.reach(Some(&Cursor::Seq(10))), Vec::<String>::new());
        let released = gate.boundary(&complete(Some(7)), Some(7), None);
        assert_eq!(released, Some(Boundary::Own(vec!["a".into()])));
    }

    #[test]
    fn b8_what_begins_is_no_rest_of_a_turn_that_was_left() {
        let start = || r#"{"type":"start"}"#.to_owned();
        let passes = |shown_up_to, is_left, chunk| {
            let mut gate = Gate::default();
            gate.shut_to_others(shown_up_to, is_left);
            gate.pass("rest".into(), Some(&Cursor::Seq(4)));
            let passed = gate.pass(chunk, Some(&Cursor::Seq(5))).is_some();
            assert_eq!(gate.pass("on".into(), Some(&Cursor::Seq(6))).is_some(), passed);
            passed
        };
        assert!(passes(None, true, start()) && passes(Some(4), true, start()));
        assert!(!passes(Some(5), true, start()), "another tab has shown it");
        assert!(
            !passes(Some(5), false, start()) && !passes(None, true, r#"{"type":"finish"}"#.into())
        );
        let mut gate = Gate::default();
        gate.shut(None);
        assert_eq!(gate.pass(start(), None), None, "the stopped turn may not have begun");
    }

    #[test]
    fn c11_what_is_held_is_bounded() {
        let mut gate = Gate::default();
        gate.shut(None);
        gate.pass("x".repeat(HELD_BYTES_LIMIT), None);
        let released = gate.boundary(&complete(Some(7)), Some(7), None);
        assert!(matches!(released, Some(Boundary::Own(_))));
        gate.shut(None);
        for _ in 0..=HELD_CHUNKS_LIMIT {
            gate.pass(String::new(), None);
        }
        assert_eq!(gate.boundary(&complete(Some(7)), Some(7), None), Some(Boundary::OwnLost));
        gate.shut(None);
        gate.pass("x".repeat(HELD_BYTES_LIMIT + 1), None);
        assert_eq!(gate.boundary(&complete(Some(7)), Some(7), None), Some(Boundary::OwnLost));
    }
}

//! The answers of one tab: that each is shown whole, although another tab may have said that it has shown
//! it already (S8).

use trigger_chat_transport::io::CallId;

use super::super::server::Entry;

/// An append that was acknowledged, and what was shown for it.
#[derive(Debug)]
struct Turn {
    call: CallId,
    /// Its place in `.in`.
    seq: u64,
    /// Where its reader began.
    from: Option<usize>,
    shown: Vec<u64>,
}

/// Every turn that a tab has asked for.
#[derive(Debug, Default)]
pub(super) struct Turns(Vec<Turn>);

impl Turns {
    pub(super) fn begin(&mut self, call: CallId, seq: u64) {
        self.0.push(Turn { call, seq, from: None, shown: Vec::new() });
    }

    fn of(&mut self, call: CallId) -> Option<&mut Turn> {
        self.0.iter_mut().rfind(|turn| turn.call == call)
    }

    /// A request is made that reads for a call, from a place in the log on.
    pub(super) fn connected(&mut self, call: CallId, next: usize) {
        if let Some(turn) = self.of(call) {
            turn.from.get_or_insert(next);
        }
    }

    /// Every chunk of the log is its own number.
    pub(super) fn shown(&mut self, call: CallId, chunks: &[String]) {
        if let Some(turn) = self.of(call) {
            turn.shown.extend(chunks.iter().map(|chunk| chunk.parse::<u64>().unwrap_or(0)));
        }
    }

    /// The stream of a call was closed by what was read of the log. If that holds the end of its turn,
    /// everything between the end before it and this one was shown.
    pub(super) fn closed(&mut self, call: CallId, read: &[Entry]) {
        let Some(Turn { seq, from: Some(from), shown, .. }) = self.of(call) else { return };
        let (seq, from) = (*seq, *from);
        let ends = |at: &usize| match read[*at] {
            Entry::Boundary { committed, .. } => committed >= Some(seq),
            _ => false,
        };
        let Some(end) = (from..read.len()).find(ends) else { return };
        let is_boundary = |at: &usize| matches!(read[*at], Entry::Boundary { .. });
        let first = (from..end).rfind(is_boundary).map_or(from, |at| at + 1);
        let is_chunk = |at: &usize| matches!(read[*at], Entry::Data { .. });
        let lost = (first..end).filter(is_chunk).find(|at| !shown.contains(&(*at as u64)));
        assert_eq!(lost, None, "a chunk was lost");
    }
}

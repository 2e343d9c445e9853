//! Messages that were sent into a turn. One that the turn did not take up is answered by the agent as a
//! turn of its own, which the application then follows: until it does, the chat stays this tab's (E6).

/// The application is given so long to follow the next turn.
const FOLLOW_MS: u64 = 5_000;

/// What was steered and is not known to be processed.
#[derive(Debug, Default)]
pub(super) struct Steered {
    /// The `.in` seq of the last one.
    seq: Option<u64>,
    /// Until then the turn that answers it may be followed.
    until_ms: Option<u64>,
}

impl Steered {
    /// One was accepted.
    pub(super) fn accepted(&mut self, seq: Option<u64>) {
        self.seq = self.seq.max(seq);
    }

    /// A turn has ended that had processed the `.in` seq `processed`; `None`: it was stopped.
    pub(super) fn turn_ended(&mut self, processed: Option<u64>, now_ms: u64) {
        let is_behind = |seq: u64| processed.is_none_or(|processed| processed < seq);
        self.until_ms =
            self.seq.filter(|seq| is_behind(*seq)).map(|_| now_ms.saturating_add(FOLLOW_MS));
        if self.until_ms.is_none() {
            self.seq = None;
        }
    }

    /// A turn is read.
    pub(super) fn followed(&mut self) {
        self.until_ms = None;
    }

    pub(super) fn deadline_ms(&self) -> Option<u64> {
        self.until_ms
    }

    /// Nobody has followed it.
    pub(super) fn tick(&mut self, now_ms: u64) {
        if self.until_ms.is_some_and(|until_ms| now_ms >= until_ms) {
            *self = Self::default();
        }
    }
}

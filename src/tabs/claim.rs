//! Whose turn a chat is, as far as this tab knows.

use super::ANSWER_MS;

/// A claim that was not heard of for so long has lapsed (E2).
const LEASE_MS: u64 = 10_000;

/// The last claim of one chat.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) chat: String,
    pub(super) owner: Owner,
    /// The tab that has the turn, or had it last; empty for this one.
    pub(super) tab: String,
    /// This tab shows the others what it shows.
    pub(super) is_shown: bool,
    /// Another tab has left the turn in its middle, and that was not noted elsewhere yet.
    pub(super) is_left: bool,
}

/// Who has the turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// This tab. `until_ms`: its turn is over, but what it has still to show comes by then.
    Mine { until_ms: Option<u64> },
    /// Another tab. It was heard of at that time; `asked`: it was silent, and is asked whether it lives.
    Other { locked: bool, seen_ms: u64, asked: bool },
    /// Nobody any more. What the last one has shown may still be on its way. `resumed_ms`: its page went
    /// away in the middle of a turn, which by then it may have resumed.
    Nobody { resumed_ms: u64 },
}

/// Nobody has a turn or is about to.
pub(super) const NOBODY: Owner = Owner::Nobody { resumed_ms: 0 };

impl Claim {
    /// Whether this tab has the turn.
    pub(super) fn is_mine(&self) -> bool {
        matches!(self.owner, Owner::Mine { .. })
    }

    /// When its owner is asked, and then when it lapses; of this tab's own, when it is over.
    pub(super) fn deadline_ms(&self) -> Option<u64> {
        match self.owner {
            Owner::Other { seen_ms, asked: false, .. } => {
                Some(seen_ms.saturating_add(LEASE_MS - ANSWER_MS))
            }
            Owner::Other { seen_ms, asked: true, .. } => Some(seen_ms.saturating_add(LEASE_MS)),
            Owner::Mine { until_ms } => until_ms,
            Owner::Nobody { .. } => None,
        }
    }

    /// It was silent for so long that its owner is asked. A timer that comes late gives it the time to
    /// answer all the same.
    pub(super) fn ask(&mut self, now_ms: u64) {
        if let Owner::Other { seen_ms, asked, .. } = &mut self.owner {
            *asked = true;
            *seen_ms = now_ms.saturating_sub(LEASE_MS - ANSWER_MS);
        }
    }
}

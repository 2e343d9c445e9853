//! The claims that are known: this tab's own, and those of others, which lapse (E2).

use super::TabMessage;

/// A claim is told again so often.
const HEARTBEAT_MS: u64 = 5_000;
/// A claim that was not heard of for so long has lapsed.
const LEASE_MS: u64 = 10_000;
/// Before that its owner is asked, in case that only its clock is held back.
const DOUBT_MS: u64 = LEASE_MS - super::ANSWER_MS;
/// Claims of others beyond so many are passed over: nobody has as many chats open.
const OTHERS_LIMIT: usize = 1_000;

/// All claims of which this tab knows.
#[derive(Debug, Default)]
pub(super) struct Claims {
    mine: Vec<String>,
    heartbeat_ms: u64,
    others: Vec<Other>,
}

/// Another tab, as far as one chat is concerned.
#[derive(Debug)]
pub(super) struct Other {
    chat: String,
    tab: String,
    pub(super) locked: bool,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It has the turn.
    Live { seen_ms: u64, asked_ms: Option<u64> },
    /// It had the last turn: what it has shown may still be on its way.
    Former,
}

impl Claims {
    pub(super) fn is_mine(&self, chat: &str) -> bool {
        self.mine.iter().any(|mine| mine == chat)
    }

    pub(super) fn mine(&self) -> &[String] {
        &self.mine
    }

    /// The live claim of another tab.
    pub(super) fn of_other(&self, chat: &str) -> Option<&Other> {
        let of_chat = |other: &&Other| other.chat == chat && other.state != State::Former;
        self.others.iter().find(of_chat)
    }

    /// This tab has the turn. Whether another had it, as far as was known.
    pub(super) fn take(&mut self, chat: &str, now_ms: u64) -> bool {
        let was_live = self.of_other(chat).is_some();
        self.others.retain(|other| other.chat != chat);
        if self.mine.is_empty() {
            self.heartbeat_ms = now_ms.saturating_add(HEARTBEAT_MS);
        }
        self.mine.push(chat.to_owned());
        was_live
    }

    /// This tab has the turn no longer. Whether it had.
    pub(super) fn drop_mine(&mut self, chat: &str) -> bool {
        let at = self.mine.iter().position(|mine| mine == chat);
        at.map(|at| self.mine.swap_remove(at)).is_some()
    }

    /// Another tab says that it has the turn. False: there is no room to keep that.
    pub(super) fn heard(&mut self, message: &TabMessage, now_ms: u64) -> bool {
        let at = self.others.iter().position(|other| other.chat == message.chat);
        if at.is_none() && self.others.len() >= OTHERS_LIMIT {
            return false;
        }
        let other = Other {
            chat: message.chat.clone(),
            tab: message.tab.clone(),
            locked: message.locked,
            state: State::Live { seen_ms: now_ms, asked_ms: None },
        };
        match at.and_then(|at| self.others.get_mut(at)) {
            Some(known) => *known = other,
            None => self.others.push(other),
        }
        true
    }

    /// A tab releases a chat. Whether it had it, and this tab may send from now on.
    pub(super) fn released(&mut self, chat: &str, tab: &str) -> bool {
        let is_mine = self.is_mine(chat);
        let by_owner = |other: &&mut Other| {
            other.chat == chat && other.tab == tab && other.state != State::Former
        };
        let Some(other) = self.others.iter_mut().find(by_owner) else { return false };
        other.state = State::Former;
        !is_mine
    }

    /// Whether what a tab shows of a chat counts: only from whoever has the turn or had it last (E6).
    pub(super) fn may_show(&self, chat: &str, tab: &str) -> bool {
        !self.is_mine(chat)
            && self.others.iter().any(|other| other.chat == chat && other.tab == tab)
    }

    pub(super) fn deadline_ms(&self) -> Option<u64> {
        let heartbeat_ms = (!self.mine.is_empty()).then_some(self.heartbeat_ms);
        let others = self.others.iter().filter_map(Other::deadline_ms).min();
        [heartbeat_ms, others].into_iter().flatten().min()
    }

    /// Whether this tab's claims are to be told again; the next time is set.
    pub(super) fn is_heartbeat_due(&mut self, now_ms: u64) -> bool {
        let is_due = !self.mine.is_empty() && now_ms >= self.heartbeat_ms;
        if is_due {
            self.heartbeat_ms = now_ms.saturating_add(HEARTBEAT_MS);
        }
        is_due
    }

    /// Whether somebody was silent so long that it has to be asked; it counts as asked from now on.
    pub(super) fn doubts(&mut self, now_ms: u64) -> bool {
        let mut doubts = false;
        for other in &mut self.others {
            if let State::Live { seen_ms, asked_ms: asked_ms @ None } = &mut other.state
                && now_ms >= seen_ms.saturating_add(DOUBT_MS)
            {
                *asked_ms = Some(now_ms);
                doubts = true;
            }
        }
        doubts
    }

    /// Forgets the claims that have lapsed; gives the chats that this tab may send to again.
    pub(super) fn lapse(&mut self, now_ms: u64) -> Vec<String> {
        let mut lapsed = Vec::new();
        for other in &mut self.others {
            if let State::Live { asked_ms: Some(_), .. } = other.state
                && other.deadline_ms().is_some_and(|at_ms| now_ms >= at_ms)
            {
                other.state = State::Former;
                lapsed.push(other.chat.clone());
            }
        }
        lapsed.retain(|chat| !self.is_mine(chat));
        lapsed
    }
}

impl Other {
    /// When its owner is asked, and then when it lapses.
    fn deadline_ms(&self) -> Option<u64> {
        match self.state {
            State::Live { seen_ms, asked_ms: None } => Some(seen_ms.saturating_add(DOUBT_MS)),
            State::Live { asked_ms: Some(asked_ms), .. } => {
                Some(asked_ms.saturating_add(super::ANSWER_MS))
            }
            State::Former => None,
        }
    }
}

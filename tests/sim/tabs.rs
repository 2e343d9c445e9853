//! What lies between the tabs of an origin: the channel, the locks, and what goes wrong with them. Judges
//! who may send (P9).

use std::collections::BTreeSet;

use trigger_chat_transport::Input;
use trigger_chat_transport::io::{TabAct, TabEvent, TabMessage, TabMode, TabOutput, TabWord};

use crate::calls::{chat_id, chat_number};
use crate::faults::Fault;
use crate::page::ToPage;
use crate::random::Random;
use crate::world::{Event, World};

/// A refusal has its cause no longer ago than this: a lease, an answer's time, and what is late.
const LEASE_MS: u64 = 10_000 + 1_000 + 5_000;

/// The channel and the locks.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    messages: u64,
    /// Who has a chat's lock.
    locks: BTreeSet<(usize, usize)>,
    /// Which chats a page was told that it has, and that it may not send to.
    claims: BTreeSet<(usize, usize)>,
    read_only: BTreeSet<(usize, usize)>,
    /// Locks that were taken from a page that has not been told yet.
    lost: BTreeSet<(usize, usize)>,
    /// When a chat was somebody's last.
    claimed_ms: Vec<(usize, u64)>,
}

impl World {
    /// How the tabs of this schedule are coordinated.
    pub(crate) fn tab_mode(&self, watch: bool) -> TabMode {
        if !self.plan.has(Fault::MultiTab) || watch {
            TabMode::Alone
        } else if Random::of(self.plan.seed, "locks", 0).chance(70) {
            TabMode::Locks
        } else {
            TabMode::Messages
        }
    }

    /// Something reaches a page from another, or of a lock.
    pub(crate) fn tab_input(&mut self, page: usize, input: Input) {
        if let Input::TabEvent { event: TabEvent::Stolen, chat } = &input {
            self.origin.lost.remove(&(page, chat_number(chat)));
        }
        self.feed(page, input);
    }

    pub(crate) fn obey_tab(&mut self, page: usize, output: TabOutput) {
        let TabOutput { act, chat, last_event_id } = output;
        let number = chat_number(&chat);
        match act {
            TabAct::Post(word) => {
                let (tab, locked) = (format!("tab {page}"), self.tab_mode(false) == TabMode::Locks);
                self.post(page, &TabMessage { word, chat, tab, locked, last_event_id });
            }
            TabAct::Lock | TabAct::Steal => {
                let owner = self.origin.locks.iter().find(|(_, of)| *of == number).copied();
                let granted = act == TabAct::Steal || owner.is_none();
                if granted {
                    if let Some(owner) = owner {
                        self.origin.locks.remove(&owner);
                        self.origin.lost.insert(owner);
                        self.lock_event(owner.0, TabEvent::Stolen, &chat);
                    }
                    self.origin.locks.insert((page, number));
                }
                let event = if granted { TabEvent::Locked } else { TabEvent::Refused };
                self.lock_event(page, event, &chat);
            }
            TabAct::Unlock => {
                self.origin.locks.remove(&(page, number));
            }
            TabAct::ReadOnly(read_only) => {
                mark(&mut self.origin.read_only, (page, number), read_only);
            }
            TabAct::Claimed(claimed) => self.claimed(page, number, claimed),
            TabAct::Show => {}
        }
    }

    fn lock_event(&mut self, page: usize, event: TabEvent, chat: &str) {
        self.later(page, 2, Input::TabEvent { event, chat: chat.to_owned() });
    }

    fn later(&mut self, page: usize, ms: u64, input: Input) {
        let to = ToPage::Tab(input);
        self.queue.push(self.now_ms + ms, Event::ToPage { page, to });
    }

    fn post(&mut self, page: usize, message: &TabMessage) {
        self.origin.messages += 1;
        let mut random = Random::of(self.plan.seed, "channel", self.origin.messages);
        for other in (0..self.pages.len()).filter(|other| *other != page) {
            if self.pages[other].gone || self.pages[other].disposed || self.pages[other].watch {
                continue;
            }
            let mut travels_ms = random.within(1, 20);
            if self.active(Fault::ChannelLate) && random.chance(40) {
                self.hits.hit(Fault::ChannelLate);
                travels_ms += random.within(1, 3_000);
            }
            if self.active(Fault::ChannelLost) && random.chance(30) {
                self.hits.hit(Fault::ChannelLost);
                continue;
            }
            if self.active(Fault::ChannelDoubled) && random.chance(50) {
                self.hits.hit(Fault::ChannelDoubled);
                self.later(other, travels_ms + 7, Input::TabSays(message.clone()));
            }
            self.later(other, travels_ms, Input::TabSays(message.clone()));
            if self.active(Fault::ChannelForged) && random.chance(30) {
                self.hits.hit(Fault::ChannelForged);
                let forged = forged(message, &mut random);
                self.later(other, travels_ms + 1, Input::TabSays(forged));
            }
        }
    }

    fn claimed(&mut self, page: usize, chat: usize, claimed: bool) {
        let owner = (page, chat);
        mark(&mut self.origin.claims, owner, claimed);
        self.note_claim(chat);
        let unlocked = !self.origin.locks.contains(&owner) && !self.origin.lost.contains(&owner);
        if claimed && unlocked && self.tab_mode(false) == TabMode::Locks {
            self.violate("P9", format!("page {page} claims {} without its lock", chat_id(chat)));
        }
    }

    fn note_claim(&mut self, chat: usize) {
        self.origin.claimed_ms.retain(|(of, _)| *of != chat);
        self.origin.claimed_ms.push((chat, self.now_ms));
    }

    /// A page is gone without a word: the browser lets its locks go.
    pub(crate) fn free_locks(&mut self, page: usize) {
        let chats: Vec<usize> = self
            .origin
            .claims
            .iter()
            .filter(|(of, _)| *of == page)
            .map(|(_, chat)| *chat)
            .collect();
        for chat in chats {
            self.note_claim(chat);
        }
        for set in [&mut self.origin.locks, &mut self.origin.claims, &mut self.origin.read_only] {
            set.retain(|(of, _)| *of != page);
        }
    }

    /// A send leaves for the first time: nobody else may have the turn.
    pub(crate) fn judge_turn(&mut self, page: usize, chat: usize) {
        if self.tab_mode(self.pages[page].watch) != TabMode::Locks {
            return;
        }
        // One that was frozen learns what became of its lock after it has gone on.
        if self.origin.lost.contains(&(page, chat)) {
            return;
        }
        let stands = |(of, _): &&(usize, usize)| self.pages[*of].frozen;
        let others = self.origin.claims.iter().filter(|(of, about)| *of != page && *about == chat);
        let others: Vec<_> =
            others.filter(|owner| !stands(owner) && !self.origin.lost.contains(owner)).collect();
        if self.origin.claims.contains(&(page, chat)) && !others.is_empty() {
            self.violate("P9", format!("pages {page} and {others:?} send to {}", chat_id(chat)));
        }
    }

    /// A send was refused for another tab's sake: there must be one, or have been of late.
    pub(crate) fn judge_refusal(&mut self, page: usize, chat: usize) {
        let by_other = self.origin.claims.iter().any(|(of, about)| *of != page && *about == chat);
        let locked = self.origin.locks.iter().any(|(of, about)| *of != page && *about == chat);
        let last = self.origin.claimed_ms.iter().find(|(of, _)| *of == chat);
        let lately = last.is_some_and(|(_, at_ms)| self.now_ms <= at_ms + LEASE_MS);
        let excused = !self.is_punctual(page) || self.plan.has(Fault::ChannelForged);
        if !by_other && !locked && !lately && !excused {
            self.violate("P9", format!("page {page} may not send, and nobody else does"));
        }
    }

    /// At the end nobody has a turn that is over, nor waits for one that nobody has.
    pub(crate) fn judge_claims(&mut self) {
        for (page, chat) in self.origin.claims.clone() {
            let it = &self.pages[page];
            if !it.frozen && !it.machine.is_active() {
                self.violate("P9", format!("page {page} keeps {} for nothing", chat_id(chat)));
            }
        }
        for (page, chat) in self.origin.read_only.clone() {
            let by_other =
                self.origin.claims.iter().any(|(of, about)| *of != page && *about == chat);
            if !by_other && !self.pages[page].frozen && !self.pages[page].disposed {
                self.violate("P9", format!("page {page} may not send to {}: why?", chat_id(chat)));
            }
        }
    }
}

fn mark(set: &mut BTreeSet<(usize, usize)>, of: (usize, usize), is_so: bool) {
    if is_so {
        set.insert(of)
    } else {
        set.remove(&of)
    };
}

/// Something like a message that nobody of ours has posted.
fn forged(message: &TabMessage, random: &mut Random) -> TabMessage {
    use TabWord as W;
    let words = [W::Claim, W::Release, W::Unfinished, W::Left, W::Heartbeat, W::Session];
    let cursors = ["0", "7", "900000", "18446744073709551615", "-1", "x"];
    let mut forged = message.clone();
    forged.word = random.pick(&words);
    forged.last_event_id = Some(random.pick(&cursors).to_owned());
    if random.chance(50) {
        forged.tab = "forger".to_owned();
        forged.locked = random.chance(50);
    }
    forged
}

//! Who may send to a chat, where several tabs have it open (section E of the contract).
//!
//! One tab at a time has a chat's turn: it *claims* it before it sends, says so on a channel again and
//! again, and releases it when nothing is sent or read any more. Where the browser has locks, the
//! claim is one, too: two tabs that send in the same instant cannot both get it, and that of a crashed
//! tab is free at once. A tab that stands still keeps its lock but says nothing: then it is taken from
//! it.
//!
//! [`Tabs`] stands before the sessions: it lets a send through, keeps it until it is known whose turn
//! it is, or refuses it. It never looks into a session, and reads no message of a chat.

mod claim;
mod hearing;
mod message;
mod waiting;

pub use message::{TabAct, TabEvent, TabMessage, TabMode, TabOutput, TabWord};

use crate::error::Error;
use crate::io::{CallId, Outcome, Output, Send, SendSource};
use claim::{Claim, NOBODY, Owner};
use waiting::Waiting;

/// A claim is told again so often (E2).
const HEARTBEAT_MS: u64 = 5_000;
/// Whoever has a turn is given so long to say so.
const ANSWER_MS: u64 = 1_000;
/// Claims beyond so many are passed over: nobody has as many chats open.
const CLAIMS_LIMIT: usize = 1_000;
/// What a tab shows of its turn comes behind the turn's end, for `useChat` renders first: within this,
/// where all of it came at once and the machine is slow.
const LAST_WORDS_MS: u64 = 1_000;
/// Once it shows something there, the rest follows within this.
const MORE_WORDS_MS: u64 = 150;

/// Who has the turns of a page's chats.
#[derive(Debug)]
pub struct Tabs {
    mode: TabMode,
    claims: Vec<Claim>,
    waiting: Vec<Waiting>,
    /// When this tab's claims are told again.
    heartbeat_ms: u64,
    /// The page has gone away, or stands still: it asks for no turn by itself.
    away: bool,
}

/// What is needed from outside to take one input.
pub struct TabContext<'a> {
    /// The time, in milliseconds; it never goes back.
    pub now_ms: u64,
    /// Where the outputs go.
    pub outputs: &'a mut Vec<Output>,
}

impl TabContext<'_> {
    // Kept out of line: called from everywhere.
    #[inline(never)]
    fn act(&mut self, act: TabAct, chat: &str) {
        self.tell(act, chat, None);
    }

    #[inline(never)]
    fn tell(&mut self, act: TabAct, chat: &str, last_event_id: Option<String>) {
        self.outputs.push(Output::Tab(TabOutput { act, chat: chat.to_owned(), last_event_id }));
    }

    #[inline(never)]
    fn fail(&mut self, call: CallId, source: SendSource, error: Error) {
        let outcome = match source {
            SendSource::Steer => Outcome::Accepted(false),
            _ => Outcome::Failed(error),
        };
        self.outputs.push(Output::Settle { call, outcome });
    }
}

impl Tabs {
    /// A tab that has heard of no other.
    pub fn new(mode: TabMode) -> Self {
        Self { mode, claims: Vec::new(), waiting: Vec::new(), heartbeat_ms: 0, away: false }
    }

    /// When [`Tabs::tick`] is due, in milliseconds.
    pub fn deadline_ms(&self) -> Option<u64> {
        let mut earliest_ms = None;
        let mut consider = |at_ms: Option<u64>| {
            if at_ms.is_some_and(|at_ms| earliest_ms.is_none_or(|earliest| at_ms < earliest)) {
                earliest_ms = at_ms;
            }
        };
        for claim in &self.claims {
            consider(claim.is_mine().then_some(self.heartbeat_ms));
            consider(claim.deadline_ms());
        }
        self.waiting.iter().for_each(|waiting| consider(waiting.until_ms));
        earliest_ms
    }

    fn claim(&mut self, chat: &str) -> Option<&mut Claim> {
        self.claims.iter_mut().find(|claim| claim.chat == chat)
    }

    /// Whose turn a chat is.
    #[inline(never)]
    fn owner(&mut self, chat: &str) -> Owner {
        self.claim(chat).map_or(NOBODY, |claim| claim.owner)
    }

    /// Something wants to go to its session. Gives it back if it may: at once, if it asks for no turn
    /// and nothing waits that does (E2).
    pub fn admit(
        &mut self,
        chat: &str,
        call: CallId,
        send: Send,
        cx: &mut TabContext<'_>,
    ) -> Option<Send> {
        if let Some(waiting) = self.waiting(chat) {
            waiting.sends.push((call, send));
            return None;
        }
        if self.mode == TabMode::Alone || !send.source.has_answer() {
            return Some(send);
        }
        let with_locks = self.mode == TabMode::Locks;
        match self.owner(chat) {
            Owner::Mine { .. } => {
                self.keep(chat, cx);
                return Some(send);
            }
            Owner::Other { locked, .. } if !(locked && with_locks) => {
                cx.fail(call, send.source, Error::ActiveElsewhere);
            }
            Owner::Nobody { .. } if !with_locks => {
                self.take(chat, cx);
                return Some(send);
            }
            Owner::Nobody { resumed_ms } if cx.now_ms < resumed_ms => {
                self.wait(chat, vec![(call, send)], Some(resumed_ms));
            }
            // A lock that is free belongs to nobody, whatever was said: its owner may have crashed.
            Owner::Other { .. } | Owner::Nobody { .. } => {
                self.ask_for_lock(chat, vec![(call, send)], cx);
            }
        }
        None
    }

    /// A turn is read that is nobody's, as far as is known: it is this tab's if it can have it, as after
    /// a reload in its middle. It is read either way.
    pub fn follow(&mut self, chat: &str, cx: &mut TabContext<'_>) {
        match self.owner(chat) {
            Owner::Mine { .. } => self.keep(chat, cx),
            Owner::Nobody { .. } if !self.away && self.waiting(chat).is_none() => match self.mode {
                TabMode::Alone => {}
                TabMode::Messages => self.take(chat, cx),
                TabMode::Locks => self.ask_for_lock(chat, Vec::new(), cx),
            },
            _ => {}
        }
    }

    /// A turn of this tab goes on, or the next one begins before others were let in.
    pub fn keep(&mut self, chat: &str, cx: &mut TabContext<'_>) {
        let Some(Claim { owner: Owner::Mine { until_ms }, .. }) = self.claim(chat) else { return };
        if until_ms.take().is_some() {
            cx.act(TabAct::Claimed(true), chat);
        }
    }

    /// Keeps who has the turn of a chat. False: there is no room for it.
    fn set(&mut self, chat: &str, owner: Owner, tab: String) -> bool {
        if let Some(claim) = self.claim(chat) {
            (claim.owner, claim.tab) = (owner, tab);
            claim.is_shown = false;
            return true;
        }
        if self.claims.len() >= CLAIMS_LIMIT {
            // A flood keeps others out only for as long as it is kept up.
            self.claims.retain(|claim| !matches!(claim.owner, Owner::Nobody { .. }));
        }
        let claim = Claim { chat: chat.to_owned(), owner, tab, is_shown: false, is_left: false };
        let fits = self.claims.len() < CLAIMS_LIMIT || claim.is_mine();
        if fits {
            self.claims.push(claim);
        }
        fits
    }

    /// This tab has the turn from now on.
    fn take(&mut self, chat: &str, cx: &mut TabContext<'_>) {
        let was_others = matches!(self.owner(chat), Owner::Other { .. });
        if !self.has_claims() {
            self.heartbeat_ms = cx.now_ms.saturating_add(HEARTBEAT_MS);
        }
        self.set(chat, Owner::Mine { until_ms: None }, String::new());
        if was_others {
            self.note_left(chat);
            cx.act(TabAct::ReadOnly(false), chat);
        }
        cx.act(TabAct::Post(TabWord::Claim), chat);
        cx.act(TabAct::Claimed(true), chat);
    }

    fn has_claims(&self) -> bool {
        self.claimed().next().is_some()
    }

    /// Something happened to the channel or to a chat's lock; `follows`: the chat's turn is being read.
    /// Gives the sends of the chat that may go on.
    pub fn happened(
        &mut self,
        event: TabEvent,
        chat: &str,
        follows: bool,
        cx: &mut TabContext<'_>,
    ) -> Vec<(CallId, Send)> {
        let follows = follows && !self.away;
        match event {
            TabEvent::Locked => return self.locked(chat, follows, cx),
            TabEvent::Refused => self.refused(chat, follows, cx),
            TabEvent::Stolen => {
                if self.has_claim(chat) {
                    self.lose(chat, cx);
                    // Whoever has it now says so.
                    cx.act(TabAct::Post(TabWord::Join), "");
                }
            }
            TabEvent::Opened => {
                self.away = false;
                if self.mode != TabMode::Alone {
                    cx.act(TabAct::Post(TabWord::Join), "");
                }
            }
            TabEvent::Shown => {
                if let Some(claim) = self.claim(chat) {
                    claim.is_shown = true;
                    if let Owner::Mine { until_ms: Some(until_ms) } = &mut claim.owner {
                        *until_ms = cx.now_ms.saturating_add(MORE_WORDS_MS);
                    }
                }
            }
            TabEvent::Left => {
                self.away = true;
                self.leave(TabWord::Left, cx);
            }
        }
        Vec::new()
    }

    fn claimed(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(|claim| claim.is_mine())
    }

    /// Whether this tab has the turn of a chat.
    pub fn has_claim(&self, chat: &str) -> bool {
        self.claimed().any(|claim| claim.chat == chat)
    }

    fn note_left(&mut self, chat: &str) {
        if let Some(claim) = self.claim(chat) {
            claim.is_left = true;
        }
    }

    /// Whether another tab has left a chat's turn in its middle since this was asked last.
    pub fn take_left(&mut self, chat: &str) -> bool {
        self.claim(chat).is_some_and(|claim| core::mem::take(&mut claim.is_left))
    }

    /// The chat is over (E2, E5): the others are told at once where its last turn ended (C6), for the
    /// page may go away before its claim is released, which waits until they were shown the last words.
    /// `is_left`: another goes on.
    pub fn end(
        &mut self,
        chat: &str,
        ended_at: Option<String>,
        is_left: bool,
        cx: &mut TabContext<'_>,
    ) {
        let Some(claim) = self.claim(chat) else { return };
        let Owner::Mine { until_ms } = &mut claim.owner else { return };
        let is_kept = match *until_ms {
            None => {
                if ended_at.is_some() {
                    cx.tell(TabAct::Post(TabWord::Session), chat, ended_at);
                }
                if claim.is_shown {
                    *until_ms = Some(cx.now_ms.saturating_add(LAST_WORDS_MS));
                    cx.act(TabAct::Claimed(false), chat);
                }
                claim.is_shown
            }
            Some(at_ms) => cx.now_ms < at_ms,
        };
        if !is_kept {
            let word = if is_left { TabWord::Unfinished } else { TabWord::Release };
            self.free(chat, word, cx);
        }
    }

    /// Gives every claim back. `word`: of one that is not over.
    fn leave(&mut self, word: TabWord, cx: &mut TabContext<'_>) {
        let claimed: Vec<_> = self.claimed().map(|claim| claim.chat.clone()).collect();
        for chat in claimed {
            let is_over = self.owner(&chat) != Owner::Mine { until_ms: None };
            self.free(&chat, if is_over { TabWord::Release } else { word }, cx);
        }
    }

    /// Gives a claim back.
    fn free(&mut self, chat: &str, word: TabWord, cx: &mut TabContext<'_>) {
        // First: whoever hears of the release may ask for the lock at once.
        if self.mode == TabMode::Locks {
            cx.act(TabAct::Unlock, chat);
        }
        cx.act(TabAct::Post(word), chat);
        self.lose(chat, cx);
    }

    /// A claim is this tab's no longer; where its turn is over, the application knows.
    fn lose(&mut self, chat: &str, cx: &mut TabContext<'_>) {
        if self.owner(chat) == (Owner::Mine { until_ms: None }) {
            cx.act(TabAct::Claimed(false), chat);
        }
        self.set(chat, NOBODY, String::new());
    }

    /// The transport is disposed: nobody is heard any more.
    pub fn dispose(&mut self, cx: &mut TabContext<'_>) {
        self.leave(TabWord::Release, cx);
        let chats: Vec<_> = self.waiting.iter().map(|waiting| waiting.chat.clone()).collect();
        for chat in chats {
            self.withdraw(&chat, None, &Error::Disposed, cx);
        }
        self.claims.clear();
        self.mode = TabMode::Alone;
    }

    fn heartbeats(&self, cx: &mut TabContext<'_>) {
        for claim in self.claimed() {
            cx.act(TabAct::Post(TabWord::Heartbeat), &claim.chat);
        }
    }

    /// Time passed: claims are kept up, others' lapse, silence is an answer.
    pub fn tick(&mut self, cx: &mut TabContext<'_>) {
        let now_ms = cx.now_ms;
        let is_due = |at_ms: Option<u64>| at_ms.is_some_and(|at_ms| now_ms >= at_ms);
        if now_ms >= self.heartbeat_ms && self.has_claims() {
            self.heartbeat_ms = now_ms.saturating_add(HEARTBEAT_MS);
            self.heartbeats(cx);
        }
        let mut asks = false;
        for claim in &mut self.claims {
            let Owner::Other { asked, .. } = claim.owner else { continue };
            if is_due(claim.deadline_ms()) && asked {
                claim.owner = NOBODY;
                claim.is_left = true;
                cx.act(TabAct::ReadOnly(false), &claim.chat);
            } else if is_due(claim.deadline_ms()) {
                claim.ask(now_ms);
                asks = true;
            }
        }
        // Once for all of them: whoever hears it speaks of every chat.
        if asks {
            cx.act(TabAct::Post(TabWord::Join), "");
        }
        self.tick_waiting(cx);
    }
}

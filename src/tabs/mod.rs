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
mod message;

pub use message::{TabAct, TabEvent, TabMessage, TabMode, TabOutput, TabWord};

use crate::error::Error;
use crate::io::{CallId, Outcome, Output, Send, SendSource};
use claim::{Claim, Owner};

/// A claim is told again so often (E2).
const HEARTBEAT_MS: u64 = 5_000;
/// Whoever has a turn is given so long to say so.
const ANSWER_MS: u64 = 1_000;
/// Claims beyond so many are passed over: nobody has as many chats open.
const CLAIMS_LIMIT: usize = 1_000;

/// Who has the turns of a page's chats.
#[derive(Debug)]
pub struct Tabs {
    mode: TabMode,
    claims: Vec<Claim>,
    waiting: Vec<Waiting>,
    /// When this tab's claims are told again.
    heartbeat_ms: u64,
}

/// Sends of one chat that wait to learn whether this tab gets the turn.
#[derive(Debug)]
struct Waiting {
    chat: String,
    /// In their order. None: their caller gave them up.
    sends: Vec<(CallId, Send)>,
    /// Until then whoever has the lock may say that it lives; `None`: the lock is asked for.
    until_ms: Option<u64>,
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
        Self { mode, claims: Vec::new(), waiting: Vec::new(), heartbeat_ms: 0 }
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
            let heartbeat_ms = (claim.owner == Owner::Mine).then_some(self.heartbeat_ms);
            consider(heartbeat_ms.or_else(|| claim.deadline_ms()));
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
        self.claim(chat).map_or(Owner::Nobody, |claim| claim.owner)
    }

    fn waiting(&mut self, chat: &str) -> Option<&mut Waiting> {
        self.waiting.iter_mut().find(|waiting| waiting.chat == chat)
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
            Owner::Mine => return Some(send),
            Owner::Other { locked, .. } if !(locked && with_locks) => {
                cx.fail(call, send.source, Error::ActiveElsewhere);
            }
            Owner::Nobody if !with_locks => {
                self.take(chat, cx);
                return Some(send);
            }
            // A lock that is free belongs to nobody, whatever was said: its owner may have crashed.
            Owner::Other { .. } | Owner::Nobody => {
                cx.act(TabAct::Lock, chat);
                let (chat, sends) = (chat.to_owned(), vec![(call, send)]);
                self.waiting.push(Waiting { chat, sends, until_ms: None });
            }
        }
        None
    }

    /// Keeps who has the turn of a chat. False: there is no room for it.
    fn set(&mut self, chat: &str, owner: Owner, tab: String) -> bool {
        if let Some(claim) = self.claim(chat) {
            (claim.owner, claim.tab) = (owner, tab);
            return true;
        }
        if self.claims.len() >= CLAIMS_LIMIT {
            // A flood keeps others out only for as long as it is kept up.
            self.claims.retain(|claim| claim.owner != Owner::Nobody);
        }
        let fits = self.claims.len() < CLAIMS_LIMIT || owner == Owner::Mine;
        if fits {
            self.claims.push(Claim { chat: chat.to_owned(), owner, tab });
        }
        fits
    }

    /// This tab has the turn from now on.
    fn take(&mut self, chat: &str, cx: &mut TabContext<'_>) {
        let was_others = matches!(self.owner(chat), Owner::Other { .. });
        if !self.has_claims() {
            self.heartbeat_ms = cx.now_ms.saturating_add(HEARTBEAT_MS);
        }
        self.set(chat, Owner::Mine, String::new());
        if was_others {
            cx.act(TabAct::ReadOnly(false), chat);
        }
        cx.act(TabAct::Post(TabWord::Claim), chat);
        cx.act(TabAct::Claimed(true), chat);
    }

    fn has_claims(&self) -> bool {
        self.claimed().next().is_some()
    }

    /// Something happened to the channel or to a chat's lock. Gives the sends of the chat that may go
    /// on.
    pub fn happened(
        &mut self,
        event: TabEvent,
        chat: &str,
        cx: &mut TabContext<'_>,
    ) -> Vec<(CallId, Send)> {
        match event {
            TabEvent::Locked => return self.locked(chat, cx),
            TabEvent::Refused => self.ask(chat, cx),
            TabEvent::Stolen => {
                if self.owner(chat) == Owner::Mine {
                    self.set(chat, Owner::Nobody, String::new());
                    cx.act(TabAct::Claimed(false), chat);
                    // Whoever has it now says so.
                    cx.act(TabAct::Post(TabWord::Join), "");
                }
            }
            TabEvent::Opened if self.mode != TabMode::Alone => {
                cx.act(TabAct::Post(TabWord::Join), "");
            }
            TabEvent::Opened => {}
            TabEvent::Left => {
                let claimed: Vec<_> = self.claimed().map(str::to_owned).collect();
                for chat in claimed {
                    self.release(&chat, None, cx);
                }
            }
        }
        Vec::new()
    }

    fn take_waiting(&mut self, chat: &str) -> Vec<(CallId, Send)> {
        let at = self.waiting.iter().position(|waiting| waiting.chat == chat);
        at.map(|at| self.waiting.swap_remove(at).sends).unwrap_or_default()
    }

    fn locked(&mut self, chat: &str, cx: &mut TabContext<'_>) -> Vec<(CallId, Send)> {
        let sends = self.take_waiting(chat);
        if sends.is_empty() {
            cx.act(TabAct::Unlock, chat);
        } else {
            self.take(chat, cx);
        }
        sends
    }

    /// The lock is another's: unless it is known whose, it may be that of a tab that stands still.
    fn ask(&mut self, chat: &str, cx: &mut TabContext<'_>) {
        let known = matches!(self.owner(chat), Owner::Other { .. });
        match self.waiting(chat) {
            Some(waiting) if !known && !waiting.sends.is_empty() => {
                waiting.until_ms = Some(cx.now_ms.saturating_add(ANSWER_MS));
                cx.act(TabAct::Post(TabWord::Join), "");
            }
            _ => self.refuse(chat, cx),
        }
    }

    fn refuse(&mut self, chat: &str, cx: &mut TabContext<'_>) {
        for (call, send) in self.take_waiting(chat) {
            cx.fail(call, send.source, Error::ActiveElsewhere);
        }
    }

    /// Takes back what waits for its turn in a chat: one call, or all of them. Whether there was any.
    pub fn withdraw(
        &mut self,
        chat: &str,
        call: Option<CallId>,
        error: &Error,
        cx: &mut TabContext<'_>,
    ) -> bool {
        let Some(waiting) = self.waiting(chat) else { return false };
        let mut kept = Vec::new();
        let mut withdrawn = false;
        for (of, send) in core::mem::take(&mut waiting.sends) {
            if call.is_none_or(|call| call == of) {
                cx.fail(of, send.source, error.clone());
                withdrawn = true;
            } else {
                kept.push((of, send));
            }
        }
        waiting.sends = kept;
        self.forget_given_up();
        withdrawn
    }

    /// Where nobody is left to ask for, only a lock that is asked for is waited for: to let it go.
    fn forget_given_up(&mut self) {
        self.waiting.retain(|waiting| !waiting.sends.is_empty() || waiting.until_ms.is_none());
    }

    /// The chats whose turn this tab has.
    pub fn claimed(&self) -> impl Iterator<Item = &str> {
        let mine = self.claims.iter().filter(|claim| claim.owner == Owner::Mine);
        mine.map(|claim| claim.chat.as_str())
    }

    /// Releases a claim: the chat is over (E2, E5). Before that the other tabs are told where its last
    /// turn ended (C6).
    pub fn release(&mut self, chat: &str, ended_at: Option<String>, cx: &mut TabContext<'_>) {
        self.set(chat, Owner::Nobody, String::new());
        if ended_at.is_some() {
            cx.tell(TabAct::Post(TabWord::Session), chat, ended_at);
        }
        // First: whoever hears of the release may ask for the lock at once.
        if self.mode == TabMode::Locks {
            cx.act(TabAct::Unlock, chat);
        }
        cx.act(TabAct::Post(TabWord::Release), chat);
        cx.act(TabAct::Claimed(false), chat);
    }

    /// The transport is disposed: nobody is heard any more.
    pub fn dispose(&mut self, cx: &mut TabContext<'_>) {
        self.happened(TabEvent::Left, "", cx);
        let chats: Vec<_> = self.waiting.iter().map(|waiting| waiting.chat.clone()).collect();
        for chat in chats {
            self.withdraw(&chat, None, &Error::Disposed, cx);
        }
        self.claims.clear();
        self.mode = TabMode::Alone;
    }

    /// Another tab says something (E5). Gives the cursor up to which it has shown the chat, if it says
    /// that and was the last to have its turn.
    pub fn hear<'a>(
        &mut self,
        message: &'a TabMessage,
        cx: &mut TabContext<'_>,
    ) -> Option<&'a str> {
        if self.mode == TabMode::Alone {
            return None;
        }
        let chat = message.chat.as_str();
        let by_owner = self.claim(chat).is_some_and(|claim| claim.tab == message.tab);
        match message.word {
            TabWord::Claim | TabWord::Heartbeat => self.hear_claim(message, cx),
            TabWord::Release if by_owner => {
                if matches!(self.owner(chat), Owner::Other { .. }) {
                    self.set(chat, Owner::Nobody, message.tab.clone());
                    cx.act(TabAct::ReadOnly(false), chat);
                }
            }
            TabWord::Join => self.heartbeats(cx),
            TabWord::Messages if by_owner => cx.act(TabAct::Show, chat),
            TabWord::Session if by_owner => return message.last_event_id.as_deref(),
            TabWord::Release | TabWord::Messages | TabWord::Session => {}
        }
        None
    }

    fn hear_claim(&mut self, message: &TabMessage, cx: &mut TabContext<'_>) {
        let chat = message.chat.as_str();
        let known = self.owner(chat);
        if known == Owner::Mine {
            // A tab of the published package did not know of ours: it is told once more.
            if message.word == TabWord::Claim && !message.locked && self.mode == TabMode::Locks {
                cx.act(TabAct::Post(TabWord::Claim), chat);
            }
            return;
        }
        let owner = Owner::Other { locked: message.locked, seen_ms: cx.now_ms, asked: false };
        if !self.set(chat, owner, message.tab.clone()) {
            return;
        }
        if known == Owner::Nobody {
            cx.act(TabAct::ReadOnly(true), chat);
        }
        if self.waiting(chat).is_some_and(|waiting| waiting.until_ms.is_some()) {
            self.refuse(chat, cx);
        }
    }

    fn heartbeats(&self, cx: &mut TabContext<'_>) {
        for claim in self.claims.iter().filter(|claim| claim.owner == Owner::Mine) {
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
                claim.owner = Owner::Nobody;
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
        for waiting in &mut self.waiting {
            if is_due(waiting.until_ms) {
                waiting.until_ms = None;
                cx.act(TabAct::Steal, &waiting.chat);
            }
        }
    }
}

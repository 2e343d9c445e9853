//! Who may send to a chat, where several tabs have it open (section E of the contract).
//!
//! One tab at a time has a chat's turn: it *claims* it before it sends, says so on a channel again and
//! again, and releases it when nothing is sent or read any more. Where the browser has locks, the
//! claim is one, too: two tabs that send in the same instant cannot both get it, and that of a crashed
//! tab is free at once. A frozen tab keeps its lock but says nothing: then it is taken from it.
//!
//! [`Tabs`] stands before the sessions: it lets a send through, keeps it until it is known whose turn
//! it is, or refuses it. It never looks into a session, and reads no message of a chat.

mod claims;
mod io;
mod message;
mod waiting;

pub use io::{TabInput, TabMode, TabOutput};
pub use message::{TabMessage, TabWord};

use crate::error::Error;
use crate::io::{CallId, Outcome, Output, RequestId, Send, SendSource};
use claims::Claims;
use waiting::{Stage, Waiting};

/// Whoever has a turn is given so long to say so.
const ANSWER_MS: u64 = 1_000;

/// A send that may go to its session now.
pub type Admitted = (String, CallId, Send);

/// Who has the turns of a page's chats.
#[derive(Debug)]
pub struct Tabs {
    mode: TabMode,
    /// This tab.
    id: String,
    claims: Claims,
    waiting: Vec<Waiting>,
}

/// What is needed from outside to take one input.
pub struct TabContext<'a> {
    /// The time, in milliseconds; it never goes back.
    pub now_ms: u64,
    /// Where the outputs go.
    pub outputs: &'a mut Vec<Output>,
    /// The last request number given.
    pub last_request: &'a mut RequestId,
}

impl TabContext<'_> {
    fn emit(&mut self, output: TabOutput) {
        self.outputs.push(Output::Tab(output));
    }

    fn fail(&mut self, call: CallId, source: SendSource, error: Error) {
        let outcome = match source {
            SendSource::Steer => Outcome::Accepted(false),
            _ => Outcome::Failed(error),
        };
        self.outputs.push(Output::Settle { call, outcome });
    }
}

impl Tabs {
    /// The tab of this id, which has heard of no other.
    pub fn new(mode: TabMode, id: String) -> Self {
        Self { mode, id, claims: Claims::default(), waiting: Vec::new() }
    }

    fn message(&self, word: TabWord, chat: &str) -> TabMessage {
        let locked = self.mode == TabMode::Locks;
        let (chat, tab) = (chat.to_owned(), self.id.clone());
        TabMessage { word, chat, tab, locked, last_event_id: None }
    }

    fn post(&self, word: TabWord, chat: &str, cx: &mut TabContext<'_>) {
        cx.emit(TabOutput::Post(self.message(word, chat)));
    }

    /// When [`Tabs::tick`] is due, in milliseconds.
    pub fn deadline_ms(&self) -> Option<u64> {
        let waiting = self.waiting.iter().filter_map(Waiting::deadline_ms).min();
        [self.claims.deadline_ms(), waiting].into_iter().flatten().min()
    }

    /// Something wants to go to its session. Gives it back if it may: at once, if it asks for no turn
    /// and nothing waits that does (E2).
    pub fn admit(
        &mut self,
        chat: String,
        call: CallId,
        send: Send,
        cx: &mut TabContext<'_>,
    ) -> Option<Admitted> {
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.chat == chat) {
            waiting.sends.push((call, send));
            return None;
        }
        let asks = self.mode != TabMode::Alone && send.source.has_answer();
        if !asks || self.claims.is_mine(&chat) {
            return Some((chat, call, send));
        }
        match self.claims.of_other(&chat) {
            Some(other) if !(other.locked && self.mode == TabMode::Locks) => {
                cx.fail(call, send.source, Error::ActiveElsewhere);
                None
            }
            None if self.mode == TabMode::Messages => {
                self.take(&chat, cx);
                Some((chat, call, send))
            }
            // A lock that is free belongs to nobody, whatever was said: its owner may have crashed.
            _ => {
                let request = lock(&chat, false, cx);
                let sends = vec![(call, send)];
                self.waiting.push(Waiting { chat, sends, stage: Stage::Locking { request } });
                None
            }
        }
    }

    /// This tab has the turn from now on.
    fn take(&mut self, chat: &str, cx: &mut TabContext<'_>) {
        if self.claims.take(chat, cx.now_ms) {
            cx.emit(TabOutput::ReadOnly { chat: chat.to_owned(), read_only: false });
        }
        self.post(TabWord::Claim, chat, cx);
        cx.emit(TabOutput::Claimed { chat: chat.to_owned(), claimed: true });
    }

    /// Something happened between tabs. Gives the sends that may go on.
    pub fn handle(&mut self, input: TabInput, cx: &mut TabContext<'_>) -> Vec<Admitted> {
        match input {
            TabInput::Locked { request, granted } => return self.locked(request, granted, cx),
            _ if self.mode == TabMode::Alone => {}
            TabInput::Opened => self.post(TabWord::Join, "", cx),
            TabInput::Message(message) => self.hear(message, cx),
            TabInput::LockLost { chat } => {
                if self.claims.drop_mine(&chat) {
                    self.tell_dropped(chat, cx);
                }
            }
            TabInput::Leave => self.leave(cx),
        }
        Vec::new()
    }

    /// The page goes away, perhaps for good.
    fn leave(&mut self, cx: &mut TabContext<'_>) {
        for chat in self.claimed() {
            self.release(&chat, None, cx);
        }
    }

    /// The transport is disposed: nobody is heard any more.
    pub fn dispose(&mut self, cx: &mut TabContext<'_>) {
        self.leave(cx);
        for chat in self.waiting.iter().map(|waiting| waiting.chat.clone()).collect::<Vec<_>>() {
            self.withdraw_all(&chat, &Error::Disposed, cx);
        }
        self.claims = Claims::default();
        self.mode = TabMode::Alone;
    }

    fn tell_dropped(&mut self, chat: String, cx: &mut TabContext<'_>) {
        if self.claims.of_other(&chat).is_some() {
            cx.emit(TabOutput::ReadOnly { chat: chat.clone(), read_only: true });
        }
        cx.emit(TabOutput::Claimed { chat, claimed: false });
    }

    fn locked(
        &mut self,
        request: RequestId,
        granted: bool,
        cx: &mut TabContext<'_>,
    ) -> Vec<Admitted> {
        let Some(at) = self.waiting.iter().position(|waiting| waiting.request() == Some(request))
        else {
            return Vec::new();
        };
        if !granted {
            self.ask(at, cx);
            return Vec::new();
        }
        let Waiting { chat, sends, .. } = self.waiting.swap_remove(at);
        if sends.is_empty() {
            cx.emit(TabOutput::Unlock { chat });
            return Vec::new();
        }
        self.take(&chat, cx);
        sends.into_iter().map(|(call, send)| (chat.clone(), call, send)).collect()
    }

    /// The lock is another's: unless it is known whose, it may be a frozen tab's.
    fn ask(&mut self, at: usize, cx: &mut TabContext<'_>) {
        let Some(waiting) = self.waiting.get_mut(at) else { return };
        if waiting.sends.is_empty() || self.claims.of_other(&waiting.chat).is_some() {
            return self.refuse(at, cx);
        }
        waiting.stage = Stage::Asking { until_ms: cx.now_ms.saturating_add(ANSWER_MS) };
        self.post(TabWord::Join, "", cx);
    }

    fn refuse(&mut self, at: usize, cx: &mut TabContext<'_>) {
        for (call, send) in self.waiting.swap_remove(at).sends {
            cx.fail(call, send.source, Error::ActiveElsewhere);
        }
    }

    /// Takes back what waits for its turn: it will not be sent. Whether there was such a call.
    pub fn withdraw(&mut self, call: CallId, cx: &mut TabContext<'_>) -> bool {
        let found = self.waiting.iter_mut().find_map(|waiting| waiting.withdraw(call));
        if let Some(source) = found {
            self.forget_unasked();
            cx.fail(call, source, Error::Aborted);
        }
        found.is_some()
    }

    /// Takes back everything that waits for its turn in a chat: its user presses stop (B11).
    pub fn withdraw_all(&mut self, chat: &str, error: &Error, cx: &mut TabContext<'_>) {
        let of_chat = self.waiting.iter_mut().filter(|waiting| waiting.chat == chat);
        for (call, send) in of_chat.flat_map(|waiting| core::mem::take(&mut waiting.sends)) {
            cx.fail(call, send.source, error.clone());
        }
        self.forget_unasked();
    }

    /// Where nobody is left to ask for, only a lock that is asked for is waited for: to let it go.
    fn forget_unasked(&mut self) {
        self.waiting.retain(|waiting| !waiting.sends.is_empty() || waiting.request().is_some());
    }

    /// The chats whose turn this tab has.
    pub fn claimed(&self) -> Vec<String> {
        self.claims.mine().to_vec()
    }

    /// Releases a claim: the chat is over (E2, E5). Before that the other tabs are told how far it was
    /// read (C6).
    pub fn release(&mut self, chat: &str, cursor: Option<String>, cx: &mut TabContext<'_>) {
        if !self.claims.drop_mine(chat) {
            return;
        }
        if let Some(cursor) = cursor {
            let message =
                TabMessage { last_event_id: Some(cursor), ..self.message(TabWord::Session, chat) };
            cx.emit(TabOutput::Post(message));
        }
        // First: whoever hears of the release may ask for the lock at once.
        if self.mode == TabMode::Locks {
            cx.emit(TabOutput::Unlock { chat: chat.to_owned() });
        }
        self.post(TabWord::Release, chat, cx);
        self.tell_dropped(chat.to_owned(), cx);
    }

    /// A message arrived (E5).
    fn hear(&mut self, message: TabMessage, cx: &mut TabContext<'_>) {
        if message.tab == self.id || !message.is_sound() {
            return;
        }
        match message.word {
            TabWord::Claim | TabWord::Heartbeat => self.hear_claim(&message, cx),
            TabWord::Release => {
                if self.claims.released(&message.chat, &message.tab) {
                    cx.emit(TabOutput::ReadOnly { chat: message.chat, read_only: false });
                }
            }
            TabWord::Join => self.heartbeats(cx),
            TabWord::Messages if self.claims.may_show(&message.chat, &message.tab) => {
                cx.emit(TabOutput::Show { chat: message.chat });
            }
            TabWord::Messages | TabWord::Session => {}
        }
    }

    /// Whether a cursor that a message tells may be followed: it must come from whoever has the turn,
    /// or had it last.
    pub fn may_follow(&self, message: &TabMessage) -> bool {
        message.word == TabWord::Session && self.claims.may_show(&message.chat, &message.tab)
    }

    fn hear_claim(&mut self, message: &TabMessage, cx: &mut TabContext<'_>) {
        let was_known = self.claims.of_other(&message.chat).is_some();
        let is_mine = self.claims.is_mine(&message.chat);
        if !self.claims.heard(message, cx.now_ms) {
            return;
        }
        if is_mine {
            // A tab of the published package did not know of ours: it is told once more.
            if message.word == TabWord::Claim && !message.locked && self.mode == TabMode::Locks {
                self.post(TabWord::Claim, &message.chat, cx);
            }
            return;
        }
        if !was_known {
            cx.emit(TabOutput::ReadOnly { chat: message.chat.clone(), read_only: true });
        }
        let asks =
            |waiting: &Waiting| waiting.chat == message.chat && waiting.deadline_ms().is_some();
        if let Some(at) = self.waiting.iter().position(asks) {
            self.refuse(at, cx);
        }
    }

    fn heartbeats(&self, cx: &mut TabContext<'_>) {
        for chat in self.claims.mine() {
            self.post(TabWord::Heartbeat, chat, cx);
        }
    }

    /// Time passed: claims are kept up, others' lapse, silence is an answer.
    pub fn tick(&mut self, cx: &mut TabContext<'_>) {
        if self.claims.is_heartbeat_due(cx.now_ms) {
            self.heartbeats(cx);
        }
        if self.claims.doubts(cx.now_ms) {
            self.post(TabWord::Join, "", cx);
        }
        for chat in self.claims.lapse(cx.now_ms) {
            cx.emit(TabOutput::ReadOnly { chat, read_only: false });
        }
        for waiting in &mut self.waiting {
            if waiting.deadline_ms().is_some_and(|until_ms| cx.now_ms >= until_ms) {
                waiting.stage = Stage::Locking { request: lock(&waiting.chat, true, cx) };
            }
        }
    }
}

fn lock(chat: &str, steal: bool, cx: &mut TabContext<'_>) -> RequestId {
    *cx.last_request = cx.last_request.wrapping_add(1);
    let request = *cx.last_request;
    cx.emit(TabOutput::Lock { chat: chat.to_owned(), request, steal });
    request
}

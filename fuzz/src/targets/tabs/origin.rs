//! The tabs of one origin, their channel, their locks and one clock; and what is asserted of them.

use trigger_chat_transport::io::{
    Outcome, TabAct, TabEvent, TabMessage, TabMode, TabOutput, TabWord,
};
use trigger_chat_transport::{Error, Input, Output};

use super::super::check_trace;
use super::super::server::Server;
use super::tab::{Chat, Tab, hydrate};
use super::{CHATS, forged};

/// As many messages wait for a tab; what comes then is lost.
const INBOX_LIMIT: usize = 16;
/// A tab keeps the claims of so many chats.
const CLAIMS_LIMIT: usize = 1_000;
/// Where nobody does anything, there is an end to what tabs tell each other.
const DELIVERIES_LIMIT: usize = 300;

pub(super) struct Origin {
    pub(super) mode: TabMode,
    pub(super) tabs: Vec<Tab>,
    pub(super) servers: [Server; CHATS.len()],
    /// Who has each chat's lock.
    locks: [Option<usize>; CHATS.len()],
    pub(super) now_ms: u64,
    /// The device's clock was set back.
    pub(super) is_set_back: bool,
    /// So many tabs were opened.
    opened: u32,
}

impl Origin {
    pub(super) fn new(mode: TabMode, tabs: usize) -> Self {
        let mut origin = Self {
            mode,
            tabs: Vec::new(),
            servers: Default::default(),
            locks: Default::default(),
            now_ms: 1_000_000,
            is_set_back: false,
            opened: 0,
        };
        for at in 0..tabs {
            let tab = origin.opened();
            origin.tabs.push(tab);
            origin.begin(at);
        }
        origin
    }

    fn opened(&mut self) -> Tab {
        self.opened += 1;
        Tab::new(self.mode, self.opened)
    }

    fn begin(&mut self, at: usize) {
        for chat in 0..CHATS.len() {
            self.feed(at, hydrate(chat));
        }
        self.happens(at, TabEvent::Opened, "");
    }

    /// A tab is gone without a word: the browser lets its locks go.
    pub(super) fn crash(&mut self, at: usize) {
        for lock in &mut self.locks {
            lock.take_if(|owner| *owner == at);
        }
        let tab = &mut self.tabs[at];
        tab.is_gone = true;
        tab.inbox.clear();
        tab.news.clear();
    }

    /// A page is loaded again.
    pub(super) fn reload(&mut self, at: usize) {
        self.crash(at);
        self.tabs[at] = self.opened();
        self.begin(at);
    }

    pub(super) fn dispose(&mut self, at: usize) {
        self.feed(at, Input::Dispose);
        let tab = &mut self.tabs[at];
        tab.is_disposed = true;
        tab.inbox.clear();
        assert!(tab.calls.all_are_over(), "a call or a stream never ends: {:?}", tab.calls);
        assert_eq!(tab.machine.deadline_ms(), None, "a timer behind dispose");
        let asks =
            |chat: &Chat| chat.read.is_some() || chat.append.is_some() || chat.head_start.is_some();
        assert!(!tab.chats.iter().any(asks), "a request outlives dispose: {:?}", tab.chats);
    }

    pub(super) fn happens(&mut self, at: usize, event: TabEvent, chat: &str) {
        self.feed(at, Input::TabEvent { event, chat: chat.to_owned() });
    }

    /// One input of one tab, and everything that follows in it.
    pub(super) fn feed(&mut self, at: usize, input: Input) {
        let said = match &input {
            Input::TabSays(message) => Some(message.word),
            _ => None,
        };
        let ticks = matches!(input, Input::Tick);
        let tab = &mut self.tabs[at];
        let before = said.map(|_| tab.cursors());
        let outputs = tab.take(self.now_ms, input);
        let is_question = |output: &&Output| {
            matches!(output, Output::Tab(TabOutput { act: TabAct::Post(TabWord::Join), .. }))
        };
        assert!(outputs.iter().filter(is_question).count() <= 1, "the same question twice");
        for output in outputs {
            let tab = &mut self.tabs[at];
            if tab.is_disposed {
                assert!(is_left_to_say(&output), "said behind dispose: {output:?}");
            }
            tab.see(&output);
            match output {
                Output::Tab(output) => {
                    let may_follow = |word| may_follow(word, output.act) || tab.may_end(&output);
                    assert!(said.is_none_or(may_follow), "{output:?}");
                    self.obey(at, output);
                }
                Output::Settle { outcome, .. } => {
                    assert!(said.is_none() || is_refusal(&outcome), "{outcome:?} for a message");
                }
                Output::Close { call } => self.closed(at, call),
                output => assert!(said.is_none(), "{output:?} for a message"),
            }
        }
        let tab = &self.tabs[at];
        assert!(before.is_none_or(|before| before == tab.cursors()), "a message moved a cursor");
        let is_due = |at_ms| at_ms <= self.now_ms;
        assert!(!ticks || !tab.machine.deadline_ms().is_some_and(is_due), "busy");
        self.check(at);
    }

    fn closed(&mut self, at: usize, call: u32) {
        let tab = &mut self.tabs[at];
        let chat = tab.calls.get(call).chat;
        let known = &tab.chats[chat];
        if !known.is_stopped {
            tab.turns.closed(call, &self.servers[chat].log[..known.sent]);
        }
    }

    fn obey(&mut self, at: usize, output: TabOutput) {
        let TabOutput { act, chat, last_event_id } = output;
        let known = CHATS.iter().position(|name| *name == chat);
        match (act, known) {
            (TabAct::Post(word), _) => self.post(at, word, chat, known, last_event_id),
            (TabAct::ReadOnly(read_only), _) => self.is_told_read_only(at, known, read_only),
            (TabAct::Claimed(claimed), Some(chat)) => self.tabs[at].is_told_claim(chat, claimed),
            (TabAct::Lock, Some(chat)) => self.lock(at, chat, false),
            (TabAct::Steal, Some(chat)) => self.lock(at, chat, true),
            (TabAct::Unlock, Some(chat)) => {
                assert_eq!(self.mode, TabMode::Locks);
                self.locks[chat].take_if(|owner| *owner == at);
            }
            (TabAct::Show, _) => {}
            (act, None) => panic!("{act:?} for a chat of which nothing was asked"),
        }
    }

    fn post(
        &mut self,
        at: usize,
        word: TabWord,
        chat: String,
        known: Option<usize>,
        last_event_id: Option<String>,
    ) {
        assert_eq!(word == TabWord::Join, chat.is_empty(), "{word:?} about {chat:?}");
        if word == TabWord::Heartbeat {
            let holds = |chat: &Chat| chat.is_claimed || chat.is_shown;
            let has_turn = known.is_some_and(|chat| holds(&self.tabs[at].chats[chat]));
            assert!(has_turn, "says that it has the turn of {chat:?}");
        }
        if let Some(id) = &last_event_id {
            assert_eq!(word, TabWord::Session);
            let log = &self.servers[known.expect("a chat that was read")].log;
            assert!(id.parse::<usize>().is_ok_and(|seq| seq < log.len()), "nobody read up to {id}");
        }
        let (tab, locked) = (self.tabs[at].name.clone(), self.mode == TabMode::Locks);
        self.tell_others(at, &TabMessage { word, chat, tab, locked, last_event_id });
    }

    pub(super) fn tell_others(&mut self, at: usize, message: &TabMessage) {
        for (other, tab) in self.tabs.iter_mut().enumerate() {
            if other != at && tab.listens() && tab.inbox.len() < INBOX_LIMIT {
                tab.inbox.push_back(message.clone());
            }
        }
    }

    fn is_told_read_only(&mut self, at: usize, chat: Option<usize>, read_only: bool) {
        let tab = &mut self.tabs[at];
        if let Some(chat) = chat {
            let chat = &mut tab.chats[chat];
            assert_ne!(chat.is_read_only, read_only, "told what it knows of another's turn");
            chat.is_read_only = read_only;
        }
        tab.read_only_chats = match read_only {
            true => tab.read_only_chats + 1,
            false => tab.read_only_chats - 1,
        };
        // Those that were this tab's own once are kept in any case.
        let most = CLAIMS_LIMIT + CHATS.len();
        assert!(tab.read_only_chats <= most, "claims of more chats than anybody has open");
    }

    /// It is decided at once who has a lock; the news may take their time.
    fn lock(&mut self, at: usize, chat: usize, steals: bool) {
        assert_eq!(self.mode, TabMode::Locks);
        assert_ne!(self.locks[chat], Some(at), "asks for what it has");
        let answers = [TabEvent::Locked, TabEvent::Refused];
        assert!(!self.tabs[at].awaits(chat, &answers), "asks for a lock twice");
        let owner = self.locks[chat];
        let event = if steals || owner.is_none() { TabEvent::Locked } else { TabEvent::Refused };
        if event == TabEvent::Locked {
            self.locks[chat] = Some(at);
            if let Some(owner) = owner {
                self.tabs[owner].news.push_back((TabEvent::Stolen, chat));
            }
        }
        self.tabs[at].news.push_back((event, chat));
    }

    /// What holds of every chat behind every input of a tab.
    fn check(&self, at: usize) {
        for (chat, lock) in self.locks.iter().enumerate() {
            let tab = &self.tabs[at];
            let known = &tab.chats[chat];
            assert!(!(known.is_claimed && known.is_read_only), "its turn and another's");
            if self.mode != TabMode::Locks {
                continue;
            }
            let holds = *lock == Some(at) || tab.awaits(chat, &[TabEvent::Stolen]);
            assert!(holds || !known.is_claimed, "its turn without the lock");
            if let Some(owner) = lock {
                let owner = &self.tabs[*owner];
                let is_used = owner.chats[chat].is_claimed || owner.chats[chat].is_shown;
                assert!(is_used || owner.awaits(chat, &[TabEvent::Locked]), "locked for nothing");
            }
        }
    }

    /// The next message reaches a tab.
    pub(super) fn hear_next(&mut self, at: usize) -> bool {
        let next = self.tabs[at].inbox.pop_front();
        if let Some(message) = next {
            self.feed(at, Input::TabSays(message));
            return true;
        }
        false
    }

    pub(super) fn hear_all(&mut self, at: usize, messages: impl Iterator<Item = TabMessage>) {
        for message in messages {
            self.feed(at, Input::TabSays(message));
        }
    }

    /// A tab is heard of a chat of which nothing was said before, whatever else was said.
    pub(super) fn hear_newcomer(&mut self, at: usize) {
        let tab = &self.tabs[at];
        if tab.runs() && tab.listens() {
            let before = tab.read_only_chats;
            self.hear_all(at, [forged::newcomer()].into_iter());
            assert_eq!(self.tabs[at].read_only_chats, before + 1, "a newcomer is not heard");
        }
    }

    /// The next news of a lock reach a tab.
    pub(super) fn learn_next(&mut self, at: usize) -> bool {
        let next = self.tabs[at].news.pop_front();
        if let Some((event, chat)) = next {
            self.happens(at, event, CHATS[chat]);
            return true;
        }
        false
    }

    /// Everything that is on its way arrives, and what follows from it.
    pub(super) fn settle(&mut self) {
        let mut deliveries = 0;
        while (0..self.tabs.len())
            .any(|at| self.tabs[at].runs() && (self.learn_next(at) || self.hear_next(at)))
        {
            deliveries += 1;
            assert!(deliveries <= DELIVERIES_LIMIT, "tabs never fall silent");
        }
    }

    /// Time passes, and every timer comes.
    pub(super) fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        for at in 0..self.tabs.len() {
            if self.tabs[at].runs() {
                self.feed(at, Input::Tick);
            }
        }
    }

    /// Nobody keeps a claim up: it lapses, whoever made it.
    pub(super) fn lapse(&mut self) {
        if self.is_set_back {
            // For them, time goes on only when they have learned what time it is.
            self.pass(0);
        }
        self.pass(9_000);
        self.pass(1_000);
        for tab in self.tabs.iter().filter(|tab| tab.runs() && tab.listens()) {
            assert_eq!(tab.read_only_chats, 0, "a claim that nobody keeps up does not lapse");
        }
    }

    /// Every tab is disposed, and the last news of the locks reach it.
    pub(super) fn end(&mut self, reads_traces: bool) {
        for at in 0..self.tabs.len() {
            if self.tabs[at].listens() {
                self.dispose(at);
            }
            while self.learn_next(at) {}
            if reads_traces {
                check_trace(self.tabs[at].machine.trace());
            }
        }
        assert_eq!(self.locks, [None; CHATS.len()], "a lock outlives dispose");
    }
}

/// What may still be said behind `dispose`.
fn is_left_to_say(output: &Output) -> bool {
    match output {
        Output::Settle { .. } => true,
        Output::Tab(output) => output.act == TabAct::Unlock,
        _ => false,
    }
}

fn is_release(word: TabWord) -> bool {
    matches!(word, TabWord::Release | TabWord::Unfinished | TabWord::Left)
}

/// What a message may lead to: nothing is let go for what anybody says.
fn may_follow(word: TabWord, act: TabAct) -> bool {
    match act {
        TabAct::Post(TabWord::Claim) => word == TabWord::Claim || is_release(word),
        TabAct::Post(TabWord::Heartbeat) => word == TabWord::Join,
        TabAct::ReadOnly(true) => matches!(word, TabWord::Claim | TabWord::Heartbeat),
        TabAct::ReadOnly(false) => is_release(word),
        // A turn that is read is this tab's as soon as it is nobody's.
        TabAct::Claimed(true) | TabAct::Lock => is_release(word),
        TabAct::Show => word == TabWord::Messages,
        _ => false,
    }
}

/// What a call that waits for its turn is told when another tab says that it has it.
fn is_refusal(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(Error::ActiveElsewhere) | Outcome::Accepted(false))
}

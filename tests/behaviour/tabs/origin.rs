//! The tabs of one origin: their channel, their locks, and one clock. A frozen tab gets nothing until
//! it goes on; what was posted in the meantime reaches it then.

use std::collections::BTreeMap;

use trigger_chat_transport::io::{TabAct, TabEvent, TabMessage, TabMode, TabOutput, TabWord};
use trigger_chat_transport::{Input, Output};

use crate::world::{CHAT, World, session};

pub(super) struct Origin {
    pub(super) tabs: Vec<World>,
    mode: TabMode,
    /// How many outputs of each tab were obeyed.
    obeyed: Vec<usize>,
    /// What waits for a tab that is frozen, or whose messages are held back.
    held: BTreeMap<usize, Vec<Input>>,
    /// Who has each chat's lock.
    locks: BTreeMap<String, usize>,
    pub(super) posted: Vec<TabMessage>,
}

impl Origin {
    /// An origin with so many tabs, each of which knows the chat's session.
    pub(super) fn with(tabs: usize, mode: TabMode) -> Self {
        let mut origin = Self {
            tabs: Vec::new(),
            mode,
            obeyed: Vec::new(),
            held: BTreeMap::new(),
            locks: BTreeMap::new(),
            posted: Vec::new(),
        };
        for _ in 0..tabs {
            origin.open();
        }
        origin
    }

    /// Opens one more tab.
    pub(super) fn open(&mut self) -> usize {
        let number = self.tabs.len();
        let mut world = World::tab(self.mode, number as u64);
        world.now_ms = self.tabs.first().map_or(1_000_000, |tab| tab.now_ms);
        world.hydrate(session());
        self.tabs.push(world);
        self.obeyed.push(0);
        self.happens(number, TabEvent::Opened);
        number
    }

    pub(super) fn feed(&mut self, tab: usize, input: Input) {
        match self.held.get_mut(&tab) {
            Some(held) => held.push(input),
            None => self.tabs[tab].feed(input),
        }
        self.obey();
    }

    /// Something happens to the channel, or to the chat's lock.
    pub(super) fn happens(&mut self, tab: usize, event: TabEvent) {
        self.feed(tab, Input::TabEvent { event, chat: CHAT.into() });
    }

    /// Obeys what the tabs have asked for, until there is no more.
    pub(super) fn obey(&mut self) {
        while let Some((tab, act, chat, last_event_id)) = self.next() {
            let event = match act {
                TabAct::Post(word) => {
                    self.post(tab, word, chat, last_event_id);
                    continue;
                }
                TabAct::Unlock => {
                    if self.locks.get(&chat) == Some(&tab) {
                        self.locks.remove(&chat);
                    }
                    continue;
                }
                TabAct::Lock if self.locks.contains_key(&chat) => TabEvent::Refused,
                TabAct::Lock | TabAct::Steal => {
                    if let Some(owner) = self.locks.insert(chat.clone(), tab) {
                        let (event, chat) = (TabEvent::Stolen, chat.clone());
                        self.feed(owner, Input::TabEvent { event, chat });
                    }
                    TabEvent::Locked
                }
                TabAct::ReadOnly(_) | TabAct::Claimed(_) | TabAct::Show => continue,
            };
            self.feed(tab, Input::TabEvent { event, chat });
        }
    }

    fn post(&mut self, tab: usize, word: TabWord, chat: String, last_event_id: Option<String>) {
        let locked = self.mode == TabMode::Locks;
        let message = TabMessage { word, chat, tab: format!("tab {tab}"), locked, last_event_id };
        self.posted.push(message.clone());
        for other in (0..self.tabs.len()).filter(|other| *other != tab) {
            self.feed(other, Input::TabSays(message.clone()));
        }
    }

    fn next(&mut self) -> Option<(usize, TabAct, String, Option<String>)> {
        for tab in 0..self.tabs.len() {
            while let Some(output) = self.tabs[tab].outputs.get(self.obeyed[tab]) {
                self.obeyed[tab] += 1;
                if let Output::Tab(TabOutput { act, chat, last_event_id }) = output {
                    return Some((tab, *act, chat.clone(), last_event_id.clone()));
                }
            }
        }
        None
    }

    /// Lets time pass for every tab that is not frozen, each timer at its time.
    pub(super) fn pass(&mut self, ms: u64) {
        self.pass_but(None, ms);
    }

    /// The timers of a tab are held back: it hears messages, but no tick.
    pub(super) fn pass_without(&mut self, held_back: usize, ms: u64) {
        self.pass_but(Some(held_back), ms);
    }

    fn pass_but(&mut self, held_back: Option<usize>, ms: u64) {
        let end_ms = self.tabs[0].now_ms + ms;
        loop {
            let runs = |tab: usize| !self.held.contains_key(&tab) && held_back != Some(tab);
            let due = |tab: usize| self.tabs[tab].due_ms().filter(|_| runs(tab));
            let next = (0..self.tabs.len()).filter_map(|tab| Some((due(tab)?, tab))).min();
            let Some((at_ms, tab)) = next.filter(|(at_ms, _)| *at_ms <= end_ms) else { break };
            self.set_clock(at_ms.max(self.tabs[0].now_ms));
            self.tabs[tab].feed(Input::Tick);
            self.obey();
        }
        self.set_clock(end_ms);
    }

    fn set_clock(&mut self, now_ms: u64) {
        for tab in &mut self.tabs {
            tab.now_ms = now_ms;
        }
    }

    /// A tab is frozen, or hears nothing for another reason.
    pub(super) fn freeze(&mut self, tab: usize) {
        self.held.insert(tab, Vec::new());
    }

    /// What was posted to a tab so far is lost, and it hears what comes.
    pub(super) fn forget_held(&mut self, tab: usize) {
        self.held.remove(&tab);
    }

    pub(super) fn thaw(&mut self, tab: usize) {
        for input in self.held.remove(&tab).unwrap_or_default() {
            self.feed(tab, input);
        }
    }

    /// A tab is gone without a word; the browser lets its locks go.
    pub(super) fn crash(&mut self, tab: usize) {
        self.freeze(tab);
        self.locks.retain(|_, owner| *owner != tab);
    }

    /// Something that another program on the channel says of the chat.
    pub(super) fn say(&mut self, tab: usize, word: TabWord, from: &str) {
        self.feed(tab, Input::TabSays(told(word, from)));
    }

    /// A tab sends a message, and obeys what follows.
    pub(super) fn submit(&mut self, tab: usize) -> u32 {
        let call = self.tabs[tab].submit();
        self.obey();
        call
    }

    /// A tab sends the chat's first message, and has shown the first word of its answer.
    pub(super) fn begin_turn(&mut self, tab: usize) -> u32 {
        let call = self.submit(tab);
        let world = &mut self.tabs[tab];
        world.acknowledge(0);
        world.open();
        world.records(&[crate::world::data(0, "a")]);
        call
    }

    /// The answer to a tab's message, which the server wrote at `seq`.
    pub(super) fn answer(&mut self, tab: usize, seq: u64) {
        let world = &mut self.tabs[tab];
        world.acknowledge(seq);
        world.open();
        let last = world.cursors().last().copied().flatten();
        let from = last.map_or(0, |cursor| cursor.parse::<u64>().expect("a number") + 1);
        world.records(&[crate::world::data(from, "a"), crate::world::complete(from + 1, seq)]);
        self.obey();
    }

    pub(super) fn appends(&self, tab: usize) -> usize {
        self.tabs[tab].count(|output| matches!(output, Output::Append { .. }))
    }

    /// Whether a tab was told that it may not send.
    pub(super) fn is_read_only(&self, tab: usize) -> bool {
        self.last_told(tab, |act| match act {
            TabAct::ReadOnly(read_only) => Some(read_only),
            _ => None,
        })
    }

    /// Whether a tab was told that it has the turn.
    pub(super) fn has_claim(&self, tab: usize) -> bool {
        self.last_told(tab, |act| match act {
            TabAct::Claimed(claimed) => Some(claimed),
            _ => None,
        })
    }

    fn last_told(&self, tab: usize, told: impl Fn(TabAct) -> Option<bool>) -> bool {
        let acts = self.tabs[tab].outputs.iter().rev().filter_map(|output| match output {
            Output::Tab(TabOutput { act, .. }) => Some(*act),
            _ => None,
        });
        acts.filter_map(told).next().unwrap_or(false)
    }
}

/// A message as the published package posts it.
pub(super) fn told(word: TabWord, tab: &str) -> TabMessage {
    let (chat, tab) = (CHAT.to_owned(), tab.to_owned());
    TabMessage { word, chat, tab, locked: false, last_event_id: None }
}

//! The tabs of one origin: their channel, their locks, and one clock. A frozen tab gets nothing until
//! it goes on; what was posted in the meantime reaches it then.

use std::collections::BTreeMap;

use trigger_chat_transport::io::{TabInput, TabMessage, TabMode, TabOutput, TabWord};
use trigger_chat_transport::{Input, Output};

use crate::world::{CHAT, World, session};

pub(super) struct Origin {
    pub(super) tabs: Vec<World>,
    mode: TabMode,
    /// How many outputs of each tab were obeyed.
    obeyed: Vec<usize>,
    /// What waits for a tab that is frozen, or whose messages are held back.
    held: BTreeMap<usize, Vec<TabInput>>,
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
        self.feed(number, TabInput::Opened);
        number
    }

    pub(super) fn feed(&mut self, tab: usize, input: TabInput) {
        match self.held.get_mut(&tab) {
            Some(held) => held.push(input),
            None => self.tabs[tab].feed(Input::Tab(input)),
        }
        self.obey();
    }

    /// Obeys what the tabs have asked for, until there is no more.
    pub(super) fn obey(&mut self) {
        while let Some((tab, output)) = self.next() {
            match output {
                TabOutput::Post(message) => {
                    self.posted.push(message.clone());
                    for other in (0..self.tabs.len()).filter(|other| *other != tab) {
                        self.feed(other, TabInput::Message(message.clone()));
                    }
                }
                TabOutput::Lock { chat, request, steal } => {
                    let owner = self.locks.get(&chat).copied();
                    let granted = steal || owner.is_none();
                    if granted {
                        self.locks.insert(chat.clone(), tab);
                        if let Some(owner) = owner {
                            self.feed(owner, TabInput::LockLost { chat });
                        }
                    }
                    self.feed(tab, TabInput::Locked { request, granted });
                }
                TabOutput::Unlock { chat } => {
                    if self.locks.get(&chat) == Some(&tab) {
                        self.locks.remove(&chat);
                    }
                }
                TabOutput::ReadOnly { .. } | TabOutput::Claimed { .. } | TabOutput::Show { .. } => {
                }
            }
        }
    }

    fn next(&mut self) -> Option<(usize, TabOutput)> {
        for tab in 0..self.tabs.len() {
            while let Some(output) = self.tabs[tab].outputs.get(self.obeyed[tab]) {
                self.obeyed[tab] += 1;
                if let Output::Tab(output) = output {
                    let copy = match output {
                        TabOutput::Post(message) => TabOutput::Post(message.clone()),
                        TabOutput::Lock { chat, request, steal } => {
                            TabOutput::Lock { chat: chat.clone(), request: *request, steal: *steal }
                        }
                        TabOutput::Unlock { chat } => TabOutput::Unlock { chat: chat.clone() },
                        _ => continue,
                    };
                    return Some((tab, copy));
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
        self.feed(tab, TabInput::Message(told(word, from)));
    }

    /// A tab sends a message, and obeys what follows.
    pub(super) fn submit(&mut self, tab: usize) -> u32 {
        let call = self.tabs[tab].submit();
        self.obey();
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
        let told = self.tabs[tab].outputs.iter().rev().find_map(|output| match output {
            Output::Tab(TabOutput::ReadOnly { read_only, .. }) => Some(*read_only),
            _ => None,
        });
        told.unwrap_or(false)
    }

    /// Whether a tab was told that it has the turn.
    pub(super) fn has_claim(&self, tab: usize) -> bool {
        let told = self.tabs[tab].outputs.iter().rev().find_map(|output| match output {
            Output::Tab(TabOutput::Claimed { claimed, .. }) => Some(*claimed),
            _ => None,
        });
        told.unwrap_or(false)
    }
}

/// A message as the published package posts it.
pub(super) fn told(word: TabWord, tab: &str) -> TabMessage {
    let (chat, tab) = (CHAT.to_owned(), tab.to_owned());
    TabMessage { word, chat, tab, locked: false, last_event_id: None }
}

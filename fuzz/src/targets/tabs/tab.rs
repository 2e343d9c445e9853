//! One tab: its machine, and what its page knows.

use std::collections::VecDeque;

use trigger_chat_transport::io::{
    Body, CallId, ChatInput, Outcome, Output, PersistedSession, RequestId, Send, SendSource,
    TabAct, TabEvent, TabMessage, TabMode, TabOutput, TabWord,
};
use trigger_chat_transport::{Config, Error, Input, Machine, Secret};

use super::super::calls::Calls;
use super::super::print_trace;
use super::super::server::Read;
use super::CHATS;
use super::turns::Turns;

/// What the page knows of one chat.
#[derive(Debug, Default)]
pub(super) struct Chat {
    pub(super) append: Option<(RequestId, Body)>,
    pub(super) head_start: Option<(RequestId, CallId)>,
    pub(super) read: Option<Read>,
    /// Of the log, its last subscription was sent what lies before this place.
    pub(super) sent: usize,
    /// Something was stopped: what is shown of an answer cannot be told from outside.
    pub(super) is_stopped: bool,
    /// It was told that it has the turn, and that another tab has it.
    pub(super) is_claimed: bool,
    pub(super) is_read_only: bool,
    /// It has shown the others what it shows: its turn may be kept for a moment behind its end.
    pub(super) is_shown: bool,
    /// The last step in which it had the turn.
    claimed_in: Option<u32>,
}

pub(super) struct Tab {
    pub(super) machine: Machine,
    /// As it signs its messages.
    pub(super) name: String,
    pub(super) is_frozen: bool,
    pub(super) is_disposed: bool,
    /// It crashed: nobody tells it anything any more.
    pub(super) is_gone: bool,
    /// What is on its way to it: from the channel, and from the locks, about a chat's.
    pub(super) inbox: VecDeque<TabMessage>,
    pub(super) news: VecDeque<(TabEvent, usize)>,
    pub(super) chats: [Chat; CHATS.len()],
    pub(super) calls: Calls,
    pub(super) turns: Turns,
    /// Of each call, what it sends, and in which step it was made.
    sends: Vec<(SendSource, u32)>,
    step: u32,
    /// For so many chats it was told that another tab has the turn.
    pub(super) read_only_chats: usize,
}

impl Drop for Tab {
    /// A failure shows what led to it.
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("tab {}", self.name);
            print_trace(&self.machine.trace().render());
        }
    }
}

impl Tab {
    pub(super) fn new(mode: TabMode, number: u32) -> Self {
        Self {
            machine: Machine::new(Config { watch: false, tabs: mode, seed: number.into() }),
            name: format!("tab {number}"),
            is_frozen: false,
            is_disposed: false,
            is_gone: false,
            inbox: VecDeque::new(),
            news: VecDeque::new(),
            chats: Default::default(),
            calls: Calls::default(),
            turns: Turns::default(),
            sends: Vec::new(),
            step: 0,
            read_only_chats: 0,
        }
    }

    /// Whether it can do anything.
    pub(super) fn runs(&self) -> bool {
        !self.is_frozen && !self.is_gone
    }

    /// Whether it hears what is posted.
    pub(super) fn listens(&self) -> bool {
        !self.is_disposed && !self.is_gone
    }

    /// Where its readers stand.
    pub(super) fn cursors(&self) -> [Option<String>; CHATS.len()] {
        CHATS.map(|chat| self.machine.connection(chat).last_event_id)
    }

    /// Whether such news of a chat's lock are on their way to it.
    pub(super) fn awaits(&self, chat: usize, wanted: &[TabEvent]) -> bool {
        self.news.iter().any(|(event, of)| *of == chat && wanted.contains(event))
    }

    /// One input; what the machine asks for.
    pub(super) fn take(&mut self, now_ms: u64, input: Input) -> Vec<Output> {
        self.step += 1;
        for chat in self.chats.iter_mut().filter(|chat| chat.is_claimed) {
            chat.claimed_in = Some(self.step);
        }
        self.machine.handle(now_ms, input);
        self.machine.drain()
    }

    /// The input of a call that sends something.
    pub(super) fn send(&mut self, chat: usize, source: SendSource, body_bytes: u64) -> Input {
        let call = self.calls.begin(chat, source == SendSource::HeadStart);
        self.sends.push((source, self.step + 1));
        self.chats[chat].is_stopped |= source == SendSource::Stop;
        let send = Send { source, message_id: None, body_bytes, escaped_body_bytes: body_bytes };
        input_of(chat, ChatInput::Send { call, send })
    }

    /// The input of a call that follows a turn.
    pub(super) fn reconnect(&mut self, chat: usize) -> Input {
        let call = self.calls.begin(chat, false);
        self.sends.push((SendSource::Steer, self.step + 1));
        input_of(chat, ChatInput::Reconnect { call, stop_on_abort: true })
    }

    /// Whether an answer is read for what a call sends.
    pub(super) fn has_answer(&self, call: CallId) -> bool {
        self.sends[call as usize].0.has_answer()
    }

    pub(super) fn is_told_claim(&mut self, chat: usize, claimed: bool) {
        let step = self.step;
        let chat = &mut self.chats[chat];
        assert_ne!(chat.is_claimed, claimed, "told what it knows of its turn");
        chat.is_claimed = claimed;
        chat.claimed_in = Some(step);
    }

    /// Whether it gives a claim back that was kept for a moment, whatever it was told meanwhile.
    pub(super) fn may_end(&self, TabOutput { act, chat, .. }: &TabOutput) -> bool {
        let is_end = match act {
            TabAct::Post(word) => {
                matches!(word, TabWord::Session | TabWord::Release | TabWord::Unfinished)
            }
            act => *act == TabAct::Unlock,
        };
        let known = CHATS.iter().position(|name| name == chat);
        is_end && known.is_some_and(|chat| self.chats[chat].is_shown)
    }

    /// Whether it had a chat's turn at any time since a call was made.
    fn had_turn(&self, chat: usize, call: CallId) -> bool {
        self.chats[chat].claimed_in >= Some(self.sends[call as usize].1)
    }

    /// Sees what the machine asks for, but for what lies between tabs.
    pub(super) fn see(&mut self, output: &Output) {
        self.calls.see(output);
        match output {
            Output::Append { chat, request, body, .. } => {
                let chat = number(chat);
                if let Body::Of(call) = body
                    && self.has_answer(*call)
                {
                    assert!(self.had_turn(chat, *call), "sent without the turn");
                }
                self.chats[chat].append = Some((*request, *body));
            }
            Output::HeadStart { chat, request, call } => {
                let chat = number(chat);
                assert!(self.had_turn(chat, *call), "sent without the turn");
                self.chats[chat].head_start = Some((*request, *call));
            }
            Output::Connect { chat, request, last_event_id, call, .. } => {
                let next = last_event_id.as_deref().map_or(0, |id| id.parse().unwrap_or(0) + 1);
                self.turns.connected(*call, next);
                let read = Read { request: *request, is_open: false, next, is_head_start: false };
                let chat = &mut self.chats[number(chat)];
                (chat.read, chat.sent) = (Some(read), next);
            }
            Output::Disconnect { request } => self.disconnected(*request),
            Output::Settle { call, outcome } => self.settled(*call, outcome),
            Output::Chunks { call, chunks } => self.turns.shown(*call, chunks),
            _ => {}
        }
    }

    fn settled(&mut self, call: CallId, outcome: &Outcome) {
        let chat = &mut self.chats[self.calls.get(call).chat];
        match outcome {
            Outcome::Stream { .. } => {
                // From here on the answer of a head start is a read like any other.
                if let Some((request, _)) = chat.head_start.take_if(|(_, of)| *of == call) {
                    chat.read = Some(Read { request, is_open: true, next: 0, is_head_start: true });
                }
            }
            Outcome::Failed(Error::ActiveElsewhere) => {
                assert!(chat.is_read_only, "refused, and nobody else is known to have the turn");
            }
            _ => {}
        }
    }

    fn disconnected(&mut self, request: RequestId) {
        for chat in &mut self.chats {
            chat.read.take_if(|read| read.request == request);
            chat.append.take_if(|(append, _)| *append == request);
            chat.head_start.take_if(|(head_start, _)| *head_start == request);
        }
    }
}

/// What concerns one chat.
pub(super) fn input_of(chat: usize, input: ChatInput) -> Input {
    Input::Chat { chat: CHATS[chat].into(), input }
}

/// A session that is ready to send.
pub(super) fn hydrate(chat: usize) -> Input {
    let state = PersistedSession {
        token: Secret::new("canary"),
        last_event_id: None,
        active_input_seq: None,
        is_streaming: Some(false),
        closed: None,
        closed_reason: None,
    };
    input_of(chat, ChatInput::Hydrate { state, notify: false })
}

fn number(chat: &str) -> usize {
    CHATS.iter().position(|name| *name == chat).expect("a chat that was named")
}

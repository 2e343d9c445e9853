//! The world around the machine, and the properties that it asserts of every step.

use trigger_chat_transport::io::{
    CallId, ChatInput, ConnectionState, Event, Outcome, Output, PersistedSession, RequestId,
    TabMode,
};
use trigger_chat_transport::trace::Trace;
use trigger_chat_transport::wire::Cursor;
use trigger_chat_transport::{Config, Input, Machine, Secret};

use super::super::calls::Calls;
use super::super::print_trace;
use super::super::server::{Entry, Read, Server};

pub(super) const CHATS: [&str; 2] = ["a", "b"];

/// What the world knows of one chat.
#[derive(Debug, Default)]
pub(super) struct Chat {
    pub(super) server: Server,
    pub(super) read: Option<Read>,
    pub(super) append: Option<RequestId>,
    pub(super) head_start: Option<(RequestId, CallId)>,
    pub(super) starting: Vec<RequestId>,
    pub(super) minting: Vec<RequestId>,
    /// Something was stopped: what the gate holds back cannot be told from outside.
    pub(super) stopped: bool,
    /// The beginning of a turn was shown, and not its end.
    begun: bool,
    /// An append was acknowledged in such a turn: its rest is held back, and so may be what follows.
    left: bool,
    /// A cursor was told while something was under way: it need not be that of the log.
    told_otherwise: bool,
    /// The cursor behind the last step.
    cursor: Option<u64>,
    /// The furthest that it has been.
    furthest: Option<u64>,
}

pub(super) struct World {
    machine: Machine,
    pub(super) now_ms: u64,
    pub(super) chats: [Chat; 2],
    pub(super) calls: Calls,
    disposed: bool,
    /// The newest request number that was seen.
    pub(super) newest: RequestId,
}

impl Drop for World {
    /// A failure shows what led to it.
    fn drop(&mut self) {
        if std::thread::panicking() {
            print_trace(&self.trace().render());
        }
    }
}

/// What a step may do to the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moves {
    /// Nothing.
    Not,
    /// Back: a turn is read again, or a session is new.
    Back,
    /// Back; or forward again, to where it was when an append first left that is acknowledged only now. A
    /// call that was superseded meanwhile had moved it back.
    BackOrAgain,
    /// Forward over what is delivered.
    Forward,
    /// Anywhere: the application, or the answer of a head start, says so.
    Anywhere,
}

impl World {
    pub(super) fn new(watch: bool) -> Self {
        let mut world = Self {
            machine: Machine::new(Config { watch, tabs: TabMode::Alone, seed: 1 }),
            now_ms: 1_000_000,
            chats: Default::default(),
            calls: Calls::default(),
            disposed: false,
            newest: 0,
        };
        // Most runs are to get somewhere.
        world.tell(0, Moves::Anywhere, ChatInput::Hydrate { state: state(), notify: false });
        world
    }

    pub(super) fn trace(&self) -> &Trace {
        self.machine.trace()
    }

    /// The application, or the answer of a head start, says where the chat stands, whatever was read. A
    /// reader that is there stays where it was.
    pub(super) fn cursor_is_told(&mut self, chat: usize) {
        let is_idle = self.machine.connection(CHATS[chat]).state == ConnectionState::Idle;
        self.chats[chat].told_otherwise |= !is_idle;
    }

    pub(super) fn deadline_ms(&self) -> Option<u64> {
        self.machine.deadline_ms()
    }

    pub(super) fn tell(&mut self, chat: usize, moves: Moves, input: ChatInput) {
        let before = self.chats[chat].cursor;
        if matches!(input, ChatInput::Appended { .. }) {
            self.chats[chat].left = self.chats[chat].begun;
        }
        let chunks = self.feed(Input::Chat { chat: CHATS[chat].into(), input });
        self.check_cursor(chat, moves, before, &chunks);
    }

    /// What concerns every chat.
    pub(super) fn tell_all(&mut self, input: Input) {
        let before = [self.chats[0].cursor, self.chats[1].cursor];
        self.feed(input);
        for (chat, before) in before.into_iter().enumerate() {
            self.check_cursor(chat, Moves::Not, before, &[]);
        }
    }

    /// For chats that cannot be named: nothing but a refusal may come of it.
    pub(super) fn tell_nobody(&mut self, chat: &str, input: ChatInput) {
        self.feed(Input::Chat { chat: chat.into(), input });
    }

    /// One input, and everything that it leads to; the chunks of logs among it.
    fn feed(&mut self, input: Input) -> Vec<u64> {
        self.machine.handle(self.now_ms, input);
        let mut chunks = Vec::new();
        for output in self.machine.drain() {
            self.calls.see(&output);
            match &output {
                Output::Chunks { call, chunks: texts } => {
                    self.chats[self.calls.get(*call).chat].begun = true;
                    if !self.calls.get(*call).is_head_start {
                        chunks.extend(texts.iter().map(|text| text.parse::<u64>().unwrap_or(0)));
                    }
                }
                _ => self.obey(&output),
            }
        }
        if self.disposed {
            assert_eq!(self.machine.deadline_ms(), None, "a timer behind dispose");
        }
        chunks
    }

    fn obey(&mut self, output: &Output) {
        match output {
            Output::Connect { chat, request, last_event_id, .. } => {
                let next = last_event_id.as_deref().map_or(0, |id| id.parse().unwrap_or(0) + 1);
                let chat = self.asked(chat, *request);
                assert!(chat.read.is_none(), "two reads of one chat");
                chat.read =
                    Some(Read { request: *request, is_open: false, next, is_head_start: false });
            }
            Output::Append { chat, request, body, .. } => {
                let chat = self.asked(chat, *request);
                assert!(chat.append.is_none() && chat.head_start.is_none(), "two appends at once");
                chat.append = Some(*request);
                chat.stopped |= *body == trigger_chat_transport::io::Body::Stop;
            }
            Output::HeadStart { chat, request, call } => {
                let chat = self.asked(chat, *request);
                assert!(chat.append.is_none() && chat.head_start.is_none(), "two appends at once");
                chat.head_start = Some((*request, *call));
            }
            Output::StartSession { chat, request } => {
                self.asked(chat, *request).starting.push(*request);
            }
            Output::MintToken { chat, request } => {
                self.asked(chat, *request).minting.push(*request)
            }
            Output::Disconnect { request } => self.disconnected(*request),
            Output::Event { chat, event: Event::TurnCompleted { .. }, .. } => {
                self.chats[number(chat)].begun = false;
            }
            Output::Settle { call, outcome: Outcome::Stream { .. } } => {
                let chat = self.calls.get(*call).chat;
                let chat = &mut self.chats[chat];
                // From here on the answer of a head start is a read like any other.
                if let Some((request, _)) = chat.head_start.take_if(|(_, of)| of == call) {
                    assert!(chat.read.is_none(), "two reads of one chat");
                    chat.read = Some(Read { request, is_open: true, next: 0, is_head_start: true });
                }
            }
            _ => {}
        }
    }

    /// The chat for which something new is asked of the world.
    fn asked(&mut self, chat: &str, request: RequestId) -> &mut Chat {
        assert!(!self.disposed, "a request behind dispose");
        assert!(request > self.newest, "request numbers grow");
        self.newest = request;
        &mut self.chats[number(chat)]
    }

    fn disconnected(&mut self, request: RequestId) {
        for chat in &mut self.chats {
            chat.read.take_if(|read| read.request == request);
            chat.append.take_if(|append| *append == request);
            chat.head_start.take_if(|(head_start, _)| *head_start == request);
        }
    }

    /// P2, for one step of one chat.
    fn check_cursor(&mut self, at: usize, moves: Moves, before: Option<u64>, chunks: &[u64]) {
        let text = self.machine.connection(CHATS[at]).last_event_id;
        let after = match text.as_deref().and_then(Cursor::parse) {
            Some(Cursor::Seq(seq)) => Some(seq),
            _ => None,
        };
        let chat = &mut self.chats[at];
        chat.cursor = after;
        chat.furthest = chat.furthest.max(before);
        if self.disposed {
            return;
        }
        match moves {
            Moves::Not => assert_eq!(after, before, "the cursor moved"),
            // A turn that the application says began elsewhere is read from there.
            Moves::Back | Moves::BackOrAgain if chat.told_otherwise => {}
            Moves::Back => assert!(after <= before, "from {before:?} to {after:?}"),
            Moves::BackOrAgain => assert!(after <= chat.furthest, "from {before:?} to {after:?}"),
            Moves::Forward => {
                assert!(after >= before, "back from {before:?} to {after:?}");
                chat.check_delivered(before, after, chunks);
            }
            Moves::Anywhere => {}
        }
    }

    pub(super) fn dispose(&mut self) {
        self.disposed = true;
        self.feed(Input::Dispose);
        assert!(self.calls.all_are_over(), "a call or a stream never ends: {:?}", self.calls);
        let none_is_open = self
            .chats
            .iter()
            .all(|chat| chat.read.is_none() && chat.append.is_none() && chat.head_start.is_none());
        assert!(none_is_open, "a request outlives dispose: {:?}", self.chats);
    }
}

impl Chat {
    /// Everything between the cursors was delivered in this step, in order.
    fn check_delivered(&self, before: Option<u64>, after: Option<u64>, chunks: &[u64]) {
        if self.stopped || self.left || self.told_otherwise {
            return;
        }
        let first = before.map_or(0, |seq| seq as usize + 1);
        let behind = after.map_or(0, |seq| seq as usize + 1);
        let passed = self.server.log.get(first..behind).unwrap_or_default();
        let mut delivered = chunks.iter();
        for (entry, seq) in passed.iter().zip(first as u64..) {
            let Entry::Data { part } = entry else { continue };
            // A part that the agent wrote twice may have been delivered before.
            if *part == seq as usize || delivered.as_slice().first() == Some(&seq) {
                assert_eq!(delivered.next(), Some(&seq), "the cursor passed it");
            }
        }
        assert_eq!(delivered.next(), None, "more than the cursor passed");
    }
}

fn number(chat: &str) -> usize {
    CHATS.iter().position(|name| *name == chat).expect("a chat that was named")
}

/// A session that is ready to send.
pub(super) fn state() -> PersistedSession {
    PersistedSession {
        token: Secret::new("canary"),
        last_event_id: None,
        active_input_seq: None,
        is_streaming: Some(false),
        closed: None,
        closed_reason: None,
    }
}

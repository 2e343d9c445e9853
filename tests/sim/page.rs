//! One page with its machine, driven as the browser layer drives it: one input in, every output out,
//! one timer. Bodies are read as fast as the consumer of their call takes chunks.

use std::collections::{BTreeMap, VecDeque};

use trigger_chat_transport::error::Cause;
use trigger_chat_transport::io::{
    AppendOutcome, CallId, ChatInput, PersistedSession, Progress, RequestId, StartFailure,
    StartedSession, TabMode, Wake,
};
use trigger_chat_transport::link::ResponseHead;
use trigger_chat_transport::{Config, Error, Input, Machine, Output, Secret};

use crate::calls::{Call, chat_id};
use crate::random::Random;
use crate::requests::Requests;
use crate::server::token;
use crate::wire::Arrival;
use crate::world::{Event, World};

/// One input causes no more outputs than this.
const OUTPUTS_LIMIT: usize = 100;

/// Something that reaches a page.
#[derive(Debug)]
pub(crate) enum ToPage {
    Timer {
        serial: u64,
    },
    Appended {
        request: RequestId,
        head: Option<ResponseHead>,
        body: String,
    },
    Head {
        request: RequestId,
        head: ResponseHead,
    },
    Arrived {
        request: RequestId,
        what: Arrival,
    },
    /// `startSession` answers: a token's number, or why not.
    Started {
        chat: usize,
        request: RequestId,
        answer: Result<u64, bool>,
    },
    Minted {
        chat: usize,
        request: RequestId,
        answer: Option<u64>,
    },
    Consumed {
        call: CallId,
    },
    Wake(Wake),
    /// From another tab, or of a lock.
    Tab(Input),
}

/// A subscription as the page reads it.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) chat: usize,
    pub(crate) call: CallId,
    head: bool,
    arrived: VecDeque<Arrival>,
    held: bool,
    /// It brought something for the consumer.
    pub(crate) delivered: bool,
    /// It brought some bytes.
    pub(crate) spoke: bool,
    /// When its head came.
    opened_ms: u64,
}

impl Reading {
    pub(crate) fn new(chat: usize, call: CallId) -> Self {
        Self { chat, call, ..Self::default() }
    }
}

/// What a request is.
#[derive(Debug)]
pub(crate) enum Request {
    Append { chat: usize },
    Reading(Reading),
}

/// A page.
pub(crate) struct Page {
    pub(crate) slot: usize,
    pub(crate) machine: Machine,
    pub(crate) watch: bool,
    /// It is gone: reloaded or crashed.
    pub(crate) gone: bool,
    pub(crate) disposed: bool,
    pub(crate) frozen: bool,
    pub(crate) listening: bool,
    pub(crate) deferred: Vec<ToPage>,
    /// The device's clock, as it differs from the world's.
    pub(crate) clock_offset_ms: i64,
    pub(crate) timer: Option<(u64, u64)>,
    pub(crate) timer_serial: u64,
    batches: VecDeque<Vec<Output>>,
    obeying: bool,
    pub(crate) calls: BTreeMap<CallId, Call>,
    pub(crate) last_call: CallId,
    pub(crate) requests: BTreeMap<RequestId, Request>,
    /// What the application was told of each chat's session.
    pub(crate) stored: Vec<Option<PersistedSession>>,
    /// What is judged of each chat's requests.
    pub(crate) judged: Vec<Requests>,
    pub(crate) random: Random,
}

impl Page {
    pub(crate) fn new(
        slot: usize,
        chats: usize,
        (watch, tabs): (bool, TabMode),
        random: Random,
    ) -> Self {
        let seed = random.clone().next();
        Self {
            slot,
            machine: Machine::new(Config { watch, tabs, seed }),
            watch,
            gone: false,
            disposed: false,
            frozen: false,
            listening: false,
            deferred: Vec::new(),
            clock_offset_ms: 0,
            timer: None,
            timer_serial: 0,
            batches: VecDeque::new(),
            obeying: false,
            calls: BTreeMap::new(),
            last_call: 0,
            requests: BTreeMap::new(),
            stored: vec![None; chats],
            judged: (0..chats).map(|_| Requests::new(watch)).collect(),
            random,
        }
    }

    pub(crate) fn clock_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_add_signed(self.clock_offset_ms)
    }
}

fn thrown() -> Cause {
    Cause(std::rc::Rc::new(()))
}

impl World {
    pub(crate) fn tell(&mut self, page: usize, chat: usize, input: ChatInput) {
        self.feed(page, Input::Chat { chat: chat_id(chat), input });
    }

    /// Feeds one input and obeys every output; from within an output, leaves them to the call that
    /// is obeying already.
    pub(crate) fn feed(&mut self, page: usize, input: Input) {
        if self.pages[page].gone {
            return;
        }
        let now_ms = self.pages[page].clock_ms(self.now_ms);
        let ticked = matches!(input, Input::Tick);
        let machine = &mut self.pages[page].machine;
        machine.handle(now_ms, input);
        let outputs = machine.drain();
        if outputs.len() > OUTPUTS_LIMIT {
            self.violate("P10", format!("{} outputs for one input", outputs.len()));
        }
        self.note(page, &outputs);
        self.pages[page].batches.push_back(outputs);
        if core::mem::replace(&mut self.pages[page].obeying, true) {
            return;
        }
        while let Some(outputs) = self.pages[page].batches.pop_front() {
            self.judge_batch(page, &outputs);
            for output in outputs {
                self.judge(page, &output);
                self.obey(page, output);
            }
        }
        self.pages[page].obeying = false;
        self.arm(page, ticked);
        self.listen(page);
    }

    /// Something reaches a page.
    pub(crate) fn reach(&mut self, page: usize, to: ToPage) {
        let it = &mut self.pages[page];
        if it.gone {
            return;
        }
        if it.frozen {
            return it.deferred.push(to);
        }
        match to {
            ToPage::Timer { serial } => {
                if it.timer.is_some_and(|(_, armed)| armed == serial) {
                    it.timer = None;
                    self.feed(page, Input::Tick);
                }
            }
            ToPage::Appended { request, head, body } => self.appended(page, request, head, body),
            ToPage::Head { request, head } => self.head(page, request, head),
            ToPage::Arrived { request, what } => {
                if let Some(Request::Reading(reading)) = it.requests.get_mut(&request) {
                    reading.arrived.push_back(what);
                    self.read(page, request);
                }
            }
            ToPage::Started { chat, request, answer } => self.started(page, chat, request, answer),
            ToPage::Minted { chat, request, answer } => {
                if let Some(number) = answer {
                    it.judged[chat].given_token(number);
                }
                let answer = answer
                    .map(|number| Secret::new(token(number)))
                    .ok_or_else(|| Error::Callback(thrown()));
                self.tell(page, chat, ChatInput::TokenMinted { request, answer });
            }
            ToPage::Consumed { call } => self.consumed(page, call),
            ToPage::Tab(input) => self.tab_input(page, input),
            ToPage::Wake(wake) => {
                if it.listening {
                    self.wake(page, wake);
                }
            }
        }
    }

    fn started(&mut self, page: usize, chat: usize, request: RequestId, answer: Result<u64, bool>) {
        if let Ok(number) = answer {
            self.pages[page].judged[chat].given_token(number);
        }
        let answer = match answer {
            Ok(number) => {
                let token = Secret::new(token(number));
                Ok(StartedSession { token, pending_version: number % 2 == 0 })
            }
            Err(true) => Err(StartFailure::Failed(Error::Callback(thrown()))),
            Err(false) => Err(StartFailure::NotConfigured),
        };
        self.tell(page, chat, ChatInput::SessionStarted { request, answer });
    }

    fn appended(
        &mut self,
        page: usize,
        request: RequestId,
        head: Option<ResponseHead>,
        body: String,
    ) {
        let Some(Request::Append { chat }) = self.pages[page].requests.remove(&request) else {
            return;
        };
        let outcome = match head {
            Some(head) => AppendOutcome::Answer(head, body),
            None => AppendOutcome::Failed(thrown()),
        };
        self.tell(page, chat, ChatInput::Appended { request, outcome });
    }

    fn head(&mut self, page: usize, request: RequestId, head: ResponseHead) {
        let now_ms = self.now_ms;
        let Some(Request::Reading(reading)) = self.pages[page].requests.get_mut(&request) else {
            return;
        };
        reading.head = true;
        reading.opened_ms = now_ms;
        let chat = reading.chat;
        self.pages[page].judged[chat].head(&head, self.now_ms);
        self.progress(page, request, Progress::Head(head));
        self.read(page, request);
    }

    fn progress(&mut self, page: usize, request: RequestId, progress: Progress) {
        let Some(Request::Reading(reading)) = self.pages[page].requests.get(&request) else {
            return;
        };
        let chat = reading.chat;
        self.tell(page, chat, ChatInput::Subscription { request, progress });
    }

    /// Reads a body on, unless its consumer is full.
    fn read(&mut self, page: usize, request: RequestId) {
        loop {
            let Page { requests, calls, .. } = &mut self.pages[page];
            let Some(Request::Reading(reading)) = requests.get_mut(&request) else { return };
            let fails_early = !reading.head && reading.arrived.contains(&Arrival::Broke);
            if !reading.head && !fails_early {
                return;
            }
            if reading.head && calls.get(&reading.call).is_some_and(Call::is_full) {
                if !core::mem::replace(&mut reading.held, true) {
                    self.progress(page, request, Progress::Held);
                }
                return;
            }
            if core::mem::take(&mut reading.held) {
                self.progress(page, request, Progress::Resumed);
                continue;
            }
            let Some(arrival) = reading.arrived.pop_front() else { return };
            let chat = reading.chat;
            let progress = match arrival {
                Arrival::Bytes(bytes) => {
                    reading.spoke = true;
                    Progress::Bytes(bytes)
                }
                Arrival::End | Arrival::Broke => {
                    let ended = arrival == Arrival::End;
                    let (spoke, delivered) = (reading.spoke, reading.delivered);
                    self.pages[page].judged[chat].lost(self.now_ms, ended, spoke, delivered);
                    self.pages[page].requests.remove(&request);
                    let progress = if ended { Progress::End } else { Progress::Failed(thrown()) };
                    return self.tell(page, chat, ChatInput::Subscription { request, progress });
                }
            };
            self.progress(page, request, progress);
        }
    }

    /// The consumer of a call took a chunk.
    fn consumed(&mut self, page: usize, number: CallId) {
        let Some(call) = self.pages[page].calls.get_mut(&number) else { return };
        call.backlog = call.backlog.saturating_sub(1);
        if call.backlog > 0 {
            let pause_ms = if self.faults_stopped { 1 } else { call.pace_ms };
            let to = ToPage::Consumed { call: number };
            self.queue.push(self.now_ms + pause_ms, Event::ToPage { page, to });
        }
        let reads_for = |(request, one): (&RequestId, &Request)| match one {
            Request::Reading(reading) if reading.call == number => Some(*request),
            _ => None,
        };
        let request = self.pages[page].requests.iter().find_map(reads_for);
        if let Some(request) = request {
            self.read(page, request);
        }
    }
}

//! The world around a machine: a clock that stands still until it is told, and a record of what the
//! machine asked for.

use trigger_chat_transport::io::{
    AppendOutcome, CallId, ChatInput, Connection, Event, Outcome, PersistedSession, Progress,
    RequestId, Send, SendSource, StartFailure, StartedSession, TabMode,
};
use trigger_chat_transport::link::ResponseHead;
use trigger_chat_transport::{Config, Error, Input, Machine, Output, Secret};

pub(crate) const CHAT: &str = "chat";

/// A machine with one chat, and everything it has asked for so far.
pub(crate) struct World {
    machine: Machine,
    pub(crate) now_ms: u64,
    pub(crate) outputs: Vec<Output>,
    last_call: CallId,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Config { watch: false, tabs: TabMode::Alone, seed: 1 })
    }

    pub(crate) fn watching() -> Self {
        Self::with(Config { watch: true, tabs: TabMode::Alone, seed: 1 })
    }

    /// One of several tabs.
    pub(crate) fn tab(tabs: TabMode, seed: u64) -> Self {
        Self::with(Config { watch: false, tabs, seed })
    }

    fn with(config: Config) -> Self {
        let machine = Machine::new(config);
        Self { machine, now_ms: 1_000_000, outputs: Vec::new(), last_call: 0 }
    }

    /// A machine whose chat has a session with the token `token`.
    pub(crate) fn started() -> Self {
        let mut world = Self::new();
        world.hydrate(session());
        world
    }

    /// A machine that reads the answer to an append acknowledged with `seq`.
    pub(crate) fn streaming(seq: u64) -> (Self, CallId) {
        let mut world = Self::started();
        let call = world.submit();
        world.acknowledge(seq);
        world.open();
        (world, call)
    }

    pub(crate) fn feed(&mut self, input: Input) {
        self.machine.handle(self.now_ms, input);
        self.outputs.extend(self.machine.drain());
    }

    pub(crate) fn tell(&mut self, input: ChatInput) {
        self.feed(Input::Chat { chat: CHAT.into(), input });
    }

    /// Lets time pass up to the next deadline; how long that was.
    pub(crate) fn pass(&mut self) -> u64 {
        let passed_ms = self.until_due();
        self.now_ms += passed_ms;
        self.feed(Input::Tick);
        passed_ms
    }

    /// How long it is until the next deadline, in milliseconds.
    pub(crate) fn until_due(&self) -> u64 {
        self.due_ms().expect("something is due").saturating_sub(self.now_ms)
    }

    /// The next deadline.
    pub(crate) fn due_ms(&self) -> Option<u64> {
        self.machine.deadline_ms()
    }

    pub(crate) fn connection(&self) -> Connection {
        self.machine.connection(CHAT)
    }

    pub(crate) fn trace(&self) -> String {
        self.machine.trace().render()
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.machine.deadline_ms().is_none()
    }

    pub(crate) fn next_call(&mut self) -> CallId {
        self.last_call += 1;
        self.last_call
    }

    // What the application does.

    pub(crate) fn hydrate(&mut self, state: PersistedSession) {
        self.tell(ChatInput::Hydrate { state, notify: false });
    }

    pub(crate) fn send(&mut self, source: SendSource) -> CallId {
        self.send_to(CHAT, source)
    }

    pub(crate) fn send_to(&mut self, chat: &str, source: SendSource) -> CallId {
        let call = self.next_call();
        let message_id = Some(format!("message {call}"));
        let send = Send { source, message_id, body_bytes: 10, escaped_body_bytes: 12 };
        self.feed(Input::Chat { chat: chat.into(), input: ChatInput::Send { call, send } });
        call
    }

    pub(crate) fn submit(&mut self) -> CallId {
        self.send(SendSource::SubmitMessage)
    }

    pub(crate) fn start(&mut self) -> CallId {
        let call = self.next_call();
        self.tell(ChatInput::Start { call });
        call
    }

    pub(crate) fn reconnect(&mut self) -> CallId {
        let call = self.next_call();
        self.tell(ChatInput::Reconnect { call, stop_on_abort: false });
        call
    }

    // What the server and the callbacks do.

    pub(crate) fn session_started(&mut self, token: &str) {
        let started = StartedSession { token: Secret::new(token), pending_version: false };
        self.answer_start(Ok(started));
    }

    pub(crate) fn start_failed(&mut self, failure: StartFailure) {
        self.answer_start(Err(failure));
    }

    pub(crate) fn minted(&mut self, token: &str) {
        self.answer_mint(Ok(Secret::new(token)));
    }

    /// The newest call of `startSession` answers.
    pub(crate) fn answer_start(&mut self, answer: Result<StartedSession, StartFailure>) {
        let find = |output: &Output| match output {
            Output::StartSession { request, .. } => Some(*request),
            _ => None,
        };
        let request = self.outputs.iter().rev().find_map(find).expect("startSession was called");
        self.tell(ChatInput::SessionStarted { request, answer });
    }

    /// The newest call of `accessToken` answers.
    pub(crate) fn answer_mint(&mut self, answer: Result<Secret, Error>) {
        let find = |output: &Output| match output {
            Output::MintToken { request, .. } => Some(*request),
            _ => None,
        };
        let request = self.outputs.iter().rev().find_map(find).expect("accessToken was called");
        self.tell(ChatInput::TokenMinted { request, answer });
    }

    pub(crate) fn acknowledge(&mut self, seq: u64) {
        self.answer(200, &format!(r#"{{"ok":true,"seq":{seq}}}"#));
    }

    pub(crate) fn answer(&mut self, status: u16, body: &str) {
        let request = self.append_request();
        let head = ResponseHead { status, ..ResponseHead::default() };
        let outcome = AppendOutcome::Answer(head, body.into());
        self.tell(ChatInput::Appended { request, outcome });
    }

    pub(crate) fn append_failed(&mut self) {
        let request = self.append_request();
        self.tell(ChatInput::Appended { request, outcome: AppendOutcome::Failed(cause()) });
    }

    /// The response of the newest subscription opens.
    pub(crate) fn open(&mut self) {
        self.head(v2(200));
    }

    pub(crate) fn head(&mut self, head: ResponseHead) {
        self.progress(Progress::Head(head));
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.progress(Progress::Bytes(bytes.to_vec()));
    }

    pub(crate) fn records(&mut self, records: &[serde_json::Value]) {
        self.bytes(batch(records).as_bytes());
    }

    /// Those of the records that a response from the newest cursor on would hold.
    pub(crate) fn records_behind_the_cursor(&mut self, all: &[serde_json::Value]) {
        let last = self.cursors().last().copied().flatten();
        let from = last.map_or(0, |cursor| cursor.parse::<usize>().expect("a number") + 1);
        self.records(&all[from..]);
    }

    pub(crate) fn end(&mut self) {
        self.progress(Progress::End);
    }

    pub(crate) fn break_off(&mut self) {
        self.progress(Progress::Failed(cause()));
    }

    pub(crate) fn progress(&mut self, progress: Progress) {
        let request = self.connect_request();
        self.tell(ChatInput::Subscription { request, progress });
    }

    // What was asked for.

    pub(crate) fn append_request(&self) -> RequestId {
        let find = |output: &Output| match output {
            Output::Append { request, .. } => Some(*request),
            _ => None,
        };
        self.outputs.iter().rev().find_map(find).expect("an append was made")
    }

    pub(crate) fn connect_request(&self) -> RequestId {
        let find = |output: &Output| match output {
            Output::Connect { request, .. } => Some(*request),
            _ => None,
        };
        self.outputs.iter().rev().find_map(find).expect("a subscription was made")
    }

    /// The chunks that a call's stream got, in order.
    pub(crate) fn chunks(&self, call: CallId) -> Vec<String> {
        let of_call = self.outputs.iter().filter_map(|output| match output {
            Output::Chunks { call: of, chunks } if *of == call => Some(chunks),
            _ => None,
        });
        of_call.flatten().cloned().collect()
    }

    pub(crate) fn count(&self, wanted: impl Fn(&Output) -> bool) -> usize {
        self.outputs.iter().filter(|output| wanted(output)).count()
    }

    /// Every `Last-Event-ID` that was sent, in order.
    pub(crate) fn cursors(&self) -> Vec<Option<&str>> {
        let connects = self.outputs.iter().filter_map(|output| match output {
            Output::Connect { last_event_id, .. } => Some(last_event_id.as_deref()),
            _ => None,
        });
        connects.collect()
    }

    pub(crate) fn outcome(&self, call: CallId) -> Option<&Outcome> {
        self.outputs.iter().find_map(|output| match output {
            Output::Settle { call: of, outcome } if *of == call => Some(outcome),
            _ => None,
        })
    }

    pub(crate) fn failure(&self, call: CallId) -> &Error {
        match self.outcome(call) {
            Some(Outcome::Failed(error)) => error,
            other => panic!("the call did not fail: {other:?}"),
        }
    }

    pub(crate) fn stream_error(&self, call: CallId) -> Option<&Error> {
        self.outputs.iter().find_map(|output| match output {
            Output::Fail { call: of, error } if *of == call => Some(error),
            _ => None,
        })
    }

    pub(crate) fn is_closed(&self, call: CallId) -> bool {
        self.count(|output| *output == Output::Close { call }) == 1
    }

    pub(crate) fn events(&self) -> Vec<&Event> {
        let events = self.outputs.iter().filter_map(|output| match output {
            Output::Event { event, .. } => Some(event),
            _ => None,
        });
        events.collect()
    }

    /// The newest state that the application was told.
    pub(crate) fn state(&self) -> &PersistedSession {
        let mut states = self.outputs.iter().rev().filter_map(|output| match output {
            Output::SessionChanged { state, .. } => Some(state),
            _ => None,
        });
        states.next().expect("a session changed")
    }
}

pub(crate) fn session() -> PersistedSession {
    PersistedSession {
        token: Secret::new("token"),
        last_event_id: None,
        active_input_seq: None,
        is_streaming: Some(false),
        closed: None,
        closed_reason: None,
    }
}

pub(crate) fn cause() -> trigger_chat_transport::error::Cause {
    trigger_chat_transport::error::Cause(std::rc::Rc::new("thrown"))
}

pub(crate) fn v2(status: u16) -> ResponseHead {
    let stream_version = Some("v2".into());
    ResponseHead { status, stream_version, ..ResponseHead::default() }
}

/// A data record whose chunk is `"<text>"`.
pub(crate) fn data(seq_num: u64, text: &str) -> serde_json::Value {
    let body = serde_json::json!({ "data": text, "id": format!("part {seq_num}") });
    serde_json::json!({ "seq_num": seq_num, "timestamp": 0, "body": body.to_string() })
}

/// A control record with the given headers.
pub(crate) fn control(seq_num: u64, headers: &[[&str; 2]]) -> serde_json::Value {
    serde_json::json!({ "seq_num": seq_num, "timestamp": 0, "headers": headers, "body": "" })
}

/// The boundary of the turn that answers the append with `input_seq`.
pub(crate) fn complete(seq_num: u64, input_seq: u64) -> serde_json::Value {
    let seq = input_seq.to_string();
    control(seq_num, &[["trigger-control", "turn-complete"], ["session-in-event-id", &seq]])
}

pub(crate) fn batch(records: &[serde_json::Value]) -> String {
    format!("event: batch\ndata: {}\n\n", serde_json::json!({ "records": records }))
}

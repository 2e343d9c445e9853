//! One turn over several responses: the machine is given each and asked what it wants next.

use serde_json::Value as Json;
use trigger_chat_transport::error::Cause;
use trigger_chat_transport::io::{
    AppendOutcome, ChatInput, Outcome, PersistedSession, Progress, RequestId, Send, SendSource,
    TabMode,
};
use trigger_chat_transport::link::ResponseHead;
use trigger_chat_transport::{Config, Input, Machine, Output, Secret};

use super::cutting::Cutting;
use super::file;

/// Runs a file of vectors, each response cut in every way.
pub(crate) fn run(file: &str) {
    for case in file::cases(file) {
        let responses: Vec<_> = case["responses"].as_array().expect("responses").iter().collect();
        let bodies: Vec<_> = responses.iter().map(|response| file::bytes(&response[0])).collect();
        let longest = bodies.iter().map(Vec::len).max().unwrap_or(0);
        for cutting in Cutting::all(longest, 20) {
            let mut turn = Turn::begin(case.get("input_seq").and_then(Json::as_u64).unwrap_or(0));
            for (body, response) in bodies.iter().zip(&responses) {
                turn.answer(&case["version"], &cutting.chunks(body));
                turn.end(response[1].as_str().expect("an end"), &case);
            }
            let what = format!("{}, {cutting:?}", file::name(&case));
            assert_eq!(Json::from(turn.cursors), case["cursors"], "{what}");
            assert_eq!(Json::from(turn.chunks), case["chunks"], "{what}");
            assert!(turn.is_closed, "{what}: the stream is still open");
        }
    }
}

const CHAT: &str = "chat";
const CALL: u32 = 1;

/// A turn that was asked for, and what was seen of it.
struct Turn {
    machine: Machine,
    now_ms: u64,
    append: Option<RequestId>,
    subscription: Option<RequestId>,
    cursors: Vec<Option<String>>,
    chunks: Vec<String>,
    is_closed: bool,
}

impl Turn {
    fn begin(input_seq: u64) -> Self {
        let mut turn = Self {
            machine: Machine::new(Config { watch: false, tabs: TabMode::Alone, seed: 1 }),
            now_ms: 1_000_000,
            append: None,
            subscription: None,
            cursors: Vec::new(),
            chunks: Vec::new(),
            is_closed: false,
        };
        let state = PersistedSession {
            token: Secret::new("token"),
            last_event_id: None,
            active_input_seq: None,
            is_streaming: Some(false),
            closed: None,
            closed_reason: None,
        };
        turn.tell(ChatInput::Hydrate { state, notify: false });
        let source = SendSource::SubmitMessage;
        let send = Send { source, message_id: None, body_bytes: 2, escaped_body_bytes: 4 };
        turn.tell(ChatInput::Send { call: CALL, send });
        let request = turn.append.expect("the message is sent");
        let head = ResponseHead { status: 200, ..ResponseHead::default() };
        let outcome = AppendOutcome::Answer(head, format!(r#"{{"seq":{input_seq}}}"#));
        turn.tell(ChatInput::Appended { request, outcome });
        turn
    }

    fn tell(&mut self, input: ChatInput) {
        self.feed(Input::Chat { chat: CHAT.into(), input });
    }

    fn feed(&mut self, input: Input) {
        self.machine.handle(self.now_ms, input);
        for output in self.machine.drain() {
            match output {
                Output::Append { request, .. } => self.append = Some(request),
                Output::Connect { request, last_event_id, .. } => {
                    self.subscription = Some(request);
                    self.cursors.push(last_event_id);
                }
                Output::Disconnect { request } if self.subscription == Some(request) => {
                    self.subscription = None;
                }
                Output::Chunks { chunks, .. } => self.chunks.extend(chunks),
                Output::Close { .. } => self.is_closed = true,
                Output::Fail { error, .. } => panic!("the stream fails: {error:?}"),
                Output::Settle { outcome: Outcome::Failed(error), .. } => {
                    panic!("the message fails: {error:?}")
                }
                _ => {}
            }
        }
    }

    /// The response to the subscription under way, up to where the machine gives it up.
    fn answer(&mut self, version: &Json, chunks: &[&[u8]]) {
        let stream_version = version.as_str().filter(|text| *text != "v1").map(Into::into);
        let head = ResponseHead { status: 200, stream_version, ..ResponseHead::default() };
        self.progress(Progress::Head(head));
        for chunk in chunks {
            self.progress(Progress::Bytes(chunk.to_vec()));
        }
    }

    fn progress(&mut self, progress: Progress) {
        if let Some(request) = self.subscription {
            self.tell(ChatInput::Subscription { request, progress });
        }
    }

    /// The response ends; time passes up to the next subscription.
    fn end(&mut self, end: &str, case: &Json) {
        match end {
            "clean" => self.progress(Progress::End),
            "broken" => {
                let thrown = Cause(std::rc::Rc::new("thrown"));
                self.progress(Progress::Failed(thrown));
            }
            "silent" | "open" => {}
            other => panic!("end {other}"),
        }
        let ended_ms = self.now_ms;
        let made = self.cursors.len();
        while self.cursors.len() == made && !self.is_closed {
            self.now_ms = self.machine.deadline_ms().expect("a next attempt").max(self.now_ms);
            self.feed(Input::Tick);
        }
        if self.is_closed {
            return;
        }
        let waited_ms = self.now_ms - ended_ms;
        let limit = |name: &str| case.get(name).and_then(Json::as_u64);
        assert!(waited_ms >= limit("least_wait_ms").unwrap_or(0), "waited {waited_ms} ms");
        assert!(waited_ms <= limit("most_wait_ms").unwrap_or(u64::MAX), "waited {waited_ms} ms");
    }
}

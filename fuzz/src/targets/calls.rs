//! What the application sees of its calls: each is settled once, each stream ends once (P5).

use trigger_chat_transport::io::{CallId, Outcome, Output, SendSource};

/// What is sent, each as often as it is worth.
pub(crate) const SOURCES: [SendSource; 8] = [
    SendSource::SubmitMessage,
    SendSource::SubmitMessage,
    SendSource::SubmitMessage,
    SendSource::RegenerateMessage,
    SendSource::Action,
    SendSource::Steer,
    SendSource::Stop,
    SendSource::HeadStart,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The promise waits.
    Waiting,
    /// Its stream is open.
    Streaming,
    /// Settled, and its stream, if it had one, ended.
    Over,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) chat: usize,
    state: State,
    told_settled: bool,
    /// The last chunk that its stream got.
    last_chunk: Option<u64>,
    /// Its stream is that of a head start, whose chunks are not those of the log.
    pub(crate) is_head_start: bool,
}

/// Every call, by its number.
#[derive(Debug, Default)]
pub(crate) struct Calls(Vec<Call>);

impl Calls {
    pub(crate) fn begin(&mut self, chat: usize, is_head_start: bool) -> CallId {
        let (state, last_chunk) = (State::Waiting, None);
        self.0.push(Call { chat, state, told_settled: false, last_chunk, is_head_start });
        self.0.len() as CallId - 1
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, call: CallId) -> &Call {
        &self.0[call as usize]
    }

    /// Sees an output; nothing may happen to a call in the wrong order.
    pub(crate) fn see(&mut self, output: &Output) {
        match output {
            Output::Settle { call, outcome } => {
                let call = &mut self.0[*call as usize];
                assert_eq!(call.state, State::Waiting, "settled twice");
                let streams = matches!(outcome, Outcome::Stream { .. });
                call.state = if streams { State::Streaming } else { State::Over };
            }
            Output::Chunks { call, chunks } => {
                let call = self.streaming(*call);
                assert!(!chunks.is_empty(), "chunks that are none");
                if !call.is_head_start {
                    call.take(chunks);
                }
            }
            Output::Settled { call, .. } => {
                let call = self.streaming(*call);
                assert!(!call.told_settled, "told twice that it was processed");
                call.told_settled = true;
            }
            Output::Close { call } | Output::Fail { call, .. } => {
                self.streaming(*call).state = State::Over;
            }
            _ => {}
        }
    }

    fn streaming(&mut self, call: CallId) -> &mut Call {
        let call = &mut self.0[call as usize];
        assert_eq!(call.state, State::Streaming, "something for a stream that is not open");
        call
    }

    /// Whether the promise of any call about a chat waits, or its stream is open: also between two requests.
    pub(crate) fn any_is_under_way(&self, chat: usize) -> bool {
        self.0.iter().any(|call| call.chat == chat && call.state != State::Over)
    }

    pub(crate) fn all_are_over(&self) -> bool {
        self.0.iter().all(|call| call.state == State::Over)
    }
}

impl Call {
    /// Every chunk of the log is its own number: they come in order, and each once.
    fn take(&mut self, chunks: &[String]) {
        for chunk in chunks {
            let seq: u64 = chunk.parse().expect("a chunk as the server wrote it");
            assert!(self.last_chunk < Some(seq), "chunk {seq} behind {:?}", self.last_chunk);
            self.last_chunk = Some(seq);
        }
    }
}

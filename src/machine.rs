//! The machine: sessions by chat id. It routes; the sessions decide.
//!
//! See the driving rule in the crate's documentation.

use crate::error::Error;
use crate::io::{CallId, ChatInput, Config, Input, Outcome, Output, RequestId, Wake};
use crate::link::{Jitter, Pace};
use crate::session::{Connection, Context, Session};
use crate::trace::Trace;

/// All chats of one transport.
#[derive(Debug)]
pub struct Machine {
    pace: Pace,
    /// In the order in which they were first heard of. A page has a handful.
    sessions: Vec<Session>,
    outputs: Vec<Output>,
    last_request: RequestId,
    jitter: Jitter,
    disposed: bool,
    offline: bool,
    /// The latest time seen, and how far the device's clock was set back since the start: what
    /// waits must not wait for a clock to catch up.
    latest_ms: u64,
    set_back_ms: u64,
    trace: Trace,
}

impl Machine {
    /// A machine without chats.
    pub fn new(config: Config) -> Self {
        Self {
            pace: if config.watch { Pace::Watch } else { Pace::Turn },
            sessions: Vec::new(),
            outputs: Vec::new(),
            last_request: 0,
            jitter: Jitter::new(config.seed),
            disposed: false,
            offline: false,
            latest_ms: 0,
            set_back_ms: 0,
            trace: Trace::new(config),
        }
    }

    /// Takes one input at `now_ms` (Unix time in milliseconds; it may jump, it need not advance).
    pub fn handle(&mut self, now_ms: u64, input: Input) {
        debug_assert!(self.outputs.is_empty(), "drain every output before the next input");
        self.trace.input(now_ms, &input);
        let (unix_ms, now_ms) = (now_ms, self.steady(now_ms));
        match input {
            Input::Wake(Wake::Offline) => self.offline = true,
            Input::Wake(Wake::Online | Wake::Reconnect) => self.offline = false,
            _ => {}
        }
        let offline = self.offline;
        let Self { pace, sessions, outputs, last_request, jitter, disposed, trace, .. } = self;
        let pace = *pace;
        let mut cx =
            Context { now_ms, unix_ms, offline, pace, outputs, last_request, jitter, trace };
        match input {
            Input::Chat { chat, input } => {
                if let Some(error) = refusal(&chat, *disposed) {
                    if let Some(call) = promised_call(&input) {
                        cx.outputs.push(Output::Settle { call, outcome: Outcome::Failed(error) });
                    }
                    return;
                }
                let known = sessions.iter().position(|one| one.chat() == chat);
                let at = known.unwrap_or_else(|| {
                    sessions.push(Session::new(chat));
                    sessions.len().saturating_sub(1)
                });
                if let Some(session) = sessions.get_mut(at) {
                    session.handle(input, &mut cx);
                }
            }
            Input::Wake(wake) => sessions.iter_mut().for_each(|one| one.wake(wake, &mut cx)),
            Input::Tick => sessions.iter_mut().for_each(|one| one.tick(&mut cx)),
            Input::Dispose => {
                *disposed = true;
                sessions.iter_mut().for_each(|one| one.dispose(&mut cx));
                sessions.clear();
            }
        }
    }

    /// The time since the epoch, as if the clock had never been set back.
    fn steady(&mut self, now_ms: u64) -> u64 {
        let steady_ms = now_ms.saturating_add(self.set_back_ms);
        let behind_ms = self.latest_ms.saturating_sub(steady_ms);
        self.set_back_ms = self.set_back_ms.saturating_add(behind_ms);
        self.latest_ms = steady_ms.saturating_add(behind_ms);
        self.latest_ms
    }

    /// Everything there is to do, in order.
    pub fn drain(&mut self) -> Vec<Output> {
        let unix_ms = self.latest_ms.saturating_sub(self.set_back_ms);
        for output in &self.outputs {
            self.trace.output(unix_ms, output);
        }
        core::mem::take(&mut self.outputs)
    }

    /// The last inputs and outputs (G3).
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// How a chat's connection stands (G2).
    pub fn connection(&self, chat: &str) -> Connection {
        let session = self.sessions.iter().find(|session| session.chat() == chat);
        session.map_or_else(Connection::default, |session| {
            session.connection(self.offline, self.set_back_ms)
        })
    }

    /// Whether anything is sent or read: only then does it matter what the page and the device say.
    pub fn is_active(&self) -> bool {
        self.sessions.iter().any(Session::is_active)
    }

    /// When [`Input::Tick`] is due, in milliseconds of Unix time.
    pub fn deadline_ms(&self) -> Option<u64> {
        let deadline_ms = self.sessions.iter().filter_map(Session::deadline_ms).min()?;
        Some(deadline_ms.saturating_sub(self.set_back_ms))
    }
}

/// Why nothing can be done for a chat (A8, B12).
fn refusal(chat: &str, disposed: bool) -> Option<Error> {
    if disposed {
        Some(Error::Disposed)
    } else if matches!(chat, "" | "." | "..") {
        Some(Error::BadChatId)
    } else {
        None
    }
}

/// The call that must be settled whatever happens.
fn promised_call(input: &ChatInput) -> Option<CallId> {
    match input {
        ChatInput::Start { call }
        | ChatInput::Send { call, .. }
        | ChatInput::Reconnect { call, .. } => Some(*call),
        _ => None,
    }
}

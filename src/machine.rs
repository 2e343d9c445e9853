//! The machine: sessions by chat id. It routes; the sessions decide.
//!
//! See the driving rule in the crate's documentation.

use crate::error::Error;
use crate::io::{CallId, ChatInput, Config, Input, Outcome, Output, RequestId, SendSource, Wake};
use crate::link::{Jitter, Pace};
use crate::session::{Connection, Context, Session};
use crate::tabs::{TabContext, TabEvent, TabMessage, Tabs};
use crate::trace::Trace;

/// All chats of one transport.
#[derive(Debug)]
pub struct Machine {
    pace: Pace,
    /// In the order in which they were first heard of. A page has a handful.
    sessions: Vec<Session>,
    tabs: Tabs,
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
            tabs: Tabs::new(config.tabs),
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
        if matches!(&input, Input::TabSays(message) if !message.is_sound()) {
            // Anybody on the origin can say it, as often and as long as he likes: it is not even noted.
            return;
        }
        self.trace.input(now_ms, &input);
        self.note_time(now_ms);
        match input {
            Input::Wake(Wake::Offline) => self.offline = true,
            Input::Wake(Wake::Online | Wake::Reconnect) => self.offline = false,
            _ => {}
        }
        match input {
            Input::Chat { chat, input } => self.handle_chat(chat, input),
            Input::Wake(wake) => self.each(|one, cx| one.wake(wake, cx)),
            Input::TabSays(message) => self.hear(&message),
            Input::TabEvent { event, chat } => self.happened(event, &chat),
            Input::Tick => {
                self.each(Session::tick);
                let (tabs, mut cx) = self.tabs();
                tabs.tick(&mut cx);
            }
            Input::Dispose => {
                self.disposed = true;
                self.each(Session::dispose);
                self.sessions.clear();
                let (tabs, mut cx) = self.tabs();
                tabs.dispose(&mut cx);
            }
        }
        self.settle_claims();
    }

    /// The sessions, and what they need.
    fn sessions(&mut self) -> (&mut Vec<Session>, Context<'_>) {
        let (now_ms, unix_ms) = (self.latest_ms, self.unix_ms());
        let Self { pace, offline, sessions, outputs, last_request, jitter, trace, .. } = self;
        let (pace, offline) = (*pace, *offline);
        let cx = Context { now_ms, unix_ms, offline, pace, outputs, last_request, jitter, trace };
        (sessions, cx)
    }

    fn each(&mut self, act: impl Fn(&mut Session, &mut Context<'_>)) {
        let (sessions, mut cx) = self.sessions();
        sessions.iter_mut().for_each(|one| act(one, &mut cx));
    }

    fn tabs(&mut self) -> (&mut Tabs, TabContext<'_>) {
        let Self { tabs, outputs, latest_ms, .. } = self;
        (tabs, TabContext { now_ms: *latest_ms, outputs })
    }

    fn handle_chat(&mut self, chat: String, input: ChatInput) {
        if let Some(error) = refusal(&chat, self.disposed) {
            if let Some(call) = promised_call(&input) {
                self.outputs.push(Output::Settle { call, outcome: Outcome::Failed(error) });
            }
            return;
        }
        let is_closed = self.session(&chat).is_some_and(Session::is_closed);
        let (tabs, mut cx) = self.tabs();
        let input = match input {
            ChatInput::Send { call, send } if send.source == SendSource::Stop => {
                tabs.withdraw(&chat, None, &Error::Aborted, &mut cx);
                ChatInput::Send { call, send }
            }
            ChatInput::Send { call, send } if !is_closed => {
                let Some(send) = tabs.admit(&chat, call, send, &mut cx) else { return };
                ChatInput::Send { call, send }
            }
            ChatInput::Abort(call)
                if tabs.withdraw(&chat, Some(call), &Error::Aborted, &mut cx) =>
            {
                return;
            }
            other => other,
        };
        self.tell(&chat, input);
    }

    /// Tells a chat's session, which is made where there is none.
    #[inline(never)]
    fn tell(&mut self, chat: &str, input: ChatInput) {
        let (sessions, mut cx) = self.sessions();
        let known = sessions.iter().position(|one| one.chat() == chat);
        let at = known.unwrap_or_else(|| {
            sessions.push(Session::new(chat.to_owned()));
            sessions.len().saturating_sub(1)
        });
        if let Some(session) = sessions.get_mut(at) {
            session.handle(input, &mut cx);
        }
    }

    fn hear(&mut self, message: &TabMessage) {
        let (tabs, mut cx) = self.tabs();
        let Some(shown_up_to) = tabs.hear(message, &mut cx) else { return };
        if let Some(session) = self.sessions.iter_mut().find(|one| one.chat() == message.chat) {
            session.follow(shown_up_to);
        }
    }

    fn happened(&mut self, event: TabEvent, chat: &str) {
        let follows = self.session(chat).is_some_and(Session::is_following);
        let (tabs, mut cx) = self.tabs();
        for (call, send) in tabs.happened(event, chat, follows, &mut cx) {
            self.tell(chat, ChatInput::Send { call, send });
        }
    }

    /// Where nothing is sent or read any more, another tab may; what is read is this tab's to lead.
    fn settle_claims(&mut self) {
        let Self { sessions, tabs, outputs, latest_ms, .. } = self;
        let mut cx = TabContext { now_ms: *latest_ms, outputs };
        for session in sessions {
            if tabs.take_left(session.chat()) {
                session.note_left_elsewhere();
            }
            if session.is_following() {
                tabs.follow(session.chat(), &mut cx);
            } else if session.is_leading() {
                tabs.keep(session.chat(), &mut cx);
            } else if tabs.has_claim(session.chat()) {
                tabs.end(session.chat(), session.ended_at(), session.is_left(), &mut cx);
            }
        }
    }

    fn session(&self, chat: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.chat() == chat)
    }

    /// Goes on with the time since the epoch, as if the clock had never been set back.
    fn note_time(&mut self, now_ms: u64) {
        let steady_ms = now_ms.saturating_add(self.set_back_ms);
        let behind_ms = self.latest_ms.saturating_sub(steady_ms);
        self.set_back_ms = self.set_back_ms.saturating_add(behind_ms);
        self.latest_ms = steady_ms.saturating_add(behind_ms);
    }

    /// The time that the device's clock shows.
    fn unix_ms(&self) -> u64 {
        self.latest_ms.saturating_sub(self.set_back_ms)
    }

    /// Everything there is to do, in order.
    pub fn drain(&mut self) -> Vec<Output> {
        let unix_ms = self.unix_ms();
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
        self.session(chat).map_or_else(Connection::default, |session| {
            session.connection(self.offline, self.set_back_ms)
        })
    }

    /// Whether anything is sent or read: only then does it matter what the page and the device say.
    pub fn is_active(&self) -> bool {
        self.sessions.iter().any(Session::is_active)
    }

    /// When [`Input::Tick`] is due, in milliseconds of Unix time.
    pub fn deadline_ms(&self) -> Option<u64> {
        let sessions = self.sessions.iter().filter_map(Session::deadline_ms).min();
        let deadline_ms = [sessions, self.tabs.deadline_ms()].into_iter().flatten().min()?;
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

//! One chat: its token, its cursor, its turn, what it sends and what it reads.
//!
//! [`Session`] takes the inputs of its chat and says what to do by outputs. It knows nothing of other
//! chats and nothing of the browser. Its parts: [`turn`](Turn), [`gate`](Gate), the outbox (sends,
//! in order, one under way) and the reader (one open subscription at most).

mod appended;
mod connection;
mod ending;
mod event;
mod gate;
mod head_start;
mod outbox;
mod part_ids;
mod reader;
mod records;
mod sending;
mod starting;
mod state;
mod steered;
mod stop;
mod turn;

pub use connection::{Connection, ConnectionState};
pub use event::{Attribution, CloseSource, Event, PendingVersionSource, SendFacts, SendSource};
pub use gate::{Boundary, Gate};
pub use part_ids::PartIds;
pub use state::PersistedSession;
pub use turn::Turn;

use crate::error::Error;
use crate::io::{CallId, ChatInput, Outcome, Output, RequestId};
use crate::link::{Jitter, Pace, Recent, Resends};
use crate::secret::Secret;
use crate::trace::Trace;
use crate::wire::Cursor;
use connection::Standing;
use outbox::Outbox;
use reader::Reader;
use starting::Asked;
use steered::Steered;

/// What a session needs from outside to take one input.
#[derive(Debug)]
pub struct Context<'a> {
    /// The time, in milliseconds; it never goes back.
    pub now_ms: u64,
    /// The time as the device tells it, in milliseconds of Unix time.
    pub unix_ms: u64,
    /// The device says that it is offline.
    pub offline: bool,
    /// How eagerly subscriptions come back; a watched chat reads on behind `turn-complete`.
    pub pace: Pace,
    /// Where the outputs go.
    pub outputs: &'a mut Vec<Output>,
    /// The last request number given.
    pub last_request: &'a mut RequestId,
    /// The source of jitter and of part ids.
    pub jitter: &'a mut Jitter,
    /// Where it is noted what bytes turned out to be.
    pub trace: &'a mut Trace,
}

impl Context<'_> {
    // Kept out of line: every output of the machine passes here.
    #[inline(never)]
    fn emit(&mut self, output: Output) {
        self.outputs.push(output);
    }

    #[inline(never)]
    fn settle(&mut self, call: CallId, outcome: Outcome) {
        self.emit(Output::Settle { call, outcome });
    }

    fn next_request(&mut self) -> RequestId {
        *self.last_request = self.last_request.wrapping_add(1);
        *self.last_request
    }

    fn watches(&self) -> bool {
        self.pace == Pace::Watch
    }
}

/// One chat.
#[derive(Debug)]
pub struct Session {
    chat: String,
    token: Option<Secret>,
    /// The last record that was handed over, or passed without anything to hand over.
    cursor: Option<Cursor>,
    turn: Turn,
    gate: Gate,
    part_ids: PartIds,
    /// Closed for good; the reason, if known.
    closed: Option<Option<String>>,
    /// The application stored that it is not closed.
    stored_open: bool,
    /// `startSession` is under way, and somebody waits for it.
    starting: Option<Asked>,
    /// `accessToken` is under way, and somebody waits for it.
    minting: Option<Asked>,
    /// Calls of `start` that wait for it.
    start_calls: Vec<CallId>,
    outbox: Outbox,
    reader: Option<Reader>,
    /// When it last attempted to subscribe.
    recent: Recent,
    /// What of its appends was sent again of late, whichever.
    resends: Resends,
    /// Where its last complete turn ended.
    ended_at: Option<Cursor>,
    /// The `seq_num` up to which another tab says that it has shown the chat.
    shown_elsewhere: Option<u64>,
    /// The beginning of a turn was shown, here or by another tab that has left it, and its end was not read.
    rest_to_come: bool,
    steered: Steered,
    /// The last message sent, and when it was acknowledged.
    last_sent: Option<(Option<String>, u64)>,
    /// The connection's state as the application was told it last.
    told: Standing,
}

impl Session {
    /// A chat of which nothing is known yet.
    pub fn new(chat: String) -> Self {
        Self {
            chat,
            token: None,
            cursor: None,
            turn: Turn::default(),
            gate: Gate::default(),
            part_ids: PartIds::default(),
            closed: None,
            stored_open: false,
            starting: None,
            minting: None,
            start_calls: Vec::new(),
            outbox: Outbox::default(),
            reader: None,
            recent: Recent::default(),
            resends: Resends::default(),
            ended_at: None,
            shown_elsewhere: None,
            rest_to_come: false,
            steered: Steered::default(),
            last_sent: None,
            told: Standing::default(),
        }
    }

    /// Its id.
    pub fn chat(&self) -> &str {
        &self.chat
    }

    /// Takes one input.
    pub fn handle(&mut self, input: ChatInput, cx: &mut Context<'_>) {
        match input {
            ChatInput::Hydrate { state, notify } => self.hydrate(state, notify, cx),
            ChatInput::SeedCursor(cursor) => self.seed_cursor(&cursor, cx),
            ChatInput::Start { call } => self.start(call, cx),
            ChatInput::Send { call, send } => self.send(call, send, cx),
            ChatInput::Reconnect { call, stop_on_abort } => {
                self.reconnect(call, stop_on_abort, cx);
            }
            ChatInput::ClearGate => self.clear_gate(cx),
            ChatInput::Abort(call) => self.abort(call, cx),
            ChatInput::Cancel(call) => self.cancel(call, cx),
            ChatInput::SessionStarted { request, answer } => {
                self.session_started(request, answer, cx);
            }
            ChatInput::TokenMinted { request, answer } => self.token_minted(request, answer, cx),
            ChatInput::Appended { request, outcome } => self.appended(request, outcome, cx),
            ChatInput::HeadStarted { request, answer } => self.head_started(request, answer, cx),
            ChatInput::Subscription { request, progress } => self.progressed(request, progress, cx),
        }
        self.forget_unawaited();
        self.tell_connection(cx);
    }

    /// Whether anything is sent or read.
    pub fn is_active(&self) -> bool {
        self.reader.is_some() || self.outbox.first().is_some()
    }

    /// Whether the chat's turn is this tab's: something is sent or read, or soon will be.
    pub fn is_leading(&self) -> bool {
        self.is_active() || self.steered.deadline_ms().is_some()
    }

    /// Whether a turn is read of which there is something to read.
    pub fn is_following(&self) -> bool {
        self.reader.as_ref().is_some_and(|reader| !reader.unanswered)
    }

    /// The earliest time at which something is due, in milliseconds.
    pub fn deadline_ms(&self) -> Option<u64> {
        let reader = self.reader.as_ref().and_then(|reader| reader.link.deadline_ms());
        let starting = self.starting.map(|asked| asked.deadline_ms);
        let minting = self.minting.map(|asked| asked.deadline_ms);
        let steered = self.steered.deadline_ms();
        [reader, self.outbox.deadline_ms(), starting, minting, steered].into_iter().flatten().min()
    }

    /// Time passed.
    pub fn tick(&mut self, cx: &mut Context<'_>) {
        self.tick_callbacks(cx);
        self.tick_outbox(cx);
        self.tick_reader(cx);
        self.steered.tick(cx.now_ms);
        self.tell_connection(cx);
    }

    /// The transport is disposed: everything under way ends.
    pub fn dispose(&mut self, cx: &mut Context<'_>) {
        for call in core::mem::take(&mut self.start_calls) {
            cx.settle(call, Outcome::Failed(Error::Disposed));
        }
        self.fail_all_sends(&Error::Disposed, cx);
        self.drop_reader(cx);
    }

    fn hydrate(&mut self, state: PersistedSession, notify: bool, cx: &mut Context<'_>) {
        let stored = state.last_event_id.as_deref().and_then(Cursor::parse);
        if self.reader.is_none() {
            let seeded = self.cursor.take().filter(|_| self.token.is_none());
            self.cursor = stored.clone().or(seeded);
            self.part_ids = PartIds::default();
        }
        // An open reader stays where it is: moving it back would repeat what it has delivered.
        let start = stored.or_else(|| self.cursor.clone().filter(|_| self.reader.is_none()));
        self.turn = Turn::restored(state.is_streaming, state.active_input_seq, start);
        self.closed = (state.closed == Some(true)).then_some(state.closed_reason);
        self.stored_open = state.closed == Some(false);
        self.token = Some(state.token);
        self.gate.open();
        self.tell_changed(notify, cx);
    }

    /// Sets the cursor of a session that has none; never moves one backward (A6). Until the session
    /// is known the cursor is merely kept.
    fn seed_cursor(&mut self, cursor: &str, cx: &mut Context<'_>) {
        let Some(cursor) = Cursor::parse(cursor) else { return };
        if self.token.is_none() {
            let behind = self.cursor.as_ref().is_some_and(|mine| cursor.is_behind(mine));
            if !behind {
                self.cursor = Some(cursor);
            }
        } else if self.cursor.is_none() {
            self.turn.seed(&cursor);
            self.cursor = Some(cursor);
            self.tell_changed(true, cx);
        }
    }

    /// Another tab had a turn and says how far it has read: what comes up to there belongs to no turn of
    /// this one (C6). That may be a lie: the cursor stays where it is, and what is held back for the
    /// lie's sake is shown when its turn proves to be the awaited one (S8).
    pub fn follow(&mut self, cursor: &str) {
        if let Some(Cursor::Seq(seq_num)) = Cursor::parse(cursor) {
            self.shown_elsewhere = self.shown_elsewhere.max(Some(seq_num));
            self.rest_to_come = false;
        }
    }

    /// Another tab has left a turn in its middle: its rest is no part of this tab's next one (E6).
    pub fn note_left_elsewhere(&mut self) {
        self.rest_to_come = true;
    }

    /// Whether its turn goes on without a reader, as far as is known.
    pub fn is_left(&self) -> bool {
        self.turn.is_outstanding()
    }

    /// Marks the session closed, once (C14).
    fn mark_closed(&mut self, reason: Option<String>, source: CloseSource, cx: &mut Context<'_>) {
        if self.closed.is_some() {
            return;
        }
        self.closed = Some(reason.clone());
        self.turn.complete(None);
        self.tell(Event::SessionClosed { reason, source }, cx);
        self.tell_changed(true, cx);
    }

    /// Why nothing more can be sent, if the session is closed.
    fn closed_error(&self) -> Option<Error> {
        let reason = self.closed.clone()?;
        Some(Error::SessionClosed { chat: self.chat.clone(), reason })
    }

    /// Whether it is closed for good.
    pub fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// Where the last turn ended that was read to its end, for other tabs.
    pub fn ended_at(&self) -> Option<String> {
        self.ended_at.as_ref().map(Cursor::text)
    }

    /// Where the reader stands, for the outside.
    fn last_event_id(&self) -> Option<String> {
        self.cursor.as_ref().map(Cursor::text)
    }

    /// The session's state as the application sees it; `None` while nothing is known.
    #[inline(never)]
    fn persisted(&self) -> Option<PersistedSession> {
        Some(PersistedSession {
            token: self.token.clone()?,
            last_event_id: self.turn.resume_cursor(self.cursor.as_ref()).map(Cursor::text),
            active_input_seq: self.turn.input_seq(),
            is_streaming: self.turn.streaming(),
            closed: self.closed.as_ref().map(|_| true).or(self.stored_open.then_some(false)),
            closed_reason: self.closed.clone().flatten(),
        })
    }

    #[inline(never)]
    fn tell_changed(&self, notify: bool, cx: &mut Context<'_>) {
        if let Some(state) = self.persisted() {
            cx.emit(Output::SessionChanged { chat: self.chat.clone(), state, notify });
        }
    }

    #[inline(never)]
    fn tell(&self, event: Event, cx: &mut Context<'_>) {
        let (chat, timestamp_ms) = (self.chat.clone(), cx.unix_ms);
        cx.emit(Output::Event { chat, timestamp_ms, event });
    }

    fn attribution(&self, now_ms: u64) -> Attribution {
        self.last_sent.as_ref().map_or_else(Attribution::default, |(message_id, at_ms)| {
            Attribution {
                message_id: message_id.clone(),
                since_send_ms: Some(now_ms.saturating_sub(*at_ms)),
            }
        })
    }
}

//! The whole vocabulary between the machine and the world.
//!
//! The world tells what happened by an [`Input`]; the machine answers with [`Output`]s that the world
//! obeys. What belongs to one chat carries its id; calls are numbered by the world, HTTP requests
//! by the machine, so that the answer to a request given up long ago is recognised and dropped.

use crate::error::{Cause, Error};
use crate::link::ResponseHead;
use crate::secret::Secret;
pub use crate::session::{
    Attribution, CloseSource, Connection, ConnectionState, Event, PendingVersionSource,
    PersistedSession, SendFacts, SendSource,
};
pub use crate::tabs::{TabAct, TabEvent, TabMessage, TabMode, TabOutput, TabWord};

/// Numbers a call of the application: the promise, and the stream it may give.
pub type CallId = u32;
/// Numbers a request of the machine: over HTTP, or to a callback.
pub type RequestId = u32;

/// What a machine is made with.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// Whether subscriptions stay open behind `turn-complete` (the `watch` option).
    pub watch: bool,
    /// How the page's tabs are coordinated (the `multiTab` option).
    pub tabs: TabMode,
    /// The source of jitter and part ids: random in a page, chosen in a test.
    pub seed: u64,
}

/// Something that happened.
#[derive(Debug)]
pub enum Input {
    /// Something that concerns one chat.
    Chat {
        /// The chat.
        chat: String,
        /// What happened.
        input: ChatInput,
    },
    /// The device, the page or the network woke up.
    Wake(Wake),
    /// Another tab says something.
    TabSays(TabMessage),
    /// Something happened to the channel between tabs, or to the lock of a chat.
    TabEvent {
        /// What.
        event: TabEvent,
        /// The chat whose lock it is; else empty.
        chat: String,
    },
    /// The time of [`crate::Machine::deadline_ms`] has come.
    Tick,
    /// The application is done with the transport.
    Dispose,
}

/// Something that concerns one chat.
#[derive(Debug)]
pub enum ChatInput {
    /// The application installs a session's state.
    Hydrate {
        /// The state.
        state: PersistedSession,
        /// Whether it is told of the change: not of what it passed to the constructor.
        notify: bool,
    },
    /// A loaded transcript reaches up to this cursor (A6).
    SeedCursor(String),
    /// The application wants the session started (A4).
    Start {
        /// Settled with [`Outcome::Session`].
        call: CallId,
    },
    /// The application sends something to `.in`.
    Send {
        /// Settled with [`Outcome::Stream`] or, for a steer or stop, [`Outcome::Accepted`].
        call: CallId,
        /// What is sent.
        send: Send,
    },
    /// The application wants to follow a turn that is under way (C10).
    Reconnect {
        /// Settled with [`Outcome::Stream`] or [`Outcome::NoStream`].
        call: CallId,
        /// Whether aborting the subscription stops the turn (C9).
        stop_on_abort: bool,
    },
    /// The gate of a stop is not needed (C8).
    ClearGate,
    /// The caller's signal of a call was aborted.
    Abort(CallId),
    /// The consumer of a call's stream cancelled it.
    Cancel(CallId),
    /// `startSession` answered.
    SessionStarted {
        /// Which call of it.
        request: RequestId,
        /// What it answered.
        answer: Result<StartedSession, StartFailure>,
    },
    /// `accessToken` answered.
    TokenMinted {
        /// Which call of it.
        request: RequestId,
        /// What it answered.
        answer: Result<Secret, Error>,
    },
    /// An append was answered or failed.
    Appended {
        /// Which.
        request: RequestId,
        /// How.
        outcome: AppendOutcome,
    },
    /// The application's own server answered a head start, or did not (F1).
    HeadStarted {
        /// Which request.
        request: RequestId,
        /// The head of the answer, or what was thrown.
        answer: Result<HeadStartHead, Cause>,
    },
    /// What became of a subscription, or of the body of a head start's answer.
    Subscription {
        /// Which.
        request: RequestId,
        /// What happened to it.
        progress: Progress,
    },
}

/// What became of a subscription request.
#[derive(Debug)]
pub enum Progress {
    /// The response head.
    Head(ResponseHead),
    /// Bytes of the body.
    Bytes(Vec<u8>),
    /// The body is not read on until the consumer has room.
    Held,
    /// The consumer has room again: the body is read on.
    Resumed,
    /// The body ended cleanly.
    End,
    /// The request or the body failed, with what was thrown.
    Failed(Cause),
    /// There was no request: the application's own code threw.
    Threw(Cause),
}

/// Something to send to `.in`. The body itself stays with the world, under the number of the call.
#[derive(Debug)]
pub struct Send {
    /// What it is.
    pub source: SendSource,
    /// The id of the message it is about, for events.
    pub message_id: Option<String>,
    /// The body's size in UTF-8 bytes.
    pub body_bytes: u64,
    /// The size of the body written as a JSON string, quotes included, in UTF-8 bytes (B10).
    pub escaped_body_bytes: u64,
}

/// What `startSession` gave.
#[derive(Debug)]
pub struct StartedSession {
    /// The session's token.
    pub token: Secret,
    /// The run waits for its deployment.
    pub pending_version: bool,
}

/// Why there is no started session.
#[derive(Debug)]
pub enum StartFailure {
    /// There is no such callback.
    NotConfigured,
    /// It failed.
    Failed(Error),
}

/// The head of the answer to a head start (F1).
#[derive(Debug)]
pub struct HeadStartHead {
    /// The HTTP status.
    pub status: u16,
    /// `X-Trigger-Chat-Access-Token`: the token of the session that was made.
    pub token: Option<Secret>,
    /// `X-Trigger-Chat-Pending-Version` is `1`.
    pub pending_version: bool,
    /// There is a body to read.
    pub has_body: bool,
}

/// How an append ended.
#[derive(Debug)]
pub enum AppendOutcome {
    /// The server answered, with this body.
    Answer(ResponseHead, String),
    /// It did not; what was thrown.
    Failed(Cause),
    /// It was not even asked: the application's own code threw.
    Threw(Cause),
}

/// A reason to look after connections (D4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Connections are likely dead: back online, restored from the cache, long hidden.
    Reconnect,
    /// A waiting attempt may try now.
    RetryNow,
    /// The page ran on after a pause: a stream that shows no life within a second is dead.
    Check,
    /// The device says that it is online.
    Online,
    /// The device says that it is offline, which may be a lie: it aborts nothing.
    Offline,
}

/// Something to do.
#[derive(Debug, PartialEq)]
pub enum Output {
    /// Call `startSession`, if there is one, and answer with [`ChatInput::SessionStarted`].
    StartSession {
        /// For this chat.
        chat: String,
        /// The number of the call.
        request: RequestId,
    },
    /// Call `accessToken` and answer with [`ChatInput::TokenMinted`].
    MintToken {
        /// For this chat.
        chat: String,
        /// The number of the call.
        request: RequestId,
    },
    /// Make an append and answer with [`ChatInput::Appended`].
    Append {
        /// To this chat's `.in`.
        chat: String,
        /// The request's number.
        request: RequestId,
        /// The token to authorize with.
        token: Secret,
        /// Its idempotency key.
        part_id: String,
        /// Its body.
        body: Body,
    },
    /// Ask the application's own server for the first turn and answer with
    /// [`ChatInput::HeadStarted`], then with [`ChatInput::Subscription`] for the body (F1).
    HeadStart {
        /// Of this chat.
        chat: String,
        /// The request's number.
        request: RequestId,
        /// The call whose body it is, and whose stream is read for.
        call: CallId,
    },
    /// Subscribe to `.out` and answer with [`ChatInput::Subscription`].
    Connect {
        /// Of this chat.
        chat: String,
        /// The request's number.
        request: RequestId,
        /// The token to authorize with.
        token: Secret,
        /// `Last-Event-ID`.
        last_event_id: Option<String>,
        /// Whether to ask for `X-Peek-Settled`.
        peek_settled: bool,
        /// The call that the records are for: their stream's wish for more is what is read for.
        call: CallId,
    },
    /// Abort a request, whose further answers count for nothing.
    Disconnect {
        /// Which.
        request: RequestId,
    },
    /// Settle a call.
    Settle {
        /// Which.
        call: CallId,
        /// With what.
        outcome: Outcome,
    },
    /// Hand chunks (JSON texts, in order) to a call's stream.
    Chunks {
        /// Whose.
        call: CallId,
        /// The chunks.
        chunks: Vec<String>,
    },
    /// Tell a call that its append was processed: before its stream closes, at most once (B4).
    Settled {
        /// Which.
        call: CallId,
        /// The seq of its append.
        input_seq: u64,
        /// The agent's committed `.in` cursor, at or past that seq.
        session_in_event_id: String,
        /// The cursor of the record that said so.
        last_event_id: Option<String>,
    },
    /// Close a call's stream.
    Close {
        /// Whose.
        call: CallId,
    },
    /// Fail a call's stream.
    Fail {
        /// Whose.
        call: CallId,
        /// With what.
        error: Error,
    },
    /// Tell the application that a session changed (A7).
    SessionChanged {
        /// The chat.
        chat: String,
        /// Its state now.
        state: PersistedSession,
        /// Whether to call `onSessionChange`; the transport's own view changes in any case.
        notify: bool,
    },
    /// Tell the application of an event (G1).
    Event {
        /// The chat.
        chat: String,
        /// When, in milliseconds of Unix time.
        timestamp_ms: u64,
        /// What.
        event: Event,
    },
    /// Do something between tabs.
    Tab(TabOutput),
}

/// The body of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// What the world holds under the number of this call.
    Of(CallId),
    /// A stop that no call asked for: [`crate::wire::input::STOP_BODY`].
    Stop,
}

/// How a call ends.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// With the session's state.
    Session(PersistedSession),
    /// With its stream.
    Stream {
        /// Its first chunks may repeat what a consumer of this page holds already: the turn is
        /// replayed from its start.
        repeats: bool,
    },
    /// With nothing to follow.
    NoStream,
    /// With whether it worked.
    Accepted(bool),
    /// It rejects.
    Failed(Error),
}

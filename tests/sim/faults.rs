//! The fault menu. A schedule draws one to six kinds; the report counts how often each took effect.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// A kind of fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Fault { $($(#[$doc])* $name,)* }

        impl Fault {
            pub(crate) const ALL: &[Fault] = &[$(Fault::$name,)*];

            /// Its name in reports and kept schedules.
            pub(crate) fn word(self) -> &'static str {
                match self { $(Fault::$name => $word,)* }
            }
        }
    };
}

faults! {
    // What becomes of a response that is read.
    /// The body ends cleanly at some byte.
    CleanCut = "clean-cut",
    /// The body breaks at some byte.
    Reset = "reset",
    /// Ends at a tricky byte: within a character, between CR and LF, before the blank line.
    TrickyCut = "tricky-cut",
    /// The bytes stop and nothing says so.
    Silence = "silence",
    /// A few bytes at a time, with pauses.
    Drip = "drip",
    /// Chunks of other sizes than the server wrote.
    Reslice = "reslice",
    /// An `error` event.
    ErrorEvent = "error-event",
    /// A batch that is not JSON.
    MalformedBatch = "malformed-batch",
    /// The window is over after a few seconds.
    ShortWindow = "short-window",
    /// The stream asks for its own reconnection time.
    RetryHint = "retry-hint",
    // What becomes of a subscription.
    ConnectRefused = "connect-refused",
    ConnectHangs = "connect-hangs",
    LateHead = "late-head",
    /// A login page in place of the stream.
    Portal = "portal",
    NoContent = "no-content",
    Redirect = "redirect",
    NoBody = "no-body",
    /// 401 or 403, although the token is good.
    Unauthorized = "unauthorized",
    /// 400, 404, 409, 410, 422.
    Refused = "refused",
    TooMany = "too-many",
    ServerError = "server-error",
    // What becomes of an append.
    AppendRefused = "append-refused",
    /// Written, but the answer is lost.
    AppendAnswerLost = "append-answer-lost",
    AppendHangs = "append-hangs",
    AppendUnauthorized = "append-unauthorized",
    AppendTooMany = "append-too-many",
    /// A 5xx, written or not.
    AppendServerError = "append-server-error",
    AppendPortal = "append-portal",
    AppendTooLarge = "append-too-large",
    /// A server that does not say where in `.in` it wrote.
    AppendWithoutSeq = "append-without-seq",
    /// The session that the page stored is not on the server.
    SessionGone = "session-gone",
    // What the log holds, and how it is replayed.
    /// The server starts before the cursor that was asked for.
    ReplayOlder = "replay-older",
    /// The agent wrote a part twice.
    DoublePart = "double-part",
    /// What lies before the last boundary but one is gone.
    Trim = "trim",
    CommandRecords = "command-records",
    EmptyBatch = "empty-batch",
    MalformedRecord = "malformed-record",
    BigTurn = "big-turn",
    /// The boundary brings a token, and the older ones die.
    TokenInBoundary = "token-in-boundary",
    /// Every token dies at some time.
    TokensDie = "tokens-die",
    /// The old form of the stream: no batches, no sequence numbers.
    LegacyStream = "legacy-stream",
    NoPings = "no-pings",
    // What the agent does.
    /// The run dies without a boundary.
    AgentDies = "agent-dies",
    /// A tool works for minutes.
    SlowTool = "slow-tool",
    Upgrade = "upgrade",
    SessionCloses = "session-closes",
    // What the device does.
    ClockForward = "clock-forward",
    ClockBack = "clock-back",
    LateTimers = "late-timers",
    /// Frozen, and the stream is dead without a word.
    FreezeKills = "freeze-kills",
    FreezeKeeps = "freeze-keeps",
    /// Restored from the cache; the stream broke on the way in.
    BackForward = "back-forward",
    Offline = "offline",
    WakeStorm = "wake-storm",
    // What the user and the application do.
    Abort = "abort",
    PressStop = "press-stop",
    DoubleSend = "double-send",
    Cancel = "cancel",
    Reload = "reload",
    Crash = "crash",
    Remount = "remount",
    Dispose = "dispose",
    Steer = "steer",
    Action = "action",
    SlowConsumer = "slow-consumer",
    SlowCallback = "slow-callback",
    ThrowingCallback = "throwing-callback",
    SilentCallback = "silent-callback",
    /// A callback calls back in.
    CallsBack = "calls-back",
    SecondTab = "second-tab",
    // What lies between tabs.
    /// Two to five tabs that are coordinated.
    MultiTab = "multi-tab",
    ChannelLost = "channel-lost",
    ChannelDoubled = "channel-doubled",
    ChannelLate = "channel-late",
    ChannelForged = "channel-forged",
    /// The first tab is hidden: its timers come once a minute.
    HiddenTab = "hidden-tab",
    Watcher = "watcher",
}

impl Fault {
    /// Whether it is one of the channel between tabs.
    pub(crate) fn is_of_channel(self) -> bool {
        matches!(
            self,
            Self::ChannelLost | Self::ChannelDoubled | Self::ChannelLate | Self::ChannelForged
        )
    }
}

/// How often each kind took effect.
#[derive(Debug, Clone)]
pub(crate) struct Hits(Vec<u64>);

impl Default for Hits {
    fn default() -> Self {
        Self(vec![0; Fault::ALL.len()])
    }
}

impl Hits {
    pub(crate) fn hit(&mut self, fault: Fault) {
        self.0[fault as usize] += 1;
    }

    pub(crate) fn of(&self, fault: Fault) -> u64 {
        self.0[fault as usize]
    }

    pub(crate) fn add(&mut self, other: &Hits) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += theirs;
        }
    }
}

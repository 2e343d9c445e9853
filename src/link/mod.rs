//! One HTTP attempt after another.
//!
//! A [`Link`] keeps one subscription alive: it says when to connect, when an attempt has to be given
//! up, and when the next one comes. It knows requests and time, not chats or records: whoever owns
//! it tells it what happened and obeys the [`Step`] it gets back.

mod liveness;
mod recent;
mod resends;
mod response;
mod retry;

pub use liveness::Liveness;
pub use recent::Recent;
pub use resends::Resends;
pub use response::{ResponseHead, Verdict, retry_after_ms};
pub use retry::{Backoff, Jitter, Pace};

/// A connect attempt that has no response head by then is given up (D1).
const CONNECT_TIMEOUT_MS: u64 = 30_000;
/// Ends without `turn-complete` in a row, none of which brought a record, that are borne (D3).
const EMPTY_ENDS_LIMIT: u32 = 5;
/// Such ends of answers that were announced as settled; the next one is believed (C12).
const SETTLED_ENDS_LIMIT: u32 = 2;
/// Stalls in a row, none of which brought a record, that are borne outside watch mode (D1).
const STALLS_LIMIT: u32 = 5;

/// Where a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// No attempt is under way or due: it has not begun, waits for a token, or has given up.
    Resting,
    /// An attempt is under way and has no response head yet.
    Connecting,
    /// A response is open.
    Open,
    /// The next attempt is due then, in milliseconds.
    Waiting {
        /// The time.
        until_ms: u64,
    },
}

/// What the owner of a link has to do now.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing: wait for the next event or the deadline.
    Wait,
    /// Make a new attempt, after giving up the one under way if there is one.
    Connect,
    /// Give the attempt under way up; the next one comes at the deadline.
    Disconnect,
    /// Get a fresh token, then call [`Link::start`].
    Authorize,
    /// It is over.
    GiveUp(GaveUp),
}

/// Why a link gave up.
#[derive(Debug, PartialEq, Eq)]
pub enum GaveUp {
    /// The server refused for good.
    Refused(u16),
    /// The answer was not an event stream; its content type.
    NotAnEventStream(String),
    /// The response ended again and again without a record.
    EndedEarly,
    /// Connected, but no record for too long, too often.
    Stalled,
    /// The server says that nothing more will come.
    Settled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Connecting { deadline_ms: u64 },
    Open,
    Waiting { until_ms: u64 },
    Dead,
}

/// Keeps one subscription alive.
#[derive(Debug)]
pub struct Link {
    pace: Pace,
    phase: Phase,
    liveness: Liveness,
    /// Failures in a row; the backoff grows with them. Reset by records, not by response heads.
    failures: u32,
    empty_ends: u32,
    /// Ends of settled answers in a row that were not known to be whole.
    settled_ends: u32,
    stalls: u32,
    /// Attempts in a row, this one included, of which none has brought a record.
    attempts: u32,
    recent: Recent,
    /// The attempt under way, or the last one, brought a record.
    delivered: bool,
    /// A token was already renewed since the last response (D2).
    authorized: bool,
    settled: bool,
    /// The server said that the response under way is whole.
    done: bool,
    /// The reconnection time that the event stream asked for, in milliseconds.
    hint_ms: Option<u64>,
    jitter: Jitter,
}

impl Link {
    /// A link at rest, for a chat whose last attempts were `recent`.
    pub fn new(pace: Pace, jitter: Jitter, recent: Recent) -> Self {
        Self {
            pace,
            phase: Phase::Idle,
            liveness: Liveness::default(),
            failures: 0,
            empty_ends: 0,
            settled_ends: 0,
            stalls: 0,
            attempts: 0,
            recent,
            delivered: false,
            authorized: false,
            settled: false,
            done: false,
            hint_ms: None,
            jitter,
        }
    }

    /// An attempt starts now, unless there were too many of late.
    pub fn start(&mut self, now_ms: u64) -> Step {
        if let Some(until_ms) = self.recent.not_before_ms(now_ms) {
            self.phase = Phase::Waiting { until_ms };
            return Step::Disconnect;
        }
        self.recent.note(now_ms);
        self.delivered = false;
        (self.settled, self.done) = (false, false);
        self.attempts = self.attempts.saturating_add(1);
        self.phase = Phase::Connecting { deadline_ms: now_ms.saturating_add(CONNECT_TIMEOUT_MS) };
        Step::Connect
    }

    /// The last attempts of the chat, these included.
    pub fn recent(&self) -> Recent {
        self.recent
    }

    /// Where it is.
    pub fn stage(&self) -> Stage {
        match self.phase {
            Phase::Idle | Phase::Dead => Stage::Resting,
            Phase::Connecting { .. } => Stage::Connecting,
            Phase::Open => Stage::Open,
            Phase::Waiting { until_ms } => Stage::Waiting { until_ms },
        }
    }

    /// Attempts in a row, the one under way included, of which none has brought a record.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether the response under way was announced as settled: its end is final.
    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// When [`Link::tick`] wants to be called, in milliseconds.
    pub fn deadline_ms(&self) -> Option<u64> {
        match self.phase {
            Phase::Connecting { deadline_ms } => Some(deadline_ms),
            Phase::Waiting { until_ms } => Some(until_ms),
            Phase::Open => self.liveness.deadline_ms(),
            Phase::Idle | Phase::Dead => None,
        }
    }

    /// The response head arrived.
    pub fn head(&mut self, now_ms: u64, head: &ResponseHead) -> Step {
        match head.verdict(now_ms) {
            Verdict::Stream => {
                self.phase = Phase::Open;
                self.settled = head.settled;
                self.authorized = false;
                self.liveness = Liveness::begin(now_ms);
                Step::Wait
            }
            Verdict::Unauthorized if !self.authorized => {
                self.authorized = true;
                self.phase = Phase::Idle;
                Step::Authorize
            }
            Verdict::Unauthorized => self.give_up(GaveUp::Refused(head.status)),
            Verdict::Refused => self.give_up(GaveUp::Refused(head.status)),
            Verdict::NotAnEventStream => self
                .give_up(GaveUp::NotAnEventStream(head.content_type.clone().unwrap_or_default())),
            Verdict::Later { asked_ms } => self.retry(now_ms, asked_ms),
        }
    }

    /// Bytes of the body arrived, or are read on after a hold: silence counts from here.
    pub fn bytes(&mut self, now_ms: u64) {
        self.liveness.bytes(now_ms);
    }

    /// Reading pauses until the next bytes, because the consumer is full: that is no silence.
    pub fn hold(&mut self) {
        self.liveness.hold();
    }

    /// The server pinged: it promises a sign of life every few seconds.
    pub fn ping(&mut self, now_ms: u64) {
        self.liveness.ping(now_ms);
    }

    /// The server said that the response is whole: its end is no cut.
    pub fn done(&mut self) {
        self.done = true;
    }

    /// A record arrived: the connection is proven and every budget is earned anew.
    pub fn record(&mut self, now_ms: u64) {
        self.liveness.record(now_ms);
        self.delivered = true;
        self.failures = 0;
        self.empty_ends = 0;
        self.settled_ends = 0;
        self.stalls = 0;
        self.attempts = 0;
    }

    /// The stream's own reconnection time.
    pub fn hint(&mut self, retry_ms: Option<u64>) {
        self.hint_ms = retry_ms.or(self.hint_ms);
    }

    /// The body ended cleanly, which says nothing about the turn: engines report a truncated body
    /// so, too. Of a settled answer it is final, once the server has said that it is whole.
    pub fn ended(&mut self, now_ms: u64) -> Step {
        if self.settled {
            self.settled_ends = self.settled_ends.saturating_add(1);
            if self.done || self.settled_ends > SETTLED_ENDS_LIMIT {
                return self.give_up(GaveUp::Settled);
            }
        }
        if !self.delivered && !self.liveness.was_a_quiet_window(now_ms) {
            self.empty_ends = self.empty_ends.saturating_add(1);
        }
        if self.empty_ends > EMPTY_ENDS_LIMIT && self.pace != Pace::Watch {
            return self.give_up(GaveUp::EndedEarly);
        }
        let delay_ms = Backoff::AFTER_END.delay_ms(self.empty_ends, &mut self.jitter);
        self.wait(now_ms, delay_ms)
    }

    /// The attempt failed: no response head, or a body that broke.
    pub fn failed(&mut self, now_ms: u64) -> Step {
        self.retry(now_ms, None)
    }

    /// The body is not what the protocol says: no new attempt may be made for ever.
    pub fn malformed(&mut self, now_ms: u64) -> Step {
        self.delivered = false;
        self.settled = false;
        self.ended(now_ms)
    }

    /// Whether it waits for a token, after [`Step::Authorize`].
    pub fn awaits_token(&self) -> bool {
        self.phase == Phase::Idle && self.authorized
    }

    /// The deadline passed.
    pub fn tick(&mut self, now_ms: u64) -> Step {
        match self.phase {
            Phase::Connecting { deadline_ms } if now_ms >= deadline_ms => self.retry(now_ms, None),
            Phase::Waiting { until_ms } if now_ms >= until_ms => self.start(now_ms),
            Phase::Open if self.liveness.failed_check(now_ms) => self.start(now_ms),
            Phase::Open if self.liveness.is_silent(now_ms) => self.retry(now_ms, None),
            Phase::Open if self.liveness.is_stalled(now_ms) => {
                self.stalls = self.stalls.saturating_add(1);
                if self.stalls > STALLS_LIMIT && self.pace != Pace::Watch {
                    return self.give_up(GaveUp::Stalled);
                }
                self.retry(now_ms, None)
            }
            _ => Step::Wait,
        }
    }

    /// Something suggests that the network is back: a waiting attempt need not wait any longer.
    pub fn retry_now(&mut self, now_ms: u64) -> Step {
        match self.phase {
            Phase::Waiting { .. } => self.start(now_ms),
            _ => Step::Wait,
        }
    }

    /// The page ran on after a pause: what is open has to show that it lives.
    pub fn check(&mut self, now_ms: u64) {
        self.liveness.check(now_ms);
    }

    /// The connection is likely dead although nothing says so: replace it at once.
    pub fn reconnect(&mut self, now_ms: u64) -> Step {
        match self.phase {
            // It may be alive after all: better than none for a while.
            Phase::Open if self.recent.not_before_ms(now_ms).is_some() => Step::Wait,
            Phase::Waiting { .. } | Phase::Connecting { .. } | Phase::Open => self.start(now_ms),
            Phase::Idle | Phase::Dead => Step::Wait,
        }
    }

    fn retry(&mut self, now_ms: u64, asked_ms: Option<u64>) -> Step {
        let backoff_ms = if self.delivered {
            Backoff::AFTER_DELIVERY.delay_ms(0, &mut self.jitter)
        } else {
            self.failures = self.failures.saturating_add(1);
            Backoff::of(self.pace).delay_ms(self.failures, &mut self.jitter)
        };
        // Never sooner than our own backoff: a server that asks for nothing must not cause a loop.
        let asked_ms =
            asked_ms.or(self.hint_ms).map_or(0, |asked_ms| asked_ms.min(retry::ASKED_CAP_MS));
        self.wait(now_ms, asked_ms.max(backoff_ms))
    }

    fn wait(&mut self, now_ms: u64, delay_ms: u64) -> Step {
        self.phase = Phase::Waiting { until_ms: now_ms.saturating_add(delay_ms) };
        Step::Disconnect
    }

    fn give_up(&mut self, reason: GaveUp) -> Step {
        self.phase = Phase::Dead;
        Step::GiveUp(reason)
    }
}

#[cfg(test)]
mod tests;

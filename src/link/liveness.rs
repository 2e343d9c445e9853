//! Two levels of life: bytes prove the socket, records prove the agent (D1).

/// Silence after which a connection that has shown pings is dead; they come about every 10 s.
const SILENCE_LIMIT_MS: u64 = 25_000;
/// Without pings only records show life: none for this long is a stall.
const STALL_LIMIT_MS: u64 = 60_000;
/// After a pause of the page a living connection shows itself within this time.
const CHECK_LIMIT_MS: u64 = 1_000;
/// A response that lived this long and pinged was a long-poll window that found nothing to send.
const QUIET_WINDOW_MS: u64 = 10_000;

/// When the connection under way last showed a sign of life. Times in milliseconds.
#[derive(Debug, Default)]
pub struct Liveness {
    opened_ms: u64,
    last_bytes_ms: u64,
    last_record_ms: u64,
    pings: bool,
    /// The consumer is full: nothing is read, so nothing can be concluded.
    held: bool,
    /// By then it has to show life, because the page was paused.
    check_ms: Option<u64>,
}

impl Liveness {
    /// A response head arrived.
    pub fn begin(now_ms: u64) -> Self {
        Self {
            opened_ms: now_ms,
            last_bytes_ms: now_ms,
            last_record_ms: now_ms,
            pings: false,
            held: false,
            check_ms: None,
        }
    }

    /// Reading pauses until the next bytes: the consumer is full.
    pub fn hold(&mut self) {
        self.held = true;
    }

    /// Bytes arrived, or are read on: silence counts from here.
    pub fn bytes(&mut self, now_ms: u64) {
        self.last_bytes_ms = now_ms;
        self.check_ms = None;
        if core::mem::take(&mut self.held) {
            self.last_record_ms = now_ms;
        }
    }

    /// A ping arrived.
    pub fn ping(&mut self, now_ms: u64) {
        self.last_bytes_ms = now_ms;
        self.pings = true;
    }

    /// A record arrived.
    pub fn record(&mut self, now_ms: u64) {
        self.last_bytes_ms = now_ms;
        self.last_record_ms = now_ms;
    }

    /// The page ran on after a pause, in which the connection may have died without a word.
    pub fn check(&mut self, now_ms: u64) {
        self.check_ms.get_or_insert(now_ms.saturating_add(CHECK_LIMIT_MS));
    }

    /// When the next judgement is due.
    pub fn deadline_ms(&self) -> Option<u64> {
        let deadline_ms = self.check_ms.unwrap_or(u64::MAX).min(self.limit_ms());
        (!self.held).then_some(deadline_ms)
    }

    /// When bytes, or else records, are overdue.
    fn limit_ms(&self) -> u64 {
        if self.pings {
            self.last_bytes_ms.saturating_add(SILENCE_LIMIT_MS)
        } else {
            self.last_record_ms.saturating_add(STALL_LIMIT_MS)
        }
    }

    /// It showed no life in the time after a pause.
    pub fn failed_check(&self, now_ms: u64) -> bool {
        !self.held && self.check_ms.is_some_and(|at_ms| now_ms >= at_ms)
    }

    /// A server that pings has gone silent: the socket is dead.
    pub fn is_silent(&self, now_ms: u64) -> bool {
        self.pings && self.is_overdue(now_ms)
    }

    /// A server that does not ping has sent no record for too long.
    pub fn is_stalled(&self, now_ms: u64) -> bool {
        !self.pings && self.is_overdue(now_ms)
    }

    fn is_overdue(&self, now_ms: u64) -> bool {
        !self.held && now_ms >= self.limit_ms()
    }

    /// Whether a response that ends now was alive and merely had nothing to say.
    pub fn was_a_quiet_window(&self, now_ms: u64) -> bool {
        self.pings && now_ms.saturating_sub(self.opened_ms) >= QUIET_WINDOW_MS
    }
}

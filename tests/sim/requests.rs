//! What is judged of one page's requests about one chat: how many, how soon, with which token (P7).

use std::collections::{BTreeSet, VecDeque};

use trigger_chat_transport::io::CallId;
use trigger_chat_transport::link::ResponseHead;

/// The most requests in [`RATE_WINDOW_MS`], those not counted that a user asked for.
const RATE_LIMIT: usize = 20;
const RATE_WINDOW_MS: u64 = 10_000;
/// The attempt behind so many may come when the first of them is out of the window.
const ATTEMPTS_LIMIT: usize = 12;
/// The first retry after a connection that had delivered something comes so soon.
const FIRST_RETRY_MS: u64 = 300;

/// So many ends of answers that were announced as settled may be cuts.
const SETTLED_ENDS_LIMIT: u32 = 2;

/// How a connection was lost.
#[derive(Debug, Clone, Copy)]
struct Lost {
    at_ms: u64,
    call: CallId,
    least_ms: u64,
    most_ms: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Requests {
    times_ms: VecDeque<u64>,
    /// When every subscription was made.
    attempts_ms: Vec<u64>,
    parts: BTreeSet<String>,
    /// The call that the last subscription was for.
    call: CallId,
    lost: Option<Lost>,
    /// Failures in a row, and clean ends in a row, none of which delivered.
    failures: u32,
    ends: u32,
    watches: bool,
    /// The last answer was announced as settled; and such ones in a row that brought nothing.
    settled: bool,
    settled_ends: u32,
    /// The last head asked for a pause, or something else makes the pause unknown.
    unknown: bool,
    /// The least token that a request may carry.
    least_token: u64,
    /// The highest `.in` seq that the user stopped; what belongs to it need not be shown.
    pub(crate) stopped_up_to: Option<u64>,
    /// Something was stopped of which it is not known whether it was written.
    pub(crate) stopped_unknown: bool,
}

impl Requests {
    pub(crate) fn new(watches: bool) -> Self {
        Self { watches, ..Self::default() }
    }

    /// A callback gave a token: it replaces whatever there was.
    pub(crate) fn given_token(&mut self, number: u64) {
        self.least_token = self.least_token.min(number);
    }

    /// A boundary brought a token.
    pub(crate) fn told_token(&mut self, number: u64) {
        self.least_token = number;
    }

    /// The user stopped what was written at `seq`, or something of which that is not known.
    pub(crate) fn stopped(&mut self, seq: Option<u64>) {
        self.stopped_unknown |= seq.is_none();
        self.stopped_up_to = self.stopped_up_to.max(seq);
    }

    /// Whether a token may still be used.
    pub(crate) fn may_use(&self, number: u64) -> bool {
        number >= self.least_token
    }

    /// The device woke up: attempts come sooner, and count anew.
    pub(crate) fn woken(&mut self) {
        self.lost = None;
        self.unknown = true;
    }

    /// The device's clock jumped: the page cannot know how long ago its requests were.
    pub(crate) fn clock_jumped(&mut self) {
        self.times_ms.clear();
        self.attempts_ms.clear();
    }

    pub(crate) fn head(&mut self, head: &ResponseHead, now_ms: u64) {
        self.settled = head.settled;
        match head.status {
            200 => {}
            408 | 429 | 500.. => {
                self.failures += 1;
                self.lose(now_ms, false);
                self.lost = self.lost.map(|lost| Lost { most_ms: None, ..lost });
            }
            _ => self.unknown = true,
        }
    }

    /// A body ended or broke. `spoke`: it brought bytes, and perhaps a record.
    pub(crate) fn lost(&mut self, now_ms: u64, ended: bool, spoke: bool, delivered: bool) {
        self.settled_ends += u32::from(self.settled && ended);
        if spoke {
            (self.failures, self.ends) = (0, 0);
            self.unknown = false;
        } else if ended {
            self.ends += 1;
        } else {
            self.failures += 1;
        }
        self.lose(now_ms, ended);
        let most_ms = delivered.then_some(FIRST_RETRY_MS);
        self.lost = self.lost.map(|lost| Lost { most_ms, ..lost });
    }

    fn lose(&mut self, at_ms: u64, ended: bool) {
        let (count, base_ms) = match ended {
            true => (self.ends, 100),
            false if self.watches => (self.failures, 100),
            false => (self.failures, 1_000),
        };
        let doubling: u64 = base_ms << count.saturating_sub(1).min(10);
        let least_ms = if count == 0 || self.unknown { 50 } else { doubling.min(5_000) / 2 };
        self.lost = Some(Lost { at_ms, call: self.call, least_ms, most_ms: None });
    }

    /// Answers that were announced as settled ended so often in a row that the last one is believed.
    pub(crate) fn believes_settled(&self) -> bool {
        self.settled_ends > SETTLED_ENDS_LIMIT
    }

    /// Something was delivered.
    pub(crate) fn delivered(&mut self) {
        self.settled_ends = 0;
        self.heard();
    }

    /// Something came, if only an error of the server's.
    pub(crate) fn heard(&mut self) {
        (self.failures, self.ends, self.unknown) = (0, 0, false);
    }

    /// A subscription is made for a call. What is wrong with its time, if anything is.
    pub(crate) fn connects(&mut self, now_ms: u64, call: CallId, punctual: bool) -> Option<String> {
        let first = self.attempts_ms.iter().rev().nth(ATTEMPTS_LIMIT - 1);
        let free_ms = first.map_or(0, |first_ms| first_ms + RATE_WINDOW_MS + 1);
        self.attempts_ms.push(now_ms);
        let is_new = call != self.call;
        self.call = call;
        let lost = self.lost.take().filter(|lost| lost.call == call);
        if is_new {
            (self.failures, self.ends, self.unknown) = (0, 0, false);
            return None;
        }
        if let Some(lost) = lost.filter(|_| punctual) {
            let waited_ms = now_ms - lost.at_ms;
            if waited_ms < lost.least_ms {
                return Some(format!("retried after {waited_ms} ms, least {}", lost.least_ms));
            }
            let is_late = |most_ms| waited_ms > most_ms && now_ms > free_ms;
            if lost.most_ms.is_some_and(is_late) {
                return Some(format!("the first retry came after {waited_ms} ms"));
            }
        }
        self.count(now_ms)
    }

    /// An append is made.
    pub(crate) fn appends(&mut self, now_ms: u64, part_id: &str) -> Option<String> {
        if self.parts.insert(part_id.to_owned()) { None } else { self.count(now_ms) }
    }

    /// One more request: whether too many lie within the window that ends with it.
    fn count(&mut self, now_ms: u64) -> Option<String> {
        self.times_ms.push_back(now_ms);
        while self.times_ms.front().is_some_and(|&first| first + RATE_WINDOW_MS < now_ms) {
            self.times_ms.pop_front();
        }
        let count = self.times_ms.len();
        (count > RATE_LIMIT).then(|| format!("{count} requests in 10 s"))
    }
}

//! One connection's bytes on their way: cut, dripped, sliced, silent. Knows bytes and time only.

use crate::random::Random;

/// What drips is behind by no more than this.
const BACKLOG_MS: u64 = 20_000;

/// How a body stops before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// As if it were whole.
    Clean,
    Reset,
    /// Not at all, as far as the reader can tell.
    Silent,
}

/// How the bytes of one response travel.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) random: Random,
    pub(crate) newline: &'static str,
    /// So many bytes pass before the body stops.
    pub(crate) stop: Option<(usize, Stop)>,
    /// The body stops at a tricky place of some batch.
    pub(crate) tricky: Option<Stop>,
    /// The most bytes that travel together.
    pub(crate) slice: usize,
    /// The time between two slices.
    pub(crate) pause_ms: u64,
    pub(crate) sent: usize,
    pub(crate) last_at_ms: u64,
    pub(crate) over: bool,
}

/// Something that reaches the reader at a time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    Bytes(Vec<u8>),
    End,
    Broke,
}

impl Wire {
    pub(crate) fn new(mut random: Random) -> Self {
        let newline = random.pick(&["\n", "\n", "\r\n", "\r"]);
        Self {
            random,
            newline,
            stop: None,
            tricky: None,
            slice: usize::MAX,
            pause_ms: 0,
            sent: 0,
            last_at_ms: 0,
            over: false,
        }
    }

    /// Sends a text; what arrives when. Whether the body stopped on the way.
    pub(crate) fn send(&mut self, now_ms: u64, text: &str) -> (Vec<(u64, Arrival)>, bool) {
        if self.over {
            return (Vec::new(), false);
        }
        let bytes = if self.newline == "\n" {
            text.as_bytes().to_vec()
        } else {
            text.replace('\n', self.newline).into_bytes()
        };
        let stop = match (self.stop, self.tricky) {
            (Some((at, how)), _) if self.sent + bytes.len() >= at => Some((at - self.sent, how)),
            (_, Some(how)) if text.contains("data") => {
                tricky_place(&bytes, &mut self.random).map(|at| (at, how))
            }
            _ => None,
        };
        let length = stop.map_or(bytes.len(), |(at, _)| at);
        self.sent += length;
        let mut arrivals = Vec::new();
        let mut rest = &bytes[..length];
        while !rest.is_empty() {
            let at_most = (self.slice as u64).min(rest.len() as u64);
            let size =
                if self.slice == usize::MAX { at_most } else { self.random.within(1, at_most) };
            let (piece, behind) = rest.split_at(size as usize);
            rest = behind;
            arrivals.push((self.time(now_ms), Arrival::Bytes(piece.to_vec())));
        }
        if let Some((_, how)) = stop {
            arrivals.extend(self.finish(now_ms, how));
        }
        (arrivals, stop.is_some())
    }

    /// The body stops.
    pub(crate) fn finish(&mut self, now_ms: u64, how: Stop) -> Option<(u64, Arrival)> {
        if core::mem::replace(&mut self.over, true) {
            return None;
        }
        let at_ms = self.time(now_ms);
        match how {
            Stop::Clean => Some((at_ms, Arrival::End)),
            Stop::Reset => Some((at_ms, Arrival::Broke)),
            Stop::Silent => None,
        }
    }

    fn time(&mut self, now_ms: u64) -> u64 {
        let travels_ms = self.random.within(1, 40);
        // No more is ever on its way than the faults' end can wait for.
        let pause_ms = if self.last_at_ms > now_ms + BACKLOG_MS { 0 } else { self.pause_ms };
        self.last_at_ms = (now_ms + travels_ms).max(self.last_at_ms + pause_ms);
        self.last_at_ms
    }
}

/// A place where half of something has arrived.
fn tricky_place(bytes: &[u8], random: &mut Random) -> Option<usize> {
    let within_character = |at: &usize| bytes[*at] & 0xC0 == 0x80;
    let between_cr_and_lf = |at: &usize| bytes[at - 1] == b'\r' && bytes[*at] == b'\n';
    let behind_a_line = |at: &usize| matches!(bytes[at - 1], b'\n' | b'\r');
    let places: Vec<usize> = match random.within(0, 3) {
        0 => (1..bytes.len()).filter(within_character).collect(),
        1 => (1..bytes.len()).filter(between_cr_and_lf).collect(),
        2 => (1..bytes.len()).filter(behind_a_line).collect(),
        _ => (bytes.len().saturating_sub(2).max(1)..bytes.len()).collect(),
    };
    (!places.is_empty()).then(|| random.pick(&places))
}

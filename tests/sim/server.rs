//! A model of the session server: `.in` logs that know their part ids, `.out` logs, tokens, closing.

use std::collections::HashMap;

use crate::agent::Agent;
use crate::log::Log;

/// What an entry of `.in` is. A label names one call of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Message(u64),
    Action(u64),
    Steer(u64),
    Stop,
}

impl What {
    pub(crate) fn label(self) -> Option<u64> {
        match self {
            Self::Message(label) | Self::Action(label) | Self::Steer(label) => Some(label),
            Self::Stop => None,
        }
    }
}

/// One chat on the server.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    /// It is there; it is made by `startSession`.
    pub(crate) exists: bool,
    pub(crate) closed: bool,
    /// What `.in` holds, and who wrote it: the page, and the part id.
    pub(crate) inputs: Vec<(What, usize)>,
    by_part: HashMap<String, u64>,
    pub(crate) log: Log,
    pub(crate) agent: Agent,
    pub(crate) newest_token: u64,
    /// Older ones are refused.
    pub(crate) oldest_token: u64,
}

/// The text of a token. It must occur nowhere but where requests are authorized.
pub(crate) fn token(number: u64) -> String {
    format!("canary-{number}")
}

/// The number of a token.
pub(crate) fn token_number(text: &str) -> u64 {
    text.strip_prefix("canary-").and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// What the server says to an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Written { seq: u64, is_new: bool },
    Unauthorized,
    NotFound,
    Closed,
}

impl Chat {
    /// Makes a token that is good.
    pub(crate) fn mint(&mut self) -> u64 {
        self.newest_token += 1;
        self.newest_token
    }

    pub(crate) fn append(&mut self, token: u64, part_id: &str, what: What, page: usize) -> Answer {
        if !self.exists {
            return Answer::NotFound;
        }
        if token < self.oldest_token {
            return Answer::Unauthorized;
        }
        if let Some(&seq) = self.by_part.get(part_id) {
            return Answer::Written { seq, is_new: false };
        }
        if self.closed {
            return Answer::Closed;
        }
        let seq = self.inputs.len() as u64;
        self.by_part.insert(part_id.to_owned(), seq);
        self.inputs.push((what, page));
        Answer::Written { seq, is_new: true }
    }

    /// Where a label stands in `.in`.
    pub(crate) fn seq_of(&self, label: u64) -> Option<u64> {
        let at = self.inputs.iter().position(|(what, _)| what.label() == Some(label))?;
        Some(at as u64)
    }
}

//! How a chat's connection stands, for the user to see (G2). Observes; decides nothing.

use super::sending::Phase;
use super::{Context, Event, Session};
use crate::link::Stage;
use crate::wire::Cursor;

/// The state of a chat's connection. Public as `ChatConnection["state"]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ConnectionState {
    /// Nothing is sent and nothing is read.
    #[default]
    Idle,
    /// The first attempt is under way.
    Connecting,
    /// The answer is being read.
    Live,
    /// An attempt failed; the next one waits for its time.
    Waiting,
    /// An attempt after a failed one, or after a loss, is under way.
    Reconnecting,
    /// There is something to send or read, and the device says that it has no network.
    Offline,
    /// The session is closed for good.
    Closed,
}

/// What an application can show of a chat's connection. Public as `ChatConnection`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connection {
    /// The state.
    pub state: ConnectionState,
    /// Attempts in a row since the last sign of success, the one under way included.
    pub attempt: u32,
    /// When the next attempt is made, in milliseconds of Unix time.
    pub next_retry_ms: Option<u64>,
    /// The last record that was taken.
    pub last_event_id: Option<String>,
    /// How many records the stream is known to hold behind that one.
    pub behind: Option<u64>,
}

/// The part of it whose changes are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Standing {
    state: ConnectionState,
    attempt: u32,
    /// By the machine's own clock.
    next_retry_ms: Option<u64>,
}

impl Session {
    /// How the connection stands. `offline`: the device says so; `set_back_ms`: how far the machine's
    /// clock is ahead of the device's.
    pub fn connection(&self, offline: bool, set_back_ms: u64) -> Connection {
        let Standing { state, attempt, next_retry_ms } = self.standing(offline);
        let next_retry_ms = next_retry_ms.map(|at_ms| at_ms.saturating_sub(set_back_ms));
        let tail = self.reader.as_ref().and_then(|reader| reader.tail);
        let behind = tail.map(|tail| match self.cursor {
            Some(Cursor::Seq(taken)) => tail.saturating_sub(taken).saturating_sub(1),
            _ => tail,
        });
        Connection { state, attempt, next_retry_ms, last_event_id: self.last_event_id(), behind }
    }

    /// Tells the application if the connection stands otherwise than it was told last.
    pub(super) fn tell_connection(&mut self, cx: &mut Context<'_>) {
        let standing = self.standing(cx.offline);
        if core::mem::replace(&mut self.told, standing) != standing {
            let set_back_ms = cx.now_ms.saturating_sub(cx.unix_ms);
            self.tell(Event::ConnectionChanged(self.connection(cx.offline, set_back_ms)), cx);
        }
    }

    fn standing(&self, offline: bool) -> Standing {
        if self.closed.is_some() {
            return Standing { state: ConnectionState::Closed, ..Standing::default() };
        }
        let standing = self.reading().or_else(|| self.sending()).unwrap_or_default();
        match standing.state {
            ConnectionState::Live | ConnectionState::Idle => standing,
            _ if offline => Standing { state: ConnectionState::Offline, ..standing },
            _ => standing,
        }
    }

    fn reading(&self) -> Option<Standing> {
        let reader = self.reader.as_ref()?;
        let lost = reader.connected || reader.link.attempts() > 1;
        Some(match reader.link.stage() {
            Stage::Open => Standing { state: ConnectionState::Live, ..Standing::default() },
            Stage::Resting if reader.head_start.is_some() => {
                Standing { state: ConnectionState::Live, ..Standing::default() }
            }
            Stage::Waiting { until_ms } => waiting(reader.link.attempts(), until_ms),
            Stage::Resting | Stage::Connecting => under_way(reader.link.attempts(), lost),
        })
    }

    fn sending(&self) -> Option<Standing> {
        let sending = self.outbox.first()?;
        Some(match sending.phase {
            Phase::Waiting { until_ms } => waiting(sending.failures, until_ms),
            _ => under_way(sending.failures.saturating_add(1), sending.failures > 0),
        })
    }
}

fn waiting(attempt: u32, until_ms: u64) -> Standing {
    Standing { state: ConnectionState::Waiting, attempt, next_retry_ms: Some(until_ms) }
}

fn under_way(attempt: u32, lost: bool) -> Standing {
    let state = if lost { ConnectionState::Reconnecting } else { ConnectionState::Connecting };
    Standing { state, attempt, next_retry_ms: None }
}

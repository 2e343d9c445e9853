//! What an application stores of a session.

use crate::secret::Secret;

/// The state of a session that outlives the page (A3). Public as `ChatSessionPersistedState`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersistedSession {
    /// The session's token.
    pub token: Secret,
    /// While a turn streams, the cursor from when it started, so that a reload replays the whole
    /// turn; otherwise the last record seen.
    pub last_event_id: Option<String>,
    /// The `.in` seq of the last append that asked for a turn not yet complete.
    pub active_input_seq: Option<u64>,
    /// Whether a turn streams; unknown for a session whose token came from `accessToken`.
    pub is_streaming: Option<bool>,
    /// Whether the session is closed for good.
    pub closed: Option<bool>,
    /// Why it is closed, if known.
    pub closed_reason: Option<String>,
}

//! No storm of appends: what is sent again is paid for in time, by all sends of a chat together.

/// What one costs.
const COST_MS: u64 = 2_000;
/// So far ahead may be paid: three at once, and at most eight in any ten seconds. With the attempts of a
/// link, these are no more than twenty requests.
const AHEAD_MS: u64 = 4_000;

/// Until when a chat's appends that were sent again are paid for, in milliseconds.
#[derive(Debug, Default)]
pub struct Resends(u64);

impl Resends {
    /// One is to be made now, unless there were too many of late: then, when it may.
    pub fn begin(&mut self, now_ms: u64) -> Option<u64> {
        let free_ms = self.0.saturating_sub(AHEAD_MS);
        if now_ms < free_ms {
            return Some(free_ms);
        }
        self.0 = self.0.max(now_ms).saturating_add(COST_MS);
        None
    }
}

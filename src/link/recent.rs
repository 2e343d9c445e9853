//! No storm of requests: at most so many attempts in any ten seconds, whatever the server, the network
//! or the page's wake events do.

/// Ten seconds, both their ends included.
const SPAN_MS: u64 = 10_001;
const ATTEMPTS_LIMIT: usize = 12;

/// When the last attempts of a chat began, the oldest first. It outlives links: a link for every send
/// must not be a budget for every send.
#[derive(Debug, Clone, Copy, Default)]
pub struct Recent([u64; ATTEMPTS_LIMIT]);

impl Recent {
    /// An attempt begins.
    pub fn note(&mut self, now_ms: u64) {
        let mut newer_ms = now_ms;
        for at_ms in self.0.iter_mut().rev() {
            core::mem::swap(at_ms, &mut newer_ms);
        }
    }

    /// When the next attempt may begin, if not now.
    pub fn not_before_ms(&self, now_ms: u64) -> Option<u64> {
        let [oldest_ms, ..] = self.0;
        let free_ms = oldest_ms.saturating_add(SPAN_MS);
        (oldest_ms > 0 && now_ms < free_ms).then_some(free_ms)
    }
}

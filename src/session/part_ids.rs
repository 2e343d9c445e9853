//! The part ids seen last: a retried append of the agent may have got two sequence numbers (C4).

use std::collections::{BTreeSet, VecDeque};

/// How many part ids are remembered.
const WINDOW: usize = 5_000;

/// A window over part ids. It outlives connections: the repeat may come after a reconnect.
#[derive(Debug, Default)]
pub struct PartIds {
    order: VecDeque<u64>,
    known: BTreeSet<u64>,
}

impl PartIds {
    /// Remembers `id`; whether it is new. Kept as a 64-bit hash: part ids are random, so two of
    /// 5,000 meet once in 10^12 windows.
    pub fn is_new(&mut self, id: &str) -> bool {
        let hash = fnv1a(id);
        if !self.known.insert(hash) {
            return false;
        }
        self.order.push_back(hash);
        if self.order.len() > WINDOW
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c4_a_repeated_part_id_is_known_within_5000() {
        let mut ids = PartIds::default();
        assert!(ids.is_new("first"));
        for n in 1..WINDOW {
            assert!(ids.is_new(&n.to_string()));
        }
        assert!(!ids.is_new("first"));
        assert!(ids.is_new("one more"));
        assert!(ids.is_new("first"));
        assert_eq!(ids.known.len(), WINDOW);
    }
}

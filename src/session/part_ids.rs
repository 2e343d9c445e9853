//! The part ids seen last: a retried append of the agent may have got two sequence numbers (C4).

/// How many part ids are remembered at least.
const WINDOW: usize = 5_000;
/// Slots of the table, a power of two; at most half are ever taken.
const SLOTS: usize = 4 * 8_192;
/// Entries at which the ones beyond the window are cleared out.
const FULL: usize = SLOTS / 2;

/// A window over part ids. It outlives connections: the repeat may come after a reconnect.
///
/// Kept as 64-bit hashes in an open table: part ids are random, so two of 5,000 meet once in 10^12
/// windows. Made on first use: most chats of a page are never read.
#[derive(Debug, Default)]
pub struct PartIds {
    /// The hashes in their order of arrival; the table says where in it a hash stands.
    order: Vec<u64>,
    slots: Vec<u64>,
}

impl PartIds {
    /// Remembers `id`; whether it is new.
    pub fn is_new(&mut self, id: &str) -> bool {
        if self.order.len() >= FULL {
            let recent = self.order.split_off(self.order.len().saturating_sub(WINDOW));
            self.slots.clear();
            self.order = recent;
        }
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, 0);
            for at in 0..self.order.len() {
                if let Some(hash) = self.order.get(at).copied() {
                    self.insert(hash);
                }
            }
        }
        let hash = fnv1a(id);
        let is_new = self.insert(hash);
        if is_new {
            self.order.push(hash);
        }
        is_new
    }

    /// Puts a hash into the table; false if it was there.
    fn insert(&mut self, hash: u64) -> bool {
        let mut at = hash as usize;
        loop {
            at %= SLOTS;
            match self.slots.get_mut(at) {
                Some(slot) if *slot == hash => return false,
                Some(slot) if *slot == 0 => {
                    *slot = hash;
                    return true;
                }
                _ => at = at.wrapping_add(1),
            }
        }
    }
}

/// Never 0, which marks an empty slot.
fn fnv1a(text: &str) -> u64 {
    let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    hash.max(1)
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
    }

    #[test]
    fn p10_what_is_remembered_is_bounded() {
        let mut ids = PartIds::default();
        for n in 0..200_000 {
            assert!(ids.is_new(&n.to_string()));
            assert!(ids.order.len() <= FULL && ids.slots.len() == SLOTS);
        }
        for n in 195_000..200_000 {
            assert!(!ids.is_new(&n.to_string()));
        }
        assert!(ids.is_new("0"));
    }
}

//! The part ids seen last: a retried append of the agent may have got two sequence numbers (C4).

/// How many part ids are remembered at least.
const WINDOW: usize = 5_000;
/// Entries at which the ones beyond the window are cleared out.
const FULL: usize = 8_192;
/// Slots that a table has at first, a power of two. At most half of them are ever taken.
const FIRST_SLOTS: usize = 256;

/// A window over part ids. It outlives connections: the repeat may come after a reconnect.
///
/// Kept as 64-bit hashes with an open table that grows with what it holds: part ids are random, so two
/// of 5,000 meet once in 10^12 windows.
#[derive(Debug, Default)]
pub struct PartIds {
    /// The hashes in their order of arrival.
    order: Vec<u64>,
    /// Where in it a hash stands, counted from 1. 0: nowhere.
    slots: Vec<u16>,
}

impl PartIds {
    /// Remembers `id`; whether it is new.
    pub fn is_new(&mut self, id: &str) -> bool {
        if self.order.len() >= self.slots.len() / 2 {
            self.make_room();
        }
        let hash = fnv1a(id);
        let is_new = self.insert(hash, self.order.len());
        if is_new {
            self.order.push(hash);
        }
        is_new
    }

    fn make_room(&mut self) {
        let mut slots = self.slots.len();
        if self.order.len() >= FULL {
            self.order.drain(..self.order.len().saturating_sub(WINDOW));
        } else {
            slots = slots.wrapping_mul(2).max(FIRST_SLOTS);
        }
        self.slots.clear();
        self.slots.resize(slots, 0);
        for at in 0..self.order.len() {
            if let Some(hash) = self.order.get(at).copied() {
                self.insert(hash, at);
            }
        }
    }

    /// Puts a hash, which is or will be at this place, into the table; false if one like it was there.
    fn insert(&mut self, hash: u64, place: usize) -> bool {
        // The table's length is a power of two.
        let last = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize;
        loop {
            at &= last;
            match self.slots.get_mut(at) {
                Some(slot) if *slot == 0 => {
                    *slot = place.wrapping_add(1) as u16;
                    return true;
                }
                Some(slot) if self.order.get(usize::from(*slot).wrapping_sub(1)) == Some(&hash) => {
                    return false;
                }
                _ => at = at.wrapping_add(1),
            }
        }
    }
}

fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
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
    }

    #[test]
    fn p10_what_is_remembered_is_bounded() {
        let mut ids = PartIds::default();
        for n in 0..200_000 {
            assert!(ids.is_new(&n.to_string()));
            assert!(ids.order.len() <= FULL && ids.slots.len() <= 2 * FULL);
        }
        for n in 195_000..200_000 {
            assert!(!ids.is_new(&n.to_string()));
        }
        assert!(ids.is_new("0"));
    }
}

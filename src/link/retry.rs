//! How long to wait before the next attempt (D2, D3).

/// How eagerly a subscription comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// A turn that somebody waits for.
    Turn,
    /// A standing subscription.
    Watch,
}

/// The longest wait that a server may ask for, in milliseconds.
pub(super) const ASKED_CAP_MS: u64 = 30_000;

/// A doubling delay, scaled down by jitter to 50–100 % of itself.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    base_ms: u64,
    cap_ms: u64,
}

impl Backoff {
    /// The first retry after a connection that had delivered something: within 300 ms.
    pub const AFTER_DELIVERY: Self = Self { base_ms: 300, cap_ms: 300 };
    /// After a clean end without `turn-complete`.
    pub const AFTER_END: Self = Self { base_ms: 100, cap_ms: 5_000 };
    /// After a failed append.
    pub const APPEND: Self = Self { base_ms: 500, cap_ms: 5_000 };

    /// After a failed attempt to subscribe.
    pub fn of(pace: Pace) -> Self {
        match pace {
            Pace::Turn => Self { base_ms: 1_000, cap_ms: 5_000 },
            Pace::Watch => Self { base_ms: 100, cap_ms: 5_000 },
        }
    }

    /// The delay before the `nth` retry in a row, from 1, in milliseconds.
    pub fn delay_ms(self, nth: u32, jitter: &mut Jitter) -> u64 {
        let doublings = nth.saturating_sub(1).min(16);
        let full = self.base_ms.saturating_mul(1 << doublings).min(self.cap_ms);
        let half = full / 2;
        half.saturating_add(jitter.below(full.saturating_sub(half).saturating_add(1)))
    }
}

/// Spreads retries so that many pages dropped together do not come back together. A splitmix64
/// sequence: its seed is an argument, so a run can be replayed.
#[derive(Debug, Clone)]
pub struct Jitter(u64);

impl Jitter {
    /// A sequence of its own for every seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number below `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// The next number of the sequence.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A UUID (version 4).
    pub fn uuid(&mut self) -> String {
        const PATTERN: &str = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
        let mut bits = u128::from(self.next_u64()) << 64 | u128::from(self.next_u64());
        let mut digit = |place| {
            if !matches!(place, 'x' | 'v') {
                return place;
            }
            let value = (bits & 15) as u32;
            bits >>= 4;
            // The variant: two bits are fixed.
            let value = if place == 'v' { value & 3 | 8 } else { value };
            char::from_digit(value, 16).unwrap_or('0')
        };
        PATTERN.chars().map(&mut digit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn d2_every_delay_is_half_to_all_of_the_doubling_step(seed: u64, nth in 1_u32..200) {
            for backoff in [Backoff::of(Pace::Turn), Backoff::of(Pace::Watch), Backoff::AFTER_END] {
                let full = (backoff.base_ms << (nth - 1).min(16)).min(backoff.cap_ms);
                let delay = backoff.delay_ms(nth, &mut Jitter::new(seed));
                prop_assert!(delay >= full / 2 && delay <= full, "{delay} of {full}");
            }
        }
    }

    #[test]
    fn d2_jitter_spreads_over_the_whole_range() {
        let mut jitter = Jitter::new(1);
        let delays: Vec<_> =
            (0..1_000).map(|_| Backoff::of(Pace::Turn).delay_ms(1, &mut jitter)).collect();
        assert!(delays.iter().any(|&ms| ms < 520) && delays.iter().any(|&ms| ms > 980));
    }

    #[test]
    fn b1_part_ids_are_uuids_and_do_not_repeat() {
        let mut jitter = Jitter::new(3);
        let ids: std::collections::BTreeSet<_> = (0..1_000).map(|_| jitter.uuid()).collect();
        assert_eq!(ids.len(), 1_000);
        for id in ids {
            let bytes = id.as_bytes();
            assert_eq!((bytes.len(), bytes[14]), (36, b'4'), "{id}");
            assert!(b"89ab".contains(&bytes[19]), "{id}");
        }
    }

    #[test]
    fn b1_every_digit_of_a_part_id_is_random() {
        let mut jitter = Jitter::new(4);
        let ids: Vec<_> = (0..200).map(|_| jitter.uuid()).collect();
        for place in (0..36).filter(|place| ![8, 13, 14, 18, 23].contains(place)) {
            let first = ids[0].as_bytes()[place];
            assert!(ids.iter().any(|id| id.as_bytes()[place] != first), "place {place}");
        }
    }
}

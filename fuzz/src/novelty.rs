//! Whether a run did anything that no run before it did. Of one that did not, libFuzzer keeps nothing, but
//! takes as long as many a run to find that out: so its counters are put to zero before it looks at them.
//!
//! Only on Linux, where the linker names the bounds of the counters. Elsewhere libFuzzer looks for itself.

/// One run in so many is left to libFuzzer in any case: where an input leads to the same as a longer one, it
/// takes its place.
const LEFT_ALONE: u32 = 16;

/// So many counters are looked at in one step.
const SPAN: usize = 16;

/// What is known of the counters.
pub(crate) struct Novelty {
    /// Of each counter, a bit for every range that it was in.
    seen: Vec<[u8; SPAN]>,
    runs: u32,
}

impl Novelty {
    pub(crate) const fn new() -> Self {
        Self { seen: Vec::new(), runs: 0 }
    }

    /// Behind every run that libFuzzer may keep.
    pub(crate) fn judge(&mut self) {
        self.runs = self.runs.wrapping_add(1);
        __sanitizer_judge(&mut self.seen, self.runs.is_multiple_of(LEFT_ALONE));
    }
}

// The bounds in words of the assembler's: under the linker's names the pass wants to declare them itself.
#[cfg(target_os = "linux")]
core::arch::global_asm!(
    ".pushsection .data.rel.ro, \"aw\"",
    ".balign 8",
    "bounds_of_counters: .quad __start___sancov_cntrs, __stop___sancov_cntrs",
    ".popsection",
);

#[cfg(target_os = "linux")]
unsafe extern "C" {
    #[link_name = "bounds_of_counters"]
    static COUNTERS: [*mut u8; 2];
}

/// The pass counts nothing in what is so named; else this would count itself.
#[cfg(target_os = "linux")]
#[unsafe(no_mangle)]
fn __sanitizer_judge(seen: &mut Vec<[u8; SPAN]>, is_left_alone: bool) {
    // SAFETY: between the bounds lie the counters and nothing else, and while this runs nobody counts.
    let counters = unsafe {
        let [start, end] = COUNTERS;
        core::slice::from_raw_parts_mut(start, end.addr() - start.addr())
    };
    let (spans, rest) = counters.as_chunks();
    seen.resize(spans.len() + 1, [0; SPAN]);
    let mut last = [0; SPAN];
    last[..rest.len()].copy_from_slice(rest);
    let mut is_new = false;
    for (span, seen) in spans.iter().chain([&last]).zip(seen) {
        // Most are zero.
        if u128::from_ne_bytes(*span) != 0 {
            is_new |= note(span, seen);
        }
    }
    if !is_new && !is_left_alone {
        counters.fill(0);
    }
}

/// Whether any counter is in a range in which it never was. All of them in step: a branch for each would be
/// guessed wrong too often.
#[cfg(target_os = "linux")]
#[inline(always)]
fn note(counters: &[u8; SPAN], seen: &mut [u8; SPAN]) -> bool {
    let mut new = [0; SPAN];
    for at in 0..SPAN {
        let range = range_of(counters[at]);
        new[at] = range & !seen[at];
        seen[at] |= range;
    }
    u128::from_ne_bytes(new) != 0
}

#[cfg(not(target_os = "linux"))]
fn __sanitizer_judge(_: &mut Vec<[u8; SPAN]>, _: bool) {}

/// A bit for the range, as libFuzzer draws them.
#[cfg(target_os = "linux")]
#[inline(always)]
fn range_of(counter: u8) -> u8 {
    let mut reached = 0;
    for (nth, from) in [1, 2, 3, 4, 8, 16, 32, 128].into_iter().enumerate() {
        reached |= u8::from(counter >= from) << nth;
    }
    reached & !(reached >> 1)
}

//! How much memory a run holds at once, and whether it leaves any behind (property P10): the system's
//! allocator, counting. The fuzzer is one thread, so that the counters need not be exact across several.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Counting;

/// Loads and stores instead of one locked step: that would take as long as the allocation.
fn count(gained: usize, lost: usize) {
    let held = HELD.load(Relaxed).wrapping_add(gained).wrapping_sub(lost);
    HELD.store(held, Relaxed);
    if held > PEAK.load(Relaxed) {
        PEAK.store(held, Relaxed);
    }
}

// SAFETY: every call is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: as for this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as for this function.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        count(bytes, layout.size());
        // SAFETY: as for this function.
        unsafe { System.realloc(block, layout, bytes) }
    }
}

/// What a run held, in bytes.
pub(crate) struct Held {
    /// The most at once, beyond what was held before.
    pub(crate) peak: usize,
    /// What is still held behind it.
    pub(crate) left: usize,
}

pub(crate) fn held_by(run: impl FnOnce()) -> Held {
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    run();
    let beyond = |bytes: usize| bytes.saturating_sub(before);
    Held { peak: beyond(PEAK.load(Relaxed)), left: beyond(HELD.load(Relaxed)) }
}

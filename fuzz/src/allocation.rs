//! How much memory a run holds at once, and whether it leaves any behind (property P10); and an allocator
//! that costs next to nothing, because runs are many and short: one block behind the other, and all of
//! them given back at once when the run is over.
//!
//! Only one thread of this program runs Rust: libFuzzer's own, which calls the target. So the counters need
//! not be exact across several, and nobody else allocates while a run does.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

/// What a run may allocate in all before the system's allocator takes over.
const ARENA_BYTES: usize = 16 * 1024 * 1024;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Arena = Arena {
    bytes: UnsafeCell::new(MaybeUninit::uninit()),
    next: AtomicUsize::new(0),
    is_open: AtomicBool::new(false),
};

struct Arena {
    bytes: UnsafeCell<MaybeUninit<[u8; ARENA_BYTES]>>,
    /// Where the next block begins at the earliest.
    next: AtomicUsize,
    /// While a run goes on.
    is_open: AtomicBool,
}

// SAFETY: `bytes` is never borrowed, only pointed into, and no two blocks of it overlap while both are in
// use: the only thread that runs Rust takes them one behind the other (`place`).
unsafe impl Sync for Arena {}

impl Arena {
    fn base(&self) -> *mut u8 {
        self.bytes.get().cast()
    }

    /// The place of a new block, if there is room for it: behind every block in use.
    fn place(&self, layout: Layout) -> Option<*mut u8> {
        let base = self.base();
        let end = base.addr() + ARENA_BYTES;
        // Rounded up without a division: an alignment is a power of two.
        let below = layout.align() - 1;
        let start = (base.addr() + self.next.load(Relaxed) + below) & !below;
        if !self.is_open.load(Relaxed) || layout.size() > end.saturating_sub(start) {
            return None;
        }
        self.next.store(start + layout.size() - base.addr(), Relaxed);
        Some(base.wrapping_add(start - base.addr()))
    }

    /// Where a block begins, counted from the first byte, if it is one of these.
    fn offset(&self, block: *mut u8) -> Option<usize> {
        let offset = block.addr().wrapping_sub(self.base().addr());
        (offset < ARENA_BYTES).then_some(offset)
    }

    /// Gives the last block another size in its place. Of the others, none.
    fn resize_last(&self, offset: usize, layout: Layout, bytes: usize) -> bool {
        let is_last = offset + layout.size() == self.next.load(Relaxed);
        let fits = is_last && bytes <= ARENA_BYTES - offset;
        if fits {
            self.next.store(offset + bytes, Relaxed);
        }
        fits
    }
}

/// Loads and stores instead of one locked step: that would take as long as the allocation.
fn count(gained: usize, lost: usize) {
    let held = HELD.load(Relaxed).wrapping_add(gained).wrapping_sub(lost);
    HELD.store(held, Relaxed);
    if held > PEAK.load(Relaxed) {
        PEAK.store(held, Relaxed);
    }
}

// SAFETY: a block is either the system's, and every call about it is handed on as it is, or lies in the
// arena: then it is as large and as aligned as was asked for, and its bytes are nobody else's until it is
// given back or its run is over, behind which nothing of it is left (`peak_of`).
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: as for this function.
        self.place(layout).unwrap_or_else(|| unsafe { System.alloc(layout) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, layout.size());
        match self.offset(block) {
            Some(offset) => drop(self.resize_last(offset, layout, 0)),
            // SAFETY: not of the arena, so that it was the system that gave it.
            None => unsafe { System.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        let Some(offset) = self.offset(block) else {
            count(bytes, layout.size());
            // SAFETY: not of the arena, so that it was the system that gave it.
            return unsafe { System.realloc(block, layout, bytes) };
        };
        if self.resize_last(offset, layout, bytes) {
            count(bytes, layout.size());
            return block;
        }
        // SAFETY: `bytes` with this alignment is a layout, as the caller promises; both blocks are as large
        // as what is copied and do not overlap; and of the old one nobody knows any more.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(bytes, layout.align()));
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(block, bytes.min(layout.size()));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

/// The most bytes that a run held at once, beyond what was held before. Panics if it leaves any behind: its
/// memory is the next one's.
pub(crate) fn peak_of(run: impl FnOnce()) -> usize {
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    ALLOCATOR.next.store(0, Relaxed);
    ALLOCATOR.is_open.store(true, Relaxed);
    run();
    ALLOCATOR.is_open.store(false, Relaxed);
    assert_eq!(HELD.load(Relaxed), before, "bytes outlive the run");
    PEAK.load(Relaxed).saturating_sub(before)
}

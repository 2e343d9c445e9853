//! What is to happen, in the order of its time; at one time, in the order in which it was planned.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub(crate) struct Queue<T> {
    heap: BinaryHeap<Entry<T>>,
    serial: u64,
}

struct Entry<T> {
    key: Reverse<(u64, u64)>,
    what: T,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self { heap: BinaryHeap::new(), serial: 0 }
    }

    pub(crate) fn push(&mut self, at_ms: u64, what: T) {
        self.serial += 1;
        self.heap.push(Entry { key: Reverse((at_ms, self.serial)), what });
    }

    pub(crate) fn pop(&mut self) -> Option<(u64, T)> {
        let Entry { key: Reverse((at_ms, _)), what } = self.heap.pop()?;
        Some((at_ms, what))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

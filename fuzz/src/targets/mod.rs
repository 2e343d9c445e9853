//! The fuzz targets by name. `tests/fuzz_regressions.rs` runs them too, on what they once failed for.

mod calls;
mod choices;
mod events;
mod machine;
mod records;
mod server;
mod specification;
mod tabs;

use trigger_chat_transport::trace::Trace;

/// One thing to fuzz.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Panics where a property does not hold.
    pub(crate) run: fn(&[u8]),
    /// The most memory that one run may hold at once.
    #[cfg_attr(test, expect(dead_code, reason = "only the fuzzer counts"))]
    pub(crate) most_bytes: usize,
}

const MEBIBYTE: usize = 1024 * 1024;

pub(crate) const TARGETS: &[Target] = &[
    Target { name: "events", run: events::run, most_bytes: MEBIBYTE },
    Target { name: "records", run: records::run, most_bytes: MEBIBYTE },
    Target { name: "machine", run: machine::run, most_bytes: 4 * MEBIBYTE },
    Target { name: "tabs", run: tabs::run, most_bytes: 4 * MEBIBYTE },
];

/// To read a whole trace takes as long as a third of a run: it is done behind one run in so many.
const TRACES_READ: u32 = 32;

/// A trace keeps so many entries, of so many bytes: a message counts if it is of a size that is kept.
const ENTRIES_LIMIT: usize = 400;
const ENTRY_LIMIT_BYTES: usize = 1_500;

fn check_trace(trace: &Trace) {
    let text = trace.render();
    assert!(!text.contains("canary"), "a token in the trace: {text}");
    // What stands before the first is of the whole.
    let (mut entries, is_short) = (0, |entry: &str| entry.len() <= ENTRY_LIMIT_BYTES);
    assert!(text.split("],[").inspect(|_| entries += 1).all(is_short), "any size is kept");
    assert!(entries <= ENTRIES_LIMIT, "the trace grows: {entries} entries");
}

/// What led to a failure, an entry a line.
fn print_trace(trace: &str) {
    eprintln!("{}", trace.replace("],[", "],\n["));
}

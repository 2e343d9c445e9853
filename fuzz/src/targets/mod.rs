//! The fuzz targets by name. `tests/fuzz_regressions.rs` runs them too, on what they once failed for.

mod calls;
mod choices;
mod events;
mod machine;
mod records;
mod server;
mod specification;
mod tabs;

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

/// What led to a failure, an entry a line.
fn print_trace(trace: &str) {
    eprintln!("{}", trace.replace("],[", "],\n["));
}

//! Schedules that failed once, in `tests/sim/seeds`: they run first, for ever.

use std::fs;
use std::path::{Path, PathBuf};

use crate::plan::Plan;
use crate::shrink::play_safely;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sim/seeds")
}

/// Every kept schedule, by the name of its file.
fn kept() -> Vec<(String, Plan)> {
    let mut paths: Vec<_> =
        fs::read_dir(folder()).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let schedules = paths.iter().filter(|path| path.extension().is_some_and(|end| end == "txt"));
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a file that can be read");
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let plan = Plan::parse(&text).unwrap_or_else(|| panic!("{name} is no schedule"));
        (name, plan)
    };
    schedules.map(read).collect()
}

/// What is wrong with them, if anything is.
pub(crate) fn failures() -> Vec<String> {
    let mut failed = Vec::new();
    for (name, plan) in kept() {
        if let Some(violation) = play_safely(&plan).violation {
            failed.push(format!(
                "{name}: {} at {} ms: {}",
                violation.property, violation.at_ms, violation.what
            ));
        }
    }
    failed
}

#[test]
fn d5_schedules_that_failed_once_hold() {
    let failed = failures();
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn a_schedule_is_read_as_it_was_written() {
    for seed in 0..500 {
        let plan = Plan::of(seed);
        assert_eq!(Plan::parse(&plan.to_string()), Some(plan));
    }
}

//! Many schedules: how many hold, how often each kind of fault took effect, how fast it went.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::faults::{Fault, Hits};
use crate::plan::Plan;
use crate::seeds::failures;
use crate::shrink::{play_safely, shrink};
use crate::world::{Violation, play};

/// Schedules of a test run that nobody asked more of.
const SCHEDULES: u64 = 200;
/// A run of so many hits every kind of fault so often.
const FULL_RUN: u64 = 20_000;
const LEAST_HITS: u64 = 100;
/// So many failures are shrunk and shown.
const SHOWN: usize = 2;

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[derive(Default)]
struct Report {
    hits: Hits,
    parts: u64,
    failed: Vec<(u64, String, String)>,
}

/// Plays the schedules of the seeds from `from` on.
fn run(from: u64, count: u64, threads: u64, most_failures: usize) -> Report {
    let report = Mutex::new(Report::default());
    let next = AtomicU64::new(0);
    let start = Instant::now();
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return;
            }
            let seed = from.wrapping_add(at);
            let ending = play_safely(&Plan::of(seed));
            let mut report = report.lock().expect("no thread panics while it reports");
            report.hits.add(&ending.hits);
            report.parts += ending.parts;
            if let Some(violation) = ending.violation {
                let Violation { property, what, at_ms } = violation;
                let what = format!("{property} at {at_ms} ms: {what}");
                // A long run is not to be waited for.
                println!("# seed {seed}: {what}");
                report.failed.push((seed, property.into(), what));
                if report.failed.len() >= most_failures {
                    next.store(count, Ordering::Relaxed);
                }
            }
            if (at + 1).is_multiple_of(10_000) {
                let rate = (at + 1) as f64 / start.elapsed().as_secs_f64();
                println!("{} schedules, {rate:.0}/s, {} failed", at + 1, report.failed.len());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    report.into_inner().expect("no thread panicked")
}

fn show_failures(report: &Report) {
    let mut kinds: Vec<_> = report.failed.iter().map(|(_, property, _)| property.clone()).collect();
    kinds.sort();
    kinds.dedup();
    for kind in &kinds {
        let of_kind: Vec<_> = report.failed.iter().filter(|(_, one, _)| one == kind).collect();
        println!("\n== {kind}: {} failed", of_kind.len());
        for (seed, _, what) in of_kind.iter().take(SHOWN) {
            let small = shrink(&Plan::of(*seed), kind);
            let now = play_safely(&small).violation.map(|violation| violation.what);
            println!("# seed {seed}: {what}\n# shrunk: {}\n{small}", now.unwrap_or_default());
        }
    }
}

#[test]
fn d5_no_schedule_loses_doubles_or_reorders_a_part() {
    // What failed once comes first.
    let kept = failures();
    for failure in &kept {
        println!("# seed {failure}");
    }
    assert_eq!(kept, Vec::<String>::new());
    let (from, count) = (asked("SIM_FROM", 1), asked("SIM_SEEDS", SCHEDULES));
    let start = Instant::now();
    let most_failures = asked("SIM_FAILURES", 50) as usize;
    let report = run(from, count, asked("SIM_THREADS", 1), most_failures);
    let seconds = start.elapsed().as_secs_f64();
    let rate = count as f64 / seconds;
    println!(
        "{count} schedules from seed {from} in {seconds:.1} s ({rate:.0}/s), {} parts",
        report.parts
    );
    for fault in Fault::ALL {
        println!("{:>9} {}", report.hits.of(*fault), fault.word());
    }
    show_failures(&report);
    assert!(report.failed.is_empty(), "{} schedules failed", report.failed.len());
    if count >= FULL_RUN {
        let rare = |fault: &&Fault| report.hits.of(**fault) < LEAST_HITS;
        let rare: Vec<_> = Fault::ALL.iter().filter(rare).map(|fault| fault.word()).collect();
        assert!(rare.is_empty(), "too seldom: {rare:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in 0..200 {
        let (first, second) = (play(&Plan::of(seed), false), play(&Plan::of(seed), false));
        assert_eq!(first.digest, second.digest, "seed {seed}");
        assert_eq!(first.traces, second.traces, "seed {seed}");
        assert_eq!(first.violation, second.violation, "seed {seed}");
    }
    assert_ne!(play(&Plan::of(1), false).digest, play(&Plan::of(2), false).digest);
}

/// Plays one schedule aloud: a file's (`SIM_FILE`) or a seed's (`SIM_SEED`).
#[test]
#[ignore = "to look at one schedule"]
fn one_schedule_aloud() {
    let plan = match std::env::var("SIM_FILE") {
        Ok(path) => {
            Plan::parse(&std::fs::read_to_string(path).expect("a file")).expect("a schedule")
        }
        Err(_) => Plan::of(asked("SIM_SEED", 1)),
    };
    println!("{plan}");
    let ending = play(&plan, true);
    println!("{:?}", ending.violation);
}

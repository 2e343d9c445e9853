//! `cargo xtask fuzz`: coverage-guided fuzzing on the stable toolchain, with libFuzzer from its crate.
//!
//! No sanitizer: what is fuzzed has no unsafe code, and a run costs a tenth without. What is found is
//! left under `fuzz/artifacts`, where `cargo test` runs it ever after.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::process;
use crate::step;
use crate::tally::Tally;
use crate::workspace::Workspace;

/// The targets, and the longest input of each in bytes: enough for what can go wrong, and quick. What
/// was found in `machine` took some thirty.
const TARGETS: &[(&str, u32)] = &[("events", 128), ("records", 128), ("machine", 64), ("tabs", 64)];

/// So many runs of each target where nobody asks for another number.
const RUNS: u64 = 5_000_000;

/// So many in a run of the whole suite.
const SUITE_RUNS: u64 = 100_000;

/// Counts the edges of the control flow. Comparisons are not traced: that costs two thirds of the speed,
/// and the seeds hold every word that matters.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table --cfg fuzzing";

/// The largest number that libFuzzer reads.
const MOST_RUNS: u64 = i32::MAX as u64;

/// How often it is asked whether a fuzzer is done.
const ASKED_EVERY: Duration = Duration::from_millis(50);

const USAGE: &str = "\
cargo xtask fuzz [events | records | machine | tabs] [--runs N] [--seed N] [--threads T]";

pub(crate) const HOW_TO_GET_COMPILER: &str =
    "libFuzzer is C++, install a compiler, on Debian: apt-get install g++";

/// What was asked for.
struct Asked {
    targets: Vec<(&'static str, u32)>,
    runs: u64,
    /// The same seed begins the same way; 0 is another one every time.
    seed: u32,
    /// So many fuzzers share the runs and the corpus. What the others find each reads from there.
    threads: u32,
    /// The folder of the corpora, among what is built.
    corpora: &'static str,
}

impl Default for Asked {
    fn default() -> Self {
        Self { targets: TARGETS.to_vec(), runs: RUNS, seed: 1, threads: 1, corpora: "corpus" }
    }
}

impl Asked {
    /// The runs and the seed of one of the fuzzers.
    fn share(&self, nth: u32) -> (u64, u32) {
        let (runs, rest) =
            (self.runs / u64::from(self.threads), self.runs % u64::from(self.threads));
        let seed = if self.seed == 0 { 0 } else { self.seed.saturating_add(nth) };
        (runs + u64::from(u64::from(nth) < rest), seed)
    }
}

/// The verb. Each run begins with what the runs before it found.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    fuzz(workspace, &read(arguments)?)
}

/// The stage of the suite. It begins with the seeds alone, so that it is the same everywhere.
pub(crate) fn stage(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    if process::read(&mut compiler()).is_err() {
        println!("NOT RUN: {HOW_TO_GET_COMPILER}");
        return Ok(());
    }
    let corpora = "suite-corpus";
    let folder = built(workspace).join(corpora);
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .map_err(|error| format!("cannot remove {}: {error}", folder.display()))?;
    }
    fuzz(workspace, &Asked { runs: SUITE_RUNS, corpora, ..Asked::default() })
}

/// Asks the C++ compiler for its version.
pub(crate) fn compiler() -> Command {
    let mut compiler = Command::new(std::env::var_os("CXX").unwrap_or_else(|| "c++".into()));
    compiler.arg("--version");
    compiler
}

fn read(arguments: &[String]) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|text| text.parse().ok()).ok_or(USAGE);
        match word.as_str() {
            "--runs" => asked.runs = number()?,
            "--seed" => asked.seed = number()? as u32,
            "--threads" => asked.threads = number()? as u32,
            name => {
                asked.targets.retain(|(target, _)| *target == name);
                if asked.targets.is_empty() {
                    return Err(USAGE.to_owned());
                }
            }
        }
    }
    if asked.threads == 0 || asked.share(0).0 > MOST_RUNS {
        return Err(format!("{USAGE}\none thread or more, of at most {MOST_RUNS} runs each"));
    }
    Ok(asked)
}

fn fuzz(workspace: &Workspace, asked: &Asked) -> Result<(), String> {
    let host = host(workspace)?;
    step::shown("the program", || build(workspace, &host))?;
    let name = format!("fuzz{}", std::env::consts::EXE_SUFFIX);
    let program = built(workspace).join(host).join("release").join(name);
    for (target, most_bytes) in &asked.targets {
        step::shown(target, || fuzz_one(workspace, &program, target, *most_bytes, asked))?;
    }
    Ok(())
}

fn built(workspace: &Workspace) -> PathBuf {
    workspace.cargo_target.join("fuzz")
}

/// The machine's own target: named, so that the flags do not reach what runs while building.
fn host(workspace: &Workspace) -> Result<String, String> {
    let mut rustc = Command::new("rustc");
    rustc.arg("-vV").current_dir(&workspace.root);
    let told = process::read(&mut rustc)?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not say what machine this is".to_owned())
}

fn build(workspace: &Workspace, host: &str) -> Result<(), String> {
    let mut cargo = process::cargo(workspace, "build");
    cargo
        .args(["--release", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--target", host])
        .env("CARGO_TARGET_DIR", built(workspace))
        .env("RUSTFLAGS", COVERAGE);
    process::run_shown(&mut cargo).map_err(|message| format!("{message}\n({HOW_TO_GET_COMPILER})"))
}

fn fuzz_one(
    workspace: &Workspace,
    program: &Path,
    target: &str,
    most_bytes: u32,
    asked: &Asked,
) -> Result<(), String> {
    let corpus = built(workspace).join(asked.corpora).join(target);
    let artifacts = workspace.path("fuzz/artifacts").join(target);
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder)
            .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    }
    let fuzzer = |nth| {
        let (runs, seed) = asked.share(nth);
        let mut fuzzer = Command::new(program);
        fuzzer
            .arg(format!("-runs={runs}"))
            .arg(format!("-seed={seed}"))
            .arg(format!("-max_len={most_bytes}"))
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .args(["-rss_limit_mb=1024", "-timeout=10"])
            .args(["-verbosity=0", "-print_funcs=0", "-print_final_stats=1"])
            // The choice of inputs by entropy costs a third of the time of a run as short as ours; to look
            // every second for what others have found, several hundredths.
            .args(["-entropic=0", "-reload=10"])
            .arg(&corpus)
            .env("FUZZ_TARGET", target)
            .env("FUZZ_SEEDS", &corpus)
            .current_dir(&workspace.root);
        fuzzer
    };
    let outcome = run_all((0..asked.threads).map(fuzzer));
    outcome.map_err(|message| {
        format!("{message}\n`cargo test --test fuzz_regressions` shows what led to it")
    })
}

/// Runs them at once. Where one fails, the others are stopped.
fn run_all(commands: impl Iterator<Item = Command>) -> Result<(), String> {
    let mut running = Vec::new();
    let mut outcome = Ok(());
    for mut command in commands {
        match command.spawn() {
            Ok(child) => running.push(child),
            Err(error) => outcome = Err(format!("cannot start a fuzzer: {error}")),
        }
    }
    while outcome.is_ok() && !running.is_empty() {
        thread::sleep(ASKED_EVERY);
        running.retain_mut(|child| match child.try_wait() {
            Ok(None) => true,
            Ok(Some(status)) if status.success() => false,
            ended => {
                outcome = Err(format!("a fuzzer failed: {ended:?}"));
                true
            }
        });
    }
    for mut child in running {
        // It may have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_and_a_number_of_runs_can_be_named() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let asked = read(&words("machine --runs 7")).expect("arguments");
        assert_eq!(asked.targets.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["machine"]);
        assert_eq!((asked.runs, asked.seed), (7, 1));
        assert_eq!(read(&[]).expect("none").targets.len(), 4);
        for wrong in
            ["nothing", "--runs", "--runs many", "--seed", "--threads 0", "--runs 2147483648"]
        {
            assert!(read(&words(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn fuzzers_share_the_runs_and_begin_differently() {
        let asked = Asked { runs: 11, seed: 5, threads: 3, ..Asked::default() };
        assert_eq!([0, 1, 2].map(|nth| asked.share(nth)), [(4, 5), (4, 6), (3, 7)]);
        let by_chance = Asked { seed: 0, threads: 2, ..Asked::default() };
        assert_eq!(by_chance.share(1).1, 0);
    }

    #[test]
    #[cfg(unix)]
    fn the_first_that_fails_stops_the_others() {
        let shell = |line| {
            let mut shell = Command::new("sh");
            shell.args(["-c", line]);
            shell
        };
        assert_eq!(run_all(["true", "true"].map(shell).into_iter()), Ok(()));
        assert!(run_all(["exec sleep 600", "false"].map(shell).into_iter()).is_err());
    }
}

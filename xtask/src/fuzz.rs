//! `cargo xtask fuzz`: coverage-guided fuzzing on the stable toolchain, with libFuzzer from its crate.
//!
//! No sanitizer: what is fuzzed has no unsafe code, and a run costs a tenth without. What is found is
//! left under `fuzz/artifacts`, where `cargo test` runs it ever after.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

const USAGE: &str = "cargo xtask fuzz [events | records | machine | tabs] [--runs N] [--seed N]";

pub(crate) const HOW_TO_GET_COMPILER: &str =
    "libFuzzer is C++, install a compiler, on Debian: apt-get install g++";

/// What was asked for.
struct Asked {
    targets: Vec<(&'static str, u32)>,
    runs: u64,
    /// The same seed begins the same way; 0 is another one every time.
    seed: u32,
    /// The folder of the corpora, among what is built.
    corpora: &'static str,
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
    fuzz(workspace, &Asked { targets: TARGETS.to_vec(), runs: SUITE_RUNS, seed: 1, corpora })
}

/// Asks the C++ compiler for its version.
pub(crate) fn compiler() -> Command {
    let mut compiler = Command::new(std::env::var_os("CXX").unwrap_or_else(|| "c++".into()));
    compiler.arg("--version");
    compiler
}

fn read(arguments: &[String]) -> Result<Asked, String> {
    let mut asked = Asked { targets: TARGETS.to_vec(), runs: RUNS, seed: 1, corpora: "corpus" };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|text| text.parse().ok()).ok_or(USAGE);
        match word.as_str() {
            "--runs" => asked.runs = number()?,
            "--seed" => asked.seed = number()? as u32,
            name => {
                asked.targets.retain(|(target, _)| *target == name);
                if asked.targets.is_empty() {
                    return Err(USAGE.to_owned());
                }
            }
        }
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
    let mut fuzzer = Command::new(program);
    fuzzer
        .arg(format!("-runs={}", asked.runs))
        .arg(format!("-seed={}", asked.seed))
        .arg(format!("-max_len={most_bytes}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-rss_limit_mb=1024", "-timeout=10"])
        .args(["-verbosity=0", "-print_funcs=0", "-print_final_stats=1"])
        // The choice of inputs by entropy costs a third of the time of a run as short as ours.
        .arg("-entropic=0")
        .arg(&corpus)
        .env("FUZZ_TARGET", target)
        .env("FUZZ_SEEDS", &corpus)
        .current_dir(&workspace.root);
    process::run_shown(&mut fuzzer).map_err(|message| {
        format!("{message}\n`cargo test --test fuzz_regressions` shows what led to it")
    })
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
        for wrong in ["nothing", "--runs", "--runs many", "--seed"] {
            assert!(read(&words(wrong)).is_err(), "{wrong}");
        }
    }
}

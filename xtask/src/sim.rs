//! `cargo xtask sim`: many schedules of the simulator, or its check against planted bugs.

mod planted;

use std::process::Command;

use crate::process;
use crate::tally::Tally;
use crate::workspace::{CRATE, Workspace};

/// The schedules of a run of the whole suite.
const SUITE_SCHEDULES: &str = "20000";
const CAMPAIGN: &str = "d5_no_schedule_loses_doubles_or_reorders_a_part";

const USAGE: &str = "\
cargo xtask sim [--seeds N] [--from S] [--threads T]   play N schedules, from seed S on
cargo xtask sim --planted                              every planted bug must be caught";

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    if matches!(arguments, [one] if one == "--planted") {
        return planted::run(workspace);
    }
    let mut command = schedules(workspace);
    command.arg(CAMPAIGN).env("SIM_SEEDS", SUITE_SCHEDULES);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let variable = match word.as_str() {
            "--seeds" => "SIM_SEEDS",
            "--from" => "SIM_FROM",
            "--threads" => "SIM_THREADS",
            _ => return Err(USAGE.to_owned()),
        };
        let number: u64 = words.next().and_then(|word| word.parse().ok()).ok_or(USAGE)?;
        command.env(variable, number.to_string());
    }
    process::run_shown(&mut command)
}

/// The stage of the suite: what failed once, determinism, and many schedules.
pub(crate) fn stage(workspace: &Workspace, tally: &mut Tally) -> Result<(), String> {
    let mut command = schedules(workspace);
    let (counted, outcome) = process::run_counted(command.env("SIM_SEEDS", SUITE_SCHEDULES));
    *tally += counted;
    outcome
}

/// One test at a time, in the order of their names.
fn schedules(workspace: &Workspace) -> Command {
    let mut cargo = process::cargo(workspace, "test");
    cargo.args(["--profile", "sim", "--package", CRATE, "--test", "sim", "--", "--nocapture"]);
    cargo.arg("--test-threads=1");
    cargo
}

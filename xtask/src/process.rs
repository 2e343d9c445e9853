//! Running other programs: with their output shown, kept back unless they fail, or read.

use std::ffi::OsStr;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::tally::Tally;
use crate::workspace::Workspace;

/// The cargo that runs this tool, at the workspace's root.
pub(crate) fn cargo(workspace: &Workspace, verb: &str) -> Command {
    let mut command = program_at_root(workspace, this_cargo());
    command.arg(verb);
    command
}

fn this_cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Another program of the toolchain.
pub(crate) fn beside_cargo(name: &str) -> PathBuf {
    PathBuf::from(this_cargo()).with_file_name(name)
}

pub(crate) fn node(workspace: &Workspace) -> Command {
    program_at_root(workspace, "node")
}

pub(crate) fn npm(workspace: &Workspace, verb: &str) -> Command {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = program_at_root(workspace, program);
    command.arg(verb);
    command
}

pub(crate) fn git(workspace: &Workspace, verb: &str) -> Command {
    let mut command = program_at_root(workspace, "git");
    command.arg(verb);
    command
}

fn program_at_root(workspace: &Workspace, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&workspace.root);
    command
}

/// Runs with the output going straight to the terminal.
pub(crate) fn run_shown(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(failed(command)) }
}

/// Runs in silence; the output is part of the error when there is one.
pub(crate) fn run_quiet(command: &mut Command) -> Result<(), String> {
    output(command).map(|_| ())
}

/// Runs in silence and returns what was printed to standard output.
pub(crate) fn read(command: &mut Command) -> Result<String, String> {
    let output = output(command)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a test runner: its output is shown as it comes, and its closing lines are counted.
pub(crate) fn run_counted(command: &mut Command) -> (Tally, Result<(), String>) {
    let mut tally = Tally::default();
    let outcome = show_and_count(command, &mut tally);
    (tally, outcome)
}

fn show_and_count(command: &mut Command, tally: &mut Tally) -> Result<(), String> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(command, &error))?;
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            // A closed terminal is no reason to stop the tests.
            let _ = std::io::stdout().write_all(&line);
            tally.count(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(failed(command)),
    }
}

fn output(command: &mut Command) -> Result<Output, String> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| cannot_start(command, &error))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!(
        "{}{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        failed(command)
    ))
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("cannot start `{}`: {error}\n`cargo xtask doctor` says what is missing", line(command))
}

fn failed(command: &Command) -> String {
    format!("failed: {}", line(command))
}

/// The command as one would type it.
fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

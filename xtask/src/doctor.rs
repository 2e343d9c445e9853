//! `cargo xtask doctor`: what this machine has, what it lacks, and how to get it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::browser::{self, Engine};
use crate::fuzz;
use crate::process;
use crate::setup;
use crate::workspace::Workspace;

const OLDEST_NODE: u32 = 20;

/// One thing that the verbs use: what was found, or how to get it.
struct Finding {
    name: &'static str,
    found: Result<String, String>,
}

pub(crate) fn run(workspace: &Workspace) -> ExitCode {
    let needed = needed(workspace);
    report(&needed, "MISSING");
    // Without these there are fewer tests.
    report(&[Finding { name: "C++ compiler", found: cpp_compiler() }], "absent");
    let engines = browser::OTHER_ENGINES.iter();
    let engines = engines.map(|one| Finding { name: one.name, found: engine(one) });
    report(&engines.collect::<Vec<_>>(), "absent");
    if needed.iter().all(|finding| finding.found.is_ok()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn report(findings: &[Finding], otherwise: &str) {
    for Finding { name, found } in findings {
        let (word, text) = match found {
            Ok(what) => ("ok", what),
            Err(how) => (otherwise, how),
        };
        println!("{word:<8} {name:<15} {text}");
    }
}

fn needed(workspace: &Workspace) -> Vec<Finding> {
    vec![
        Finding { name: "Rust", found: rust(workspace) },
        Finding { name: "wasm32 target", found: wasm_target(workspace) },
        Finding { name: "C compiler", found: c_compiler() },
        Finding { name: "Node", found: node() },
        Finding { name: "npm", found: npm(workspace) },
        Finding { name: "git", found: git(workspace) },
        Finding {
            name: "browser",
            found: program(browser::browser(), browser::HOW_TO_GET_BROWSER),
        },
        Finding {
            name: "browser driver",
            found: program(browser::driver(), browser::HOW_TO_GET_DRIVER),
        },
    ]
}

/// The version that rust-toolchain.toml pins.
fn rust(workspace: &Workspace) -> Result<String, String> {
    let pinned = fs::read_to_string(workspace.path("rust-toolchain.toml")).unwrap_or_default();
    let pinned = pinned
        .lines()
        .find_map(|line| line.strip_prefix("channel = \""))
        .map_or("", |rest| rest.trim_end_matches('"'));
    let mut rustc = Command::new("rustc");
    let version = process::read(rustc.arg("--version").current_dir(&workspace.root));
    match version {
        Ok(version) if version.contains(pinned) => Ok(version),
        Ok(other) => Err(format!("{pinned} is pinned, this is {other}: use rustup's cargo")),
        Err(_) => Err("install rustup: https://rustup.rs".to_owned()),
    }
}

fn wasm_target(workspace: &Workspace) -> Result<String, String> {
    match setup::wasm_target(workspace) {
        Ok((folder, true)) => Ok(folder.display().to_string()),
        _ => Err("rustup target add wasm32-unknown-unknown (the verbs do it)".to_owned()),
    }
}

/// Rust links with it, and the session server's cryptography is compiled by it.
fn c_compiler() -> Result<String, String> {
    first_line(Command::new("cc").arg("--version"))
        .ok_or_else(|| "install a C compiler, on Debian: apt-get install gcc libc6-dev".to_owned())
}

fn cpp_compiler() -> Result<String, String> {
    first_line(&mut fuzz::compiler())
        .ok_or_else(|| format!("the fuzz targets do not run: {}", fuzz::HOW_TO_GET_COMPILER))
}

/// Where its programs are, as the tests are told.
fn engine(engine: &Engine) -> Result<String, String> {
    if !engine.is_here() {
        return Err(format!("its tests do not run: {}", engine.how_to_get()));
    }
    let mut command = Command::new(engine.name);
    engine.tell(&mut command);
    let told = command.get_envs().filter_map(|(_, path)| path?.to_str());
    Ok(told.collect::<Vec<_>>().join(", "))
}

fn node() -> Result<String, String> {
    let how = format!("install Node {OLDEST_NODE} or newer: https://nodejs.org");
    let version = first_line(Command::new("node").arg("--version")).ok_or_else(|| how.clone())?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(version),
        _ => Err(format!("this is {version}: {how}")),
    }
}

fn npm(workspace: &Workspace) -> Result<String, String> {
    first_line(&mut process::npm(workspace, "--version"))
        .ok_or_else(|| "npm comes with Node: https://nodejs.org".to_owned())
}

fn git(workspace: &Workspace) -> Result<String, String> {
    first_line(&mut process::git(workspace, "--version"))
        .ok_or_else(|| "install git: https://git-scm.com".to_owned())
}

fn program(path: Option<PathBuf>, how: &str) -> Result<String, String> {
    path.map(|path| path.display().to_string()).ok_or_else(|| how.to_owned())
}

fn first_line(command: &mut Command) -> Option<String> {
    let text = process::read(command).ok()?;
    text.lines().next().map(str::to_owned)
}

//! The stages that run tests, each with the runner of its language.

use std::env;
use std::process::Command;

use crate::browser::{self, Engine};
use crate::process;
use crate::setup;
use crate::suite::files;
use crate::tally::Tally;
use crate::workspace::{CRATE, SERVER, WASM_TARGET, Workspace};

/// What of the crate is tested in browsers: the browser layer, and the vectors.
const BROWSER_TESTS: &[&str] = &["browser", "browser_vectors"];
/// The vectors are read at every cut: as they are built without this, that takes three times as long.
const BROWSER_BUILD: &[&str] =
    &["--package", CRATE, "--target", WASM_TARGET, "--config", "profile.dev.opt-level=1"];

/// The server by itself: tested together with the rest, its dependencies would be compiled once
/// more for the features that other members ask of them, and `demo` would need the first ones.
pub(super) fn native(workspace: &Workspace, tally: &mut Tally) -> Result<(), String> {
    let mut others = process::cargo(workspace, "test");
    others.args(["--workspace", "--exclude", SERVER]);
    let mut server = process::cargo(workspace, "test");
    server.args(["--package", SERVER]);
    run(&mut others, tally)?;
    run(&mut server, tally)
}

pub(super) fn wasm(workspace: &Workspace, tally: &mut Tally) -> Result<(), String> {
    setup::install_wasm_target(workspace)?;
    browser::write_capabilities(workspace)?;
    // Cargo would build it too, but without a word.
    let mut runner = process::cargo(workspace, "build");
    process::run_shown(runner.args(["--package", "wasm-test-runner"]))?;

    let mut cargo = process::cargo(workspace, "test");
    cargo.args(BROWSER_BUILD).args(BROWSER_TESTS.iter().flat_map(|test| ["--test", test]));
    // The runner takes the first driver it finds, and Firefox's comes before Chromium's.
    for other in ["GECKODRIVER", "SAFARIDRIVER"] {
        cargo.env_remove(other);
    }
    cargo.env("CHROMEDRIVER", browser::driver().ok_or(browser::HOW_TO_GET_DRIVER)?);
    // In seconds. The runner's own 20 and 5 are short for a busy machine.
    for (limit, seconds) in
        [("WASM_BINDGEN_TEST_TIMEOUT", "180"), ("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")]
    {
        if env::var_os(limit).is_none() {
            cargo.env(limit, seconds);
        }
    }
    run(&mut cargo, tally)?;
    setup::install_npm_packages(workspace)?;
    for engine in browser::OTHER_ENGINES.iter().filter(|engine| engine.is_here()) {
        for test in BROWSER_TESTS {
            wasm_in(workspace, engine, test, tally)?;
        }
    }
    Ok(())
}

/// The same tests in an engine that the runner cannot start itself, or only by a driver that would
/// have to be built first.
fn wasm_in(
    workspace: &Workspace,
    engine: &Engine,
    test: &str,
    tally: &mut Tally,
) -> Result<(), String> {
    println!("\n{test} in {}", engine.name);
    let mut node = process::node(workspace);
    node.args(["tests/lifecycle/wasm-tests.mjs", engine.name])
        .arg(process::cargo(workspace, "test").get_program())
        .arg("test")
        .args(BROWSER_BUILD)
        .args(["--test", test]);
    engine.tell(&mut node);
    run(&mut node, tally)
}

pub(super) fn javascript(workspace: &Workspace, tally: &mut Tally) -> Result<(), String> {
    let folders = ["reference", "agent", "differential", "js", "types", "package"];
    node_tests(workspace, &folders, 2, tally)
}

/// Conversations, React, and pages that are left, frozen, hidden and reloaded, in every engine that is
/// here. Each file starts a browser and a server; half of it is waiting.
pub(super) fn pages(workspace: &Workspace, tally: &mut Tally) -> Result<(), String> {
    node_tests(workspace, &["e2e", "react", "lifecycle"], 3, tally)
}

fn node_tests(
    workspace: &Workspace,
    folders: &[&str],
    files_at_once: u32,
    tally: &mut Tally,
) -> Result<(), String> {
    let mut tests = Vec::new();
    for folder in folders {
        tests.extend(files::ending_in(workspace, &format!("tests/{folder}"), ".test.mjs")?);
    }
    for absent in browser::OTHER_ENGINES.iter().filter(|engine| !engine.is_here()) {
        tests.retain(|test| !test.ends_with(&format!("/{}.test.mjs", absent.name)));
    }
    if tests.is_empty() {
        return Ok(());
    }
    let mut node = process::node(workspace);
    node.args(["--test", "--test-reporter=spec"])
        .arg(format!("--test-concurrency={files_at_once}"))
        .args(&tests)
        .env("SESSION_SERVER", workspace.server())
        .env("CHROMIUM", browser::browser().ok_or(browser::HOW_TO_GET_BROWSER)?);
    browser::OTHER_ENGINES.iter().for_each(|engine| engine.tell(&mut node));
    run(&mut node, tally)
}

fn run(command: &mut Command, tally: &mut Tally) -> Result<(), String> {
    let (counted, outcome) = process::run_counted(command);
    *tally += counted;
    outcome
}

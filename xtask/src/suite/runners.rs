//! The stages that run tests, each with the runner of its language.

use std::env;
use std::process::Command;

use crate::browser::{self, Engine};
use crate::process;
use crate::setup;
use crate::suite::files;
use crate::tally::Tally;
use crate::workspace::{CRATE, SERVER, WASM_TARGET, Workspace};

const BROWSER_TEST: &str = "browser";
const BROWSER_TEST_FILE: &str = "tests/browser.rs";

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
    if !files::exists(workspace, BROWSER_TEST_FILE)? {
        return Ok(());
    }
    setup::install_wasm_target(workspace)?;
    browser::write_capabilities(workspace)?;
    // Cargo would build it too, but without a word.
    let mut runner = process::cargo(workspace, "build");
    process::run_shown(runner.args(["--package", "wasm-test-runner"]))?;

    let mut cargo = process::cargo(workspace, "test");
    cargo.args(["--package", CRATE, "--target", WASM_TARGET, "--test", BROWSER_TEST]);
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
    browser::OTHER_ENGINES
        .iter()
        .filter(|engine| engine.is_here())
        .try_for_each(|engine| wasm_in(workspace, engine, tally))
}

/// The same tests in an engine that the runner cannot start itself, or only by a driver that would
/// have to be built first.
fn wasm_in(workspace: &Workspace, engine: &Engine, tally: &mut Tally) -> Result<(), String> {
    println!("\nin {}", engine.name);
    let mut node = process::node(workspace);
    node.args(["tests/lifecycle/wasm-tests.mjs", engine.name])
        .arg(process::cargo(workspace, "test").get_program())
        .args(["test", "--package", CRATE, "--target", WASM_TARGET, "--test", BROWSER_TEST]);
    engine.tell(&mut node);
    run(&mut node, tally)
}

pub(super) fn javascript(workspace: &Workspace, tally: &mut Tally) -> Result<(), String> {
    let folders = ["reference", "agent", "differential", "js", "types", "package"];
    node_tests(workspace, &folders.map(|folder| format!("tests/{folder}")), &[], tally)
}

/// One file at a time: each starts a browser and a server.
pub(super) fn end_to_end(workspace: &Workspace, tally: &mut Tally) -> Result<(), String> {
    node_tests(workspace, &["tests/e2e".to_owned()], &["--test-concurrency=1"], tally)
}

/// Pages that are left, frozen, hidden and reloaded, in every engine that is here. Two files at a time:
/// they mostly wait.
pub(super) fn lifecycle(workspace: &Workspace, tally: &mut Tally) -> Result<(), String> {
    node_tests(workspace, &["tests/lifecycle".to_owned()], &["--test-concurrency=2"], tally)
}

fn node_tests(
    workspace: &Workspace,
    folders: &[String],
    options: &[&str],
    tally: &mut Tally,
) -> Result<(), String> {
    let mut tests = Vec::new();
    for folder in folders {
        tests.extend(files::ending_in(workspace, folder, ".test.mjs")?);
    }
    for absent in browser::OTHER_ENGINES.iter().filter(|engine| !engine.is_here()) {
        tests.retain(|test| !test.ends_with(&format!("/{}.test.mjs", absent.name)));
    }
    if tests.is_empty() {
        return Ok(());
    }
    let mut node = process::node(workspace);
    node.args(["--test", "--test-reporter=spec"])
        .args(options)
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

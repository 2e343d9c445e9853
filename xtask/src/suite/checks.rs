//! The stages that run no tests: style, types, and what the tests need built or installed.

use crate::browser;
use crate::demo;
use crate::package;
use crate::process;
use crate::setup;
use crate::suite::files;
use crate::tally::Tally;
use crate::workspace::{CRATE, SERVER, WASM_TARGET, Workspace};

pub(super) fn formatting(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    process::run_shown(process::cargo(workspace, "fmt").args(["--all", "--check"]))
}

/// Clippy as the compiler of our own crates, in a build and not in a check: what the dependencies take
/// to compile, most of the time of a first run, is spent once for this and the tests.
pub(super) fn clippy(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    for members in [&["--workspace", "--exclude", SERVER][..], &["--package", SERVER]] {
        let mut cargo = process::cargo(workspace, "build");
        cargo.args(members).arg("--all-targets");
        cargo.env("RUSTC_WORKSPACE_WRAPPER", process::beside_cargo("clippy-driver"));
        // As cargo-clippy passes them on.
        cargo.env("CLIPPY_ARGS", "--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
        process::run_shown(&mut cargo)?;
    }
    Ok(())
}

pub(super) fn clippy_wasm(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    setup::install_wasm_target(workspace)?;
    let mut cargo = process::cargo(workspace, "clippy");
    cargo.args(["--package", CRATE, "--target", WASM_TARGET, "--", "--deny", "warnings"]);
    process::run_shown(&mut cargo)
}

pub(super) fn package(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    package::build(workspace)
}

pub(super) fn typescript(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    for configuration in ["js/tsconfig.json", "www-demo/app/tsconfig.json"] {
        if files::exists(workspace, configuration)? {
            let mut tsc = process::node(workspace);
            tsc.args(["node_modules/typescript/bin/tsc", "--noEmit", "--project", configuration]);
            process::run_shown(&mut tsc)?;
        }
    }
    Ok(())
}

pub(super) fn browser(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    browser::install(workspace)
}

pub(super) fn server(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    demo::build_server(workspace)
}

pub(super) fn app(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    demo::build_app(workspace)
}

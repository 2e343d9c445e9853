//! What a fresh clone lacks: the wasm target, the npm packages, and an installable `pkg/`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use crate::browser;
use crate::process;
use crate::step::{self, Done};
use crate::workspace::{WASM_TARGET, Workspace};

/// Where rustup puts the target's libraries, and whether they are there.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<(PathBuf, bool), String> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "sysroot"]).current_dir(&workspace.root);
    let folder =
        PathBuf::from(process::read(&mut rustc)?).join("lib/rustlib").join(WASM_TARGET).join("lib");
    let installed = folder.is_dir();
    Ok((folder, installed))
}

/// rust-toolchain.toml names the target too, but where rustup's automatic install is off a
/// missing target in that file is ignored without a word.
pub(crate) fn install_wasm_target(workspace: &Workspace) -> Result<(), String> {
    if wasm_target(workspace)?.1 {
        return Ok(());
    }
    step::quiet("rustup target add wasm32-unknown-unknown", || {
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add", WASM_TARGET]).current_dir(&workspace.root);
        process::run_quiet(&mut rustup)?;
        match wasm_target(workspace)? {
            (_, true) => Ok(Done::Ran),
            (folder, false) => Err(format!("rustup did not create {}", folder.display())),
        }
    })
}

/// Fetches without a word, while other things are built, what the later stages of the tests would fetch
/// first. What it cannot fetch they will miss, and tell.
pub(crate) fn fetch_ahead(workspace: &Workspace) {
    let _ = browser::install_missing(workspace);
    if prepare_pkg(workspace).is_ok() && !npm_packages_are_current(workspace) {
        let _ = npm_ci(workspace);
    }
}

/// Installs exactly what package-lock.json says, when it changed since the last time.
pub(crate) fn install_npm_packages(workspace: &Workspace) -> Result<(), String> {
    prepare_pkg(workspace)?;
    if npm_packages_are_current(workspace) {
        return Ok(());
    }
    step::quiet("npm ci", || npm_ci(workspace).map(|()| Done::Ran))
}

fn npm_ci(workspace: &Workspace) -> Result<(), String> {
    process::run_quiet(process::npm(workspace, "ci").args(["--no-audit", "--no-fund"]))
}

fn prepare_pkg(workspace: &Workspace) -> Result<(), String> {
    // The demo page depends on `file:../../pkg`, so that folder is a package before it is built.
    let template = workspace.path("pkg-template/package.json");
    let manifest = workspace.path("pkg/package.json");
    if fs::read(&template).ok() != fs::read(&manifest).ok() {
        fs::create_dir_all(workspace.path("pkg"))
            .and_then(|()| fs::copy(&template, &manifest))
            .map_err(|error| format!("cannot write {}: {error}", manifest.display()))?;
    }
    Ok(())
}

fn npm_packages_are_current(workspace: &Workspace) -> bool {
    let changed = |path: &str| -> Option<SystemTime> {
        fs::metadata(workspace.path(path)).ok()?.modified().ok()
    };
    let locked = changed("package-lock.json");
    let installed = changed("node_modules/.package-lock.json");
    installed.is_some() && installed >= locked
}

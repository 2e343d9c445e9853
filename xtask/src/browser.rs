//! The browser of the tests and its driver: where they are, how to get them, how to start them.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::process;
use crate::step::{self, Done};
use crate::workspace::Workspace;

const BROWSERS: &[&str] =
    &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const BROWSER_OF_MACOS: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

pub(crate) const HOW_TO_GET_BROWSER: &str =
    "install Chromium or Google Chrome, or set CHROME to its program";
pub(crate) const HOW_TO_GET_DRIVER: &str =
    "install the chromedriver of the browser's version, or set CHROMEDRIVER to its program";

/// Headless, also as root and in a container, and asking nothing of the network by itself.
const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

pub(crate) fn browser() -> Option<PathBuf> {
    named_by("CHROME")
        .or_else(|| on_path(BROWSERS))
        .or_else(|| Some(PathBuf::from(BROWSER_OF_MACOS)).filter(|path| path.exists()))
}

pub(crate) fn driver() -> Option<PathBuf> {
    named_by("CHROMEDRIVER").or_else(|| on_path(&["chromedriver"]))
}

/// Installs both where that is one command; elsewhere says what is missing.
pub(crate) fn install(workspace: &Workspace) -> Result<(), String> {
    if browser().is_some() && driver().is_some() {
        return Ok(());
    }
    if is_debian_as_root() {
        step::quiet("apt-get install chromium chromium-driver", || {
            process::run_quiet(apt_get(workspace).args(["update", "--quiet"]))?;
            process::run_quiet(apt_get(workspace).args([
                "install",
                "--quiet",
                "--yes",
                "--no-install-recommends",
                "chromium",
                "chromium-driver",
            ]))?;
            Ok(Done::Ran)
        })?;
    }
    match (browser(), driver()) {
        (Some(_), Some(_)) => Ok(()),
        (None, _) => Err(format!("no browser for the tests: {HOW_TO_GET_BROWSER}")),
        (_, None) => Err(format!("no driver for the browser: {HOW_TO_GET_DRIVER}")),
    }
}

/// Writes what the runner of the wasm tests asks the driver for (`.cargo/config.toml` names the
/// file), so that the browser's place is written down nowhere else.
pub(crate) fn write_capabilities(workspace: &Workspace) -> Result<(), String> {
    let browser = browser().ok_or(HOW_TO_GET_BROWSER)?;
    // Debug formatting quotes and escapes these strings as JSON does.
    let capabilities =
        format!(r#"{{"goog:chromeOptions": {{"binary": {browser:?}, "args": {ARGUMENTS:?}}}}}"#);
    let path = workspace.path("target/webdriver.json");
    fs::write(&path, capabilities)
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.exists())
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let mut programs = names.iter().flat_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        folders.iter().map(move |folder| folder.join(&file))
    });
    programs.find(|program| program.is_file())
}

fn is_debian_as_root() -> bool {
    let root = process::read(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    root && on_path(&["apt-get"]).is_some()
}

fn apt_get(workspace: &Workspace) -> Command {
    let mut command = Command::new("apt-get");
    command.current_dir(&workspace.root).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

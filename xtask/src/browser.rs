//! The browsers of the tests and their drivers: where they are, how to get them, how to start them.

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

/// An engine besides Chromium's, by the name that the tests know it by.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    programs: &'static [Program],
}

/// A program, the variable that names it (for this tool and for the tests), and Debian's package.
struct Program {
    variable: &'static str,
    names: &'static [&'static str],
    package: &'static str,
}

pub(crate) const OTHER_ENGINES: &[Engine] = &[
    Engine {
        name: "firefox",
        programs: &[Program {
            variable: "FIREFOX",
            names: &["firefox-esr", "firefox"],
            package: "firefox-esr",
        }],
    },
    Engine {
        name: "webkit",
        programs: &[
            Program {
                variable: "WEBKIT_DRIVER",
                names: &["WebKitWebDriver"],
                package: "webkit2gtk-driver",
            },
            Program { variable: "XVFB", names: &["Xvfb"], package: "xvfb" },
        ],
    },
];

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

impl Engine {
    pub(crate) fn is_here(&self) -> bool {
        self.programs.iter().all(|program| program.path().is_some())
    }

    /// Tells a command where the engine's programs are.
    pub(crate) fn tell(&self, command: &mut Command) {
        for program in self.programs {
            if let Some(path) = program.path() {
                command.env(program.variable, path);
            }
        }
    }

    pub(crate) fn how_to_get(&self) -> String {
        let ways = self.programs.iter().map(|Program { variable, package, .. }| {
            format!("install {package}, or set {variable} to its program")
        });
        ways.collect::<Vec<_>>().join("; ")
    }
}

impl Program {
    fn path(&self) -> Option<PathBuf> {
        named_by(self.variable).or_else(|| on_path(self.names))
    }
}

/// Installs what is missing where that is one command; elsewhere says what is missing. Only Chromium
/// is had everywhere: without it there are no tests, without another engine there are fewer.
pub(crate) fn install(workspace: &Workspace) -> Result<(), String> {
    let installable = installable_packages();
    if !installable.is_empty() {
        let what = format!("apt-get install {}", installable.join(" "));
        step::quiet(&what, || install_missing(workspace).map(|()| Done::Ran))?;
        let lacking = missing_packages();
        if !lacking.is_empty() {
            return Err(format!("apt-get did not install {}", lacking.join(" ")));
        }
    }
    for engine in OTHER_ENGINES.iter().filter(|engine| !engine.is_here()) {
        println!("NOT TESTED: {} is not on this machine: {}", engine.name, engine.how_to_get());
    }
    match (browser(), driver()) {
        (Some(_), Some(_)) => Ok(()),
        (None, _) => Err(format!("no browser for the tests: {HOW_TO_GET_BROWSER}")),
        (_, None) => Err(format!("no driver for the browser: {HOW_TO_GET_DRIVER}")),
    }
}

/// Installs what is missing without a word, where that is one command.
pub(crate) fn install_missing(workspace: &Workspace) -> Result<(), String> {
    let installable = installable_packages();
    if installable.is_empty() {
        return Ok(());
    }
    process::run_quiet(apt_get(workspace).args(["update", "--quiet"]))?;
    let mut install = apt_get(workspace);
    install.args(["install", "--quiet", "--yes", "--no-install-recommends"]);
    process::run_quiet(install.args(&installable))
}

/// What is missing, where to install it is one command.
fn installable_packages() -> Vec<&'static str> {
    if is_debian_as_root() { missing_packages() } else { Vec::new() }
}

/// By their names at Debian.
fn missing_packages() -> Vec<&'static str> {
    let mut packages = Vec::new();
    if browser().is_none() {
        packages.push("chromium");
    }
    if driver().is_none() {
        packages.push("chromium-driver");
    }
    let others = OTHER_ENGINES.iter().flat_map(|engine| engine.programs);
    let missing = others.filter(|program| program.path().is_none());
    packages.extend(missing.map(|program| program.package));
    packages
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

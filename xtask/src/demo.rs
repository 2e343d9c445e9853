//! `cargo xtask demo`: the chat page over a real session server, on this machine.

use std::process::Command;

use crate::freshness::Step;
use crate::package;
use crate::process;
use crate::step;
use crate::workspace::{SERVER, Workspace};

const PORT: &str = "4100";

pub(crate) fn run(workspace: &Workspace, options: &[String]) -> Result<(), String> {
    package::build(workspace)?;
    build_app(workspace)?;
    build_server(workspace)?;

    let mut server = Command::new(workspace.server());
    server
        .args(["--port", PORT, "--static"])
        .arg(workspace.path("www-demo/app/dist"))
        // After ours: of an option that is given twice, the server takes the last.
        .args(options)
        .current_dir(&workspace.root);
    println!("\nThe chat page: http://127.0.0.1:{}/   (Ctrl-C ends it)\n", port(options));
    become_program(&mut server)
}

fn port(options: &[String]) -> &str {
    let mut port = PORT;
    let mut words = options.iter();
    while let Some(word) = words.next() {
        if word == "--port" {
            port = words.next().map_or(port, String::as_str);
        } else if let Some(number) = word.strip_prefix("--port=") {
            port = number;
        }
    }
    port
}

/// The React page, into www-demo/app/dist.
pub(crate) fn build_app(workspace: &Workspace) -> Result<(), String> {
    step::quiet("the demo page", || {
        Step {
            name: "demo-app",
            inputs: &[
                workspace.path("www-demo/app"),
                workspace.path("pkg"),
                workspace.path("package-lock.json"),
            ],
            outputs: &[workspace.path("www-demo/app/dist")],
        }
        .run(workspace, || {
            let mut npm = process::npm(workspace, "run");
            npm.arg("build").current_dir(workspace.path("www-demo/app"));
            process::run_quiet(&mut npm)
        })
    })
}

pub(crate) fn build_server(workspace: &Workspace) -> Result<(), String> {
    let what = if workspace.server().exists() {
        "the session server"
    } else {
        "the session server (the first time takes about four minutes on two cores)"
    };
    step::shown(what, || {
        let mut cargo = process::cargo(workspace, "build");
        process::run_shown(cargo.args(["--package", SERVER]))
    })
}

/// The server takes this program's place: what ends one ends the other.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<(), String> {
    use std::os::unix::process::CommandExt;
    Err(format!("cannot start the session server: {}", command.exec()))
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<(), String> {
    process::run_shown(command)
}

//! The menu of commands. `cargo xtask` lists them; continuous integration calls nothing else.
//!
//! The tool needs cargo, Node with npm, and git. What else a verb needs, it sets up itself, and a
//! step whose inputs did not change is skipped.

mod bench;
mod bindgen;
mod browser;
mod contract;
mod demo;
mod doctor;
mod freshness;
mod fuzz;
mod package;
mod process;
mod setup;
mod sim;
mod step;
mod suite;
mod tally;
mod workspace;

use std::process::ExitCode;

use workspace::Workspace;

const HELP: &str = "\
cargo xtask <verb>

  demo [options]    build everything, start the session server, and print the address of the chat page
                    (options go to the server, for example --port 4200)
  build             build the npm package into pkg/ and print what it weighs
  test [group]      run everything that must pass; groups: native, wasm, js, e2e
  sim [options]     play schedules of the simulator; --planted: catch every planted bug
  bench [options]   measure the package beside the published one; --quick, or cases by name
  contract          write tests/CONTRACT.md: which tests show which statement of the contract
  fuzz [target]     look for inputs that break a property: events, records, machine, tabs [--runs N] [--seed N]
  doctor            say what this machine has, what it lacks, and how to get it
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    run(&arguments).unwrap_or_else(|message| {
        eprintln!("{message}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let workspace = Workspace::locate()?;
    let verb = arguments.first().map(String::as_str);
    let rest = arguments.get(1..).unwrap_or_default();
    match verb {
        Some("demo") => demo::run(&workspace, rest)?,
        Some("build") => package::build(&workspace)?,
        Some("test") => return suite::run(&workspace, rest),
        Some("sim") => sim::run(&workspace, rest)?,
        Some("bench") => bench::run(&workspace, rest)?,
        Some("contract") => contract::write(&workspace)?,
        Some("fuzz") => fuzz::run(&workspace, rest)?,
        Some("doctor") => return Ok(doctor::run(&workspace)),
        None | Some("help" | "--help" | "-h") => print!("{HELP}"),
        Some(unknown) => return Err(format!("there is no verb `{unknown}`\n\n{HELP}")),
    }
    Ok(ExitCode::SUCCESS)
}

//! `cargo xtask test`: every check in order, up to the first that fails.

use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use crate::contract;
use crate::fuzz;
use crate::setup;
use crate::sim;
use crate::step;
use crate::tally::Tally;
use crate::workspace::Workspace;

mod checks;
mod files;
mod runners;

#[derive(Clone, Copy, PartialEq)]
enum Group {
    Native,
    Wasm,
    Js,
    E2e,
}

struct Stage {
    heading: &'static str,
    /// The groups that need it.
    groups: &'static [Group],
    run: fn(&Workspace, &mut Tally) -> Result<(), String>,
}

const STAGES: &[Stage] = &[
    Stage { heading: "formatting", groups: &[Group::Native], run: checks::formatting },
    Stage { heading: "clippy", groups: &[Group::Native], run: checks::clippy },
    Stage { heading: "clippy, wasm32", groups: &[Group::Native], run: checks::clippy_wasm },
    Stage { heading: "native tests", groups: &[Group::Native], run: runners::native },
    Stage { heading: "simulated schedules", groups: &[Group::Native], run: sim::stage },
    Stage { heading: "fuzz targets", groups: &[Group::Native], run: fuzz::stage },
    Stage { heading: "a test for every statement", groups: &[Group::Native], run: contract::check },
    Stage { heading: "npm package", groups: &[Group::Js, Group::E2e], run: checks::package },
    Stage { heading: "TypeScript", groups: &[Group::Js], run: checks::typescript },
    Stage {
        heading: "browsers for the tests",
        groups: &[Group::Wasm, Group::Js, Group::E2e],
        run: checks::browser,
    },
    Stage { heading: "the crate in the browsers", groups: &[Group::Wasm], run: runners::wasm },
    Stage { heading: "session server", groups: &[Group::Js, Group::E2e], run: checks::server },
    Stage { heading: "JavaScript tests", groups: &[Group::Js], run: runners::javascript },
    Stage { heading: "demo page", groups: &[Group::E2e], run: checks::app },
    Stage { heading: "pages in the browsers", groups: &[Group::E2e], run: runners::pages },
];

/// The last line it prints is `N passed, M failed`.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode, String> {
    let group = chosen_group(arguments)?;
    let mut tally = Tally::default();
    let mut stages =
        STAGES.iter().filter(|stage| group.is_none_or(|group| stage.groups.contains(&group)));
    let outcome = thread::scope(|scope| {
        let everything = group.is_none();
        let mut fetching = everything.then(|| scope.spawn(|| setup::fetch_ahead(workspace)));
        stages.try_for_each(|stage| {
            if !stage.groups.contains(&Group::Native)
                && let Some(fetching) = fetching.take()
            {
                let _ = fetching.join();
            }
            run_stage(workspace, stage, &mut tally)
        })
    });

    println!();
    let code = match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("{message}\n");
            // A check that is no test, or a test that never ended, is still one thing that failed.
            tally.failed = tally.failed.max(1);
            ExitCode::FAILURE
        }
    };
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(code)
}

fn run_stage(workspace: &Workspace, stage: &Stage, tally: &mut Tally) -> Result<(), String> {
    println!("\n== {}", stage.heading);
    let start = Instant::now();
    (stage.run)(workspace, tally)
        .map_err(|message| format!("{message}\n{} failed", stage.heading))?;
    println!("== {}: {}", stage.heading, step::seconds(start.elapsed()));
    Ok(())
}

fn chosen_group(arguments: &[String]) -> Result<Option<Group>, String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] => Ok(None),
        ["native"] => Ok(Some(Group::Native)),
        ["wasm"] => Ok(Some(Group::Wasm)),
        ["js"] => Ok(Some(Group::Js)),
        ["e2e"] => Ok(Some(Group::E2e)),
        _ => Err("cargo xtask test [native | wasm | js | e2e]".to_owned()),
    }
}

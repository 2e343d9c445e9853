//! Progress on the terminal: one line per step, with how long it took.

use std::io::Write;
use std::time::{Duration, Instant};

/// What a step found to do.
pub(crate) enum Done {
    Ran,
    UpToDate,
}

/// A step that prints nothing itself.
pub(crate) fn quiet(what: &str, work: impl FnOnce() -> Result<Done, String>) -> Result<(), String> {
    print!("{what} ... ");
    // The line is not complete: it would wait for its end, which is when the step is over.
    let _ = std::io::stdout().flush();
    let start = Instant::now();
    let done = work().inspect_err(|_| println!("failed"))?;
    match done {
        Done::Ran => println!("{}", seconds(start.elapsed())),
        Done::UpToDate => println!("up to date"),
    }
    Ok(())
}

/// A step whose programs print as they go: a line before them and one after.
pub(crate) fn shown<T>(what: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("{what} ...");
    let start = Instant::now();
    let value = work()?;
    println!("{what}: {}", seconds(start.elapsed()));
    Ok(value)
}

pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f32())
}

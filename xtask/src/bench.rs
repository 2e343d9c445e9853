//! `cargo xtask bench`: what the package costs in a page, beside the published transport and a reader
//! written by hand. The measuring is `bench/main.mjs`; this builds what it measures.

use crate::browser;
use crate::package;
use crate::process;
use crate::workspace::Workspace;

/// `arguments` go to the benchmark: `--quick`, and the names of cases.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    package::build(workspace)?;
    let mut node = process::node(workspace);
    node.arg("bench/main.mjs")
        .args(arguments)
        .env("CHROMIUM", browser::browser().ok_or(browser::HOW_TO_GET_BROWSER)?);
    process::run_shown(&mut node)
}

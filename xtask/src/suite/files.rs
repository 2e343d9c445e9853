//! Which test files there are. A file that git knows must be there: a suite that lost its tests
//! must not pass for one that never had any.

use std::fs;

use crate::process;
use crate::workspace::Workspace;

/// The files of a folder whose names have the ending, as paths from the root.
pub(super) fn ending_in(
    workspace: &Workspace,
    folder: &str,
    ending: &str,
) -> Result<Vec<String>, String> {
    // In git's patterns `*` crosses folders; `:(glob)` keeps to this one.
    let pattern = format!(":(glob){folder}/*{ending}");
    let tracked = process::read(process::git(workspace, "ls-files").args(["--", &pattern]))?;
    let mut found: Vec<String> = fs::read_dir(workspace.path(folder))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(ending))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    found.sort();
    match tracked.lines().find(|file| !found.iter().any(|path| path == file)) {
        Some(file) => Err(lost(file)),
        None => Ok(found),
    }
}

pub(super) fn exists(workspace: &Workspace, path: &str) -> Result<bool, String> {
    if workspace.path(path).exists() {
        return Ok(true);
    }
    let tracked = process::read(process::git(workspace, "ls-files").args(["--", path]))?;
    if tracked.is_empty() { Ok(false) } else { Err(lost(path)) }
}

fn lost(path: &str) -> String {
    format!("{path} is in git, but not in the folder")
}

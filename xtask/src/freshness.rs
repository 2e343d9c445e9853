//! Skipping what is done already: a step runs again when anything it reads or wrote is not
//! exactly as it was after its last run.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::step::Done;
use crate::workspace::Workspace;

/// Folders inside an input that are no input: what tools write there themselves.
const IGNORED: &[&str] = &["node_modules", "dist"];

pub(crate) struct Step<'a> {
    /// The name of the step's stamp.
    pub(crate) name: &'a str,
    /// Files and folders that the step reads.
    pub(crate) inputs: &'a [PathBuf],
    /// Files and folders that the step writes, and nothing else does.
    pub(crate) outputs: &'a [PathBuf],
}

impl Step<'_> {
    /// Does the work unless it is done. The inputs are looked at before the work starts: a file
    /// that is saved in the meantime makes the next run work again.
    pub(crate) fn run(
        &self,
        workspace: &Workspace,
        work: impl FnOnce() -> Result<(), String>,
    ) -> Result<Done, String> {
        let stamps = workspace.path("target/xtask");
        let stamp = stamps.join(self.name);
        let inputs = state(self.inputs);
        let outputs_exist = self.outputs.iter().all(|path| path.exists());
        let now = || format!("{inputs}\n{}", state(self.outputs));
        if outputs_exist && fs::read_to_string(&stamp).is_ok_and(|then| then == now()) {
            return Ok(Done::UpToDate);
        }
        work()?;
        fs::create_dir_all(&stamps)
            .and_then(|()| fs::write(&stamp, now()))
            .map_err(|error| format!("cannot write {}: {error}", stamp.display()))?;
        Ok(Done::Ran)
    }
}

/// Path, length and time of change of every file, in the order of their names.
fn state(paths: &[PathBuf]) -> String {
    let mut text = String::new();
    for path in paths {
        describe(path, &mut text);
    }
    text
}

fn describe(path: &Path, text: &mut String) {
    let Ok(metadata) = fs::metadata(path) else {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} is missing", path.display());
        return;
    };
    if metadata.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path)
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        entries.sort();
        for entry in entries {
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            if !IGNORED.contains(&name.as_ref()) {
                describe(&entry, text);
            }
        }
        return;
    }
    let changed = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_nanos());
    let _ = writeln!(text, "{} {} {changed}", path.display(), metadata.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a step that reads `in` and writes `out`, and says whether it had to.
    fn ran(workspace: &Workspace) -> bool {
        let step = Step {
            name: "copy",
            inputs: &[workspace.path("in")],
            outputs: &[workspace.path("out")],
        };
        let done = step.run(workspace, || {
            fs::copy(workspace.path("in"), workspace.path("out")).map_err(|e| e.to_string())?;
            Ok(())
        });
        matches!(done, Ok(Done::Ran))
    }

    #[test]
    fn a_step_runs_again_only_after_a_change_to_what_it_reads_or_wrote() {
        let root = std::env::temp_dir().join(format!("xtask-freshness-{}", std::process::id()));
        fs::create_dir_all(&root).expect("a folder");
        let workspace = Workspace { cargo_target: root.join("target"), root };
        let write = |name: &str, text: &str| {
            fs::write(workspace.path(name), text).expect("a file");
        };

        write("in", "one");
        assert!(ran(&workspace), "the first time");
        assert!(!ran(&workspace), "nothing changed");
        write("in", "other");
        assert!(ran(&workspace), "the input changed");
        write("out", "spoiled");
        assert!(ran(&workspace), "the output changed");
        fs::remove_file(workspace.path("out")).expect("it was written");
        assert!(ran(&workspace), "the output is gone");
        assert!(!ran(&workspace), "nothing changed again");

        fs::remove_dir_all(&workspace.root).expect("it is ours");
    }
}

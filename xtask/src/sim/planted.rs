//! The test of the tests: twelve bugs, each planted in a copy of the sources, each to be caught.

use std::fs;
use std::path::Path;

use super::CAMPAIGN;
use crate::process;
use crate::workspace::Workspace;

/// Every bug is caught within so many schedules.
const SCHEDULES: &str = "10000";

/// The copy is a package of its own: the machine has no dependencies outside a browser.
const MANIFEST: &str = r#"[package]
name = "trigger-chat-transport"
version = "0.0.0"
edition = "2024"

[workspace]

[profile.dev]
opt-level = 2
debug = false
"#;

/// A bug: what to put in place of what. Each place occurs once in its file.
struct Bug {
    name: &'static str,
    edits: &'static [(&'static str, &'static str, &'static str)],
}

const BUGS: &[Bug] = &[
    Bug {
        name: "the records behind the cursor are not dropped",
        edits: &[(
            "session/records.rs",
            "&& mine.has_passed(*seq_num)",
            "&& mine.has_passed(*seq_num) && false",
        )],
    },
    Bug {
        name: "the cursor moves when a record is parsed",
        edits: &[(
            "session/reader.rs",
            "            let Some(reader) = &mut self.reader else { break };\n",
            "            let Some(reader) = &mut self.reader else {\n\
             if let Frame::Record(record) = frame { self.cursor = record.cursor; }\n\
             continue;\n};\n",
        )],
    },
    Bug {
        name: "a new response goes on with the old decoder",
        edits: &[
            (
                "session/reader.rs",
                "reader.decoder = Some(Decoder::new(Version::from_header(head.stream_version.as_deref())));",
                "reader.decoder.get_or_insert_with(|| Decoder::new(Version::from_header(head.stream_version.as_deref())));",
            ),
            ("session/reader.rs", "        reader.decoder = None;\n", ""),
        ],
    },
    Bug {
        name: "the old request is not given up before the new one",
        edits: &[(
            "session/reader.rs",
            "        self.disconnect(cx);\n        let last_event_id = self.last_event_id();",
            "        let last_event_id = self.last_event_id();",
        )],
    },
    Bug {
        name: "an append is retried under another part id",
        edits: &[(
            "session/outbox.rs",
            "(sending.part_id.clone(), sending.body())",
            "(format!(\"{}-{request}\", sending.part_id), sending.body())",
        )],
    },
    Bug {
        name: "a response head resets the backoff",
        edits: &[(
            "link/mod.rs",
            "                self.authorized = false;\n",
            "                self.authorized = false;\n                self.failures = 0;\n",
        )],
    },
    Bug {
        name: "a clean end is taken for the end of the turn",
        edits: &[(
            "session/reader.rs",
            "            Progress::End => {\n                let step = reader.link.ended(cx.now_ms);\n\
             \x20               self.step_reader(step, None, cx);\n            }\n",
            "            Progress::End => self.drop_reader(cx),\n",
        )],
    },
    Bug {
        name: "the second reconnect forgets Last-Event-ID",
        edits: &[(
            "session/reader.rs",
            "        let last_event_id = self.last_event_id();\n        let Some(reader)",
            "        let attempts = self.reader.as_ref().map_or(0, |reader| reader.link.attempts());\n\
             \x20       let last_event_id = self.last_event_id().filter(|_| attempts < 2);\n\
             \x20       let Some(reader)",
        )],
    },
    Bug {
        name: "the token of a turn-complete is forgotten",
        edits: &[(
            "session/records.rs",
            "self.token = Some(token);\n        }\n        let session_in_event_id",
            "drop(token);\n        }\n        let session_in_event_id",
        )],
    },
    Bug {
        name: "the gate does not open",
        edits: &[(
            "session/records.rs",
            "if !cx.watches() => return self.pass_boundary(turn, cx),",
            "if !cx.watches() => { self.gate.shut(None); return self.pass_boundary(turn, cx) }",
        )],
    },
    Bug {
        name: "a stop overtakes its message",
        edits: &[(
            "session/outbox.rs",
            "let at = self.outbox.0.iter().position(unsent).unwrap_or(self.outbox.0.len());",
            "let at = self.outbox.0.iter().position(unsent).unwrap_or(0).min(0);",
        )],
    },
    Bug {
        name: "what the gate held back is swallowed",
        edits: &[(
            "session/gate.rs",
            "(true, false) => Boundary::Own(shut.held)",
            "(true, false) => Boundary::Own(Vec::new())",
        )],
    },
];

pub(super) fn run(workspace: &Workspace) -> Result<(), String> {
    let folder = workspace.path("target/planted");
    copy(&workspace.path("tests/sim"), &folder.join("tests/sim"))?;
    write(&folder.join("Cargo.toml"), MANIFEST)?;
    let mut missed = Vec::new();
    for bug in BUGS {
        copy(&workspace.path("src"), &folder.join("src"))?;
        plant(&folder.join("src"), bug)?;
        match caught(workspace, &folder)? {
            Some(how) => println!("caught: {}: {how}", bug.name),
            None => {
                println!("MISSED: {}", bug.name);
                missed.push(bug.name);
            }
        }
    }
    println!("{} of {} planted bugs caught", BUGS.len() - missed.len(), BUGS.len());
    if missed.is_empty() { Ok(()) } else { Err(format!("missed: {}", missed.join("; "))) }
}

fn plant(src: &Path, bug: &Bug) -> Result<(), String> {
    for (file, find, replace) in bug.edits {
        let path = src.join(file);
        let text = fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
        if text.matches(find).count() != 1 {
            return Err(format!("\"{}\" does not fit {file} any more: rewrite its edit", bug.name));
        }
        write(&path, &text.replacen(find, replace, 1))?;
    }
    Ok(())
}

/// How the simulator caught the bug, if it did.
fn caught(workspace: &Workspace, folder: &Path) -> Result<Option<String>, String> {
    let mut build = process::cargo(workspace, "test");
    build.args(["--quiet", "--test", "sim", "--no-run"]);
    build.current_dir(folder).env("CARGO_TARGET_DIR", folder.join("target"));
    process::read(&mut build)?;
    let mut play = process::cargo(workspace, "test");
    play.args(["--quiet", "--test", "sim", "--", "--nocapture", CAMPAIGN]);
    play.current_dir(folder).env("CARGO_TARGET_DIR", folder.join("target"));
    play.envs([("SIM_SEEDS", SCHEDULES), ("SIM_FAILURES", "1")]);
    let output = play.output().map_err(|error| format!("cannot start cargo: {error}"))?;
    if output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let found = text.lines().find_map(|line| line.strip_prefix("# seed "));
    // Failing in another way is no catch.
    found.map(|how| Some(format!("seed {how}"))).ok_or_else(|| text.into_owned())
}

/// Copies a folder; a file that is the same already keeps its time.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let shown = |error: std::io::Error| format!("cannot copy {}: {error}", from.display());
    fs::create_dir_all(to).map_err(shown)?;
    for entry in fs::read_dir(from).map_err(shown)? {
        let path = entry.map_err(shown)?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            write(&target, &fs::read_to_string(&path).map_err(shown)?)?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|now| now == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}

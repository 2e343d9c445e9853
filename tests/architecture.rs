//! The rules of the house, checked over the sources: arrows, purity, sizes.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// Which modules each module of the crate may use, besides the leaves `error`, `secret` and `text`.
const ARROWS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("secret", &[]),
    ("text", &[]),
    ("wire", &[]),
    ("link", &[]),
    ("session", &["link", "wire", "io", "trace"]),
    ("tabs", &["io"]),
    ("io", &["link", "session", "tabs"]),
    ("trace", &["link", "wire", "io"]),
    ("machine", &["link", "session", "tabs", "io", "trace"]),
    ("web", &["machine", "session", "link", "wire", "io"]),
];

const LEAVES: &[&str] = &["error", "secret", "text", "Error", "Secret"];

/// What has no place in the machine: the browser, clocks, chance, and order that depends on it.
const IMPURE: &[&str] = &[
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "Instant::now",
    "SystemTime",
    "HashMap",
    "HashSet",
    "rand::",
];

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

/// The top-level module that a file of `src` belongs to; none for `lib.rs`.
fn module_of(path: &Path) -> Option<String> {
    let inner = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).ok()?;
    let first = inner.iter().next()?.to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (name != "lib").then(|| name.to_owned())
}

/// The lines of a file that are code, without its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules that a file names behind `crate::`.
fn used(code: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for part in code.split("crate::").skip(1) {
        let list = part.strip_prefix('{').map(|rest| rest.split('}').next().unwrap_or_default());
        let names = list.unwrap_or(part).split(',').take(if list.is_some() { 99 } else { 1 });
        modules.extend(names.map(|name| {
            let name = name.trim();
            let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
            name[..end].to_owned()
        }));
    }
    modules
}

#[test]
fn arrows_point_one_way() {
    for path in sources("src") {
        let Some(module) = module_of(&path) else { continue };
        let (_, allowed) = ARROWS
            .iter()
            .find(|(name, _)| *name == module)
            .unwrap_or_else(|| panic!("{module} is a new module: say what it may use"));
        for target in used(&code(&path)) {
            let own_or_leaf = target == module || LEAVES.contains(&target.as_str());
            // The crate's root re-exports io and machine; only `web` goes through it.
            let re_export = module == "web" && target.starts_with(char::is_uppercase);
            let fine = own_or_leaf || re_export || allowed.contains(&target.as_str());
            assert!(fine, "{} uses crate::{target}, which points the wrong way", path.display());
        }
    }
}

#[test]
fn only_web_knows_a_browser_a_clock_or_chance() {
    for path in sources("src") {
        if module_of(&path).as_deref() == Some("web") {
            continue;
        }
        for word in IMPURE {
            assert!(!code(&path).contains(word), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn files_and_functions_stay_small() {
    for folder in ["src", "tests", "xtask", "www-demo/server/src"] {
        for path in sources(folder) {
            let text = fs::read_to_string(&path).expect("a source file");
            let lines: Vec<_> = text.lines().collect();
            assert!(lines.len() <= 400, "{} has {} lines", path.display(), lines.len());
            for (start, length) in functions(&lines) {
                let place = format!("{}:{}", path.display(), start + 1);
                assert!(length <= 60, "the function at {place} has {length} lines");
            }
        }
    }
}

/// Where functions start, and how many lines they have. rustfmt closes a function at the depth where
/// its signature starts.
fn functions(lines: &[&str]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let words: Vec<_> = trimmed.split(' ').take(4).collect();
        if !words.contains(&"fn") || trimmed.starts_with("//") || line.ends_with(';') {
            continue;
        }
        // A declaration has no body.
        let indent = &line[..line.len() - trimmed.len()];
        let closings = ["}", ");"].map(|end| format!("{indent}{end}"));
        let closes = |line: &&str| {
            closings.contains(&(*line).to_owned())
                || line.starts_with(&format!("{indent}) -> ")) && line.ends_with(';')
        };
        let end = lines.iter().skip(start + 1).position(closes);
        if let Some(end) = end {
            found.push((start, end + 2));
        }
    }
    found
}

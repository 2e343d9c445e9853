//! Finds the tests whose names start with statement numbers, in Rust and in JavaScript.

use std::fs;
use std::path::Path;

use crate::workspace::Workspace;

/// Where the tests of the transport are.
const FOLDERS: &[&str] = &["src", "tests"];
/// What is installed or built there is nobody's test.
const IGNORED: &[&str] = &["node_modules", "dist"];
/// The letters of the contract's sections.
const SECTIONS: std::ops::RangeInclusive<char> = 'A'..='H';

/// A test that names at least one statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Test {
    /// From the workspace's root, with slashes.
    pub(super) file: String,
    pub(super) name: String,
    /// As the contract writes them: `B6`.
    pub(super) statements: Vec<String>,
}

/// Every such test, in the order of the files' names and then of their lines.
pub(super) fn tests(workspace: &Workspace) -> Result<Vec<Test>, String> {
    let mut tests = Vec::new();
    for folder in FOLDERS {
        visit(&workspace.path(folder), folder, &mut tests)?;
    }
    Ok(tests)
}

fn visit(folder: &Path, relative: &str, tests: &mut Vec<Test>) -> Result<(), String> {
    let failed = |error| format!("cannot read {}: {error}", folder.display());
    let mut entries =
        fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let (path, file) = (entry.path(), format!("{relative}/{name}"));
        if path.is_dir() {
            if !IGNORED.contains(&name.as_str()) {
                visit(&path, &file, tests)?;
            }
            continue;
        }
        let names = match name.rsplit_once('.') {
            Some((_, "rs")) => names_in_rust,
            Some((_, "mjs" | "js" | "ts" | "tsx")) => names_in_javascript,
            _ => continue,
        };
        let text = fs::read_to_string(&path).map_err(failed)?;
        tests.extend(names(&text).into_iter().filter_map(|name| {
            let statements = statements_of(&name);
            (!statements.is_empty()).then(|| Test { file: file.clone(), name, statements })
        }));
    }
    Ok(())
}

/// The statements that a test's name starts with.
fn statements_of(name: &str) -> Vec<String> {
    name.split(['_', ' ']).map_while(statement).collect()
}

fn statement(word: &str) -> Option<String> {
    let (letter, number) = word.split_at_checked(1)?;
    let letter = letter.chars().next()?.to_ascii_uppercase();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && SECTIONS.contains(&letter)).then(|| format!("{letter}{number}"))
}

/// The functions behind an attribute whose last word ends with `test`: `#[test]`,
/// `#[wasm_bindgen_test]`, `#[tokio::test]`.
fn names_in_rust(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim_start) {
        if let Some(attribute) = line.strip_prefix("#[") {
            let path = attribute.split([']', '(']).next().unwrap_or_default();
            is_test |= path.ends_with("test");
        } else if !line.starts_with("//") {
            let is_test = std::mem::take(&mut is_test);
            let function = line.split_once("fn ").filter(|_| is_test);
            names.extend(
                function.and_then(|(_, rest)| rest.split(['(', '<']).next()).map(Into::into),
            );
        }
    }
    names
}

/// The first argument of every `test(…)` and `it(…)` that starts a line, if it is a string.
fn names_in_javascript(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((line, behind)) = rest.split_once('\n') {
        let call = line.trim_start();
        let call = call.strip_prefix("test(").or_else(|| call.strip_prefix("it("));
        // A long name stands on the next line.
        names.extend(call.and_then(|call| string(if call.is_empty() { behind } else { call })));
        rest = behind;
    }
    names
}

/// A string literal at the start of a text, without its quotes.
fn string(text: &str) -> Option<String> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
    text.get(1..)?.split(quote).next().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_starts_with_one_statement_or_several() {
        assert_eq!(statements_of("b6_a_404_recreates_the_session"), ["B6"]);
        assert_eq!(statements_of("b4_b5_actions_and_stops"), ["B4", "B5"]);
        assert_eq!(statements_of("B1 C1 the requests of a turn"), ["B1", "C1"]);
        assert_eq!(statements_of("B10 what is too large"), ["B10"]);
        for other in ["s9_a_line", "p7_no_loop", "arrows_point_one_way", "a_b6", "b", "é1_x", ""] {
            assert!(statements_of(other).is_empty(), "{other}");
        }
    }

    #[test]
    fn rust_tests_are_functions_with_a_test_attribute() {
        let text = "
            #[test]
            fn a1_plain() {}
            #[wasm_bindgen_test]
            async fn a2_in_a_browser() {}
            /// Why.
            #[test]
            // And how.
            #[should_panic(expected = \"x\")]
            fn a3_behind_others(value: u8) {}
            #[cfg(test)]
            fn a4_no_test() {}
            fn a5_no_test() {}
        ";
        assert_eq!(names_in_rust(text), ["a1_plain", "a2_in_a_browser", "a3_behind_others"]);
    }

    #[test]
    fn javascript_tests_are_calls_with_a_literal_name() {
        let text = "
            test(\"A1 plain\", () => {});
              it('A2 inside', () => {});
            test(
              `A3 wrapped`,
              () => {},
            );
            test.skip(\"A4 skipped\", () => {});
            latest(\"A5 something else\");
            test(name, () => {});
        ";
        assert_eq!(names_in_javascript(text), ["A1 plain", "A2 inside", "A3 wrapped"]);
    }
}

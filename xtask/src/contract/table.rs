//! The statements with their tests, and the page that shows them.

use super::find::Test;

const HEAD: &str = "\
# The contract and its tests

What the transport promises, statement by statement, and the tests that show it. A test belongs to the
statements that its name starts with. The statements are in [contract.txt](contract.txt); this page is
written by `cargo xtask contract`, and `cargo xtask test` fails when it is out of date or when a
statement that must have a test has none.
";

/// What stands where there is no test.
const NONE: &str = "none yet";

/// A section of the contract: a heading, and its statements with their tests.
struct Section {
    heading: String,
    statements: Vec<Statement>,
}

struct Statement {
    number: String,
    title: String,
    tests: Vec<Test>,
}

/// All statements, in the order of the contract.
pub(super) struct Contract(Vec<Section>);

impl Contract {
    /// Reads the statements and gives each its tests. A test of a statement that is not there is a
    /// mistake in its name.
    pub(super) fn new(statements: &str, tests: Vec<Test>) -> Result<Contract, String> {
        let mut contract = Contract(read(statements)?);
        for test in tests {
            for number in &test.statements {
                let statement = contract.statement_mut(number);
                let Test { file, name, .. } = &test;
                let unknown = || format!("{file}: {name}: there is no statement {number}");
                statement.ok_or_else(unknown)?.tests.push(test.clone());
            }
        }
        Ok(contract)
    }

    /// Fails with the statements of the given sections that have no test.
    pub(super) fn complete(&self, sections: &str) -> Result<(), String> {
        let missing: Vec<String> = self
            .statements()
            .filter(|statement| statement.number.starts_with(|letter| sections.contains(letter)))
            .filter(|statement| statement.tests.is_empty())
            .map(|statement| format!("no test: {} {}", statement.number, statement.title))
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(missing.join("\n")) }
    }

    pub(super) fn markdown(&self) -> String {
        let mut text = HEAD.to_owned();
        for section in &self.0 {
            text += &format!("\n## {}\n\n| statement | tests |\n| --- | --- |\n", section.heading);
            for Statement { number, title, tests } in &section.statements {
                text += &format!("| **{number}** {title} | {} |\n", cell(tests));
            }
        }
        text
    }

    fn statement_mut(&mut self, number: &str) -> Option<&mut Statement> {
        let mut statements = self.0.iter_mut().flat_map(|section| &mut section.statements);
        statements.find(|statement| statement.number == number)
    }

    fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.0.iter().flat_map(|section| &section.statements)
    }
}

fn read(text: &str) -> Result<Vec<Section>, String> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        if let Some(heading) = line.strip_prefix("== ") {
            sections.push(Section { heading: heading.to_owned(), statements: Vec::new() });
            continue;
        }
        let malformed = || format!("this is neither a heading nor a statement: {line}");
        let (number, title) = line.split_once(' ').ok_or_else(malformed)?;
        let section = sections.last_mut().ok_or_else(malformed)?;
        let (number, title) = (number.to_owned(), title.to_owned());
        section.statements.push(Statement { number, title, tests: Vec::new() });
    }
    Ok(sections)
}

/// The tests by file, which come in the order of the files.
fn cell(tests: &[Test]) -> String {
    let files = tests.chunk_by(|one, next| one.file == next.file).map(|tests| {
        let file = tests.first().map_or("", |test| &test.file);
        let names: Vec<String> = tests.iter().map(|test| code(&test.name)).collect();
        format!("[{file}]({}) {}", link(file), names.join(", "))
    });
    let lines: Vec<String> = files.collect();
    if lines.is_empty() { NONE.to_owned() } else { lines.join("<br>") }
}

/// A name as code in a cell of a table.
fn code(name: &str) -> String {
    format!("`{}`", name.replace('`', "'").replace('|', "\\|"))
}

/// A path from the root as seen from the page, which is in `tests`.
fn link(file: &str) -> String {
    file.strip_prefix("tests/").map_or_else(|| format!("../{file}"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATEMENTS: &str =
        "# A remark.\n\n== A. Sessions\nA1 Starts\nA2 Ends\n\n== D. Later\nD1 Lives\n";

    fn test(file: &str, name: &str, statements: &[&str]) -> Test {
        let statements = statements.iter().map(|&number| number.to_owned()).collect();
        Test { file: file.to_owned(), name: name.to_owned(), statements }
    }

    #[test]
    fn a_test_stands_in_the_row_of_each_of_its_statements() {
        let tests = vec![
            test("src/a.rs", "a1_d1_both", &["A1", "D1"]),
            test("tests/b.mjs", "A1 one | two", &["A1"]),
            test("tests/b.mjs", "A1 more", &["A1"]),
        ];
        let page = Contract::new(STATEMENTS, tests).unwrap().markdown();
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| **")).collect();
        let first = "| **A1** Starts | [src/a.rs](../src/a.rs) `a1_d1_both`<br>\
            [tests/b.mjs](b.mjs) `A1 one \\| two`, `A1 more` |";
        let last = "| **D1** Lives | [src/a.rs](../src/a.rs) `a1_d1_both` |";
        assert_eq!(rows, [first, "| **A2** Ends | none yet |", last]);
        assert!(page.contains("\n## A. Sessions\n"));
    }

    #[test]
    fn a_required_statement_without_a_test_is_named() {
        let contract = Contract::new(STATEMENTS, vec![test("f", "a1_x", &["A1"])]).unwrap();
        assert_eq!(contract.complete("A"), Err("no test: A2 Ends".to_owned()));
        assert_eq!(contract.complete(""), Ok(()));
    }

    #[test]
    fn a_test_of_no_statement_is_a_mistake() {
        let wrong = Contract::new(STATEMENTS, vec![test("f.rs", "a9_x", &["A9"])]).err();
        assert_eq!(wrong.unwrap(), "f.rs: a9_x: there is no statement A9");
        assert!(Contract::new("A1 Before any heading", Vec::new()).is_err());
    }
}

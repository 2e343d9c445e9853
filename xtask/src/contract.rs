//! Which tests show which statement of the contract: `tests/CONTRACT.md`, from the tests' own names.
//!
//! A test belongs to the statements that its name starts with: `fn b6_a_404_recreates_the_session`,
//! `test("B6 a 404 recreates the session", …)`. It may start with several (`b4_b5_…`, `"B1 C1 …"`) and
//! then stands in the row of each. Numbers of other letters than the contract's belong to other lists
//! and count for nothing here. Knows names only; whether the tests pass is not its affair.

mod find;
mod table;

use std::fs;

use crate::tally::Tally;
use crate::workspace::Workspace;
use table::Contract;

/// The sections of which every statement must have a test.
const REQUIRED_SECTIONS: &str = "ABCDEFGH";

/// The statements, written by hand.
const STATEMENTS: &str = "tests/contract.txt";
/// The table, written by this program.
const TABLE: &str = "tests/CONTRACT.md";

/// `cargo xtask contract`: writes the table, then says what it lacks.
pub(crate) fn write(workspace: &Workspace) -> Result<(), String> {
    let (contract, text) = generate(workspace)?;
    fs::write(workspace.path(TABLE), text)
        .map_err(|error| format!("cannot write {TABLE}: {error}"))?;
    println!("wrote {TABLE}");
    contract.complete(REQUIRED_SECTIONS)
}

/// The stage of `cargo xtask test`: the table is what would be written, and nothing lacks a test.
pub(crate) fn check(workspace: &Workspace, _: &mut Tally) -> Result<(), String> {
    let (contract, text) = generate(workspace)?;
    contract.complete(REQUIRED_SECTIONS)?;
    // A checkout may have rewritten the line ends.
    let written = fs::read_to_string(workspace.path(TABLE)).unwrap_or_default();
    if written.replace("\r\n", "\n") == text {
        return Ok(());
    }
    Err(format!("{TABLE} is not what the tests say: run `cargo xtask contract`"))
}

fn generate(workspace: &Workspace) -> Result<(Contract, String), String> {
    let statements = fs::read_to_string(workspace.path(STATEMENTS))
        .map_err(|error| format!("cannot read {STATEMENTS}: {error}"))?;
    let contract = Contract::new(&statements, find::tests(workspace)?)?;
    let text = contract.markdown();
    Ok((contract, text))
}

//! How many tests ran: read from the closing lines of the runners that ran them.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Tally {
    /// Adds what a line of output says, if it is a closing line:
    /// `test result: ok. 3 passed; 0 failed; …` of Rust's runners, `ℹ pass 3` of Node's.
    pub(crate) fn count(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.passed += number_before(result, " passed");
            self.failed += number_before(result, " failed");
        } else if let Some(result) = line.strip_prefix("ℹ ") {
            self.passed += number_after(result, "pass ");
            self.failed += number_after(result, "fail ");
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

fn number_before(text: &str, word: &str) -> u32 {
    text.split_once(word)
        .and_then(|(before, _)| before.rsplit(' ').next()?.parse().ok())
        .unwrap_or(0)
}

fn number_after(text: &str, word: &str) -> u32 {
    text.strip_prefix(word).and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn tally_of(output: &str) -> Tally {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.count(line));
        tally
    }

    #[test]
    fn adds_up_the_closing_lines_of_cargo_and_of_the_browser_runner() {
        let output = "running 2 tests\n\
            test a ... ok\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 40 passed; 1 failed; 0 ignored; 0 filtered out; finished in 0.10s\n";
        assert_eq!(tally_of(output), Tally { passed: 42, failed: 1 });
    }

    #[test]
    fn reads_the_closing_lines_of_node() {
        let output = "✔ passes 9 of them\nℹ tests 6\nℹ pass 5\nℹ fail 1\nℹ duration_ms 57.3\n";
        assert_eq!(tally_of(output), Tally { passed: 5, failed: 1 });
    }
}

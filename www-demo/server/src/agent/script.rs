//! An answer as data: what to write and when to pause. It writes nothing itself, so a stop can fall
//! between any two steps and never inside one.

use std::time::Duration;

use serde_json::{Value, json};

/// Records of one append at most; S2 takes 1,000 records or 1 MiB.
const BATCH: usize = 500;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Write(Vec<Value>),
    Wait(Duration),
    /// A wait that whoever looks at the chat may end.
    Silence(Duration),
}

/// Collects the steps of one answer.
#[derive(Default)]
pub(crate) struct Script {
    steps: Vec<Step>,
}

impl Script {
    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    pub(crate) fn write(&mut self, chunks: impl IntoIterator<Item = Value>) -> &mut Self {
        self.steps.push(Step::Write(chunks.into_iter().collect()));
        self
    }

    pub(crate) fn wait(&mut self, pause: Duration) -> &mut Self {
        self.steps.push(Step::Wait(pause));
        self
    }

    pub(crate) fn silence(&mut self, longest: Duration) -> &mut Self {
        self.steps.push(Step::Silence(longest));
        self
    }

    /// A text part, one delta a piece, with a pause after each.
    pub(crate) fn text<'a>(
        &mut self,
        id: &str,
        pieces: impl IntoIterator<Item = &'a str>,
        pause: Duration,
    ) -> &mut Self {
        self.spoken("text", id, pieces, pause)
    }

    pub(crate) fn reasoning<'a>(
        &mut self,
        id: &str,
        pieces: impl IntoIterator<Item = &'a str>,
        pause: Duration,
    ) -> &mut Self {
        self.spoken("reasoning", id, pieces, pause)
    }

    /// A text part as fast as possible: many deltas an append.
    pub(crate) fn burst(
        &mut self,
        id: &str,
        pieces: impl IntoIterator<Item = String>,
    ) -> &mut Self {
        self.write([json!({ "type": "text-start", "id": id })]);
        let mut batch = Vec::with_capacity(BATCH);
        for piece in pieces {
            batch.push(json!({ "type": "text-delta", "id": id, "delta": piece }));
            if batch.len() == BATCH {
                self.write(std::mem::take(&mut batch));
            }
        }
        if !batch.is_empty() {
            self.write(batch);
        }
        self.write([json!({ "type": "text-end", "id": id })])
    }

    /// The end of one step of the answer and the start of the next, as after a tool's result.
    pub(crate) fn next_step(&mut self) -> &mut Self {
        self.write([json!({ "type": "finish-step" }), json!({ "type": "start-step" })])
    }

    fn spoken<'a>(
        &mut self,
        kind: &str,
        id: &str,
        pieces: impl IntoIterator<Item = &'a str>,
        pause: Duration,
    ) -> &mut Self {
        self.write([json!({ "type": format!("{kind}-start"), "id": id })]);
        for piece in pieces {
            self.write([json!({ "type": format!("{kind}-delta"), "id": id, "delta": piece })]);
            self.wait(pause);
        }
        self.write([json!({ "type": format!("{kind}-end"), "id": id })])
    }
}

/// Words with the blanks that follow them: put together they are the text again.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_every_character() {
        let text = "One  two\n\n- three ";
        assert_eq!(words(text).collect::<String>(), text);
    }

    #[test]
    fn a_burst_is_written_in_batches() {
        let mut script = Script::default();
        script.burst("t", (0..1_001).map(|n| n.to_string()));
        let sizes: Vec<_> = script
            .into_steps()
            .iter()
            .map(|step| match step {
                Step::Write(chunks) => chunks.len(),
                Step::Wait(_) | Step::Silence(_) => 0,
            })
            .collect();
        assert_eq!(sizes, [1, 500, 500, 1, 1]);
    }
}

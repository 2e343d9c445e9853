//! The server's side of one chat: the log of its `.out`, told to whoever reads it.

use std::fmt::Write;

use trigger_chat_transport::io::RequestId;

use super::choices::Choices;

/// What stands in the log; its place there is its `seq_num`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entry {
    /// A chunk, which is its own `seq_num` as a number, under this part id.
    Data { part: usize },
    /// A body that is no JSON.
    Malformed,
    /// A record of the store.
    Command,
    /// The end of a turn.
    Boundary { committed: Option<u64>, closes: bool, renews: bool },
    /// Another control record.
    Control(&'static str),
}

/// A subscription that is open as far as the world knows, or the body of a head start's answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read {
    pub(crate) request: RequestId,
    /// The response head was given: its body may follow.
    pub(crate) is_open: bool,
    /// The `seq_num` that the server sends next.
    pub(crate) next: usize,
    /// The body of a head start's answer.
    pub(crate) is_head_start: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Server {
    pub(crate) log: Vec<Entry>,
    /// How many records `.in` holds.
    pub(crate) inputs: u64,
}

impl Server {
    /// The agent writes something.
    pub(crate) fn write(&mut self, choices: &mut Choices<'_>) {
        let entry = match choices.below(12) {
            0 => Entry::Malformed,
            1 => Entry::Command,
            2 => Entry::Control(
                ["upgrade-required", "pending-version", "confetti"][choices.below(3)],
            ),
            3 => Entry::Boundary {
                committed: None,
                closes: choices.one_in(16),
                renews: choices.one_in(4),
            },
            4 | 5 => {
                let newest = self.inputs.saturating_sub(1);
                let committed = Some(newest.saturating_sub(choices.below(3) as u64));
                Entry::Boundary { committed, closes: choices.one_in(16), renews: choices.one_in(4) }
            }
            6 => Entry::Data { part: choices.below(self.log.len() + 1) },
            _ => Entry::Data { part: self.log.len() },
        };
        self.log.push(entry);
    }

    /// The agent writes some chunks.
    pub(crate) fn write_chunks(&mut self, count: usize) {
        for _ in 0..count {
            self.log.push(Entry::Data { part: self.log.len() });
        }
    }

    /// A batch event of the records from `first` on, and how many those are.
    pub(crate) fn batch(&self, first: usize, most: usize) -> (String, usize) {
        let first = first.min(self.log.len());
        let entries = &self.log[first..self.log.len().min(first + most)];
        let mut text = "event: batch\nid: 0\ndata: {\"records\":[".to_owned();
        for (nth, entry) in entries.iter().enumerate() {
            if nth > 0 {
                text.push(',');
            }
            write_record(&mut text, *entry, first + nth);
        }
        let _ = write!(text, "],\"tail\":{{\"seq_num\":{}}}}}\n\n", self.log.len());
        (text, entries.len())
    }
}

fn write_record(text: &mut String, entry: Entry, seq: usize) {
    let _ = write!(text, "{{\"seq_num\":{seq},\"timestamp\":0,");
    let _ = match entry {
        Entry::Data { part } => {
            write!(text, "\"body\":\"{{\\\"data\\\":{seq},\\\"id\\\":\\\"p{part}\\\"}}\"")
        }
        Entry::Malformed => write!(text, "\"body\":\"{{\""),
        Entry::Command => write!(text, "\"headers\":[[\"\",\"trim\"]],\"body\":\"AA\""),
        Entry::Control(kind) => write!(text, "\"headers\":[[\"trigger-control\",\"{kind}\"]]"),
        Entry::Boundary { committed, closes, renews } => {
            text.push_str("\"headers\":[[\"trigger-control\",\"turn-complete\"]");
            if let Some(committed) = committed {
                let _ = write!(text, ",[\"session-in-event-id\",\"{committed}\"]");
            }
            if closes {
                text.push_str(",[\"session-closed\",\"true\"]");
            }
            if renews {
                text.push_str(",[\"public-access-token\",\"canary renewed\"]");
            }
            write!(text, "],\"body\":\"\"")
        }
    };
    text.push('}');
}

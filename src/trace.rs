//! The last inputs and outputs, enough to replay a bug (G3). Decides nothing.
//!
//! Each entry is a JSON array: the time, the chat or null, a word, and what belongs to it. It keeps
//! no token, and of what a chat says only how much it was: a report can be shared.

mod line;
mod words;

use crate::io::{Config, Input, Output, RequestId};
use crate::text::decimal;
use crate::wire::{Content, Cursor, Frame};
use line::Line;

/// So many entries are kept.
const ENTRIES_LIMIT: usize = 400;

/// What happened last.
#[derive(Debug)]
pub struct Trace {
    /// What the machine was made with.
    config: Config,
    /// A ring, once it is full.
    entries: Vec<Entry>,
    /// How many entries there were.
    count: usize,
    run: Option<Run>,
}

/// What happened, and when.
#[derive(Debug)]
struct Entry {
    now_ms: u64,
    what: What,
}

#[derive(Debug)]
enum What {
    Line(Line),
    /// Which output, and its number: there are several for every read, and it is seldom that one is shown.
    Output(&'static str, u64),
}

/// Data records in a row.
#[derive(Debug)]
struct Run {
    now_ms: u64,
    line: Line,
    first: u64,
    last: u64,
    records: u64,
}

impl Trace {
    pub(crate) fn new(config: Config) -> Self {
        Self { config, entries: Vec::new(), count: 0, run: None }
    }

    pub(crate) fn input(&mut self, now_ms: u64, input: &Input) {
        let chat = match input {
            Input::Chat { chat, .. } => Some(chat.as_str()),
            _ => None,
        };
        let mut line = Line::begin(chat);
        words::input(&mut line, input);
        self.push(now_ms, What::Line(line));
    }

    pub(crate) fn output(&mut self, now_ms: u64, output: &Output) {
        let (word, number) = words::output(output);
        self.push(now_ms, What::Output(word, number.into()));
    }

    /// Notes what bytes turned out to be.
    pub(crate) fn frame(&mut self, now_ms: u64, request: RequestId, frame: &Frame) {
        if let Frame::Record(record) = frame
            && let Content::Data { .. } = record.content
        {
            let seq = match record.cursor {
                Some(Cursor::Seq(seq)) => seq,
                _ => 0,
            };
            let run = self.run.get_or_insert_with(|| {
                let mut line = Line::begin(None);
                line.word("records").number(request.into());
                Run { now_ms, line, first: seq, last: seq, records: 0 }
            });
            run.last = seq;
            run.records = run.records.saturating_add(1);
            return;
        }
        // Nothing is decided by how far the stream is written.
        if !matches!(frame, Frame::Tail(_)) {
            let mut line = Line::begin(None);
            words::frame(&mut line, request, frame);
            self.push(now_ms, What::Line(line));
        }
    }

    fn push(&mut self, now_ms: u64, what: What) {
        if let Some(Run { now_ms, mut line, first, last, records }) = self.run.take() {
            line.number(first).number(last).number(records);
            self.push(now_ms, What::Line(line));
        }
        let entry = Entry { now_ms, what };
        match self.entries.get_mut(self.count % ENTRIES_LIMIT) {
            Some(oldest) => *oldest = entry,
            None => self.entries.push(entry),
        }
        self.count = self.count.saturating_add(1);
    }

    /// A JSON array of the machine's seed and whether it watches, of how many entries are gone, and of
    /// every entry that is kept.
    pub fn render(&self) -> String {
        let mut all = Line::default();
        all.open().text(Some(&decimal(self.config.seed))).flag(self.config.watch);
        all.number(self.count.saturating_sub(self.entries.len()) as u64);
        let (newer, older) = self.entries.split_at(match self.entries.len() {
            ENTRIES_LIMIT => self.count % ENTRIES_LIMIT,
            _ => 0,
        });
        for Entry { now_ms, what } in older.iter().chain(newer) {
            let line = all.open().number(*now_ms);
            match what {
                What::Line(rest) => line.bare(rest.text_so_far()),
                What::Output(word, number) => line.text(None).word(word).number(*number),
            }
            .close();
        }
        all.close();
        all.text_so_far().to_owned()
    }
}

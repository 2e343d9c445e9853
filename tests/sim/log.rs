//! The `.out` log of a chat: append-only records, and the bytes in which S2 sends them.

use std::collections::HashMap;
use std::fmt::Write;

/// What a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A part of a turn; `repeats` if the agent wrote it before.
    Part {
        turn: usize,
        repeats: bool,
    },
    /// A boundary: how far `.in` is processed, and perhaps a token.
    Complete {
        committed: u64,
        token: Option<u64>,
    },
    Closed,
    /// Nothing for the consumer: a command, an upgrade, a malformed body.
    Other,
}

/// An append-only log.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) kinds: Vec<Kind>,
    /// The record's JSON for a batch, and its event in the old form.
    texts: Vec<(String, String)>,
    /// Where a chunk stands, by its text.
    places: HashMap<String, Vec<i64>>,
    /// What lies before this is gone.
    pub(crate) first: usize,
}

/// What stands around a part's text in its chunk.
const HEAD: &str = r#"{"type":"text-delta","id":"1","delta":""#;
const END: &str = r#""}"#;

/// The chunk of one part. Holds what cutting and quoting can go wrong with. With `says_start` a turn's first
/// part says that a message begins.
pub(crate) fn chunk(chat: usize, turn: usize, part: u64, says_start: bool) -> String {
    if part == 0 && says_start {
        return format!(r#"{{"type":"start","messageId":"{chat}.{turn}"}}"#);
    }
    let filler = ["a", "é", "😀", "\\n", "\\\"", "data: ", "}"][(part % 7) as usize];
    format!("{HEAD}{chat}.{turn}.{part} {filler}{END}")
}

/// The parts of a chunk that may be several, joined: each begins with its numbers, and no filler holds a
/// digit.
pub(crate) fn parts(chunk: &str) -> Vec<String> {
    let Some(texts) = chunk.strip_prefix(HEAD).and_then(|rest| rest.strip_suffix(END)) else {
        return vec![chunk.to_owned()];
    };
    let mut parts: Vec<String> = Vec::new();
    let mut in_filler = true;
    for place in texts.chars() {
        let begins = in_filler && place.is_ascii_digit();
        if begins || parts.is_empty() {
            parts.push(HEAD.to_owned());
        }
        in_filler = !begins && (in_filler || place == ' ');
        parts.last_mut().expect("one was begun").push(place);
    }
    parts.iter().map(|part| format!("{part}{END}")).collect()
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 16);
    quoted.push('"');
    for place in text.chars() {
        match place {
            '"' | '\\' => quoted.extend(['\\', place]),
            '\n' => quoted.push_str("\\n"),
            _ => quoted.push(place),
        }
    }
    quoted.push('"');
    quoted
}

fn headers(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> =
        pairs.iter().map(|(name, value)| format!("[{},{}]", quoted(name), quoted(value))).collect();
    format!("[{}]", pairs.join(","))
}

impl Log {
    pub(crate) fn len(&self) -> usize {
        self.kinds.len()
    }

    fn push(&mut self, kind: Kind, headers: &str, body: &str, legacy: &str) {
        let seq = self.kinds.len();
        let body = quoted(body);
        let record =
            format!(r#"{{"seq_num":{seq},"timestamp":{seq},"headers":{headers},"body":{body}}}"#);
        let legacy = if legacy.is_empty() {
            format!("id: {seq}-0\n\n")
        } else {
            format!("id: {seq}-0\ndata: {legacy}\n\n")
        };
        self.texts.push((record, legacy));
        self.kinds.push(kind);
    }

    /// Appends a part under its part id.
    pub(crate) fn part(&mut self, turn: usize, chunk: &str, part_id: &str) {
        let place = self.kinds.len() as i64;
        let places = self.places.entry(chunk.to_owned()).or_default();
        let repeats = !places.is_empty();
        places.push(place);
        let body = format!(r#"{{"data":{chunk},"id":"{part_id}"}}"#);
        self.push(Kind::Part { turn, repeats }, "[]", &body, chunk);
    }

    /// Appends a turn's boundary; `committed` is how far `.in` is processed.
    pub(crate) fn complete(&mut self, committed: u64, token: Option<(u64, String)>) {
        let processed = committed.to_string();
        let mut pairs =
            vec![("trigger-control", "turn-complete"), ("session-in-event-id", &processed)];
        let mut legacy = r#"{"type":"trigger:turn-complete""#.to_owned();
        if let Some((_, token)) = &token {
            pairs.push(("public-access-token", token));
            let _ = write!(legacy, r#","publicAccessToken":"{token}""#);
        }
        legacy.push('}');
        let kind = Kind::Complete { committed, token: token.as_ref().map(|(number, _)| *number) };
        self.push(kind, &headers(&pairs), "", &legacy);
    }

    pub(crate) fn closed(&mut self) {
        let pairs = [("trigger-control", "session-closed"), ("session-closed-reason", "done")];
        self.push(Kind::Closed, &headers(&pairs), "", "");
    }

    pub(crate) fn command(&mut self) {
        self.push(Kind::Other, &headers(&[("", "trim")]), "0", "");
    }

    pub(crate) fn upgrade(&mut self) {
        let legacy = r#"{"type":"trigger:upgrade-required"}"#;
        self.push(Kind::Other, &headers(&[("trigger-control", "upgrade-required")]), "", legacy);
    }

    pub(crate) fn malformed(&mut self) {
        self.push(Kind::Other, "[]", r#"{"data":"#, "{oops");
    }

    /// The bytes of the records from `from` to before `to`.
    pub(crate) fn bytes(&self, from: usize, to: usize, legacy: bool) -> String {
        let from = from.max(self.first).min(to);
        if legacy {
            return self.texts[from..to].iter().map(|(_, event)| event.as_str()).collect();
        }
        let records: Vec<_> = self.texts[from..to].iter().map(|(text, _)| text.as_str()).collect();
        format!(
            "event: batch\nid: {from},{},1\ndata: {{\"records\":[{}],\"tail\":{{\"seq_num\":{},\
             \"timestamp\":1}}}}\n\n",
            records.len(),
            records.join(","),
            self.len()
        )
    }

    /// The first boundary behind a place.
    pub(crate) fn boundary_behind(&self, place: i64) -> Option<i64> {
        let is_boundary = |at: &i64| matches!(self.kinds[*at as usize], Kind::Complete { .. });
        (place + 1..self.len() as i64).find(is_boundary)
    }

    /// Where a chunk stands, first and again.
    pub(crate) fn places(&self, chunk: &str) -> &[i64] {
        self.places.get(chunk).map(Vec::as_slice).unwrap_or_default()
    }

    /// Nothing is going on: the last record that is no command ends a turn or the session.
    pub(crate) fn is_settled(&self) -> bool {
        let last = self.kinds.iter().rev().find(|kind| **kind != Kind::Other);
        matches!(last, Some(Kind::Complete { .. } | Kind::Closed))
    }
}

//! Batches to records. Half of the inputs are the text of a batch as it stands: nothing may panic, no
//! cut may matter, and what comes out is bounded by what went in. The other half choose records, which
//! are written as JSON in odd but valid ways: exactly those must be read.
//!
//! The input also chooses the one cutting that it is read in: each text meets each of them in time, and
//! `events` reads every stream in all of them.

use std::fmt::Write;

use serde_json::Value;
use trigger_chat_transport::Secret;
use trigger_chat_transport::wire::{
    Content, Control, Cursor, Decoder, Frame, Record, TurnComplete, Version, WireError, array_of,
};

use super::choices::Choices;
use super::events::pieces;

pub(crate) fn run(bytes: &[u8]) {
    match bytes.split_first() {
        Some((mode, rest)) if mode % 2 == 1 => chosen(rest),
        Some((mode, rest)) => raw(rest, *mode),
        None => {}
    }
}

type Read = (Vec<Frame>, Result<(), WireError>);

fn read<'a>(version: Version, chunks: impl IntoIterator<Item = &'a [u8]>) -> Read {
    let mut decoder = Decoder::new(version);
    let mut frames = Vec::new();
    let outcome = chunks.into_iter().try_for_each(|chunk| decoder.decode(chunk, &mut frames));
    (frames, outcome)
}

/// One event that holds the text.
fn event(name: &str, text: &[u8]) -> Vec<u8> {
    let mut event = format!("id: 3\nevent: {name}\n").into_bytes();
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        event.extend_from_slice(b"data: ");
        event.extend_from_slice(line);
        event.push(b'\n');
    }
    event.push(b'\n');
    event
}

fn raw(text: &[u8], mode: u8) {
    let (version, name) = match mode / 2 % 4 {
        0 => (Version::V1, "message"),
        1 => (Version::HeadStart, "message"),
        _ => (Version::V2, "batch"),
    };
    let event = event(name, text);
    let whole = read(version, [&event[..]]);
    if mode & 8 == 0 {
        assert_eq!(read(version, event.chunks(1)), whole, "byte by byte");
    } else {
        assert_eq!(read(version, pieces(&event)), whole, "in pieces");
    }
    assert!(whole.0.len() <= text.len() + 1, "{} frames of {} bytes", whole.0.len(), text.len());
    let held: usize = whole.0.iter().map(held_bytes).sum();
    // A byte that is no UTF-8 becomes three.
    assert!(held <= 3 * text.len(), "{held} bytes of {}", text.len());
    for frame in whole.0 {
        if let Frame::Record(Record { content: Content::Data { chunk, .. }, .. }) = frame {
            means_the_same(chunk);
        }
    }
}

/// The text that is parsed in the end: the same value, and none where there was none.
fn means_the_same(chunk: String) {
    let plain = format!("[{chunk}]");
    let array = array_of(&[chunk]);
    if plain.is_ascii() {
        assert_eq!(array, plain);
    } else {
        let value = |text| serde_json::from_str::<Value>(text).ok();
        assert_eq!(value(&array), value(&plain), "{array} for {plain}");
    }
}

fn held_bytes(frame: &Frame) -> usize {
    match frame {
        Frame::Record(Record { content: Content::Data { chunk, part_id }, .. }) => {
            chunk.len() + part_id.as_ref().map_or(0, String::len)
        }
        _ => 0,
    }
}

/// Writes what the bytes choose, and expects it back.
fn chosen(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let mut records = Vec::new();
    let mut expected = Vec::new();
    while !choices.is_over() && records.len() < 8 {
        let (text, record) = record(&mut choices);
        records.push(text);
        expected.push(Frame::Record(record));
    }
    let mut text = format!("{{\"records\":[{}]", records.join(","));
    if choices.one_in(2) {
        text.push_str(",\"tail\":{\"seq_num\":77}");
        expected.push(Frame::Tail(77));
    }
    text.push('}');
    let event = event("batch", text.as_bytes());
    let expected = (expected, Ok(()));
    if choices.one_in(2) {
        assert_eq!(read(Version::V2, [&event[..]]), expected, "whole: {text}");
    } else {
        assert_eq!(read(Version::V2, pieces(&event)), expected, "in pieces: {text}");
    }
}

const CHUNKS: &[&str] = &[
    "1",
    "{\"type\":\"text-delta\",\"delta\":\"\\\"\\\\\\u00e9\"}",
    "[[],{},[{\"}\":\"]\"}]]",
    "\"\\ud83d\"",
    "-1.5e+3",
    "{\"__proto__\":{\"x\":1}}",
    "{ \"a\" : [ true , false , null ] }",
    "\"trigger:\"",
];

fn record(choices: &mut Choices<'_>) -> (String, Record) {
    let seq_num = u64::from(choices.byte()) << choices.below(57);
    let mut members = vec![format!("\"seq_num\":{seq_num}")];
    let content = match choices.below(6) {
        0 => {
            members.push(headers(&[("", "trim")], choices));
            members.push(format!("\"body\":{}", json_string("AAAA", choices)));
            Content::Skip
        }
        1 => {
            let seq = choices.byte().to_string();
            let told = [
                ("trigger-control", "turn-complete"),
                ("session-in-event-id", &seq),
                ("public-access-token", "token"),
            ];
            let told = &told[..=choices.below(3)];
            members.push(headers(told, choices));
            Content::Control(Control::TurnComplete(TurnComplete {
                token: told.get(2).map(|(_, token)| Secret::new(*token)),
                session_in_event_id: told.get(1).map(|(_, seq)| (*seq).to_owned()),
                closed: None,
            }))
        }
        2 => {
            members.push(headers(&[("trigger-control", "confetti")], choices));
            Content::Control(Control::Unknown)
        }
        3 => Content::Skip,
        _ => data(&mut members, choices),
    };
    if choices.one_in(3) {
        members.push("\"v\":[{\"seq_num\":[1]},\"\\\"}\",null]".to_owned());
    }
    if choices.one_in(2) {
        members.reverse();
    }
    let space = choices.one_of(&["", " ", "\t", "\n"]);
    let text = format!("{space}{{{space}{}{space}}}{space}", members.join(","));
    (text, Record { cursor: Some(Cursor::Seq(seq_num)), content })
}

fn data(members: &mut Vec<String>, choices: &mut Choices<'_>) -> Content {
    let chunk = (*choices.one_of(CHUNKS)).to_owned();
    let part_id = choices.one_in(2).then(|| {
        let length = choices.below(6);
        String::from_utf8_lossy(choices.bytes(length)).into_owned()
    });
    let mut body = format!("{{\"data\":{chunk}");
    if let Some(id) = &part_id {
        let _ = write!(body, ",\"id\":{}", json_string(id, choices));
    }
    body.push('}');
    members.push(format!("\"body\":{}", json_string(&body, choices)));
    Content::Data { chunk, part_id }
}

fn headers(pairs: &[(&str, &str)], choices: &mut Choices<'_>) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| {
            format!("[{},{}]", json_string(name, choices), json_string(value, choices))
        })
        .collect();
    format!("\"headers\":[{}]", pairs.join(","))
}

/// A JSON string, each character in one of the ways in which it may be written.
fn json_string(text: &str, choices: &mut Choices<'_>) -> String {
    let escape_all = choices.one_in(4);
    let mut json = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            '\n' => json.push_str("\\n"),
            '/' if escape_all => json.push_str("\\/"),
            _ if escape_all || character < ' ' => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    let _ = write!(json, "\\u{unit:04x}");
                }
            }
            _ => json.push(character),
        }
    }
    json.push('"');
    json
}

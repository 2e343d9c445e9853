//! Responses to frames: batches of records, control records, the forms of a response.

use serde_json::{Value as Json, json};
use trigger_chat_transport::wire::{
    Content, Control, Cursor, Decoder, Frame, Record, TurnComplete, Version, WireError,
};

use super::cutting::Cutting;
use super::file;

/// Runs a file of vectors.
pub(crate) fn run(file: &str) {
    for case in file::cases(file) {
        let version = match case.get("version").and_then(Json::as_str) {
            None => Version::V2,
            Some("v1") => Version::V1,
            Some("head-start") => Version::HeadStart,
            Some(other) => panic!("version {other}"),
        };
        let stream = stream(&case);
        let frames = case["frames"].as_array().expect("frames").iter().map(plain).collect();
        let outcome = case.get("outcome").and_then(Json::as_str).unwrap_or("ok");
        let expected = (Json::Array(frames), outcome);
        for cutting in Cutting::all(stream.len(), 200) {
            let read = read(version, &cutting.chunks(&stream));
            assert_eq!(read, expected, "{}, {cutting:?}", file::name(&case));
        }
    }
}

/// The bytes of a case: a stream as it is, or one batch event.
fn stream(case: &Json) -> Vec<u8> {
    if let Some(stream) = case.get("stream") {
        return file::bytes(stream);
    }
    let data = match case.get("batch") {
        Some(batch) => batch.to_string(),
        None => file::text(&case["data"]),
    };
    format!("event: batch\ndata: {data}\n\n").into_bytes()
}

/// An expected frame whose texts are whole: a text in pieces is a list that starts with one.
fn plain(frame: &Json) -> Json {
    let parts = frame.as_array().expect("a frame is a list").iter();
    let whole =
        parts.map(|part| if part.is_array() { json!(file::text(part)) } else { part.clone() });
    whole.collect()
}

fn read(version: Version, chunks: &[&[u8]]) -> (Json, &'static str) {
    let mut decoder = Decoder::new(version);
    let mut frames = Vec::new();
    let outcome = chunks.iter().try_for_each(|chunk| decoder.decode(chunk, &mut frames));
    let outcome = match outcome {
        Ok(()) => "ok",
        Err(WireError::MalformedBatch) => "malformed",
        Err(WireError::ReadFailed) => "read-failed",
        Err(WireError::TooLong) => "too-long",
    };
    (frames.iter().map(frame).collect(), outcome)
}

/// A frame as the file writes it.
fn frame(frame: &Frame) -> Json {
    match frame {
        Frame::Record(record) => written(record),
        Frame::Tail(tail) => json!(["tail", tail]),
        Frame::Ping => json!(["ping"]),
        Frame::Done => json!(["done"]),
    }
}

fn written(record: &Record) -> Json {
    let cursor = record.cursor.as_ref().map(Cursor::text);
    match &record.content {
        Content::Skip => json!(["skip", cursor]),
        Content::Data { chunk, part_id } => json!(["data", cursor, chunk, part_id]),
        Content::Control(control) => match control {
            Control::TurnComplete(turn) => json!(["turn-complete", cursor, told(turn)]),
            Control::SessionClosed { reason } => json!(["session-closed", cursor, reason]),
            Control::SessionState { last_event_id } => {
                json!(["session-state", cursor, last_event_id])
            }
            Control::UpgradeRequired => json!(["upgrade-required", cursor]),
            Control::PendingVersion => json!(["pending-version", cursor]),
            Control::Unknown => json!(["unknown", cursor]),
        },
    }
}

/// What a boundary tells, without what it does not.
fn told(turn: &TurnComplete) -> Json {
    let mut told = serde_json::Map::new();
    if let Some(token) = &turn.token {
        told.insert("token".into(), json!(token.expose()));
    }
    if let Some(id) = &turn.session_in_event_id {
        told.insert("session_in".into(), json!(id));
    }
    if let Some(reason) = &turn.closed {
        told.insert("closed".into(), json!([reason]));
    }
    Json::Object(told)
}

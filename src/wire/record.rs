//! S2 batches to records: data for the chat, control for the session, commands for the store (C3–C5).
//!
//! Takes the envelope apart and keeps the chunk as text: JavaScript builds the object.

use super::json::{self, Scanner};
use super::{Cursor, Frame};
use crate::Secret;
use crate::text::{lossy, number};

/// One record of `.out`, in the order of its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where a reader stands once it has taken this record.
    pub cursor: Option<Cursor>,
    /// What it holds.
    pub content: Content,
}

/// What a record holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A `UIMessageChunk`: its JSON text, untouched, and the part id of the append that wrote it.
    Data {
        /// The chunk's JSON text. Not validated: a malformed chunk is lost alone (C3).
        chunk: String,
        /// The idempotency key under which the agent appended it.
        part_id: Option<String>,
    },
    /// A Trigger.dev control record.
    Control(Control),
    /// Nothing for a reader: an S2 command record (trim, fence), an empty or a malformed body.
    Skip,
}

/// The control records (C5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// The turn is over.
    TurnComplete(TurnComplete),
    /// The agent moves to a newer version; the new run goes on in the same stream.
    UpgradeRequired,
    /// The run waits for its deployment.
    PendingVersion,
    /// Where the first subscription behind a head start begins (F1).
    SessionState {
        /// The cursor of the turn's last record.
        last_event_id: Option<String>,
    },
    /// The session is closed for good.
    SessionClosed {
        /// Why, if the closer said.
        reason: Option<String>,
    },
    /// A kind that this version does not know.
    Unknown,
}

/// What a `turn-complete` record tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TurnComplete {
    /// A fresh token to use from now on.
    pub token: Option<Secret>,
    /// The agent's committed `.in` cursor as it was written.
    pub session_in_event_id: Option<String>,
    /// The turn also closed the session; the reason, if one was given.
    pub closed: Option<Option<String>>,
}

impl TurnComplete {
    /// The committed `.in` cursor as a number, for comparison with the seq of an append (C7).
    pub fn committed_input_seq(&self) -> Option<u64> {
        number(self.session_in_event_id.as_ref()?.as_bytes())
    }
}

/// Reads the data of one `batch` event: the records before the first malformed place, and the tail.
/// False if there was such a place: what follows in this response can no longer be trusted.
pub(super) fn read_batch(text: &[u8], frames: &mut Vec<Frame>) -> bool {
    read_members(text, frames).unwrap_or(false)
}

/// Whether there were records.
fn read_members(text: &[u8], frames: &mut Vec<Frame>) -> Option<bool> {
    let mut scanner = Scanner::new(text);
    let mut found = false;
    let mut first = true;
    scanner.open(b'{')?;
    while scanner.more(&mut first, b'}')? {
        match &*scanner.key()? {
            b"records" => {
                found = true;
                read_records(&mut scanner, frames)?;
            }
            b"tail" => {
                let tail = scanner.value()?;
                if let Some(tail) = json::member(tail, "seq_num").and_then(|mut at| at.integer()) {
                    frames.push(Frame::Tail(tail));
                }
            }
            _ => drop(scanner.value()?),
        }
    }
    Some(found)
}

fn read_records(scanner: &mut Scanner<'_>, frames: &mut Vec<Frame>) -> Option<()> {
    scanner.open(b'[')?;
    let mut first = true;
    while scanner.more(&mut first, b']')? {
        frames.push(Frame::Record(read_record(scanner)?));
    }
    Some(())
}

fn read_record(scanner: &mut Scanner<'_>) -> Option<Record> {
    let mut seq_num = None;
    let mut headers = Vec::new();
    let mut body = None;
    scanner.open(b'{')?;
    let mut first = true;
    while scanner.more(&mut first, b'}')? {
        match &*scanner.key()? {
            b"seq_num" => seq_num = Some(scanner.integer()?),
            // Absent, or `null`.
            b"headers" if !scanner.is_at(b'n') => headers = read_headers(scanner)?,
            b"body" => body = scanner.unescaped_or_other()?,
            _ => drop(scanner.value()?),
        }
    }
    Some(Record {
        cursor: Some(Cursor::Seq(seq_num?)),
        content: content(&headers, body.as_deref().unwrap_or_default()),
    })
}

type Headers = Vec<(String, String)>;

fn read_headers(scanner: &mut Scanner<'_>) -> Option<Headers> {
    let mut headers = Vec::new();
    scanner.open(b'[')?;
    let mut first = true;
    while scanner.more(&mut first, b']')? {
        scanner.open(b'[')?;
        let name = scanner.more(&mut true, b']')?.then(|| scanner.string())??;
        let value = scanner.more(&mut false, b']')?.then(|| scanner.string())??;
        headers.push((name, value));
        if scanner.more(&mut false, b']')? {
            return None;
        }
    }
    Some(headers)
}

fn content(headers: &Headers, body: &[u8]) -> Content {
    if headers.first().is_some_and(|(name, _)| name.is_empty()) {
        return Content::Skip;
    }
    let value = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let reason = || value("session-closed-reason").cloned();
    match value("trigger-control").map(String::as_str) {
        Some("turn-complete") => Content::Control(Control::TurnComplete(TurnComplete {
            token: value("public-access-token").map(Secret::new),
            session_in_event_id: value("session-in-event-id").cloned(),
            closed: value("session-closed").filter(|text| *text == "true").map(|_| reason()),
        })),
        Some("upgrade-required") => Content::Control(Control::UpgradeRequired),
        Some("pending-version") => Content::Control(Control::PendingVersion),
        Some("session-closed") => Content::Control(Control::SessionClosed { reason: reason() }),
        Some(_) => Content::Control(Control::Unknown),
        None => data_content(body).unwrap_or(Content::Skip),
    }
}

/// A body of so many bytes is taken apart from its end: the chunk in it is not looked through.
const LONG_BYTES: usize = 4 * 1024;

/// Takes `{"data":…,"id":…}` apart.
fn data_content(body: &[u8]) -> Option<Content> {
    if body.len() >= LONG_BYTES
        && let Some((chunk, id)) = ends_of(body)
    {
        return Some(chunk_content(chunk, Some(lossy(id).into_owned())));
    }
    let mut chunk = None;
    let mut part_id = None;
    let mut scanner = Scanner::new(body);
    scanner.open(b'{')?;
    let mut first = true;
    while scanner.more(&mut first, b'}')? {
        match &*scanner.key()? {
            b"data" => chunk = Some(scanner.value()?),
            b"id" => part_id = Scanner::new(scanner.value()?).string(),
            _ => drop(scanner.value()?),
        }
    }
    Some(chunk_content(chunk?, part_id))
}

/// The text behind `{"data":` and the part id, where a body begins and ends as agents write it. A quote
/// without a backslash is in no string, so the id is the body's own; if there are other members between
/// the two, they are at the end of the text.
fn ends_of(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let middle = body.strip_prefix(b"{\"data\":")?.strip_suffix(b"\"}")?;
    let at = middle.iter().rposition(|&byte| byte == b'"' || byte == b'\\')?;
    let (chunk, id) = middle.split_at_checked(at)?;
    Some((chunk.strip_suffix(b",\"id\":")?, id.strip_prefix(b"\"")?))
}

/// How the types of control chunks start.
const CONTROL_TYPE: &[u8] = b"trigger:";

/// A chunk's text as content: `null` is nothing, and agents before header-form control records wrote
/// those as chunks of type `trigger:…`, which never reach the consumer (C5).
pub(super) fn chunk_content(chunk: &[u8], part_id: Option<String>) -> Content {
    if chunk == b"null" {
        return Content::Skip;
    }
    let kind = json::member(chunk, "type").and_then(|mut at| at.unescaped());
    match kind.as_deref().and_then(|kind| kind.strip_prefix(CONTROL_TYPE)) {
        None => Content::Data { chunk: lossy(chunk).into_owned(), part_id },
        Some(b"turn-complete") => Content::Control(Control::TurnComplete(TurnComplete {
            token: json::text_member(chunk, "publicAccessToken").map(Secret::new),
            ..TurnComplete::default()
        })),
        Some(b"upgrade-required") => Content::Control(Control::UpgradeRequired),
        Some(b"session-state") => Content::Control(Control::SessionState {
            last_event_id: json::text_member(chunk, "lastEventId"),
        }),
        Some(_) => Content::Control(Control::Unknown),
    }
}

#[cfg(test)]
mod tests;

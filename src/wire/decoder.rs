//! One response of `.out`: its bytes to frames.
//!
//! Made anew for every response, so that the unfinished event of a broken one is gone with it.

use super::json::is_value;
use super::record::{Content, Record, chunk_content, read_batch};
use super::{Cursor, Event, EventStream, Frame, LineTooLong};

/// The form of a response, told by its `X-Stream-Version` header (C3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// No header: the event id is the cursor, `data` is the chunk.
    V1,
    /// `v2`: `batch` events of S2 records.
    V2,
    /// The answer of a head start (F1): `data` is the chunk, and there is no cursor.
    HeadStart,
}

impl Version {
    /// Reads the `X-Stream-Version` header.
    pub fn from_header(value: Option<&str>) -> Self {
        if value == Some("v2") { Self::V2 } else { Self::V1 }
    }
}

/// The data of the event behind which a window ends.
const DONE: &[u8] = b"[DONE]";

/// Why a response cannot be read on. The reader resumes from its cursor with a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WireError {
    /// The server said so in an `error` event.
    ReadFailed,
    /// A batch was not what S2 writes.
    MalformedBatch,
    /// An event larger than [`super::LINE_LIMIT_BYTES`]: no new attempt can read it either.
    TooLong,
}

/// Turns the bytes of one response into frames.
#[derive(Debug)]
pub struct Decoder {
    version: Version,
    events: EventStream,
}

impl Decoder {
    /// A decoder for a response that starts now.
    pub fn new(version: Version) -> Self {
        Self { version, events: EventStream::default() }
    }

    /// Adds to `frames` what `bytes` complete. After an error the response is of no further use;
    /// the frames before it count.
    pub fn decode(&mut self, mut bytes: &[u8], frames: &mut Vec<Frame>) -> Result<(), WireError> {
        let version = self.version;
        while let Some(event) = self.events.next_event(&mut bytes)? {
            match version {
                Version::V2 => read_v2(&event, frames)?,
                _ if event.data == DONE => frames.push(Frame::Done),
                Version::V1 => frames.push(read_chunk(&event, cursor(&event))),
                Version::HeadStart => frames.push(read_chunk(&event, None)),
            }
        }
        Ok(())
    }

    /// The reconnection time that the server asked for, in milliseconds.
    pub fn retry_ms(&self) -> Option<u64> {
        self.events.retry_ms()
    }
}

impl From<LineTooLong> for WireError {
    fn from(LineTooLong: LineTooLong) -> Self {
        Self::TooLong
    }
}

fn cursor(event: &Event<'_>) -> Option<Cursor> {
    core::str::from_utf8(event.id).ok().and_then(Cursor::opaque)
}

fn read_chunk(event: &Event<'_>, cursor: Option<Cursor>) -> Frame {
    let content =
        if is_value(event.data) { chunk_content(event.data, None) } else { Content::Skip };
    Frame::Record(Record { cursor, content })
}

fn read_v2(event: &Event<'_>, frames: &mut Vec<Frame>) -> Result<(), WireError> {
    match event.name {
        b"batch" => {
            let is_whole = read_batch(event.data, frames);
            if is_whole { Ok(()) } else { Err(WireError::MalformedBatch) }
        }
        b"ping" => {
            frames.push(Frame::Ping);
            Ok(())
        }
        b"error" => Err(WireError::ReadFailed),
        b"message" if event.data == DONE => {
            frames.push(Frame::Done);
            Ok(())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(version: Version, chunks: &[&[u8]]) -> (Vec<Frame>, Result<(), WireError>) {
        let mut decoder = Decoder::new(version);
        let mut frames = Vec::new();
        for chunk in chunks {
            if let Err(error) = decoder.decode(chunk, &mut frames) {
                return (frames, Err(error));
            }
        }
        (frames, Ok(()))
    }

    fn batch(first: u64, deltas: &[String]) -> String {
        let records: Vec<_> = deltas
            .iter()
            .zip(first..)
            .map(|(delta, seq_num)| {
                let body =
                    serde_json::json!({ "data": { "delta": delta }, "id": format!("p{seq_num}") });
                serde_json::json!({ "seq_num": seq_num, "timestamp": 1, "body": body.to_string() })
            })
            .collect();
        let data = serde_json::json!({ "records": records });
        format!("event: batch\r\nid: 0,1,2\r\ndata: {data}\r\n\r\n")
    }

    #[test]
    fn c3_events_of_a_v2_response() {
        let text = format!(
            "{}event: ping\ndata: {{\"timestamp\":1}}\n\nevent: new\ndata: x\n\ndata: [DONE]\n\n",
            batch(4, &["a".into(), "b".into()])
        );
        let (frames, outcome) = decode(Version::V2, &[text.as_bytes()]);
        assert_eq!(outcome, Ok(()));
        let cursors: Vec<_> = frames
            .iter()
            .map(|frame| match frame {
                Frame::Record(record) => record.cursor.clone(),
                Frame::Tail(_) | Frame::Ping | Frame::Done => None,
            })
            .collect();
        assert_eq!(cursors, [Some(Cursor::Seq(4)), Some(Cursor::Seq(5)), None, None]);
        assert_eq!(frames[2..], [Frame::Ping, Frame::Done]);
    }

    #[test]
    fn c3_an_error_event_ends_the_response_after_the_records_before_it() {
        let text = format!("{}event: error\ndata: gone\n\n", batch(0, &["a".into()]));
        let (frames, outcome) = decode(Version::V2, &[text.as_bytes()]);
        assert_eq!(frames.len(), 1);
        assert_eq!(outcome, Err(WireError::ReadFailed));
    }

    #[test]
    fn c3_a_malformed_batch_ends_the_response() {
        let (_, outcome) = decode(Version::V2, &[b"event: batch\ndata: {\"rec\n\n"]);
        assert_eq!(outcome, Err(WireError::MalformedBatch));
    }

    #[test]
    fn c3_a_v1_response_has_chunks_as_data_and_ids_as_cursors() {
        let (frames, _) = decode(Version::V1, &[b"id: 17-0\ndata: {\"type\":\"start\"}\n\n"]);
        let record = Record {
            cursor: Some(Cursor::Id("17-0".into())),
            content: Content::Data { chunk: "{\"type\":\"start\"}".into(), part_id: None },
        };
        assert_eq!(frames, [Frame::Record(record)]);
    }

    #[test]
    fn c3_data_of_a_v1_response_that_is_not_one_value_is_skipped() {
        for data in ["{\"type\":\"start\"", "{\"type\":\"start\"} {}", "", "}"] {
            let (frames, outcome) =
                decode(Version::V1, &[b"id: 1\ndata: ", data.as_bytes(), b"\n\n"]);
            let record = Record { cursor: Some(Cursor::Id("1".into())), content: Content::Skip };
            assert_eq!((frames, outcome), (vec![Frame::Record(record)], Ok(())), "{data}");
        }
    }

    /// Text of a JSON string with pieces of characters in it, as JSON in JSON.
    fn torn_text() -> impl Strategy<Value = Vec<u8>> {
        let torn = prop::collection::vec(0x80_u8.., 1..4);
        let escaped = prop_oneof![r"\\u00e9", r"\u20ac", r"\\n", "[a-z é€😀]{0,9}"];
        let piece = prop_oneof![torn, escaped.prop_map(String::into_bytes)];
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn c2_the_frames_do_not_depend_on_where_the_chunks_are_cut(
            deltas: Vec<String>, cuts in prop::collection::vec(0_usize..4096, 0..8)
        ) {
            let text = batch(0, &deltas) + &batch(deltas.len() as u64, &deltas);
            let whole = decode(Version::V2, &[text.as_bytes()]);
            let mut cuts: Vec<_> = cuts.into_iter().map(|at| at % (text.len() + 1)).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let chunks: Vec<_> =
                cuts.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
            prop_assert_eq!(decode(Version::V2, &chunks), whole);
        }

        #[test]
        fn c2_what_is_not_utf8_is_replaced_wherever_it_stands(inside in torn_text()) {
            let text = [
                &b"event: batch\ndata: {\"records\":[{\"seq_num\":1,\"body\":\"{\\\"data\\\":\\\""[..],
                &inside, b"\\\",\\\"id\\\":\\\"", &inside, b"\\\"}\"}]}\n\n",
            ]
            .concat();
            let replaced = String::from_utf8_lossy(&text);
            let (frames, outcome) = decode(Version::V2, &[&text]);
            prop_assert_eq!(frames.len(), 1);
            prop_assert_eq!((frames, outcome), decode(Version::V2, &[replaced.as_bytes()]));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = decode(Version::V2, &[&bytes]);
            let _ = decode(Version::V1, &[b"data: ", &bytes, b"\n\n"]);
        }
    }
}

//! Streams to events: the crate's reader, at every cut, and the specification read literally.

use serde_json::Value as Json;
use trigger_chat_transport::wire::EventStream;

use super::cutting::Cutting;
use super::file;
use super::specification::{self, Event, Interpretation};

/// Runs a file of vectors.
pub(crate) fn run(file: &str) {
    for case in file::cases(file) {
        let expected = expected(&case);
        for end in file::line_ends(file) {
            let stream = file::with_line_ends(&file::bytes(&case["stream"]), end);
            check(&format!("{} with {end:?}", file::name(&case)), &stream, &expected);
        }
    }
}

struct Expected {
    interpretation: Interpretation,
    too_long: bool,
}

fn expected(case: &Json) -> Expected {
    let events = case["events"].as_array().expect("events");
    let events = events
        .iter()
        .map(|event| Event {
            name: file::text(&event[0]),
            data: file::text(&event[1]),
            id: file::text(&event[2]),
        })
        .collect();
    let interpretation = Interpretation { events, retry_ms: case["retry"].as_u64() };
    let too_long = match case.get("error").and_then(Json::as_str) {
        Some("too-long") => true,
        None => false,
        Some(other) => panic!("error {other}"),
    };
    Expected { interpretation, too_long }
}

fn check(what: &str, stream: &[u8], expected: &Expected) {
    if !expected.too_long {
        // The specification knows no limits.
        let literal = specification::interpret(stream);
        assert!(literal == expected.interpretation, "{what}, literally: {}", short(&literal));
    }
    for cutting in Cutting::all(stream.len(), 200) {
        let (read, too_long) = read(&cutting.chunks(stream));
        assert!(read == expected.interpretation, "{what}, {cutting:?}: {}", short(&read));
        assert_eq!(too_long, expected.too_long, "{what}, {cutting:?}");
    }
}

/// What the crate reads, and whether it met what is too long.
fn read(chunks: &[&[u8]]) -> (Interpretation, bool) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut stream = EventStream::default();
    let mut events = Vec::new();
    let mut too_long = false;
    'chunks: for chunk in chunks {
        let mut input = *chunk;
        loop {
            match stream.next_event(&mut input) {
                Ok(Some(event)) => events.push(Event {
                    name: text(event.name),
                    data: text(event.data),
                    id: text(event.id),
                }),
                Ok(None) => break,
                Err(_) => {
                    too_long = true;
                    break 'chunks;
                }
            }
        }
    }
    (Interpretation { events, retry_ms: stream.retry_ms() }, too_long)
}

/// For a person to read.
fn short(interpretation: &Interpretation) -> String {
    let mut text = format!("{interpretation:?}");
    text.truncate(text.floor_char_boundary(2_000));
    text
}

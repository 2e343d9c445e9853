//! Bytes to events: three cuttings agree with each other and with the specification read literally.

use trigger_chat_transport::link::Jitter;
use trigger_chat_transport::wire::EventStream;

use super::specification::{self, Event, Interpretation};

pub(crate) fn run(bytes: &[u8]) {
    let literal = specification::interpret(bytes);
    assert_eq!(read([bytes]), literal, "whole");
    assert_eq!(read(bytes.chunks(1)), literal, "byte by byte");
    assert_eq!(read(pieces(bytes)), literal, "in pieces");
}

/// Pieces of up to 16 bytes whose sizes depend on all the bytes.
pub(crate) fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let seed = bytes.iter().fold(0_u64, |sum, &byte| sum.rotate_left(5) ^ u64::from(byte));
    let mut random = Jitter::new(seed);
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (piece, behind) = rest.split_at((random.below(17) as usize).min(rest.len()));
        let over = rest.is_empty();
        rest = behind;
        (!over).then_some(piece)
    })
}

fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Interpretation {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut stream = EventStream::default();
    let mut events = Vec::new();
    for mut chunk in chunks {
        while let Some(event) = stream.next_event(&mut chunk).expect("nothing here is too long") {
            let (name, data, id) = (text(event.name), text(event.data), text(event.id));
            events.push(Event { name, data, id });
        }
        assert!(chunk.is_empty(), "a chunk is used up");
    }
    Interpretation { events, retry_ms: stream.retry_ms() }
}

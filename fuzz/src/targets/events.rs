//! Bytes to events: three cuttings agree with each other and with the specification read literally.

use trigger_chat_transport::link::Jitter;
use trigger_chat_transport::wire::EventStream;

use super::specification::{self, Interpretation};

pub(crate) fn run(bytes: &[u8]) {
    let literal = specification::interpret(bytes);
    expect(&literal, [bytes], "whole");
    expect(&literal, bytes.chunks(1), "byte by byte");
    expect(&literal, pieces(bytes), "in pieces");
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

/// Compared as they are read: to keep the events of each cutting would take as long as to read them.
fn expect<'a>(
    literal: &Interpretation,
    chunks: impl IntoIterator<Item = &'a [u8]>,
    how: &'static str,
) {
    let mut stream = EventStream::default();
    let mut expected = literal.events.iter();
    for mut chunk in chunks {
        while let Some(event) = stream.next_event(&mut chunk).expect("nothing here is too long") {
            let Some(expected) = expected.next() else { panic!("{how}: one more, {event:?}") };
            assert_eq!(String::from_utf8_lossy(event.name), expected.name, "{how}: type");
            assert_eq!(String::from_utf8_lossy(event.data), expected.data, "{how}: data");
            assert_eq!(String::from_utf8_lossy(event.id), expected.id, "{how}: id");
        }
        assert!(chunk.is_empty(), "{how}: a chunk is used up");
    }
    assert_eq!(expected.next(), None, "{how}: an event is missing");
    assert_eq!(stream.retry_ms(), literal.retry_ms, "{how}: retry");
}

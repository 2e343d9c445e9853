//! Where a response is cut: pure arithmetic over the bytes that pass. It sends nothing.

use bytes::{Bytes, BytesMut};

const RECORD: &[u8] = b"{\"seq_num\":";
const TAIL: &[u8] = b"\"tail\":{\"seq_num\":";
const EVENT_END: &[u8] = b"\n\n";

/// Lets bytes through up to the place of the cut.
pub(crate) enum Cutter {
    AfterBytes(u64),
    InsideRecord(RecordCutter),
}

/// Holds an event back until it is whole, so that the cut can fall before its end.
pub(crate) struct RecordCutter {
    /// Records still to let through, the one to be cut included.
    remaining: u64,
    event: BytesMut,
}

impl Cutter {
    pub(crate) fn inside_record(record: u64) -> Self {
        Self::InsideRecord(RecordCutter { remaining: record, event: BytesMut::new() })
    }

    /// The bytes that may pass, and whether the cut comes right after them.
    pub(crate) fn feed(&mut self, bytes: Bytes) -> (Bytes, bool) {
        match self {
            Self::AfterBytes(left) => {
                let allowed = usize::try_from(*left).unwrap_or(usize::MAX);
                if bytes.len() >= allowed {
                    return (bytes.slice(..allowed), true);
                }
                *left -= bytes.len() as u64;
                (bytes, false)
            }
            Self::InsideRecord(cutter) => cutter.feed(&bytes),
        }
    }
}

impl RecordCutter {
    fn feed(&mut self, bytes: &[u8]) -> (Bytes, bool) {
        self.event.extend_from_slice(bytes);
        let mut passed = BytesMut::new();
        while let Some(end) = find(&self.event, EVENT_END, 0) {
            let event = self.event.split_to(end + EVENT_END.len());
            if let Some(cut) = self.cut_within(&event) {
                passed.extend_from_slice(&event[..cut]);
                return (passed.freeze(), true);
            }
            passed.extend_from_slice(&event);
        }
        (passed.freeze(), false)
    }

    /// Counts the event's records; answers the place of the cut if it holds the one wanted.
    fn cut_within(&mut self, event: &[u8]) -> Option<usize> {
        let starts = record_starts(event);
        let index = usize::try_from(self.remaining - 1).unwrap_or(usize::MAX);
        let Some(&start) = starts.get(index) else {
            self.remaining -= starts.len() as u64;
            return None;
        };
        let end = starts.get(index + 1).copied().unwrap_or(event.len() - EVENT_END.len());
        Some(inside(event, start, end))
    }
}

/// Where the records of an event start. The same words inside a body are escaped and do not match.
fn record_starts(event: &[u8]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut from = 0;
    while let Some(at) = find(event, RECORD, from) {
        let is_tail = event[..at + RECORD.len()].ends_with(TAIL);
        if !is_tail {
            starts.push(at);
        }
        from = at + RECORD.len();
    }
    starts
}

/// Inside the first character of several bytes, if there is one; else in the middle.
fn inside(event: &[u8], start: usize, end: usize) -> usize {
    let wide = event[start..end].iter().position(|byte| *byte >= 0x80);
    match wide {
        Some(offset) => start + offset + 1,
        None => start + (end - start) / 2,
    }
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(bodies: &[&str]) -> String {
        let records: Vec<String> = bodies
            .iter()
            .enumerate()
            .map(|(seq, body)| format!(r#"{{"seq_num":{seq},"timestamp":1,"body":"{body}"}}"#))
            .collect();
        format!(
            "event: batch\nid: 1,1,1\ndata: {{\"records\":[{}],\"tail\":{{\"seq_num\":9,\"timestamp\":1}}}}\n\n",
            records.join(",")
        )
    }

    #[test]
    fn bytes_are_counted_across_pieces() {
        let mut cutter = Cutter::AfterBytes(5);
        assert_eq!(cutter.feed(Bytes::from_static(b"abc")), (Bytes::from_static(b"abc"), false));
        assert_eq!(cutter.feed(Bytes::from_static(b"def")), (Bytes::from_static(b"de"), true));
    }

    #[test]
    fn the_record_is_counted_over_events_however_they_are_sliced() {
        let text = format!(
            "event: ping\ndata: {{\"timestamp\":1,\"tail\":{{\"seq_num\":9,\"timestamp\":1}}}}\n\n{}{}",
            event(&["one", r#"{\"seq_num\":5} two"#]),
            event(&["three", "four"]),
        );
        for size in [1, 7, text.len()] {
            let mut cutter = Cutter::inside_record(3);
            let mut passed = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                let (bytes, cut) = cutter.feed(Bytes::copy_from_slice(piece));
                passed.extend_from_slice(&bytes);
                if cut {
                    break;
                }
            }
            let shown = String::from_utf8(passed).expect("ASCII");
            assert!(shown.contains(" two"), "{size}");
            assert!(!shown.contains("three"), "{size}");
            assert!(shown.rfind("event: batch") > shown.find(" two"), "{size}");
        }
    }

    #[test]
    fn a_wide_character_is_cut_in_two() {
        let text = event(&["a😀b"]);
        let (bytes, cut) = Cutter::inside_record(1).feed(Bytes::from(text));
        assert!(cut);
        assert!(std::str::from_utf8(&bytes).is_err());
    }
}

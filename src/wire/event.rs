//! Events of an event stream (WHATWG HTML, section 9.2.6: interpreting an event stream).
//!
//! Knows fields and dispatch; not what the data means. One stream object per response: an
//! unfinished last event is dropped with it.

use super::line::{LINE_LIMIT_BYTES, LineSplitter, LineTooLong};
use crate::text::number;

/// One dispatched event.
#[derive(Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// The event type; `message` when the stream gave none.
    pub name: &'a [u8],
    /// The data lines joined by LF, as they came (not yet checked to be UTF-8).
    pub data: &'a [u8],
    /// The last event id seen on this stream so far, empty if there was none.
    pub id: &'a [u8],
}

/// An incremental event stream parser: [`EventStream::next_event`] until it gives `None`.
#[derive(Debug, Default)]
pub struct EventStream {
    lines: LineSplitter,
    name: Vec<u8>,
    /// Each data line with an LF behind it, so that an empty line differs from none.
    data: Vec<u8>,
    id: Vec<u8>,
    /// `id` as it will be adopted at the next blank line.
    next_id: Vec<u8>,
    retry_ms: Option<u64>,
    /// The buffers hold an event that was handed out and are to be cleared.
    dispatched: bool,
}

impl EventStream {
    /// Reads on in `input`, which is advanced, up to the next event. `None`: `input` is used up.
    pub fn next_event<'a>(
        &'a mut self,
        input: &mut &[u8],
    ) -> Result<Option<Event<'a>>, LineTooLong> {
        if self.dispatched {
            self.clear();
        }
        while self.read_line(input)? {
            if self.dispatched && self.data.is_empty() {
                self.clear();
            } else if self.dispatched {
                let name: &[u8] = if self.name.is_empty() { b"message" } else { &self.name };
                let data = self.data.strip_suffix(b"\n").unwrap_or(&self.data);
                return Ok(Some(Event { name, data, id: &self.id }));
            }
        }
        Ok(None)
    }

    /// The reconnection time that the server asked for last, in milliseconds.
    pub fn retry_ms(&self) -> Option<u64> {
        self.retry_ms
    }

    fn clear(&mut self) {
        self.dispatched = false;
        self.name.clear();
        self.data.clear();
    }

    /// Reads one line; a blank one sets `dispatched`. False: no whole line is left.
    fn read_line(&mut self, input: &mut &[u8]) -> Result<bool, LineTooLong> {
        let Self { lines, name, data, id, next_id, retry_ms, dispatched } = self;
        let Some(line) = lines.next_line(input)? else {
            return Ok(false);
        };
        if line.is_empty() {
            id.clone_from(next_id);
            *dispatched = true;
            return Ok(true);
        }
        let colon = line.iter().position(|&b| b == b':');
        let (field, value) = match colon.and_then(|at| line.split_at_checked(at)) {
            Some((field, rest)) => {
                let value = rest.get(1..).unwrap_or_default();
                (field, value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &[][..]),
        };
        match field {
            b"data" => {
                data.extend_from_slice(value);
                data.push(b'\n');
                if data.len() > LINE_LIMIT_BYTES {
                    return Err(LineTooLong);
                }
            }
            b"event" => {
                name.clear();
                name.extend_from_slice(value);
            }
            b"id" if value.iter().all(|&byte| byte != 0) => {
                next_id.clear();
                next_id.extend_from_slice(value);
            }
            b"retry" => *retry_ms = milliseconds(value).or(*retry_ms),
            // Comments start with a colon: their field name is empty. Unknown fields are ignored.
            _ => {}
        }
        Ok(true)
    }
}

/// ASCII digits only: no sign, no space, no unit. What does not fit is the largest number.
fn milliseconds(value: &[u8]) -> Option<u64> {
    let is_number = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    is_number.then(|| number(value).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Seen = (String, String, String);

    fn events_of<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Seen> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut stream = EventStream::default();
        let mut events = Vec::new();
        for mut chunk in chunks {
            while let Some(event) = stream.next_event(&mut chunk).unwrap() {
                events.push((text(event.name), text(event.data), text(event.id)));
            }
        }
        events
    }

    fn data_of(bytes: &[u8]) -> Vec<String> {
        events_of([bytes]).into_iter().map(|(_, data, _)| data).collect()
    }

    #[test]
    fn c2_fields_follow_the_specification() {
        assert_eq!(data_of(b"data:a\ndata: b\n\n"), ["a\nb"]);
        assert_eq!(data_of(b"data:\n\n"), [""]);
        assert_eq!(data_of(b"data\ndata\n\n"), ["\n"]);
        assert_eq!(data_of(b"data:  two\n\ndata:\ttab\n\n"), [" two", "\ttab"]);
        assert_eq!(data_of(b": comment\nunknown: x\n\n\n\n"), [""; 0]);
        assert_eq!(data_of(b"data: lost at the end"), [""; 0]);
        assert_eq!(data_of(b"data: lost\n"), [""; 0]);
    }

    #[test]
    fn c2_the_event_name_lasts_for_one_event() {
        let names: Vec<_> =
            events_of([&b"event: batch\ndata:1\n\ndata:2\n\nevent:\ndata:3\n\n"[..]])
                .into_iter()
                .map(|(name, _, _)| name)
                .collect();
        assert_eq!(names, ["batch", "message", "message"]);
    }

    #[test]
    fn c2_an_id_persists_until_it_is_reset_and_one_with_nul_is_ignored() {
        let ids = |bytes: &[u8]| -> Vec<String> {
            events_of([bytes]).into_iter().map(|(_, _, id)| id).collect()
        };
        assert_eq!(ids(b"id: 1\ndata\n\ndata\n\nid\ndata\n\n"), ["1", "1", ""]);
        assert_eq!(ids(b"id: 1\ndata\n\nid: 2\0\ndata\n\n"), ["1", "1"]);
    }

    #[test]
    fn c2_retry_takes_digits_only() {
        let retry = |bytes: &[u8]| {
            let mut stream = EventStream::default();
            let mut input = bytes;
            while stream.next_event(&mut input).unwrap().is_some() {}
            stream.retry_ms()
        };
        assert_eq!(retry(b"retry: 300\n"), Some(300));
        for bogus in ["retry:\n", "retry: 1000x\n", "retry: +5\n", "retry: -5\n", "retry: 1.5\n"] {
            assert_eq!(retry(bogus.as_bytes()), None, "{bogus:?}");
        }
        assert_eq!(retry(b"retry: 99999999999999999999999\n"), Some(u64::MAX));
    }

    #[test]
    fn s9_the_data_of_an_event_is_limited_however_many_lines_it_has() {
        let line = [b"data:", &[b'x'; LINE_LIMIT_BYTES / 8 - 1][..], b"\n"].concat();
        let mut stream = EventStream::default();
        for _ in 0..8 {
            assert_eq!(stream.next_event(&mut &line[..]), Ok(None));
        }
        assert_eq!(stream.next_event(&mut &line[..]), Err(LineTooLong));
    }

    #[test]
    fn c2_any_cut_gives_the_same_events() {
        let text =
            "\u{feff}id: é\r\ndata: a\u{1f600}\r\r\n: c\nevent: e\ndata: 1\ndata: 2\n\n".as_bytes();
        let whole = events_of([text]);
        assert_eq!(whole.len(), 2);
        assert_eq!(events_of(text.chunks(1)), whole);
        for cut in 0..=text.len() {
            let (head, tail) = text.split_at(cut);
            assert_eq!(events_of([head, tail]), whole, "cut at {cut}");
        }
    }
}

//! Lines of an event stream: LF, CRLF or CR, at any chunk boundary (WHATWG HTML, section 9.2.6).
//!
//! Works on bytes: a line end is ASCII and can never be part of a UTF-8 sequence, so text is decoded
//! only once a line is whole.

use super::find;

/// The most that one line, or the data of one event, may hold, in bytes. An S2 batch is at most about 1 MiB before escaping.
pub const LINE_LIMIT_BYTES: usize = 16 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line or an event exceeded [`LINE_LIMIT_BYTES`]: the stream cannot be read any further.
#[derive(Debug, PartialEq, Eq)]
pub struct LineTooLong;

/// Splits a stream of bytes into lines, keeping an unfinished one for the next call.
#[derive(Debug, Default)]
pub struct LineSplitter {
    /// The unfinished line so far; also holds a line that spanned chunks while it is lent out.
    pending: Vec<u8>,
    /// `pending` was handed out as a line and is to be cleared.
    lent: bool,
    /// The last line ended with CR: an LF that comes next belongs to it.
    skip_line_feed: bool,
    /// One byte order mark at the start of the stream is not part of the first line.
    past_first_line: bool,
}

impl LineSplitter {
    /// Takes the next whole line (without its end) from the front of `input`, which is advanced.
    /// `None`: `input` is used up, and what was left of it is kept as the start of the next line.
    pub fn next_line<'a, 'i: 'a>(
        &'a mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<&'a [u8]>, LineTooLong> {
        if self.lent {
            self.pending.clear();
            self.lent = false;
        }
        if self.skip_line_feed && !input.is_empty() {
            self.skip_line_feed = false;
            if let [b'\n', rest @ ..] = input {
                *input = rest;
            }
        }
        let end = find::line_end(input);
        let length = self.pending.len().saturating_add(end.unwrap_or(input.len()));
        if length > LINE_LIMIT_BYTES {
            return Err(LineTooLong);
        }
        let Some((line, rest)) = end.and_then(|end| input.split_at_checked(end)) else {
            self.pending.extend_from_slice(input);
            *input = &[];
            return Ok(None);
        };
        self.skip_line_feed = rest.first() == Some(&b'\r');
        *input = rest.get(1..).unwrap_or_default();
        let line = if self.pending.is_empty() {
            line
        } else {
            self.pending.extend_from_slice(line);
            self.lent = true;
            &self.pending
        };
        if self.past_first_line {
            return Ok(Some(line));
        }
        self.past_first_line = true;
        Ok(Some(line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(chunks: &[&[u8]]) -> Vec<String> {
        let mut splitter = LineSplitter::default();
        let mut lines = Vec::new();
        for chunk in chunks {
            let mut input = *chunk;
            while let Some(line) = splitter.next_line(&mut input).unwrap() {
                lines.push(String::from_utf8(line.to_vec()).unwrap());
            }
        }
        lines
    }

    #[test]
    fn c2_every_line_end_counts_once_wherever_the_chunks_are_cut() {
        assert_eq!(lines_of(&[b"a\nb\r\nc\rd\n"]), ["a", "b", "c", "d"]);
        assert_eq!(lines_of(&[b"a\r", b"\nb\r", b"\r", b"\n\n"]), ["a", "b", "", ""]);
        assert_eq!(lines_of(&[b"a", b"b", b"", b"c\n", b"d"]), ["abc"]);
    }

    #[test]
    fn c2_a_line_that_ends_with_cr_does_not_wait_for_the_next_byte() {
        assert_eq!(lines_of(&[b"data: x\r", b"\r"]), ["data: x", ""]);
    }

    #[test]
    fn c2_one_byte_order_mark_is_dropped_at_the_start_only() {
        assert_eq!(lines_of(&[b"\xEF\xBB", b"\xBFa\n\xEF\xBB\xBFb\n"]), ["a", "\u{feff}b"]);
        assert_eq!(lines_of(&[b"\xEF\xBB\xBF\xEF\xBB\xBFa\n"]), ["\u{feff}a"]);
    }

    #[test]
    fn s9_a_line_just_over_the_limit_is_refused() {
        let mut splitter = LineSplitter::default();
        let most = vec![b'x'; LINE_LIMIT_BYTES];
        assert_eq!(splitter.next_line(&mut &most[..]), Ok(None));
        assert_eq!(splitter.next_line(&mut &b"\n"[..]).unwrap().unwrap().len(), LINE_LIMIT_BYTES);
        let mut splitter = LineSplitter::default();
        assert_eq!(splitter.next_line(&mut &most[..]), Ok(None));
        assert_eq!(splitter.next_line(&mut &b"x\n"[..]), Err(LineTooLong));
    }
}

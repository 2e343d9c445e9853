//! One line of a trace: JSON, written from left to right.

use crate::text::push_decimal;

/// A JSON array, or the beginning of one.
#[derive(Debug, Default)]
pub(super) struct Line(String);

impl Line {
    /// What an entry says behind its time. It has no brackets of its own.
    #[inline(never)]
    pub(super) fn begin(chat: Option<&str>) -> Self {
        // What most entries take, in one piece.
        let mut line = Self(String::with_capacity(64));
        line.text(chat);
        line
    }

    #[inline(never)]
    pub(super) fn open(&mut self) -> &mut Self {
        self.separate();
        self.0.push('[');
        self
    }

    pub(super) fn close(&mut self) {
        self.0.push(']');
    }

    #[inline(never)]
    pub(super) fn number(&mut self, number: u64) -> &mut Self {
        self.separate();
        push_decimal(&mut self.0, number);
        self
    }

    #[inline(never)]
    pub(super) fn flag(&mut self, flag: bool) -> &mut Self {
        self.bare(if flag { "true" } else { "false" })
    }

    /// A word of ours, which needs no escapes.
    #[inline(never)]
    pub(super) fn word(&mut self, word: &str) -> &mut Self {
        self.text(Some(word))
    }

    #[inline(never)]
    pub(super) fn text(&mut self, text: Option<&str>) -> &mut Self {
        let Some(text) = text else { return self.bare("null") };
        self.separate();
        self.0.push('"');
        // Most texts are written as they are, in one piece.
        if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
            self.0.push_str(text);
        } else {
            self.escape(text);
        }
        self.0.push('"');
        self
    }

    #[cold]
    fn escape(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                // Not in a JSON string; nothing that is traced depends on them.
                ..' ' => self.0.push(' '),
                _ => self.0.push(c),
            }
        }
    }

    pub(super) fn text_so_far(&self) -> &str {
        &self.0
    }

    /// Text that is JSON already.
    #[inline(never)]
    pub(super) fn bare(&mut self, text: &str) -> &mut Self {
        self.separate();
        self.0.push_str(text);
        self
    }

    fn separate(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with('[') {
            self.0.push(',');
        }
    }
}

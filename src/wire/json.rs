//! A scanner over JSON text: finds values without building them.
//!
//! The chunks themselves are parsed by JavaScript; here only the envelope around them is read. The
//! scanner never recurses and never fails loudly: text that it cannot follow gives `None`, and what
//! it steps over as a value may still be invalid inside. It works on bytes: what it stops at is ASCII,
//! and only what is kept is checked to be UTF-8.

use std::borrow::Cow;

use super::escape::unescape;
use super::find;
use crate::text::{lossy, number};

/// Reads JSON text from the front.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// A scanner that goes on from a byte of the text.
    pub(super) fn at(text: &'a [u8], at: usize) -> Self {
        Self { text, at }
    }

    /// How many bytes it has stepped over.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.advance(1);
        }
    }

    /// Steps over `byte` and the space before it, if it comes next.
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.is_at(byte);
        if found {
            self.advance(1);
        }
        found
    }

    /// Whether `byte` comes next.
    pub(super) fn is_at(&mut self, byte: u8) -> bool {
        self.skip_space();
        self.peek() == Some(byte)
    }

    /// Enters an array or object.
    pub(super) fn open(&mut self, bracket: u8) -> Option<()> {
        self.eat(bracket).then_some(())
    }

    /// After `open` or an element: true when another element follows, false after the closing
    /// bracket, `None` where the text is malformed.
    pub(super) fn more(&mut self, first: &mut bool, closing: u8) -> Option<bool> {
        if self.eat(closing) {
            return Some(false);
        }
        if core::mem::take(first) || self.eat(b',') { Some(true) } else { None }
    }

    /// A member's key; the value comes next.
    pub(super) fn key(&mut self) -> Option<Cow<'a, [u8]>> {
        let key = self.unescaped()?;
        self.eat(b':').then_some(key)
    }

    /// A string, as text. Lone surrogates become U+FFFD, as what is not UTF-8.
    pub(super) fn string(&mut self) -> Option<String> {
        Some(lossy(&self.unescaped()?).into_owned())
    }

    /// A string without its escapes, as it came otherwise.
    pub(super) fn unescaped(&mut self) -> Option<Cow<'a, [u8]>> {
        self.open(b'"')?;
        let rest = self.text.get(self.at..)?;
        let plain = find::quote(rest)?;
        if rest.get(plain) == Some(&b'\\') {
            let (text, end) = unescape(self.text, self.at)?;
            self.at = end;
            return Some(Cow::Owned(text));
        }
        let end = self.at.saturating_add(plain);
        let text = self.text.get(self.at..end)?;
        self.at = end.saturating_add(1);
        Some(Cow::Borrowed(text))
    }

    /// The same; inner `None` for a value of another kind.
    pub(super) fn unescaped_or_other(&mut self) -> Option<Option<Cow<'a, [u8]>>> {
        if self.is_at(b'"') { self.unescaped().map(Some) } else { self.value().map(|_| None) }
    }

    /// A whole number without sign, fraction or exponent.
    pub(super) fn integer(&mut self) -> Option<u64> {
        number(self.value()?)
    }

    /// Steps over one value of any kind and gives its text.
    pub(super) fn value(&mut self) -> Option<&'a [u8]> {
        self.skip_space();
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.advance(1);
                    self.skip_text()?;
                }
                b'{' | b'[' => {
                    depth = depth.saturating_add(1);
                    self.advance(1);
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.advance(1);
                }
                _ if depth > 0 => self.advance(1),
                _ => self.skip_literal()?,
            }
            if depth == 0 {
                return self.text.get(start..self.at);
            }
        }
    }

    /// Steps over a number, `true`, `false` or `null`.
    fn skip_literal(&mut self) -> Option<()> {
        let start = self.at;
        while let Some(b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.') = self.peek() {
            self.advance(1);
        }
        (self.at > start).then_some(())
    }

    /// Steps over a string that is one to the letter: with escapes that there are, and nothing raw that
    /// must be escaped.
    pub(super) fn skip_valid_string(&mut self) -> Option<()> {
        self.skip_space();
        let start = self.at;
        self.unescaped()?;
        let raw = self.text.get(start..self.at)?;
        raw.iter().all(|&byte| byte >= b' ').then_some(())
    }

    /// From behind a string's opening quote to behind its closing one.
    fn skip_text(&mut self) -> Option<()> {
        loop {
            let rest = self.text.get(self.at..)?;
            let run = find::quote(rest)?;
            self.advance(run.saturating_add(1));
            if rest.get(run) == Some(&b'"') {
                return Some(());
            }
            self.advance(1);
        }
    }
}

/// The value at the front of the text, or all of it if there is none.
pub fn first_value(text: &str) -> &str {
    let mut scanner = Scanner::new(text.as_bytes());
    scanner.value().and_then(|_| text.get(..scanner.position())).unwrap_or(text)
}

/// Whether the text is one value, as far as its brackets and quotes tell.
pub(super) fn is_value(text: &[u8]) -> bool {
    let mut scanner = Scanner::new(text);
    scanner.value().is_some() && {
        scanner.skip_space();
        scanner.at == text.len()
    }
}

/// The `type` of a chunk, given its JSON text.
pub fn chunk_type(chunk: &str) -> Option<String> {
    text_member(chunk.as_bytes(), "type")
}

/// A member of an object that is a string.
pub(super) fn text_member(object: &[u8], name: &str) -> Option<String> {
    member(object, name)?.string()
}

/// A scanner at the value of an object's member.
pub(super) fn member<'a>(object: &'a [u8], name: &str) -> Option<Scanner<'a>> {
    let mut scanner = Scanner::new(object);
    scanner.open(b'{')?;
    let mut first = true;
    while scanner.more(&mut first, b'}')? {
        if *scanner.key()? == *name.as_bytes() {
            return Some(scanner);
        }
        scanner.value()?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_found_without_being_built() {
        let text = r#"{"a":[1,{"b":"}]"}],"c":"x\"y","d":-1.5e3,"type":"t"}"#;
        let member = |name| member(text.as_bytes(), name);
        assert_eq!(member("a").unwrap().value(), Some(&br#"[1,{"b":"}]"}]"#[..]));
        assert_eq!(member("c").unwrap().string().unwrap(), "x\"y");
        assert_eq!(member("d").unwrap().value(), Some(&b"-1.5e3"[..]));
        assert_eq!(chunk_type(text).unwrap(), "t");
        assert!(member("b").is_none());
    }

    #[test]
    fn malformed_text_gives_nothing() {
        for bad in
            ["", "{", "{\"a\"", "{\"a\":", "{\"a\" 1}", "{\"b\":1 \"a\":2}", "[", "{,}", "\u{1}"]
        {
            assert!(member(bad.as_bytes(), "a").and_then(|mut at| at.value()).is_none(), "{bad:?}");
        }
        for bad in [r#""\x""#, r#""\u12""#, r#""\u+123""#, r#""open"#, r#""\"#] {
            assert!(Scanner::new(bad.as_bytes()).string().is_none(), "{bad:?}");
        }
        for bad in ["-1", "1.5", "1e3", "18446744073709551616", "\"1\"", "null"] {
            assert_eq!(Scanner::new(bad.as_bytes()).integer(), None, "{bad:?}");
        }
    }

    #[test]
    fn a_lone_surrogate_becomes_the_replacement_character() {
        let text = |json: &str| Scanner::new(json.as_bytes()).string().unwrap();
        assert_eq!(
            text(r#""\ud83d\ude00 \ud83d \ude00 \ud83dx""#),
            "😀 \u{fffd} \u{fffd} \u{fffd}x"
        );
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = "[".repeat(1_000_000);
        assert_eq!(Scanner::new(deep.as_bytes()).value(), None);
        let closed = deep + &"]".repeat(1_000_000);
        assert_eq!(Scanner::new(closed.as_bytes()).value(), Some(closed.as_bytes()));
    }

    proptest! {
        #[test]
        fn any_string_survives_escaping(text: String) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(Scanner::new(json.as_bytes()).string().unwrap(), text);
        }

        #[test]
        fn no_text_makes_it_panic(text in r#"[\[\]{}",:\\u0-9a-f \u{e9}-]{0,60}"#) {
            let text = text.as_bytes();
            let mut scanner = Scanner::new(text);
            while scanner.value().is_some() && scanner.at < text.len() {}
            let _ = Scanner::new(text).string();
            let _ = member(text, "a");
        }
    }
}

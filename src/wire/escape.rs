//! The escapes in JSON strings (RFC 8259, section 7), and the characters that they stand for.
//!
//! Lone surrogates become U+FFFD. Knows nothing of values: `json` finds the string.

use super::find;

/// So many bytes are looked at at once: escapes stand close together.
const WORD: usize = 8;
/// A word, and the rest of an escape that begins with its last byte.
const AHEAD: usize = WORD + 1;
/// Room for a word, and for a character behind it.
const ROOM: usize = WORD + 4;
/// The room that a string begins with: most bodies are short.
const FIRST_ROOM: usize = 256;

/// The string whose opening quote in `text` is before `start`, and where it is over, behind its closing
/// quote. `None`: it has an escape that there is not, or no end.
pub(super) fn unescape(text: &[u8], start: usize) -> Option<(Vec<u8>, usize)> {
    let mut rest = text.get(start..)?;
    let mut string = vec![0; FIRST_ROOM];
    let mut length = 0_usize;
    loop {
        if string.len().wrapping_sub(length) < ROOM {
            // Whatever: it is written over. A copy is quicker than zeros.
            string.extend_from_within(..);
        }
        let mut room = string.get_mut(length..)?;
        let free = room.len();
        copy_words(&mut rest, &mut room);
        length = length.wrapping_add(free).wrapping_sub(room.len());
        let room: &mut [u8; 4] = room.first_chunk_mut()?;
        room[0] = *rest.split_off_first()?;
        length = length.wrapping_add(match room[0] {
            b'"' => break,
            b'\\' => character(&mut rest)?.encode_utf8(room).len(),
            _ => 1,
        });
    }
    string.truncate(length);
    Some((string, text.len().wrapping_sub(rest.len())))
}

/// Copies words and, of the escapes, those of quotes and backslashes: JSON in JSON has few others. Stops
/// before any other, before the closing quote, and where less than a word is left, or less than
/// [`ROOM`]; leaves room for a character.
fn copy_words(rest: &mut &[u8], room: &mut &mut [u8]) {
    let mut from = *rest;
    let mut to = core::mem::take(room);
    while let Some(ahead) = from.first_chunk::<AHEAD>()
        && let Some(word) = ahead.first_chunk()
        && let Some(space) = to.first_chunk_mut::<ROOM>()
        && let Some(copy) = space.first_chunk_mut::<WORD>()
    {
        *copy = *word;
        let Some(plain) = find::quote_in(word) else {
            from = from.get(WORD..).unwrap_or_default();
            to = to.get_mut(WORD..).unwrap_or_default();
            continue;
        };
        let Some(&[mark, kind]) = ahead.get(plain..).and_then(<[u8]>::first_chunk) else { break };
        let is_simple = mark == b'\\' && (kind == b'"' || kind == b'\\');
        // Counts only if the escape does.
        if let Some(last) = copy.get_mut(plain) {
            *last = kind;
        }
        let escape = usize::from(is_simple);
        let written = plain.wrapping_add(escape);
        from = from.get(written.wrapping_add(escape)..).unwrap_or_default();
        to = to.get_mut(written..).unwrap_or_default();
        if !is_simple {
            break;
        }
    }
    *rest = from;
    *room = to;
}

/// The character whose escape goes on at the front of `rest`, behind the backslash.
fn character(rest: &mut &[u8]) -> Option<char> {
    Some(match rest.split_off_first()? {
        kind @ (b'"' | b'\\' | b'/') => char::from(*kind),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(rest),
        _ => return None,
    })
}

/// The character of the four hex digits at the front of `rest`, with its low surrogate if it needs
/// one.
fn unicode(rest: &mut &[u8]) -> Option<char> {
    let unit = code_unit(rest)?;
    if !(0xD800..0xDC00).contains(&unit) {
        return Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    let mut after = rest.strip_prefix(b"\\u").unwrap_or_default();
    if let Some(low @ 0xDC00..0xE000) = code_unit(&mut after) {
        *rest = after;
        let point = 0x10000_u32.saturating_add((unit & 0x3FF) << 10).saturating_add(low & 0x3FF);
        return char::from_u32(point);
    }
    Some(char::REPLACEMENT_CHARACTER)
}

fn code_unit(rest: &mut &[u8]) -> Option<u32> {
    let digits = rest.split_off(..4)?;
    let digit = |&digit: &u8| char::from(digit).to_digit(16);
    digits.iter().try_fold(0, |unit, byte| Some(unit << 4 | digit(byte)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any text that may stand between quotes, whole or cut off: runs of several lengths and every escape.
    fn inside() -> impl Strategy<Value = String> {
        let escape = prop_oneof![
            r#"\\["\\/bfnrt]"#,
            r"\\u[0-9a-fA-F]{4}",
            r"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}",
        ];
        let run = "[a-zé€😀 ]{0,20}";
        prop::collection::vec(prop_oneof![escape, run], 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn c4_a_string_is_what_a_json_parser_reads(inside in inside(), behind in r#"[,}\] "\\]{0,12}"#) {
            let text = format!("\"{inside}\"{behind}");
            let text = text.as_bytes();
            // The parser refuses lone surrogates; what is left of them is tested by itself.
            if let Ok(expected) = serde_json::from_slice::<String>(&text[..inside.len() + 2]) {
                prop_assert_eq!(unescape(text, 1), Some((expected.into_bytes(), inside.len() + 2)));
            }
            prop_assert_eq!(unescape(&text[..inside.len() + 1], 1), None);
        }
    }

    #[test]
    fn c4_every_escape_stands_for_its_character() {
        let all = r#""\"\\\/\b\f\n\r\t\u00e9\u20ac""#;
        let (string, end) = unescape(all.as_bytes(), 1).unwrap();
        assert_eq!(string, "\"\\/\u{8}\u{c}\n\r\té€".as_bytes());
        assert_eq!(end, all.len());
    }
}

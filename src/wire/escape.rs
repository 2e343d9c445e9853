//! The escapes in JSON strings (RFC 8259, section 7), and the characters that they stand for.
//!
//! Lone surrogates become U+FFFD. Knows nothing of values: `json` finds the string.

use super::find;

/// So many bytes are looked at at once: escapes stand close together.
const WORD: usize = 8;
/// Room for these, and for a character in the place of the last one.
const ROOM: usize = WORD + 4;

/// The string in `text` whose opening quote is before `start`, and where it is over, behind its closing
/// quote. Its first escape comes behind `plain` bytes. `None`: it has an escape that there is not, or no
/// end.
pub(super) fn unescape(text: &str, start: usize, plain: usize) -> Option<(String, usize)> {
    let from = text.as_bytes();
    let mut at = start.wrapping_add(plain);
    let mut string = from.get(start..at)?.to_vec();
    let mut length = plain;
    loop {
        let Some(room) = string.get_mut(length..).and_then(<[u8]>::first_chunk_mut::<ROOM>) else {
            // Whatever: it is written over. A copy is quicker than zeros.
            string.extend_from_within(..);
            string.extend_from_slice(&[0; ROOM]);
            continue;
        };
        let Some(plain) = take_word(from.get(at..)?, room) else {
            at = at.wrapping_add(WORD);
            length = length.wrapping_add(WORD);
            continue;
        };
        at = at.wrapping_add(plain);
        length = length.wrapping_add(plain);
        if from.get(at) == Some(&b'"') {
            break;
        }
        at = at.wrapping_add(1);
        let room: &mut [u8; 4] = room.get_mut(plain..)?.first_chunk_mut()?;
        let kind = *from.get(at)?;
        if kind == b'"' || kind == b'\\' {
            room[0] = kind;
            at = at.wrapping_add(1);
            length = length.wrapping_add(1);
        } else {
            let mut rest = text.get(at..)?;
            length = length.wrapping_add(character(&mut rest)?.encode_utf8(room).len());
            at = text.len().wrapping_sub(rest.len());
        }
    }
    string.truncate(length);
    Some((String::from_utf8(string).ok()?, at.wrapping_add(1)))
}

/// Copies a word, or what there is of it, and gives the place of the first quote or backslash in it.
#[inline(always)]
fn take_word(from: &[u8], to: &mut [u8; ROOM]) -> Option<usize> {
    if let Some(word) = from.first_chunk::<WORD>() {
        *to.first_chunk_mut()? = *word;
        return find::in_word(word, b'"', b'\\');
    }
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    from.iter().position(|&byte| byte == b'"' || byte == b'\\')
}

/// The character whose escape goes on at the front of `rest`, behind the backslash.
fn character(rest: &mut &str) -> Option<char> {
    let (kind, after) = rest.split_at_checked(1)?;
    *rest = after;
    Some(match kind {
        "/" => '/',
        "b" => '\u{8}',
        "f" => '\u{c}',
        "n" => '\n',
        "r" => '\r',
        "t" => '\t',
        "u" => return unicode(rest),
        _ => return None,
    })
}

/// The character of the four hex digits at the front of `rest`, with its low surrogate if it needs
/// one.
fn unicode(rest: &mut &str) -> Option<char> {
    let unit = code_unit(rest)?;
    if !(0xD800..0xDC00).contains(&unit) {
        return Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    let mut after = rest.strip_prefix("\\u").unwrap_or_default();
    if let Some(low @ 0xDC00..0xE000) = code_unit(&mut after) {
        *rest = after;
        let point = 0x10000_u32.saturating_add((unit & 0x3FF) << 10).saturating_add(low & 0x3FF);
        return char::from_u32(point);
    }
    Some(char::REPLACEMENT_CHARACTER)
}

fn code_unit(rest: &mut &str) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(4)?;
    let unit = digits.chars().try_fold(0, |unit, digit| Some(unit << 4 | digit.to_digit(16)?))?;
    *rest = after;
    Some(unit)
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
        prop::collection::vec(prop_oneof![escape, run], 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn c4_a_string_is_what_a_json_parser_reads(inside in inside(), behind in "[,}\\] ]{0,12}") {
            let text = format!("\"{inside}\"{behind}");
            let plain = inside.find('\\').unwrap_or(inside.len());
            // The parser refuses lone surrogates; what is left of them is tested by itself.
            if let Ok(expected) = serde_json::from_str::<String>(&text[..inside.len() + 2]) {
                prop_assert_eq!(unescape(&text, 1, plain), Some((expected, inside.len() + 2)));
            }
            prop_assert_eq!(unescape(&text[..inside.len() + 1], 1, plain), None);
        }
    }

    #[test]
    fn c4_every_escape_stands_for_its_character() {
        let all = r#""\"\\\/\b\f\n\r\t\u00e9\u20ac""#;
        let (string, end) = unescape(all, 1, 0).unwrap();
        assert_eq!(string, "\"\\/\u{8}\u{c}\n\r\té€");
        assert_eq!(end, all.len());
    }
}

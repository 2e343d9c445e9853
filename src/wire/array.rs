//! The JSON array of chunks, in the form that browsers decode and parse quickest.
//!
//! A single dash beyond Latin-1 makes a string of two bytes for each of its characters: in Chromium it
//! takes nine times as long to decode, and half as long again to parse. So what is not ASCII is escaped
//! where it is rare. Knows nothing of JSON but how a character is escaped: the text may be malformed, and
//! stays so.

use super::find;

/// Of so many bytes at most one character is escaped: a text in Greek would be three times as long.
const RARE: usize = 16;

/// The chunks' JSON texts as one.
pub fn array_of(chunks: &[String]) -> String {
    let length =
        chunks.iter().fold(1_usize, |sum, chunk| sum.saturating_add(chunk.len()).saturating_add(1));
    let mut array = String::with_capacity(length);
    for chunk in chunks {
        array.push(if array.is_empty() { '[' } else { ',' });
        let start = array.len();
        if push_escaped(&mut array, chunk).is_none() {
            array.truncate(start);
            array.push_str(chunk);
        }
    }
    array.push(']');
    array
}

/// Adds a text in ASCII. `None`: too much of it is none, or what cannot be JSON would become it.
fn push_escaped(array: &mut String, mut text: &str) -> Option<()> {
    let mut left = text.len() / RARE;
    while let Some(at) = find::beyond_ascii(text.as_bytes()) {
        let (plain, rest) = text.split_at_checked(at)?;
        left = left.checked_sub(1).filter(|_| !plain.ends_with('\\'))?;
        array.push_str(plain);
        let mut rest = rest.chars();
        for unit in rest.next()?.encode_utf16(&mut [0; 2]) {
            array.push_str("\\u");
            let mut unit = *unit;
            for _ in 0..4 {
                array.push(char::from_digit(u32::from(unit >> 12), 16)?);
                unit <<= 4;
            }
        }
        text = rest.as_str();
    }
    array.push_str(text);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn of(chunks: &[&str]) -> String {
        array_of(&chunks.iter().map(|&chunk| chunk.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_rare_and_not_ascii_is_escaped() {
        let plain = "plain text ".repeat(8);
        assert_eq!(
            of(&[&format!(r#""{plain}—{plain}😀""#)]),
            format!(r#"["{plain}\u2014{plain}\ud83d\ude00"]"#)
        );
    }

    #[test]
    fn what_is_often_not_ascii_stays_as_it_is() {
        let (often, seldom) = ("é".repeat(4), "é".repeat(3));
        let text = |some: &str| format!("\"{some}{:-<1$}\"", "", 4 * RARE - 2 - some.len() - 1);
        assert_eq!(
            of(&[&text(&seldom), "1"]),
            format!("[{},1]", text(&seldom).replace('é', "\\u00e9"))
        );
        assert_eq!(of(&[&text(&often), "1"]), format!("[{},1]", text(&often)));
    }

    #[test]
    fn a_malformed_text_does_not_become_json() {
        let text = format!("\"{}\\é\"", "plain text ".repeat(8));
        assert_eq!(of(&[&text]), format!("[{text}]"));
    }

    proptest! {
        #[test]
        fn it_is_what_it_was(texts in prop::collection::vec(r#"([ -~]{0,40}[é—😀"\\]?){0,9}"#, 1..4)) {
            let chunks: Vec<_> = texts.iter().map(|text| Value::from(&**text).to_string()).collect();
            let read: Vec<String> = serde_json::from_str(&array_of(&chunks)).unwrap();
            prop_assert_eq!(read, texts);
        }
    }
}

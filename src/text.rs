//! Text without the standard library's formatting, which would be a tenth of what ships.

use std::borrow::Cow;

/// A number in decimal digits.
pub fn decimal(number: u64) -> String {
    let mut text = String::new();
    push_decimal(&mut text, number);
    text
}

/// The same behind a text.
pub fn push_decimal(text: &mut String, mut number: u64) {
    let mut digits = [b'0'; 20];
    let mut length = 0_usize;
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.wrapping_add((number % 10) as u8);
        length = length.saturating_add(1);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    let start = digits.len().saturating_sub(length);
    let written = digits.get(start..).unwrap_or_default();
    text.push_str(core::str::from_utf8(written).unwrap_or_default());
}

/// The number of decimal digits; `None` for anything else, and where it does not fit. The standard
/// library's own also takes a sign.
pub fn number(digits: &[u8]) -> Option<u64> {
    let (first, rest) = digits.split_first()?;
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u64::from(byte.wrapping_sub(b'0')));
    rest.iter()
        .try_fold(digit(first)?, |number, byte| number.checked_mul(10)?.checked_add(digit(byte)?))
}

/// The parts one behind the other.
pub fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Text of bytes; what is not UTF-8 becomes U+FFFD, as the event stream's decoder has it.
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    let mut error = match core::str::from_utf8(bytes) {
        Ok(text) => return Cow::Borrowed(text),
        Err(error) => error,
    };
    let mut text = String::new();
    let mut rest = bytes;
    loop {
        let (valid, invalid) = rest.split_at_checked(error.valid_up_to()).unwrap_or_default();
        text.push_str(core::str::from_utf8(valid).unwrap_or_default());
        text.push(char::REPLACEMENT_CHARACTER);
        // No length: the text ends within a character.
        rest = error.error_len().and_then(|length| invalid.get(length..)).unwrap_or_default();
        match core::str::from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                return Cow::Owned(text);
            }
            Err(next) => error = next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_the_standard_library_writes_them() {
        for wanted in [0, 7, 10, 99, 100, 1_048_576, u64::MAX - 1, u64::MAX] {
            assert_eq!(decimal(wanted), wanted.to_string());
            assert_eq!(number(wanted.to_string().as_bytes()), Some(wanted));
        }
        for none in ["", "+5", "-5", "1.5", "1e3", " 1", "1x", "18446744073709551616"] {
            assert_eq!(number(none.as_bytes()), None, "{none:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_not_utf8_is_replaced_as_the_standard_library_does(bytes: Vec<u8>) {
            proptest::prop_assert_eq!(lossy(&bytes), String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn parts_are_joined_in_order() {
        assert_eq!(joined(&["a", "", "b", "c"]), "abc");
        assert_eq!(joined(&[]), "");
    }
}

//! Where a byte stands, found eight bytes at a time: texts are long, and what ends them is rare.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// What the last bytes are filled up with: nothing looks for it.
const FILL: u8 = b' ';

/// The index of the first quote or backslash.
#[inline(never)]
pub(super) fn quote(bytes: &[u8]) -> Option<usize> {
    first(bytes, quotes)
}

/// The index of the first line end (LF or CR).
pub(super) fn line_end(bytes: &[u8]) -> Option<usize> {
    let mut from = 0_usize;
    loop {
        // One comparison for both, and for what is rare.
        let rest = bytes.get(from..)?;
        let at = first(rest, |word| below(word, 0x10))?;
        from = from.wrapping_add(at);
        if let Some(b'\n' | b'\r') = rest.get(at) {
            return Some(from);
        }
        from = from.wrapping_add(1);
    }
}

/// The index of the first byte that is not ASCII.
pub(super) fn beyond_ascii(bytes: &[u8]) -> Option<usize> {
    first(bytes, |word| word & HIGHS)
}

/// The index of the first quote or backslash in eight bytes.
#[inline(always)]
pub(super) fn quote_in(word: &[u8; 8]) -> Option<usize> {
    index(quotes(u64::from_le_bytes(*word)))
}

/// The index of the first byte that `marks` marks with its highest bit.
#[inline(always)]
fn first(bytes: &[u8], marks: impl Fn(u64) -> u64) -> Option<usize> {
    let (words, rest) = bytes.as_chunks();
    for (at, word) in words.iter().enumerate() {
        if let Some(index) = index(marks(u64::from_le_bytes(*word))) {
            return Some(at.wrapping_mul(8).wrapping_add(index));
        }
    }
    let mut last = [FILL; 8];
    last.iter_mut().zip(rest).for_each(|(last, byte)| *last = *byte);
    let index = index(marks(u64::from_le_bytes(last)))?;
    Some(bytes.len().wrapping_sub(rest.len()).wrapping_add(index))
}

#[inline(always)]
fn quotes(word: u64) -> u64 {
    let differs = |byte: u8| word ^ ONES.wrapping_mul(byte.into());
    below(differs(b'"'), 1) | below(differs(b'\\'), 1)
}

/// Marks the bytes below a limit of at most 0x80; above the first of them perhaps others, too.
#[inline(always)]
fn below(word: u64, limit: u64) -> u64 {
    word.wrapping_sub(ONES.wrapping_mul(limit)) & !word & HIGHS
}

#[inline(always)]
fn index(marks: u64) -> Option<usize> {
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is looked for, and what is close to it.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let near =
            [0, 9, b'\n', 11, 12, b'\r', 14, 0x10, b'!', b'"', b'[', b'\\', 0x7f, 0x80, 0xff];
        let byte = prop_oneof![6 => Just(FILL), 2 => prop::sample::select(near.to_vec()), 1 => any::<u8>()];
        prop::collection::vec(byte, 0..80)
    }

    proptest! {
        #[test]
        fn it_finds_what_a_slow_search_finds(bytes in bytes()) {
            let slow = |is: fn(&u8) -> bool| bytes.iter().position(is);
            prop_assert_eq!(quote(&bytes), slow(|byte| b"\"\\".contains(byte)));
            prop_assert_eq!(line_end(&bytes), slow(|byte| b"\n\r".contains(byte)));
            prop_assert_eq!(beyond_ascii(&bytes), slow(|byte| !byte.is_ascii()));
        }
    }
}

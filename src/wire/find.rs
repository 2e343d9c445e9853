//! Where a byte stands, found eight bytes at a time: texts are long, and what ends them is rare.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The index of the first byte that is `one` or `other`.
#[inline(never)]
pub(super) fn either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        if let Some(at) = in_word(word, one, other) {
            return Some(index.wrapping_mul(8).wrapping_add(at));
        }
    }
    let at = rest.iter().position(|&byte| byte == one || byte == other)?;
    Some(bytes.len().wrapping_sub(rest.len()).wrapping_add(at))
}

/// The same for eight bytes.
#[inline(always)]
pub(super) fn in_word(word: &[u8; 8], one: u8, other: u8) -> Option<usize> {
    let word = u64::from_le_bytes(*word);
    // Marks the bytes that are zero; above the first of them perhaps others, too.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let differs = |byte: u8| word ^ ONES.wrapping_mul(byte.into());
    let marked = zeros(differs(one)) | zeros(differs(other));
    (marked != 0).then(|| marked.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_finds_what_a_slow_search_finds(
            bytes in prop::collection::vec(prop_oneof![0_u8..4, 0x7e_u8..0x84, any::<u8>()], 0..80),
            one: u8, other in 0_u8..4,
        ) {
            let slow = bytes.iter().position(|&byte| byte == one || byte == other);
            prop_assert_eq!(either(&bytes, one, other), slow);
        }
    }
}

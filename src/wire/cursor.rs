//! Where a reader stands in `.out`.

use crate::text::{decimal, number};

/// The longest event id that is kept, in bytes (security rule S9).
const ID_LIMIT_BYTES: usize = 128;

/// A position in `.out`: what `Last-Event-ID` carries (C1, C3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cursor {
    /// The `seq_num` of an S2 record: ordered, so that a repeated record can be told.
    Seq(u64),
    /// The event id of a legacy `v1` stream, opaque to us.
    Id(String),
}

impl Cursor {
    /// Reads a cursor that an application stored. `None` if it could not be sent in a header (empty,
    /// too long, not visible ASCII).
    pub fn parse(text: &str) -> Option<Self> {
        number(text.as_bytes()).map(Self::Seq).or_else(|| Self::opaque(text))
    }

    /// An event id of a `v1` stream. Also where it is a number it orders nothing: all events up to
    /// the next `id:` field have the same. `None` as for [`Cursor::parse`].
    pub fn opaque(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= ID_LIMIT_BYTES;
        (fits && text.bytes().all(|b| b.is_ascii_graphic())).then(|| Self::Id(text.to_owned()))
    }

    /// As `Last-Event-ID` carries it, and as applications store it.
    pub fn text(&self) -> String {
        match self {
            Self::Seq(seq) => decimal(*seq),
            Self::Id(id) => id.clone(),
        }
    }

    /// Whether this is known to be an earlier position than `other`.
    pub fn is_behind(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Seq(mine), Self::Seq(theirs)) if mine < theirs)
    }

    /// Whether a record at `seq_num` was already delivered to a reader that stands here (D5).
    pub fn has_passed(&self, seq_num: u64) -> bool {
        matches!(self, Self::Seq(mine) if seq_num <= *mine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c3_a_sequence_number_orders_records_and_an_opaque_id_does_not() {
        let cursor = Cursor::parse("42").unwrap();
        assert_eq!(cursor, Cursor::Seq(42));
        assert!(cursor.has_passed(42) && !cursor.has_passed(43));
        let legacy = Cursor::parse("1712150400000-0").unwrap();
        assert!(!legacy.has_passed(0));
        assert_eq!(legacy.text(), "1712150400000-0");
    }

    #[test]
    fn s6_what_cannot_be_a_header_value_is_no_cursor() {
        for bad in ["", "a b", "1\r\nX-Evil: 1", "é", &"9".repeat(129)] {
            assert_eq!(Cursor::parse(bad), None, "{bad:?}");
        }
        assert_eq!(Cursor::parse("+5"), Some(Cursor::Id("+5".into())));
    }
}

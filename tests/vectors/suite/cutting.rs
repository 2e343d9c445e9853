//! Where a stream of bytes is cut into chunks.

use trigger_chat_transport::link::Jitter;

/// Streams beyond it are not cut at every place: that would take time by the square.
const SMALL_BYTES: usize = 4_096;
/// Streams beyond it are not cut into small pieces.
const LARGE_BYTES: usize = 8 * 1024 * 1024;

/// One way to cut.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cutting {
    /// Not at all.
    Whole,
    /// In pieces of one size.
    Pieces(usize),
    /// Once, at this place or at the end.
    At(usize),
    /// In pieces of random sizes, by this seed.
    Random(u64),
}

impl Cutting {
    /// Every way in which a stream of this length is run; as many random ones for a small stream.
    pub(crate) fn all(length: usize, random: u64) -> Vec<Self> {
        let (sizes, cuts, seeds): (&[usize], _, _) = if length <= SMALL_BYTES {
            (&[1, 2], 1..length, random)
        } else if length <= LARGE_BYTES {
            (&[61, 65_536], 0..0, 4)
        } else {
            (&[65_536], 0..0, 0)
        };
        let mut all = vec![Self::Whole];
        all.extend(sizes.iter().copied().map(Self::Pieces));
        all.extend(cuts.map(Self::At));
        all.extend((0..seeds).map(Self::Random));
        all
    }

    /// The chunks of `bytes`, in order.
    pub(crate) fn chunks(self, bytes: &[u8]) -> Vec<&[u8]> {
        match self {
            Self::Whole => vec![bytes],
            Self::Pieces(size) => bytes.chunks(size).collect(),
            Self::At(place) => {
                let (head, tail) = bytes.split_at(place.min(bytes.len()));
                vec![head, tail]
            }
            Self::Random(seed) => random_chunks(bytes, seed),
        }
    }
}

/// Some seeds cut a few bytes at a time, some many; empty chunks occur too.
fn random_chunks(mut rest: &[u8], seed: u64) -> Vec<&[u8]> {
    let mut random = Jitter::new(seed);
    let most = match rest.len() {
        0..=SMALL_BYTES => 1 << random.below(8),
        _ => rest.len() as u64 / 8,
    };
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let size = random.below(most + 1) as usize;
        let (chunk, behind) = rest.split_at(size.min(rest.len()));
        chunks.push(chunk);
        rest = behind;
    }
    chunks
}

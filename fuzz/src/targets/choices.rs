//! Bytes read as choices. Whatever the bytes are, they mean something; behind the last one comes 0.

/// True for one input in `so_many`, a power of two, by all of its bytes: what is done with it once is done
/// with it again, and the fuzzer cannot make it a habit.
pub(crate) fn is_one_in(so_many: u32, bytes: &[u8]) -> bool {
    let mix = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.iter().fold(0x811C_9DC5, mix) >> (32 - so_many.ilog2()) == 0
}

/// What is left of the bytes.
pub(crate) struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below `bound`, which must not be 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    /// True for one byte in `so_many`.
    pub(crate) fn one_in(&mut self, so_many: usize) -> bool {
        self.below(so_many) == so_many - 1
    }

    pub(crate) fn one_of<'b, T>(&mut self, options: &'b [T]) -> &'b T {
        &options[self.below(options.len())]
    }

    /// So many bytes, or as many as there are.
    pub(crate) fn bytes(&mut self, most: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

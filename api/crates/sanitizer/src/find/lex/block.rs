//! What 64 bytes are, judged at once: most words are short, and to guess where each ends costs more than to read it.

use wide::u8x64;

/// How many bytes a block has.
pub(super) const BYTES: usize = 64;

/// Sets of bytes of a block, a bit each; the lowest bit is the first byte. What is behind the text's end is in none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) digits: u64,
    pub(super) capitals: u64,
    pub(super) lower: u64,
    pub(super) spaces: u64,
    /// Of characters that are not ASCII.
    pub(super) beyond_ascii: u64,
}

impl Block {
    /// The first bytes of `bytes`.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let bytes = u8x64::new(match bytes.first_chunk() {
            Some(bytes) => *bytes,
            None => {
                let mut padded = [0; BYTES];
                padded[..bytes.len()].copy_from_slice(bytes);
                padded
            }
        });
        let between = |low: u8, high: u8| (bytes - u8x64::splat(low)).simd_le(u8x64::splat(high - low)).to_bitmask();
        Self {
            digits: between(b'0', b'9'),
            capitals: between(b'A', b'Z'),
            lower: between(b'a', b'z'),
            spaces: bytes.simd_eq(u8x64::splat(b' ')).to_bitmask(),
            beyond_ascii: bytes.to_bitmask(),
        }
    }

    /// Letters and digits of ASCII.
    pub(super) fn words(&self) -> u64 {
        self.digits | self.capitals | self.lower
    }
}

/// The set of the first `count` bytes, at most 64.
pub(super) fn first(count: usize) -> u64 {
    !u64::MAX.unbounded_shl(count as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_judged_as_each_byte_alone() {
        let every: Vec<u8> = (0..=u8::MAX).collect();
        for bytes in every.chunks(64).chain(every.chunks(63)).chain([&[][..], b"a", &every]) {
            let set = |is_in: fn(&u8) -> bool| {
                bytes.iter().take(BYTES).rev().fold(0, |set, byte| set << 1 | u64::from(is_in(byte)))
            };
            let expected = Block {
                digits: set(u8::is_ascii_digit),
                capitals: set(u8::is_ascii_uppercase),
                lower: set(u8::is_ascii_lowercase),
                spaces: set(|byte| *byte == b' '),
                beyond_ascii: set(|byte| !byte.is_ascii()),
            };
            assert_eq!(Block::read(bytes), expected, "{bytes:?}");
            assert_eq!(expected.words(), set(u8::is_ascii_alphanumeric));
        }
    }

    #[test]
    fn the_first_bytes_are_as_many_as_asked_for() {
        assert_eq!([0, 1, 63, 64].map(first), [0, 1, u64::MAX >> 1, u64::MAX]);
    }
}

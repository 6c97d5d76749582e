//! A set of prefixes, asked at every word of a text: may one of them begin here?

/// Prefixes of two bytes or more. Their first three bytes are hashed to a bit each, which answers no for nearly every word.
#[derive(Debug)]
pub(crate) struct PrefixSet {
    bits: Box<[u64; 1024]>,
    /// The prefixes by their first byte, each with its index in the list that the set was made of.
    by_first: Box<[Vec<(Head, usize)>; 256]>,
}

/// Up to four bytes of a prefix, which are compared at once.
#[derive(Debug)]
struct Head {
    bytes: u32,
    mask: u32,
}

impl PrefixSet {
    pub(crate) fn new<'a>(prefixes: impl Iterator<Item = &'a str>) -> Self {
        let mut set = Self { bits: Box::new([0; 1024]), by_first: Box::new([const { Vec::new() }; 256]) };
        for (index, prefix) in prefixes.map(str::as_bytes).enumerate() {
            let mask = head(&[u8::MAX; 4][..prefix.len().min(4)]);
            set.by_first[usize::from(prefix[0])].push((Head { bytes: head(prefix), mask }, index));
            // Any byte may follow a prefix of two.
            let thirds = prefix.get(2).map_or(0..=u8::MAX, |third| *third..=*third);
            for third in thirds {
                let bit = bit_of(head(&[prefix[0], prefix[1], third]));
                set.bits[bit >> 6] |= 1 << (bit & 63);
            }
        }
        set
    }

    /// Whether a prefix may begin with the four bytes of `head`.
    #[inline]
    pub(crate) fn may_begin(&self, head: u32) -> bool {
        let bit = bit_of(head);
        self.bits[bit >> 6] >> (bit & 63) & 1 == 1 && self.is_beginning(head)
    }

    /// The indices of the prefixes whose first four bytes are those of `head`, in order.
    pub(crate) fn matching(&self, head: u32) -> impl Iterator<Item = usize> {
        let prefixes = self.by_first[usize::from(head as u8)].iter();
        prefixes.filter(move |(prefix, _)| head & prefix.mask == prefix.bytes).map(|(_, index)| *index)
    }

    /// Cold, because the hash has turned nearly every word away before.
    #[cold]
    fn is_beginning(&self, head: u32) -> bool {
        self.matching(head).next().is_some()
    }
}

/// The first four bytes as a number, the first byte the lowest.
pub(crate) fn head(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).rev().fold(0, |head, byte| head << 8 | u32::from(*byte))
}

/// Where ASCII begins in a word of two scripts, as `値はghp_…`: a key may begin there.
pub(crate) fn ascii_start(word: &[u8]) -> usize {
    word.iter().position(u8::is_ascii).unwrap_or(word.len())
}

/// The bit of the three lowest bytes.
fn bit_of(head: u32) -> usize {
    ((head << 8).wrapping_mul(0x9E37_79B1) >> 16) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_begins_with_its_own_bytes_only() {
        let set = PrefixSet::new(["ghp_", "sk-", "wx", "sk_live_"].into_iter());
        let matching = |text: &str| set.matching(head(text.as_bytes())).collect::<Vec<_>>();
        assert_eq!(
            [matching("sk-abc"), matching("sk_live_1"), matching("wx12"), matching("gh")],
            [vec![1], vec![3], vec![2], vec![]]
        );
        for (text, may) in [("ghp_a", true), ("sk-a", true), ("wxyz", true), ("sky", false), ("w", false), ("", false)]
        {
            assert_eq!(set.may_begin(head(text.as_bytes())), may, "{text}");
        }
    }
}

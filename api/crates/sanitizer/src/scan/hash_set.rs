//! A set of hashes that is made quickly, for lists of which few texts need any entry.

/// A set of hashes, by open addressing. At least half of its places are free.
///
/// It is not exact: of a hash it keeps the place and the lower 31 bits, so one unknown hash in a thousand million is taken for a known one.
#[derive(Debug)]
pub(crate) struct HashedSet {
    /// 0 is a free place.
    places: Vec<u32>,
    shift: u32,
}

impl HashedSet {
    /// Makes a set of at most `count` hashes. Their highest bits must be well mixed.
    pub(crate) fn new(count: usize, hashes: impl Iterator<Item = u64>) -> Self {
        let size = (count * 2).next_power_of_two().max(16);
        let mut set = Self { places: vec![0; size], shift: u64::BITS - size.ilog2() };
        for hash in hashes.take(count) {
            let place = set.place(hash);
            set.places[place] = mark(hash);
        }
        set
    }

    pub(crate) fn contains(&self, hash: u64) -> bool {
        self.places[self.place(hash)] != 0
    }

    /// Where a hash stands, or the free place where it would.
    fn place(&self, hash: u64) -> usize {
        let mut place = (hash >> self.shift) as usize;
        while self.places[place] != 0 && self.places[place] != mark(hash) {
            place = (place + 1) % self.places.len();
        }
        place
    }
}

/// What is kept of a hash; never 0.
fn mark(hash: u64) -> u32 {
    hash as u32 | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_it_was_given_and_nothing_else() {
        let hash = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for count in [0, 1, 9, 1_000] {
            let set = HashedSet::new(count, (1..=count as u64).map(hash));
            assert!((1..=count as u64).all(|number| set.contains(hash(number))));
            assert!((count as u64 + 1..2_000).all(|number| !set.contains(hash(number))));
        }
    }
}

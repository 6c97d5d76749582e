//! A map from words to what they stand for, as a perfect hash table: each word has a place of its own, so a look-up never searches.
//!
//! Nearly every word of a text is looked up twice, so this table decides the speed on ordinary prose. With the standard library's
//! `HashMap` and the same hash function in its place, the whole sanitizer takes 12 to 14 % longer on ordinary prompts and 15 to 17 % on
//! tweets, 2 to 3 % on records, and the same time on source code (best of 40 runs, alternating, one machine). Branches on
//! whether a word is known cannot be predicted, and the look-up below has none.

/// A map from the keys of words to sets of bits.
///
/// It is not exact. A word is compared by its place and by 24 bits of its hash, not by its letters, so about one unknown word
/// in ten million is taken for a known one. For trigger words and names, which are ambiguous by themselves, this does not
/// matter, and the largest map, that of the names, stays small enough for the cache of one core.
#[derive(Debug)]
pub(crate) struct WordMap {
    /// For each bucket, the number that moves its words to free places.
    pub(super) pilots: &'static [u16],
    /// The lower half of each word's hash; its lowest 8 bits are replaced by an index into `values`. 0 is a free place.
    pub(super) slots: &'static [u32],
    /// The different sets of bits, of which there are few. The first belongs to no word.
    pub(super) values: &'static [u64; 256],
}

/// The bits of a slot that are an index into `values`.
const INDEX: u32 = 0xFF;
/// How many slots there are for each pilot.
const SLOTS_PER_PILOT: usize = 4;

impl WordMap {
    /// Makes a map, which lives as long as the program. A word that occurs several times gets the bits of all its occurrences.
    pub(crate) fn new(words: impl Iterator<Item = (u128, u64)>) -> Self {
        Self::of_hashes(words.map(|(key, bits)| (hash(key), bits)))
    }

    /// The same, of words that are hashed already.
    pub(crate) fn of_hashes(words: impl Iterator<Item = (u64, u64)>) -> Self {
        let mut words: Vec<_> = words.collect();
        words.sort_unstable();
        words.dedup_by(|(hash, bits), (kept_hash, kept_bits)| {
            let is_same = hash == kept_hash;
            *kept_bits |= if is_same { *bits } else { 0 };
            is_same
        });
        // A tenth of the slots stays free, so that a place is found quickly.
        let mut slots = vec![0; (words.len() * 10 / 9).max(16)];
        let mut pilots = vec![0; slots.len().div_ceil(SLOTS_PER_PILOT)];
        let mut values = Box::new([0; 256]);
        let mut value_count = 1;
        let (count, bucket_count) = (slots.len(), pilots.len());
        let bucket = |hash: u64| bucket_of(hash, bucket_count);
        words.sort_by_key(|(hash, _)| bucket(*hash));
        let buckets: Vec<_> = words.chunk_by(|(one, _), (other, _)| bucket(*one) == bucket(*other)).collect();
        // The buckets with the most words first, while there is most room.
        let fullest = buckets.iter().map(|words| words.len()).max().unwrap_or(0);
        for words in (1..=fullest).rev().flat_map(|length| buckets.iter().filter(move |words| words.len() == length)) {
            let fits = |pilot: &u16| {
                words.iter().enumerate().all(|(at, (hash, _))| {
                    let place = slot_of(*hash, *pilot, count);
                    slots[place] == 0 && words[..at].iter().all(|(other, _)| slot_of(*other, *pilot, count) != place)
                })
            };
            let pilot = (0..=u16::MAX).find(fits).expect("one of 65,536 numbers moves a few words to free places");
            for (hash, bits) in *words {
                let value = values[..value_count].iter().position(|value| value == bits).unwrap_or(value_count);
                *values.get_mut(value).expect("few sets of bits occur") = *bits;
                value_count = value_count.max(value + 1);
                slots[slot_of(*hash, pilot, count)] = *hash as u32 & !INDEX | value as u32;
            }
            pilots[bucket(words[0].0)] = pilot;
        }
        Self { pilots: pilots.leak(), slots: slots.leak(), values: Box::leak(values) }
    }

    /// The bits of a word; 0 if it is not in the map.
    #[inline]
    pub(crate) fn get(&self, key: u128) -> u64 {
        self.get_hashed(hash(key))
    }

    /// The bits of a word, given its hash.
    #[inline]
    pub(crate) fn get_hashed(&self, hash: u64) -> u64 {
        let pilot = self.pilots[bucket_of(hash, self.pilots.len())];
        let slot = self.slots[slot_of(hash, pilot, self.slots.len())];
        let place = if (slot ^ hash as u32) & !INDEX == 0 { slot as u8 } else { 0 };
        self.values[usize::from(place)]
    }
}

/// The bucket of a hash among `count`, by its lower half, whose bits are mixed best.
fn bucket_of(hash: u64, count: usize) -> usize {
    scaled(hash & u64::from(u32::MAX), count)
}

/// The slot of a hash among `count`, by all its bits and the pilot of its bucket.
fn slot_of(hash: u64, pilot: u16, count: usize) -> usize {
    // The upper half of a product depends on every bit below it. Folded down before, every bit of the hash is below it.
    let moved = (hash ^ hash >> 32 ^ u64::from(pilot) << 20).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    scaled(moved >> 32, count)
}

/// A number of 32 bits, scaled down to a place among `count`: quicker than a division, and `count` need not be a power of two.
fn scaled(number: u64, count: usize) -> usize {
    ((number * count as u64) >> 32) as usize
}

/// 2^64 divided by the golden ratio; its bits are well mixed.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes the bits of a word's key.
pub(crate) fn hash(key: u128) -> u64 {
    let mixed = (key as u64 ^ ((key >> 64) as u64).wrapping_mul(ODD.rotate_left(32) | 1)).wrapping_mul(ODD);
    mixed ^ mixed >> 29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_with_all_its_bits_and_no_other_word() {
        let key = |number: u128| number * 0x1_0000_0001_0003;
        for count in [0, 1, 3, 16, 2_048, 30_000] {
            let words = (1..=count).map(|number| (key(number), number as u64 % 7)).chain([(key(1), 8)]);
            let map = WordMap::new(words);
            assert_eq!(map.get(key(1)), 8 | u64::from(count > 0));
            assert!((2..=count).all(|number| map.get(key(number)) == number as u64 % 7));
            assert!((count + 1..).skip(1).take(10_000).all(|number| map.get(key(number)) == 0));
        }
    }
}

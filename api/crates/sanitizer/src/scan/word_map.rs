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
    /// For each bucket, the factor that moves its words to free places. The highest bits of a word's hash are its bucket.
    pilots: Vec<u16>,
    bucket_shift: u32,
    /// The lower half of each word's hash; its lowest 8 bits are replaced by an index into `values`. 0 is a free place.
    slots: Vec<u32>,
    /// The different sets of bits, of which there are few. The first belongs to no word.
    values: Box<[u64; 256]>,
}

/// The bits of a slot that are an index into `values`.
const INDEX: u32 = 0xFF;
/// How many slots there are for each pilot.
const SLOTS_PER_PILOT: usize = 4;

impl WordMap {
    /// Makes a map. A word that occurs several times gets the bits of all its occurrences.
    pub(crate) fn new(words: impl Iterator<Item = (u128, u64)>) -> Self {
        let mut words: Vec<_> = words.map(|(key, bits)| (hash(key), bits)).collect();
        words.sort_unstable();
        words.dedup_by(|(hash, bits), (kept_hash, kept_bits)| {
            let is_same = hash == kept_hash;
            *kept_bits |= if is_same { *bits } else { 0 };
            is_same
        });
        // At least a fifth of the slots stay free, so that a place is found quickly.
        let slots = (words.len() * 5 / 4).next_power_of_two().max(16);
        let pilots = slots / SLOTS_PER_PILOT;
        let mut map = Self {
            pilots: vec![0; pilots],
            bucket_shift: u64::BITS - pilots.ilog2(),
            slots: vec![0; slots],
            values: Box::new([0; 256]),
        };
        let mut value_count = 1;
        let buckets: Vec<_> = words.chunk_by(|(one, _), (other, _)| map.bucket(*one) == map.bucket(*other)).collect();
        // The buckets with the most words first, while there is most room.
        let fullest = buckets.iter().map(|words| words.len()).max().unwrap_or(0);
        for words in (1..=fullest).rev().flat_map(|count| buckets.iter().filter(move |words| words.len() == count)) {
            let fits = |pilot: &u16| {
                words.iter().enumerate().all(|(at, (hash, _))| {
                    let place = map.slot(*hash, *pilot);
                    map.slots[place] == 0 && words[..at].iter().all(|(other, _)| map.slot(*other, *pilot) != place)
                })
            };
            let pilot = (0..=u16::MAX).find(fits).expect("one of 65,536 factors moves a few words to free places");
            for (hash, bits) in *words {
                let value = map.values[..value_count].iter().position(|value| value == bits).unwrap_or(value_count);
                *map.values.get_mut(value).expect("few sets of bits occur") = *bits;
                value_count = value_count.max(value + 1);
                let place = map.slot(*hash, pilot);
                map.slots[place] = *hash as u32 & !INDEX | value as u32;
            }
            let bucket = map.bucket(words[0].0);
            map.pilots[bucket] = pilot;
        }
        map
    }

    /// The bits of a word; 0 if it is not in the map.
    #[inline]
    pub(crate) fn get(&self, key: u128) -> u64 {
        let hash = hash(key);
        let slot = self.slots[self.slot(hash, self.pilots[self.bucket(hash)])];
        let place = if (slot ^ hash as u32) & !INDEX == 0 { slot as u8 } else { 0 };
        self.values[usize::from(place)]
    }

    fn bucket(&self, hash: u64) -> usize {
        (hash >> self.bucket_shift) as usize
    }

    fn slot(&self, hash: u64, pilot: u16) -> usize {
        // Multiplication by an odd number keeps all bits of the hash.
        let moved = hash.wrapping_mul(u64::from(pilot) << 1 | 1);
        (moved >> 32) as usize & (self.slots.len() - 1)
    }
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

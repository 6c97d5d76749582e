//! Words and what they stand for, as a perfect hash table: each word has a place of its own, so that a look-up never searches.
//! One stands behind every word of a text, and whether a word is known is what no processor guesses.

/// A map from the keys of words to bits. A word is known by 24 bits of its hash and by where it stands: one word of ten
/// million is taken for another, which is little against what the words themselves may mean. So the first names, the largest of
/// these maps, stay in a processor's own cache.
#[derive(Debug)]
pub(super) struct WordMap {
    /// What moves the words of a bucket to places that are free. A word's bucket is the highest bits of its hash.
    pilots: Vec<u16>,
    bucket_shift: u32,
    /// The lower half of the hash, with the place of its bits in `values` instead of its lowest 8 bits; 0 is empty.
    slots: Vec<u32>,
    /// The sets of bits that occur, few; the first is that of no word.
    values: Box<[u64; 256]>,
}

/// The bits of a slot that say where the word's bits are.
const PLACE: u32 = 0xFF;
/// How many slots there are for a pilot.
const SLOTS_PER_PILOT: usize = 4;

impl WordMap {
    /// A word that occurs several times has the bits of all.
    pub(super) fn new(words: impl Iterator<Item = (u128, u64)>) -> Self {
        let mut words: Vec<_> = words.map(|(key, bits)| (hash(key), bits)).collect();
        words.sort_unstable();
        words.dedup_by(|(hash, bits), (kept_hash, kept_bits)| {
            let is_same = hash == kept_hash;
            *kept_bits |= if is_same { *bits } else { 0 };
            is_same
        });
        // With a fifth of them free, a place is soon found.
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
        // The full buckets first, while there is room.
        let fullest = buckets.iter().map(|words| words.len()).max().unwrap_or(0);
        for words in (1..=fullest).rev().flat_map(|count| buckets.iter().filter(move |words| words.len() == count)) {
            let fits = |pilot: &u16| {
                words.iter().enumerate().all(|(at, (hash, _))| {
                    let place = map.slot(*hash, *pilot);
                    map.slots[place] == 0 && words[..at].iter().all(|(other, _)| map.slot(*other, *pilot) != place)
                })
            };
            let pilot =
                (0..=u16::MAX).find(fits).expect("of 65,536 ways to move a few words, one leads to free places");
            for (hash, bits) in *words {
                let value = map.values[..value_count].iter().position(|value| value == bits).unwrap_or(value_count);
                *map.values.get_mut(value).expect("few sets of bits occur") = *bits;
                value_count = value_count.max(value + 1);
                let place = map.slot(*hash, pilot);
                map.slots[place] = *hash as u32 & !PLACE | value as u32;
            }
            let bucket = map.bucket(words[0].0);
            map.pilots[bucket] = pilot;
        }
        map
    }

    /// The word's bits; 0 for a word that is not in the map.
    #[inline]
    pub(super) fn get(&self, key: u128) -> u64 {
        let hash = hash(key);
        let slot = self.slots[self.slot(hash, self.pilots[self.bucket(hash)])];
        let place = if (slot ^ hash as u32) & !PLACE == 0 { slot as u8 } else { 0 };
        self.values[usize::from(place)]
    }

    fn bucket(&self, hash: u64) -> usize {
        (hash >> self.bucket_shift) as usize
    }

    fn slot(&self, hash: u64, pilot: u16) -> usize {
        // An odd factor loses no bit of the hash.
        let moved = hash.wrapping_mul(u64::from(pilot) << 1 | 1);
        (moved >> 32) as usize & (self.slots.len() - 1)
    }
}

/// Of the golden ratio: its bits are well mixed.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

fn hash(key: u128) -> u64 {
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

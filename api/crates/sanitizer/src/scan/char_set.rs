//! A set of characters, asked at many places of a text.

/// Characters of the first plane of Unicode, a bit for each.
#[derive(Debug)]
pub(crate) struct CharSet(Box<[u64; PLANE / 64]>);

/// How many characters a plane has.
const PLANE: usize = 1 << 16;

impl CharSet {
    /// The set of the characters that belong to the first plane.
    pub(crate) fn of(chars: impl Iterator<Item = char>) -> Self {
        let mut bits = Box::new([0; PLANE / 64]);
        for c in chars.filter(|c| (*c as usize) < PLANE) {
            bits[c as usize / 64] |= 1 << (c as usize % 64);
        }
        Self(bits)
    }

    #[inline]
    pub(crate) fn contains(&self, c: char) -> bool {
        self.0.get(c as usize / 64).is_some_and(|bits| bits >> (c as usize % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_the_characters_that_it_was_made_of_and_no_others() {
        let set = CharSet::of("aя山\u{FFFF}😀".chars());
        let found: String = ('\0'..=char::MAX).filter(|c| set.contains(*c)).collect();
        assert_eq!(found, "aя山\u{FFFF}");
    }
}

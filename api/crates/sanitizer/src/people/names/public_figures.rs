//! Names of public figures, of figures of stories, and of brands that are called like a person. To redact Einstein in a question about
//! Einstein protects nobody and spoils the question.

use std::sync::LazyLock;

use crate::scan::{hash_set::HashedSet, word_key::word_key, word_map};

/// The hashes of the names. A wrong match would need two names with the same 64 bits.
static KNOWN: LazyLock<HashedSet> = LazyLock::new(|| {
    let names = include_str!("public_figures.txt").lines().filter(|line| !line.starts_with('#'));
    let words = |name: &'static str| name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    HashedSet::new(names.clone().count(), names.map(|name| Name::of(words(name)).0))
});

/// Whether the words are the name of a public figure, whatever their case and their marks.
pub(super) fn is_known<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    Name::of(words).is_known()
}

/// A name that grows by one word at a time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Name(u64);

impl Name {
    fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        words.map(|word| key_of(word, word_key(word))).fold(Self::default(), Self::and)
    }

    /// The name with one more word, given its [`key_of`].
    pub(super) fn and(self, key: u128) -> Self {
        Self(word_map::hash(key ^ u128::from(self.0) << 64))
    }

    pub(super) fn is_known(self) -> bool {
        KNOWN.contains(self.0)
    }
}

/// The key of a word, given the one that tables have it under. Of a word without a key, which is longer than any table's, the
/// beginning counts.
pub(super) fn key_of(word: &str, key: Option<u128>) -> u128 {
    key.or_else(|| word_key(&word[..word.floor_char_boundary(12)])).unwrap_or(0)
}

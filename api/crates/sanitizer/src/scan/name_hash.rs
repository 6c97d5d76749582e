//! The hash of a name of several words, under which names of public figures are known.

use super::{
    word_key::word_key,
    word_map::{self},
};

/// A name that grows by one word at a time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NameHash(pub(crate) u64);

impl NameHash {
    /// The hash of a name, whatever the case and the marks of its words.
    pub(crate) fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        words.map(|word| key_of(word, word_key(word))).fold(Self::default(), Self::and)
    }

    /// The name with one more word, given its [`key_of`].
    pub(crate) fn and(self, key: u128) -> Self {
        Self(word_map::hash(key ^ u128::from(self.0) << 64))
    }
}

/// The words of a name.
pub(crate) fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The key of a word, given the one that tables have it under. Of a word without a key, which is longer than any table's, the
/// beginning counts.
pub(crate) fn key_of(word: &str, key: Option<u128>) -> u128 {
    key.or_else(|| word_key(&word[..word.floor_char_boundary(12)])).unwrap_or(0)
}

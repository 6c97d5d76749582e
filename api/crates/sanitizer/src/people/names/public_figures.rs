//! Names of public figures, of figures of stories, and of brands that are called like a person. To redact Einstein in a question about
//! Einstein protects nobody and spoils the question.

use std::sync::LazyLock;

use crate::scan::{hash_set::HashedSet, word_key::word_key, word_map};

/// The hashes of the names. A wrong match would need two names with the same 64 bits.
static KNOWN: LazyLock<HashedSet> = LazyLock::new(|| {
    let names = include_str!("public_figures.txt").lines().filter(|line| !line.starts_with('#'));
    let words = |name: &'static str| name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    HashedSet::new(names.clone().count(), names.map(|name| hash(words(name))))
});

/// Whether the words are the name of a public figure, whatever their case and their marks.
pub(super) fn is_known<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    KNOWN.contains(hash(words))
}

/// Of a word without a key, which is longer than any table's, the beginning counts.
fn hash<'a>(words: impl Iterator<Item = &'a str>) -> u64 {
    let key = |word: &str| word_key(word).or_else(|| word_key(&word[..word.floor_char_boundary(12)])).unwrap_or(0);
    words.fold(0, |hash, word| word_map::hash(key(word) ^ u128::from(hash) << 64))
}

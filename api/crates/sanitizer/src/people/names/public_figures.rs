//! Names of public figures, of figures of stories, and of brands that are called like a person. To redact Einstein in a question about
//! Einstein protects nobody and spoils the question.

use std::{collections::HashSet, sync::LazyLock};

use crate::scan::word_key::word_key;

/// The hashes of the names. A wrong match would need two names with the same 64 bits.
static KNOWN: LazyLock<HashSet<u64>> = LazyLock::new(|| {
    let names = include_str!("public_figures.txt").lines().filter(|line| !line.starts_with('#'));
    names.map(|name| hash(name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()))).collect()
});

/// Whether the words are the name of a public figure, whatever their case and their marks.
pub(super) fn is_known<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    KNOWN.contains(&hash(words))
}

/// FNV-1a over the keys of the words. Of a word without a key, which is longer than any table's, the beginning counts.
fn hash<'a>(words: impl Iterator<Item = &'a str>) -> u64 {
    let key = |word: &str| word_key(word).or_else(|| word_key(&word[..word.floor_char_boundary(12)])).unwrap_or(0);
    let bytes = words.flat_map(|word| key(word).to_le_bytes());
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

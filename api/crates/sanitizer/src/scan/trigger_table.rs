//! All words of which the lexer notes something, in one table: those that announce something, and those of [`WordLists`].

use super::{
    trigger_words::{WORDS, languages},
    word_key::word_key,
    word_lists::WordLists,
};

/// Each word under its key, with the bits that [`WordLists::split`] parts.
pub(super) fn words() -> impl Iterator<Item = (u128, u64)> {
    let announcing = WORDS
        .iter()
        .chain(languages::WORDS)
        .flat_map(|(triggers, words)| words.split_whitespace().map(|word| (word, *triggers)));
    announcing.chain(WordLists::words()).filter_map(|(word, bits)| Some((word_key(word)?, bits)))
}

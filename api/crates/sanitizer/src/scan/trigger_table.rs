//! All words that announce something, in one table.

use super::{
    trigger_words::{Triggers, WORDS, languages},
    word_key::word_key,
};

/// Each word under its key, with what it announces.
pub(super) fn words() -> impl Iterator<Item = (u128, Triggers)> {
    WORDS
        .iter()
        .chain(languages::WORDS)
        .flat_map(|(triggers, words)| words.split_whitespace().filter_map(|word| Some((word_key(word)?, *triggers))))
}

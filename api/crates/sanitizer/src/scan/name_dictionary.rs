//! The dictionary of names: first names and the frequent family names.
//!
//! The sources are the US Census of 1990 (public domain, as in the PyPI package `names`) and Faker (MIT); rare family names also those of
//! Tate's artists and of public figures (CC0). The package
//! `names-dataset` is not used, because its data comes from a leak.

use super::{name_tables::NAMES, word_key::word_key};

// The bits of the lists; `build.rs` writes them.
const GIVEN: u8 = 1;
const GIVEN_OR_WORD: u8 = 2;
const FAMILY: u8 = 4;
const FREQUENT: u8 = 8;
const RARE_FAMILY: u8 = 16;

/// Whether a word is a given name, a last name or both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct NameFlags(u8);

impl NameFlags {
    /// A first name. It may also be an ordinary word, as `Rose`.
    pub(crate) fn is_given(self) -> bool {
        self.0 & (GIVEN | GIVEN_OR_WORD) != 0
    }

    /// A first name that is no ordinary word.
    pub(crate) fn is_surely_given(self) -> bool {
        self.0 & GIVEN != 0
    }

    /// A first name so frequent that it counts in lower case, too.
    pub(crate) fn is_frequent(self) -> bool {
        self.0 & FREQUENT != 0
    }

    pub(crate) fn is_family(self) -> bool {
        self.0 & FAMILY != 0
    }

    /// A name that the rules know, which is any but a rare one.
    pub(crate) fn is_name(self) -> bool {
        self.0 & !RARE_FAMILY != 0
    }

    /// A family name that is too rare for the rules, which know such a name by the first name before it. Only the model of names asks.
    pub(crate) fn is_rare_family(self) -> bool {
        self.0 & RARE_FAMILY != 0
    }

    /// A name of any list.
    pub(crate) fn is_listed(self) -> bool {
        self.0 != 0
    }
}

/// The entry of the word with this key.
#[inline]
pub(crate) fn look_up_key(key: u128) -> NameFlags {
    NameFlags(NAMES.get(key) as u8)
}

/// The entry of a word, in any case.
pub(crate) fn look_up_word(word: &str) -> NameFlags {
    word_key(word).map(look_up_key).unwrap_or_default()
}

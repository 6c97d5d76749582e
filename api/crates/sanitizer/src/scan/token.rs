//! The words and numbers of a text.

use std::ops::Range;

use super::{name_dictionary::NameFlags, trigger_words::Triggers, word_lists::WordLists};

/// A longest run of letters and digits. An underscore separates tokens, so that `card_number` announces a card.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// Where it begins and ends, in bytes.
    start: u32,
    end: u32,
    /// The triggers that the word sets.
    pub(crate) triggers: Triggers,
    /// Its entry as a name, if it begins with a capital.
    pub(crate) names: NameFlags,
    pub(crate) lists: WordLists,
    pub(crate) shape: Shape,
}

impl Token {
    #[inline(always)]
    pub(super) fn new(
        range: Range<usize>,
        triggers: Triggers,
        lists: WordLists,
        names: NameFlags,
        shape: Shape,
    ) -> Self {
        Self { start: range.start as u32, end: range.end as u32, triggers, names, lists, shape }
    }

    pub(crate) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(crate) fn start(&self) -> usize {
        self.start as usize
    }

    pub(crate) fn end(&self) -> usize {
        self.end as usize
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the word announces one of `triggers`.
    pub(crate) fn has(&self, triggers: Triggers) -> bool {
        self.triggers & triggers != 0
    }
}

/// The characters of a token, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape(pub(super) u8);

impl Shape {
    pub(super) const DIGIT: u8 = 1;
    pub(super) const LETTER: u8 = 2;
    pub(super) const CAPITAL: u8 = 4;
    pub(super) const LOWER: u8 = 8;

    pub(crate) fn has_digit(self) -> bool {
        self.0 & Self::DIGIT != 0
    }

    /// Digits and nothing else.
    pub(crate) fn is_number(self) -> bool {
        self.0 & (Self::DIGIT | Self::LETTER) == Self::DIGIT
    }

    /// Letters and nothing else.
    pub(crate) fn is_word(self) -> bool {
        self.0 & (Self::DIGIT | Self::LETTER) == Self::LETTER
    }

    /// Begins with a capital, as `Jane` and `JANE`, or with a character of a script that has no case and writes names.
    pub(crate) fn is_capitalised(self) -> bool {
        self.0 & Self::CAPITAL != 0
    }

    pub(crate) fn has_lower(self) -> bool {
        self.0 & Self::LOWER != 0
    }
}

//! The words of other scripts than Latin that announce a value, and the automaton that finds them in a text.
//!
//! To add a word, append it to its line in the table of its script; `_` stands for a space. Endings need no entry: a word of four
//! letters or more may be inflected, and Arabic and Hebrew words may have an article or a preposition before them.

mod cyrillic;
mod east_asian;
mod greek_caucasian;
mod indic;
mod semitic;
mod south_east_asian;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use unicode_normalization::UnicodeNormalization;

use crate::scan::{is_native_letter, is_unspaced};

/// What a word announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announces {
    Phone,
    /// `name`: a name follows a colon.
    Name,
    /// `my name is`, `Mr`, `dear`: a name follows at once.
    Person,
    Address,
    Zip,
    /// The word for a street, beside its name.
    Street,
    /// A part of an address beside the street: `flat`, `building`, `city`.
    Part,
    Birth,
    Id,
    Tax,
    Health,
    Passport,
    Driver,
    Plate,
    Account,
    Card,
    Password,
    User,
    /// Something that is nobody's: an order, a price, a version. What stands before it ends there.
    Else,
}

impl Announces {
    /// Whether it stands within an address and so does not end it.
    pub(super) fn is_within_address(self) -> bool {
        matches!(self, Self::Street | Self::Part)
    }
}

/// A word that announces something, and its place in the text, with its endings and the article before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Announcement {
    pub(super) what: Announces,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where the word stands as the table has it, without what is attached to it.
    pub(super) bare_start: usize,
    pub(super) bare_end: usize,
}

/// The longest ending of an inflected word, and the fewest letters of a word that may have one.
const ENDING_CHARS_MAX: usize = 4;
const INFLECTED_CHARS_MIN: usize = 4;
/// The most letters of articles and prepositions before an Arabic or a Hebrew word.
const PREFIX_CHARS_MAX: usize = 3;

const TABLES: [&[(Announces, &str)]; 6] = [
    east_asian::WORDS,
    cyrillic::WORDS,
    greek_caucasian::WORDS,
    semitic::WORDS,
    indic::WORDS,
    south_east_asian::WORDS,
];

struct Words {
    automaton: AhoCorasick,
    /// What each word of the automaton announces, and whether it may be inflected.
    meanings: Vec<(Announces, bool)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let (mut patterns, mut meanings) = (Vec::new(), Vec::new());
    for (what, words) in TABLES.into_iter().flatten() {
        for word in words.split_whitespace() {
            // The text that is searched has no joiners of no width.
            let word: String =
                word.trim_end_matches('-').replace('_', " ").chars().filter(|c| !matches!(c, '\u{200C}' | '\u{200D}')).collect();
            let letters = word.chars().count();
            for written in spellings(&word) {
                patterns.push(written);
                meanings.push((*what, letters >= INFLECTED_CHARS_MIN && *what != Announces::Person));
            }
        }
    }
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(patterns)
        .expect("the words are few enough for an automaton");
    Words { automaton, meanings }
});

/// The word in small letters, with a first capital, and in capitals, which Greek writes without accents.
fn spellings(word: &str) -> Vec<String> {
    let mut chars = word.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    let capitals = word.to_uppercase();
    let plain: String = capitals.nfd().filter(|c| !matches!(c, '\u{300}' | '\u{301}')).nfc().collect();
    let mut spellings = vec![word.to_owned(), format!("{first}{}", chars.as_str()), capitals, plain];
    spellings.dedup();
    spellings.sort_unstable();
    spellings.dedup();
    spellings
}

/// The announcements of a text, in order.
pub(super) fn announcements(text: &str) -> Vec<Announcement> {
    let words = &*WORDS;
    let found = words.automaton.find_iter(text);
    found
        .filter_map(|found| {
            let (what, is_inflected) = words.meanings[found.pattern().as_usize()];
            let (start, end) = whole_word(text, found.start(), found.end(), is_inflected)?;
            Some(Announcement { what, start, end, bare_start: found.start(), bare_end: found.end() })
        })
        .collect()
}

/// Where the word begins and ends with what is attached to it; `None` if it is only a part of another word.
fn whole_word(text: &str, start: usize, end: usize, is_inflected: bool) -> Option<(usize, usize)> {
    let first = text[start..].chars().next()?;
    if is_unspaced(first) {
        return Some((start, end));
    }
    let before = text[..start].chars().rev().take(PREFIX_CHARS_MAX + 1).take_while(|c| is_native_letter(*c));
    let (count, bytes, is_prefix) = before.fold((0, 0, true), |(count, bytes, is_prefix), c| {
        (count + 1, bytes + c.len_utf8(), is_prefix && is_attached_before(c))
    });
    if count > 0 && (count > PREFIX_CHARS_MAX || !is_prefix) {
        return None;
    }
    let after = text[end..].chars().take(ENDING_CHARS_MAX + 1).take_while(|c| is_native_letter(*c));
    let (letters, ending) = after.fold((0, 0), |(letters, bytes), c| (letters + 1, bytes + c.len_utf8()));
    let ends_in_letter = text[..end].chars().next_back().is_some_and(is_native_letter);
    let is_whole = letters == 0 || ends_in_letter && is_inflected && letters <= ENDING_CHARS_MAX;
    // After a full stop the next word may follow without a space: `ул.Ленина`.
    if !is_whole && ends_in_letter {
        return None;
    }
    let ending = if ends_in_letter { ending } else { 0 };
    Some((start - bytes, end + ending))
}

/// Whether the letter is an article, a preposition or an `and` that Arabic and Hebrew write together with the next word.
fn is_attached_before(c: char) -> bool {
    matches!(c, 'و' | 'ف' | 'ب' | 'ل' | 'ك' | 'ا' | 'ו' | 'ה' | 'ב' | 'ל' | 'מ' | 'ש' | 'כ')
}

//! The words of other scripts than Latin that announce a value, and the look-up that finds them in a text.
//!
//! To add a word, append it to its line in the table of its script; `_` stands for a space. Endings need no entry: a word of four
//! letters or more may be inflected, and Arabic and Hebrew words may have an article or a preposition before them.

mod announces;
mod cyrillic;
mod east_asian;
mod greek_caucasian;
mod indic;
mod semitic;
mod south_east_asian;

pub(in crate::native) use self::announces::Announces;

use std::{ops::Range, sync::LazyLock};

use crate::scan::{CharSet, Scanned, is_native_letter, is_unspaced};

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

const TABLES: [&[(Announces, &str)]; 6] =
    [east_asian::WORDS, cyrillic::WORDS, greek_caucasian::WORDS, semitic::WORDS, indic::WORDS, south_east_asian::WORDS];

/// The words of the tables, found by their first characters.
struct Words {
    /// In the order of their first characters, the longer ones first.
    entries: Vec<Entry>,
    /// The characters that a word begins with.
    firsts: CharSet,
    /// A bit for the hash of each [`Beginning`], and of each two characters that a word begins with. It turns nearly every place of a
    /// text away.
    beginnings: Box<[u64; BEGINNING_WORDS]>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    beginning: Beginning,
    word: &'static str,
    what: Announces,
    letters: usize,
}

/// The first characters of a word, folded; 0 for those that a shorter word lacks. Two would do for most scripts, but hundreds of Arabic
/// words begin with the same two, which are the article.
type Beginning = [char; BEGINNING_CHARS];
const BEGINNING_CHARS: usize = 4;

/// The size of the table of beginnings, in words of 64 bits.
const BEGINNING_WORDS: usize = 1 << 11;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut entries: Vec<Entry> = TABLES
        .into_iter()
        .flatten()
        .flat_map(|(what, words)| words.split_whitespace().map(|word| (*what, word.trim_end_matches('-'))))
        .map(|(what, word)| Entry { beginning: beginning(pattern(word)), word, what, letters: pattern(word).count() })
        .collect();
    entries.sort_by(|one, other| (one.beginning, other.letters).cmp(&(other.beginning, one.letters)));
    // No word is looked for in ASCII.
    let firsts = CharSet::of(entries.iter().map(|entry| entry.beginning[0]).filter(|first| !first.is_ascii()));
    let mut beginnings = Box::new([0; BEGINNING_WORDS]);
    for entry in &entries {
        let [first, second, ..] = entry.beginning;
        for bit in [bit_of([first, second, '\0', '\0']), bit_of(entry.beginning)] {
            beginnings[bit / 64] |= 1 << (bit % 64);
        }
    }
    Words { entries, firsts, beginnings }
});

/// The characters of a word as they are compared: `_` is a space, and joiners of no width are left out, as they are in the text.
fn pattern(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|c| !matches!(c, '\u{200C}' | '\u{200D}')).map(|c| if c == '_' { ' ' } else { folded(c) })
}

/// The character in lower case, and in Greek without its accent, which capitals lack.
fn folded(c: char) -> char {
    match c {
        // Most characters have no case or are small.
        '\u{590}'..='\u{1C8F}' | '\u{1CC0}'.. | 'а'..='я' | 'α'..='ρ' => c,
        'А'..='Я' => char::from_u32(c as u32 + 0x20).unwrap_or(c),
        'ά' | 'Ά' => 'α',
        'έ' | 'Έ' => 'ε',
        'ή' | 'Ή' => 'η',
        'ί' | 'Ί' | 'ΐ' => 'ι',
        'ό' | 'Ό' => 'ο',
        'ύ' | 'Ύ' | 'ΰ' => 'υ',
        'ώ' | 'Ώ' => 'ω',
        'ς' => 'σ',
        // Only these scripts have cases; Georgian has capitals for headings.
        '\u{370}'..='\u{58F}' | '\u{1C90}'..='\u{1CBF}' => c.to_lowercase().next().unwrap_or(c),
        c => c.to_ascii_lowercase(),
    }
}

/// The first of some characters, as many as a [`Beginning`] has.
fn beginning(chars: impl Iterator<Item = char>) -> Beginning {
    let mut beginning = ['\0'; BEGINNING_CHARS];
    for (place, c) in beginning.iter_mut().zip(chars) {
        *place = c;
    }
    beginning
}

fn bit_of([first, second, third, fourth]: Beginning) -> usize {
    let halves = [(first, second), (third, fourth)].map(|(one, other)| u64::from(one) << 32 | u64::from(other));
    ((halves[0] ^ halves[1].rotate_left(16)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 47) as usize
}

impl Words {
    /// The longest word that begins at `start`, and where it ends.
    fn at(&self, text: &str, start: usize) -> Option<Announcement> {
        let mut chars = text[start..].chars().map(folded);
        let first = chars.next()?;
        if !self.firsts.contains(first) {
            return None;
        }
        let second = chars.next().unwrap_or('\0');
        let longer = self.may_begin([first, second, '\0', '\0']);
        if !longer && !self.may_begin([first, '\0', '\0', '\0']) {
            return None;
        }
        let read = [first, second, chars.next().unwrap_or('\0'), chars.next().unwrap_or('\0')];
        // The words of four characters and more, then those of three, of two and of one.
        let counts = if longer { BEGINNING_CHARS } else { 1 };
        (1..=counts).rev().find_map(|count| {
            let is_read = read[count - 1] != '\0';
            let beginning = beginning(read[..count].iter().copied());
            if is_read && self.may_begin(beginning) { self.beginning_with(beginning, text, start) } else { None }
        })
    }

    fn may_begin(&self, beginning: Beginning) -> bool {
        let bit = bit_of(beginning);
        self.beginnings[bit / 64] >> (bit % 64) & 1 == 1
    }

    fn beginning_with(&self, beginning: Beginning, text: &str, start: usize) -> Option<Announcement> {
        let from = self.entries.partition_point(|entry| entry.beginning < beginning);
        let candidates = self.entries[from..].iter().take_while(|entry| entry.beginning == beginning);
        candidates.into_iter().find_map(|entry| {
            let end = start + length_of(entry.word, &text[start..])?;
            let is_inflected = entry.letters >= INFLECTED_CHARS_MIN && entry.what != Announces::Person;
            let (whole_start, whole_end) = whole_word(text, start, end, is_inflected)?;
            Some(Announcement {
                what: entry.what,
                start: whole_start,
                end: whole_end,
                bare_start: start,
                bare_end: end,
            })
        })
    }
}

/// How many bytes of `text` the word takes; `None` if the text does not begin with it.
fn length_of(word: &str, text: &str) -> Option<usize> {
    let mut rest = text.chars();
    pattern(word).all(|c| rest.next().is_some_and(|other| folded(other) == c)).then(|| text.len() - rest.as_str().len())
}

/// The only word that is no letter, and so belongs to no token.
const POSTAL_MARK: char = '〒';

/// The announcements of a text, in order.
pub(super) fn announcements(scanned: &Scanned) -> Vec<Announcement> {
    let mut reader = Reader::new(scanned.text);
    if scanned.text.contains(POSTAL_MARK) {
        reader.read(0..scanned.text.len());
    } else {
        scanned.other_scripts.iter().for_each(|index| reader.read(scanned.tokens[*index as usize].range()));
    }
    reader.announcements
}

/// The announcements of a short text that is no whole one, such as a cell.
pub(super) fn announcements_in(text: &str) -> Vec<Announcement> {
    let mut reader = Reader::new(text);
    reader.read(0..text.len());
    reader.announcements
}

/// Reads ranges of a text, in order.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    before: char,
    announcements: Vec<Announcement>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, before: '\0', announcements: Vec::new() }
    }

    fn read(&mut self, range: Range<usize>) {
        let (words, text) = (&*WORDS, self.text);
        if self.at < range.start {
            self.at = range.start;
            self.before = text[..self.at].chars().next_back().unwrap_or('\0');
        }
        while self.at < range.end {
            let Some(c) = text[self.at..].chars().next() else { break };
            let found = if is_within_word(self.before, c) { None } else { words.at(text, self.at) };
            (self.at, self.before) = match found {
                Some(announcement) => {
                    self.announcements.push(announcement);
                    (announcement.bare_end, text[..announcement.bare_end].chars().next_back().unwrap_or(c))
                }
                None => (self.at + c.len_utf8(), c),
            };
        }
    }
}

/// Whether no whole word can begin with `c`, because a letter of the same word stands before it. [`whole_word`] would find out later.
fn is_within_word(before: char, c: char) -> bool {
    is_native_letter(before) && !is_attached_before(before) && !is_unspaced(c)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_but_one_begins_with_a_letter_of_another_script() {
        let firsts = WORDS.entries.iter().map(|entry| entry.beginning[0]).filter(|first| !first.is_ascii());
        let others: Vec<_> = firsts.filter(|first| !(first.is_alphanumeric() && is_native_letter(*first))).collect();
        assert_eq!(others, [POSTAL_MARK], "words are looked for within tokens only");
    }
}

//! Questions about single characters that the standard library answers too slowly, or not at all.

use std::sync::LazyLock;

/// Whether a character is Chinese, Japanese or Korean.
pub(crate) fn is_cjk(c: char) -> bool {
    // 々 repeats the character before it: 佐々木.
    matches!(c, '\u{3005}' | '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}

/// Whether a character is a Chinese one, as Chinese and Japanese write names with.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// Whether a character is Hiragana or Katakana.
pub(crate) fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}')
}

/// Whether a character is a Korean syllable.
pub(crate) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}

/// Whether a character belongs to words of a script that writes no spaces between words, or attaches particles to them.
pub(crate) fn is_unspaced(c: char) -> bool {
    is_cjk(c) || is_han(c) || matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

/// Whether a letter is Latin or a digit, given that it is alphanumeric. A change between these and the letters of any other script is
/// a boundary of words: 電話は090, тел89161234567.
pub(crate) fn is_latin(c: char) -> bool {
    matches!(c, ..'\u{370}' | '\u{1D00}'..='\u{1DBF}' | '\u{1E00}'..='\u{1EFF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' | '\u{FB00}'..='\u{FB06}')
}

/// Whether a character continues a word of a script other than Latin: a letter, or a mark of a vowel, which Unicode does not count
/// among the letters.
pub(crate) fn is_native_letter(c: char) -> bool {
    match c {
        ..'\u{370}' => false,
        '\u{410}'..='\u{44F}' | '\u{3041}'..='\u{3096}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => true,
        '\u{370}'..TABLE_END => NATIVE_LETTERS.contains(c),
        c => is_native_letter_by_rule(c),
    }
}

fn is_native_letter_by_rule(c: char) -> bool {
    !is_latin(c)
        && (c.is_alphanumeric()
            || matches!(c, '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}')
            || matches!(c, '\u{900}'..='\u{DFF}' | '\u{E31}' | '\u{E34}'..='\u{E4E}' | '\u{EB1}'..='\u{ECE}')
            || matches!(c, '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17D3}') && !matches!(c, '\u{104A}'..='\u{104F}'))
        && !matches!(c, '\u{964}' | '\u{965}')
}

/// The same as `char::is_alphanumeric`. It decides the most frequent characters outside Latin by range or with a table, where the
/// standard library searches a list for each.
pub(super) fn is_alphanumeric(c: char) -> bool {
    match c {
        '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{3004}' => false,
        '\u{410}'..='\u{44F}' | '\u{3041}'..='\u{3096}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => true,
        '\u{80}'..TABLE_END => ALPHANUMERIC.contains(c),
        c => c.is_alphanumeric(),
    }
}

/// Where the tables end: before the punctuation that all scripts share.
const TABLE_END: char = '\u{2000}';

/// A set of the characters before [`TABLE_END`], a bit for each.
struct Table([u64; TABLE_END as usize / 64]);

impl Table {
    fn of(belongs: fn(char) -> bool) -> Self {
        let mut table = Self([0; TABLE_END as usize / 64]);
        for c in ('\0'..TABLE_END).filter(|c| belongs(*c)) {
            table.0[c as usize / 64] |= 1 << (c as usize % 64);
        }
        table
    }

    fn contains(&self, c: char) -> bool {
        self.0[c as usize / 64] >> (c as usize % 64) & 1 == 1
    }
}

static ALPHANUMERIC: LazyLock<Table> = LazyLock::new(|| Table::of(char::is_alphanumeric));
static NATIVE_LETTERS: LazyLock<Table> = LazyLock::new(|| Table::of(is_native_letter_by_rule));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_decided_by_range_is_what_the_standard_library_says() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{:X}", c as u32);
            assert_eq!(is_native_letter(c), is_native_letter_by_rule(c), "{:X}", c as u32);
        }
    }
}

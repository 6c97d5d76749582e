//! Whether a cell of a table has the shape of what its column is headed by.

use crate::span::Kind;

/// The fewest and the most digits of a phone number (ITU-T E.164 has 15 and a prefix of two).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 6..=17;
/// The most characters of a name, and its most words.
const NAME_CHARS_MAX: usize = 48;
const NAME_WORDS_MAX: usize = 5;
/// The longest other value, in bytes: an address in Hindi has up to 80 letters of three bytes.
const VALUE_BYTES_MAX: usize = 256;

/// Whether `value` may be of the kind.
pub(super) fn may_be(kind: &Kind, value: &str) -> bool {
    if value.is_empty() || value.len() > VALUE_BYTES_MAX || value.starts_with('[') {
        return false;
    }
    let digits = value.chars().filter(|c| c.is_numeric()).count();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    match kind {
        Kind::Phone => letters == 0 && PHONE_DIGITS.contains(&digits) && is_phone(value),
        Kind::Person => digits == 0 && letters >= 2 && is_name(value),
        Kind::Address => letters >= 2 && letters + digits >= 5,
        Kind::DateOfBirth => (4..=8).contains(&digits) && value.chars().count() <= 16,
        Kind::Password => value.chars().count() >= 4 && !value.contains(' '),
        Kind::Username => letters >= 2 && !value.contains(' ') && value.len() <= 64,
        _ => digits >= 4 && digits + letters >= 5 && value.chars().count() <= 34 && letters <= 12,
    }
}

/// Whether a value of digits is written as a phone: not as a date, an amount or a decimal.
fn is_phone(value: &str) -> bool {
    let is_sign = |c: char| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '+' | '\u{A0}');
    let groups = || value.split(is_sign).filter(|group| !group.is_empty()).map(|group| group.chars().count());
    let is_date = groups().eq([4, 2, 2]) || groups().eq([2, 2, 4]);
    let is_decimal = groups().count() == 2 && value.contains('.') && !value.contains([' ', '-', '/', '(']);
    value.chars().all(|c| c.is_numeric() || is_sign(c)) && !is_date && !is_decimal
}

/// Whether a value is a few words, each of which has a capital where its script has any.
fn is_name(value: &str) -> bool {
    let is_written =
        |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’' | '·' | '・' | ',') || is_mark(c);
    let words = || value.split([' ', ',', '.']).filter(|word| !word.is_empty());
    // In Latin letters, one word may be a thing or a team.
    let is_latin = value.chars().any(|c| c.is_ascii_alphabetic());
    value.chars().all(is_written)
        && value.chars().count() <= NAME_CHARS_MAX
        && words().count() <= NAME_WORDS_MAX
        && (!is_latin || words().count() >= 2 && words().all(|word| !word.starts_with(char::is_lowercase)))
}

/// A mark of a vowel or a tone, which Unicode does not count among the letters in every script.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{65F}' | '\u{900}'..='\u{DFF}' | '\u{E31}'..='\u{E4E}' | '\u{1000}'..='\u{109F}' | '\u{17B4}'..='\u{17D3}')
}

//! Keys under which words are looked up: the same key whatever the case and the diacritics.

use std::{ops::Range, sync::LazyLock};

use unicode_normalization::char::decompose_canonical;

use super::scripts::is_cjk;

/// The bytes of a word that its key holds.
const BYTES_MAX: usize = 16;
/// Sets the bit that makes a capital ASCII letter a small one, in each byte.
const SMALL: u128 = u128::from_le_bytes([b' '; BYTES_MAX]);
/// `FIRST_BYTES[n]` has the bits of the first `n` bytes.
const FIRST_BYTES: [u128; BYTES_MAX + 1] = {
    let mut bits = [0; BYTES_MAX + 1];
    let mut count = 1;
    while count <= BYTES_MAX {
        bits[count] = bits[count - 1] << 8 | 0xFF;
        count += 1;
    }
    bits
};

/// The first 16 bytes as a number, the first byte the lowest. Missing bytes are 0.
#[inline]
pub(super) fn first_bytes(bytes: &[u8]) -> u128 {
    match bytes.first_chunk() {
        Some(bytes) => u128::from_le_bytes(*bytes),
        None => bytes.iter().rev().fold(0, |bytes, byte| bytes << 8 | u128::from(*byte)),
    }
}

/// The key of the ASCII word of the given length that begins with the 16 bytes. Of a longer word these 16 count: `sozialversicheru…` is
/// long enough to be known by its beginning.
#[inline]
pub(super) fn of_ascii(bytes: u128, length: usize) -> Option<u128> {
    let small = bytes | SMALL;
    Some(FIRST_BYTES.get(length).map_or(small | LONG, |first| small & first))
}

/// Sets the bit that no ASCII word has, to tell a long word from one of 16 bytes.
const LONG: u128 = 0x80 << 120;

/// The key of an ASCII word, which is its first 16 bytes in lower case.
pub(crate) fn ascii_key(bytes: &[u8], start: usize, end: usize) -> Option<u128> {
    of_ascii(first_bytes(&bytes[start..]), end - start)
}

/// The key of the word that stands at `range`. It is that of [`word_key`], and quicker to find, for most words are short and ASCII, and
/// the text around them need not be cut off.
pub(super) fn key_within(text: &str, range: Range<usize>) -> Option<u128> {
    const BEYOND_ASCII: u128 = u128::from_le_bytes([0x80; BYTES_MAX]);
    let bytes = first_bytes(&text.as_bytes()[range.start..]);
    match FIRST_BYTES.get(range.len()) {
        Some(first) if bytes & first & BEYOND_ASCII == 0 => of_ascii(bytes, range.len()),
        _ => word_key(&text[range]),
    }
}

/// The key of a word of any script, without diacritics: `José` has the key of `jose`. `None` if it is too long for any table, which a word
/// of another script than Latin is from 17 bytes on.
pub(crate) fn word_key(word: &str) -> Option<u128> {
    if word.is_ascii() {
        return ascii_key(word.as_bytes(), 0, word.len());
    }
    // The longest word of the tables has 16 bytes, and diacritics at most double that. A name in Chinese, Japanese or Korean has
    // up to four characters; a longer word of these scripts is a whole sentence, for they write no spaces.
    if word.len() > 32 || word.len() > 12 && word.starts_with(is_cjk) {
        return None;
    }
    let (mut folded, mut length, mut encoded) = ([0; BYTES_MAX], 0, [0; 4]);
    let mut fits = true;
    let mut add = |spelled: &[u8]| {
        for byte in spelled {
            match folded.get_mut(length) {
                Some(place) => *place = *byte,
                None => fits = false,
            }
            length += 1;
        }
    };
    for c in word.chars() {
        // Most characters outside Latin have no case and no diacritics.
        if let Some(small) = plain_small(c) {
            add(small.encode_utf8(&mut encoded).as_bytes());
            continue;
        }
        if let Some(folded) = LATIN.get((c as usize).wrapping_sub(LATIN_START)) {
            add(&folded.bytes[..folded.length]);
            continue;
        }
        fold(c, &mut add);
    }
    let key = u128::from_le_bytes(folded);
    match fits {
        true => Some(key),
        false => folded.is_ascii().then_some(key | LONG),
    }
}

/// The Latin letters that most languages of Europe have besides those of ASCII: U+00C0 to U+017F. To decompose one takes long.
static LATIN: LazyLock<[Folded; LATIN_COUNT]> = LazyLock::new(|| {
    std::array::from_fn(|at| {
        let mut folded = Folded::default();
        fold(char::from_u32((LATIN_START + at) as u32).unwrap_or_default(), |spelled| {
            folded.bytes[folded.length..folded.length + spelled.len()].copy_from_slice(spelled);
            folded.length += spelled.len();
        });
        folded
    })
});
const LATIN_START: usize = 0xC0;
const LATIN_COUNT: usize = 0x180 - LATIN_START;

/// What a letter is folded to.
#[derive(Default)]
struct Folded {
    bytes: [u8; 6],
    length: usize,
}

/// Calls `add` with the small letters without diacritics that a character is compared as.
fn fold(c: char, mut add: impl FnMut(&[u8])) {
    let mut encoded = [0; 4];
    // Diacritics are dropped, so their order does not matter and each character can be decomposed on its own.
    decompose_canonical(c, |part| {
        // The letters that a Korean syllable consists of have no case.
        if matches!(part, '\u{1100}'..='\u{11FF}') {
            add(part.encode_utf8(&mut encoded).as_bytes());
            return;
        }
        for c in part.to_lowercase() {
            add(match c {
                '\u{300}'..='\u{36F}' => b"",
                'ß' => b"ss",
                'ø' => b"o",
                'æ' => b"ae",
                'œ' => b"oe",
                'ł' => b"l",
                'đ' | 'ð' => b"d",
                'þ' => b"th",
                'ı' => b"i",
                _ => c.encode_utf8(&mut encoded).as_bytes(),
            });
        }
    });
}

/// The small letter of a character without diacritics, for the characters where a range decides it.
fn plain_small(c: char) -> Option<char> {
    match c {
        'a'..='z' | '0'..='9' | '\u{4E00}'..='\u{9FFF}' => Some(c),
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        // й is и with a diacritic.
        'Й' | 'й' => None,
        'а'..='я' | 'α'..='ω' => Some(c),
        'А'..='Я' => char::from_u32(c as u32 + 0x20),
        // Hebrew, Arabic, Devanagari, Thai, Georgian.
        '\u{5D0}'..='\u{5EA}' | '\u{627}'..='\u{63A}' | '\u{641}'..='\u{64A}' => Some(c),
        '\u{904}'..='\u{928}' | '\u{935}'..='\u{94D}' | '\u{E01}'..='\u{E4E}' | '\u{10D0}'..='\u{10FA}' => Some(c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_decided_by_range_is_what_unicode_says() {
        for c in ('\0'..=char::MAX).filter(|c| plain_small(*c).is_some()) {
            let mut decomposed = Vec::new();
            decompose_canonical(c, |part| decomposed.extend(part.to_lowercase()));
            assert_eq!(decomposed, [plain_small(c).unwrap()], "{c}");
        }
    }

    #[test]
    fn the_key_of_a_word_does_not_depend_on_what_stands_around_it() {
        for word in ["a", "Jane", "José", "Straße", "abcdefghijklmnop", "abcdefghijklmnopqrs", "СЕРГЕЙ", "김", ""]
        {
            for (before, after) in
                [("", ""), ("é ", " é and more, so that sixteen bytes follow"), ("a ", "."), ("", "名")]
            {
                let text = format!("{before}{word}{after}");
                assert_eq!(key_within(&text, before.len()..before.len() + word.len()), word_key(word), "{text}");
            }
        }
    }

    #[test]
    fn a_word_has_one_key_in_any_case_and_with_any_diacritics() {
        for (word, same) in
            [("José", "jose"), ("СЕРГЕЙ", "сергей"), ("Straße", "STRASSE"), ("Łukasz", "lukasz"), ("A", "a")]
        {
            assert_eq!(word_key(word), word_key(same), "{word}");
        }
        assert_ne!(word_key("jose"), word_key("josef"));
        assert_eq!(word_key("abcdefghijklmnopq"), word_key("abcdefghijklmnopqrs"));
        assert_eq!(word_key("henkilötunnukseni"), word_key("HENKILOTUNNUKSENI"));
        assert_ne!(word_key("abcdefghijklmnop"), word_key("abcdefghijklmnopq"));
        assert_eq!(word_key("александрович"), None);
    }
}

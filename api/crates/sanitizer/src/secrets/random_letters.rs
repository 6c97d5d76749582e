//! Tells random letters from words.

use crate::scan::char_classes;

/// The fewest letters that can be judged.
const LENGTH_MIN: usize = 12;
/// The most consonants in a row in a word.
const CONSONANTS_MAX: usize = 4;
/// The fewest capitals after small letters in random letters with a long row of consonants.
const SWITCHES_MIN: usize = 3;
/// The fewest letters in alphabetical order, less one, that make a run of the alphabet.
const STEPS_MIN: usize = 4;

/// Whether a value consists of letters only and is no word or words: it has too many consonants in a row, capitals in odd
/// places, or a run of the alphabet.
pub(super) fn is_random_letters(value: &[u8]) -> bool {
    if value.len() < LENGTH_MIN || !value.iter().all(u8::is_ascii_alphabetic) {
        return false;
    }
    let is_vowel = |byte: &u8| matches!(byte.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let switches = char_classes::capitals_after_small(value);
    // `getClientSecret` has a capital every five letters or so, random letters have one at every second.
    let is_one_case =
        switches == 0 && value[1..].iter().all(|byte| byte.is_ascii_uppercase() == value[1].is_ascii_uppercase());
    let is_step = |pair: &[u8]| pair[1].to_ascii_lowercase() == pair[0].to_ascii_lowercase() + 1;
    // Words have four small consonants in a row at most, a few have five.
    let longest = value.split(|byte| !byte.is_ascii_lowercase() || is_vowel(byte)).map(<[u8]>::len).max().unwrap_or(0);
    switches * 5 >= value.len()
        || switches >= SWITCHES_MIN && longest > CONSONANTS_MAX + 1
        || value.windows(2).collect::<Vec<_>>().split(|pair| !is_step(pair)).any(|steps| steps.len() >= STEPS_MIN)
        || is_one_case && value.split(is_vowel).map(<[u8]>::len).max().unwrap_or(0) > CONSONANTS_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_letters_are_told_from_identifiers() {
        for value in [
            "qzxkvbnwplfgtrmd",
            "KiArCRiGFLPDiIdZZLBXaNzX",
            "abcdefghijklmnopqrst",
            "ByDfulghxvvmHbArJSFfQhxemJPQHOwplxuydlKE",
        ] {
            assert!(is_random_letters(value.as_bytes()), "{value}");
        }
        for value in ["authorization", "getClientSecretFromVault", "internationalisation", "AuthenticationProvider"] {
            assert!(!is_random_letters(value.as_bytes()), "{value}");
        }
    }
}

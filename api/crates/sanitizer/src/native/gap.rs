//! What may stand between a word and the value that it announces.

use std::ops::Range;

use crate::scan::{is_latin, is_native_letter, is_unspaced};

/// The most letters between the two, where words are written with and without spaces: `телефон для связи: …`, `電話番号のほうは…`.
const LETTERS_MAX: usize = 22;
const UNSPACED_LETTERS_MAX: usize = 12;
/// The most signs and spaces.
const SIGNS_MAX: usize = 12;

/// The gap before a value.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gap {
    /// Letters in it.
    pub(super) letters: usize,
    /// Whether a colon or an equals sign is in it.
    pub(super) assigns: bool,
}

impl Gap {
    /// Whether the value follows its word at once, or after a particle or a short verb.
    pub(super) fn is_tight(&self) -> bool {
        self.letters <= 4 || self.assigns && self.letters <= 12
    }
}

/// Finds the first place within `reach` at which `begins` holds, given the character and the text from it on, and tells what was skipped.
pub(super) fn skip(text: &str, reach: Range<usize>, begins: impl Fn(char, &str) -> bool) -> Option<(usize, Gap)> {
    let mut gap = Gap::default();
    let (mut signs, mut breaks, mut unspaced) = (0, 0, 0);
    for (offset, c) in text[reach.clone()].char_indices() {
        let at = reach.start + offset;
        if begins(c, &text[at..reach.end]) {
            return Some((at, gap));
        }
        match c {
            ':' | '=' | '՝' | '፦' | '៖' => gap.assigns = true,
            '\n' => breaks += 1,
            '?' | '!' | ';' | '[' | '{' | '<' | '\\' | '।' | '؟' | '>' => return None,
            // An abbreviation may end with a full stop, and a sentence does.
            '.' if gap.letters > 0 => return None,
            c if is_native_letter(c) || is_latin(c) && c.is_alphabetic() => {
                gap.letters += 1;
                unspaced += usize::from(is_unspaced(c));
            }
            c if c.is_ascii_digit() => return None,
            _ => signs += 1,
        }
        if signs > SIGNS_MAX
            || breaks > 1
            || gap.letters > LETTERS_MAX
            || unspaced > UNSPACED_LETTERS_MAX
            || breaks > 0 && gap.letters > 0
        {
            return None;
        }
    }
    None
}

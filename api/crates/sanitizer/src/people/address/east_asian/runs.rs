//! Runs of characters, and rows of numbers.

use std::ops::Range;

/// The most characters before the first number of an address.
const BEFORE_CHARS_MAX: usize = 40;

/// The run of characters that `belong` and that ends at `end`, not before `from`.
pub(super) fn run_before(text: &str, from: usize, end: usize, belongs: impl Fn(char) -> bool) -> Range<usize> {
    let run = text[from..end].char_indices().rev().take(BEFORE_CHARS_MAX).take_while(|(_, c)| belongs(*c)).last();
    run.map_or(end, |(at, _)| from + at)..end
}

/// Where a row of numbers that the given signs join ends: `2-14-8`.
pub(super) fn joined_numbers(text: &str, start: usize, joints: &[char]) -> usize {
    let mut end = start;
    loop {
        end += text[end..].bytes().take_while(u8::is_ascii_digit).count();
        let rest = text[end..].strip_prefix(joints);
        match rest {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => end = text.len() - rest.len(),
            _ => return end,
        }
    }
}

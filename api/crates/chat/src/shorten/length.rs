//! Lengths in characters, as the limits on prompts are.

pub(super) fn fits(text: &str, chars_max: u64) -> bool {
    text.len() as u64 <= chars_max || chars(text) <= chars_max
}

pub(super) fn chars(text: &str) -> u64 {
    text.chars().count() as u64
}

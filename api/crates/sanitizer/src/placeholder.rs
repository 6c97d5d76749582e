//! Placeholders as they stand in a text: `[EMAIL_1]`.

use std::ops::Range;

/// The longest placeholder: a label of up to 32 bytes, a number of up to five digits, `[`, `_` and `]`, with some room.
const BYTES_MAX: usize = 48;

/// Reads the placeholder that `text` begins with: its label, its number, and its length in bytes.
///
/// ```
/// assert_eq!(misfire_sanitizer::placeholder("[EMAIL_1] wrote"), Some(("EMAIL", 1, 9)));
/// assert_eq!(misfire_sanitizer::placeholder("wrote [EMAIL_1]"), None);
/// ```
pub fn placeholder(text: &str) -> Option<(&str, u32, usize)> {
    let end = memchr::memchr(b']', &text.as_bytes()[..text.len().min(BYTES_MAX)])?;
    let (label, number) = text[..end].strip_prefix('[')?.rsplit_once('_')?;
    let is_label = !label.is_empty()
        && label.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let is_number = (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_label && is_number).then(|| number.parse().ok()).flatten().map(|number| (label, number, end + 1))
}

/// Whether a range of a text lies within a placeholder.
pub(crate) fn is_within_placeholder(text: &str, range: &Range<usize>) -> bool {
    let floor = range.start.saturating_sub(BYTES_MAX);
    let Some(open) = memchr::memrchr(b'[', &text.as_bytes()[floor..(range.start + 1).min(text.len())]) else {
        return false;
    };
    placeholder(&text[floor + open..]).is_some_and(|(_, _, length)| range.end <= floor + open + length)
}

//! Removes the characters that break readers of text files and of JSON lines.

use std::borrow::Cow;

/// Removes control characters and byte order marks. `\n` and `\t` stay. So do U+0085, U+2028 and U+2029: they separate lines of
/// text, and whoever writes JSON lines must escape them.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    // Nearly all text is clean, and its bytes show it: a control is below 0x20, is 0x7F or begins with 0xC2, and U+FEFF begins
    // with 0xEF.
    let suspicious = |byte: &u8| matches!(byte, 0..=8 | 11..=31 | 0x7F | 0xC2 | 0xEF);
    if text.as_bytes().iter().any(suspicious) {
        Cow::Owned(text.chars().filter(|c| is_kept(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a text is free of control characters other than `\n`, `\t` and U+0085, and of byte order marks, as
/// [`Redactor::redact_input`](crate::Redactor::redact_input) returns it.
pub fn is_clean(text: &str) -> bool {
    // A loop without an early exit lets the compiler test many bytes at once.
    let suspicious = |byte: u8| (byte < 0x20 && byte != b'\n' && byte != b'\t') || matches!(byte, 0x7F | 0xC2 | 0xEF);
    !text.bytes().fold(false, |found, byte| found | suspicious(byte)) || text.chars().all(is_kept)
}

fn is_kept(c: char) -> bool {
    match c {
        '\n' | '\t' | '\u{85}' => true,
        '\u{FEFF}' => false,
        c => !c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_byte_order_marks_are_removed_and_line_breaks_stay() {
        assert_eq!(clean("\u{FEFF}a\0b\x07c\r\nd\te\x7F\u{80}f\u{9F}"), "abc\nd\tef");
        assert_eq!(clean("a\u{85}b\u{2028}c\u{2029}d"), "a\u{85}b\u{2028}c\u{2029}d");
    }

    #[test]
    fn clean_text_is_not_copied() {
        assert!(matches!(clean("plain 🪑 text\n\twith breaks"), Cow::Borrowed(_)));
    }
}

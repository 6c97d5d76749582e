//! How a line is written: compact JSON, with the line separators escaped that JSON itself lets stand.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

/// A value as one line of JSON, its `\n` included.
///
/// # Panics
/// When `value` cannot be serialized: a map whose keys are no strings, say.
pub fn to_line(value: &impl Serialize) -> Vec<u8> {
    to_line_of(value, 0)
}

/// The same of a value that holds about so many bytes of text.
pub(crate) fn to_line_of(value: &impl Serialize, text_bytes: usize) -> Vec<u8> {
    // Chats within strings have many quotes, each of which is escaped.
    let mut line = Vec::with_capacity(512 + text_bytes + text_bytes / 8);
    let mut serializer = serde_json::Serializer::with_formatter(&mut line, LineFormatter);
    value.serialize(&mut serializer).expect("strings always serialize into memory");
    line.push(b'\n');
    line
}

/// Escapes U+0085, U+2028 and U+2029: Python's `splitlines()` and others would cut the line there.
struct LineFormatter;

impl Formatter for LineFormatter {
    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut written = 0;
        // Most text has neither of the bytes that their UTF-8 begins with.
        for at in memchr::memchr2_iter(0xC2, 0xE2, fragment.as_bytes()) {
            let (escape, length) = match &fragment.as_bytes()[at..] {
                [0xC2, 0x85, ..] => ("\\u0085", 2),
                [0xE2, 0x80, 0xA8, ..] => ("\\u2028", 3),
                [0xE2, 0x80, 0xA9, ..] => ("\\u2029", 3),
                _ => continue,
            };
            CompactFormatter.write_string_fragment(writer, &fragment[written..at])?;
            writer.write_all(escape.as_bytes())?;
            written = at + length;
        }
        CompactFormatter.write_string_fragment(writer, &fragment[written..])
    }
}

/// Whether one of those separators stands unescaped in a line.
pub fn holds_line_separators(line: &[u8]) -> bool {
    let mut rest = line;
    while let Some(at) = memchr::memchr2(0xC2, 0xE2, rest) {
        match rest[at..] {
            [0xC2, 0x85, ..] | [0xE2, 0x80, 0xA8 | 0xA9, ..] => return true,
            _ => rest = &rest[at + 1..],
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_separators_are_escaped_and_nothing_else_is() {
        let text = "a\u{2028}b\u{2029}c\u{85}d é €\n";
        let line = to_line(&text);
        assert_eq!(std::str::from_utf8(&line).unwrap(), "\"a\\u2028b\\u2029c\\u0085d é €\\n\"\n");
        assert!(holds_line_separators(text.as_bytes()) && !holds_line_separators(&line));
        assert_eq!(serde_json::from_slice::<String>(&line).unwrap(), text);
    }
}

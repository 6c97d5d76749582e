//! The line: six strings, always all six, always in this order.

use std::io;

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use serde::{Serialize, Serializer, ser::SerializeStruct};
use serde_json::ser::{CompactFormatter, Formatter};
use shared::event::{GENERATION_FAILED, GenerationFailed};
use uuid::Uuid;

/// The keys of a line, in order. A file with other keys is never appended to.
pub const KEYS: [&str; 6] = ["timestamp", "event", "failure_reason", "input_prompt", "distinct_id", "uuid"];

/// A failed generation that may be kept. It is proof of having been sanitized: [`super::sanitize`] alone makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingRecord {
    time: Timestamp,
    properties: GenerationFailed,
    distinct_id: String,
    uuid: Uuid,
    redactions: Vec<(&'static str, u64)>,
}

impl TrainingRecord {
    pub(super) fn new(
        time: Timestamp,
        properties: GenerationFailed,
        distinct_id: String,
        uuid: Uuid,
        redactions: Vec<(&'static str, u64)>,
    ) -> Self {
        Self { time, properties, distinct_id, uuid, redactions }
    }

    /// How many values of each type became placeholders, by the type's label. It is counted, not kept.
    pub fn redactions(&self) -> &[(&'static str, u64)] {
        &self.redactions
    }

    /// The event's name through every hop.
    pub fn uuid(&self) -> Uuid {
        self.uuid
    }

    /// When the event happened, or was received if it did not say.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Whose event it was, by the line's rule.
    pub fn distinct_id(&self) -> &str {
        &self.distinct_id
    }

    /// The sanitized properties.
    pub fn properties(&self) -> &GenerationFailed {
        &self.properties
    }

    /// The line as it stands in the file, its `\n` included.
    pub fn to_line(&self) -> Vec<u8> {
        to_line(self)
    }
}

impl Serialize for TrainingRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [timestamp, event, failure_reason, input_prompt, distinct_id, uuid] = KEYS;
        let mut line = serializer.serialize_struct("TrainingRecord", KEYS.len())?;
        line.serialize_field(timestamp, &format_time(self.time))?;
        line.serialize_field(event, GENERATION_FAILED)?;
        line.serialize_field(failure_reason, &self.properties.failure_reason)?;
        line.serialize_field(input_prompt, &self.properties.input_prompt)?;
        line.serialize_field(distinct_id, &self.distinct_id)?;
        line.serialize_field(uuid, &self.uuid)?;
        line.end()
    }
}

/// UTC with exactly three decimals and `Z`: pandas fails on mixed offsets, Hugging Face datasets on mixed precision.
pub fn format_time(time: Timestamp) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    PRINTER.timestamp_to_string(&time)
}

/// One line of JSON, its `\n` included.
pub fn to_line(value: &impl Serialize) -> Vec<u8> {
    let mut line = Vec::with_capacity(512);
    let mut serializer = serde_json::Serializer::with_formatter(&mut line, LineFormatter);
    value.serialize(&mut serializer).expect("strings always serialize into memory");
    line.push(b'\n');
    line
}

/// Escapes the line separators that JSON lets stand: Python's `splitlines()` and others would cut the line there.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn record(prompt: &str, time: &str) -> TrainingRecord {
        let properties = GenerationFailed { input_prompt: prompt.into(), failure_reason: "timeout".into() };
        TrainingRecord::new(time.parse().unwrap(), properties, "user_1007".into(), Uuid::nil(), Vec::new())
    }

    #[test]
    fn a_line_has_six_keys_in_order_and_ends_with_a_newline() {
        let line = record("generate a marketing email for new users", "2025-11-30T16:38:21.968Z").to_line();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "{\"timestamp\":\"2025-11-30T16:38:21.968Z\",\"event\":\"generation_failed\",\"failure_reason\":\"timeout\",\
             \"input_prompt\":\"generate a marketing email for new users\",\"distinct_id\":\"user_1007\",\
             \"uuid\":\"00000000-0000-0000-0000-000000000000\"}\n"
        );
    }

    #[test]
    fn times_have_three_decimals_whatever_came() {
        for (given, written) in [
            ("2026-03-02T10:15:30Z", "2026-03-02T10:15:30.000Z"),
            ("2026-03-02T10:15:30.123456789Z", "2026-03-02T10:15:30.123Z"),
            ("2026-03-02T10:15:30.9999+02:00", "2026-03-02T08:15:30.999Z"),
        ] {
            assert_eq!(format_time(given.parse().unwrap()), written);
        }
    }

    #[test]
    fn line_separators_are_escaped() {
        let line = String::from_utf8(record("a\u{2028}b\u{2029}c\u{85}d\n", "2026-01-01T00:00:00Z").to_line()).unwrap();
        assert!(line.contains(r#""a\u2028b\u2029c\u0085d\n""#), "{line}");
        assert_eq!(line.lines().count(), 1);
        let back: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(back["input_prompt"], "a\u{2028}b\u{2029}c\u{85}d\n");
    }
}

//! The rules for the values of a line. Each rule is here because a real reader breaks without it; the writer keeps them by
//! construction, and `misfire verify` checks them on what it finds.

use misfire_sanitizer::is_clean;
use shared::event::{FAILURE_REASON_CHARS_MAX, GENERATION_FAILED, INPUT_PROMPT_CHARS_MAX};
use uuid::Uuid;

use crate::{record::Record, schema::TRAINING_DATA, time::is_line_time};

/// A rule that a record breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenRule {
    /// The timestamp is no time in the form of [`crate::time::format_time`].
    Timestamp,
    /// The event is not `generation_failed`.
    Event,
    /// The value of this key holds a control character other than `\n` and `\t`, or a byte order mark.
    Control(&'static str),
    /// The value of this key is empty, or longer than it may be.
    Length(&'static str),
    /// The uuid is none in lower case with hyphens.
    Uuid,
}

/// Reports each rule that a record breaks; gives the uuid if it is one.
pub fn check(record: &Record<'_>, mut broken: impl FnMut(BrokenRule)) -> Option<Uuid> {
    if !is_line_time(&record.timestamp) {
        broken(BrokenRule::Timestamp);
    }
    if record.event != GENERATION_FAILED {
        broken(BrokenRule::Event);
    }
    for (key, text) in TRAINING_DATA.keys.iter().zip(record.values()) {
        if !is_clean(text) {
            broken(BrokenRule::Control(key));
        }
    }
    if !has_length(&record.input_prompt, INPUT_PROMPT_CHARS_MAX) {
        broken(BrokenRule::Length("input_prompt"));
    }
    if !has_length(&record.failure_reason, FAILURE_REASON_CHARS_MAX) {
        broken(BrokenRule::Length("failure_reason"));
    }
    if record.distinct_id.is_empty() {
        broken(BrokenRule::Length("distinct_id"));
    }
    let uuid = Uuid::try_parse(&record.uuid).ok().filter(|uuid| is_written_as(uuid, &record.uuid));
    if uuid.is_none() {
        broken(BrokenRule::Uuid);
    }
    uuid
}

/// Whether a text has 1 to `chars_max` characters.
pub(crate) fn has_length(text: &str, chars_max: u64) -> bool {
    // Bytes first: their number is known, and there are never fewer of them than characters.
    !text.is_empty() && (text.len() as u64 <= chars_max || text.chars().count() as u64 <= chars_max)
}

/// Whether a uuid is spelled as the writer spells it: lower case, hyphens.
fn is_written_as(uuid: &Uuid, text: &str) -> bool {
    uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_rule_is_reported_with_its_key() {
        let record = Record {
            timestamp: "2262-01-01T00:00:00.000Z".into(),
            event: "other".into(),
            failure_reason: "a\u{FEFF}".into(),
            input_prompt: "x".repeat(INPUT_PROMPT_CHARS_MAX as usize + 1).into(),
            distinct_id: "".into(),
            uuid: "0193ACB2-7D10-7B3E-9A55-000000000001".into(),
        };
        let mut found = Vec::new();
        assert_eq!(check(&record, |rule| found.push(rule)), None);
        let expected = [
            BrokenRule::Timestamp,
            BrokenRule::Event,
            BrokenRule::Control("failure_reason"),
            BrokenRule::Length("input_prompt"),
            BrokenRule::Length("distinct_id"),
            BrokenRule::Uuid,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn both_sides_of_a_length_are_right() {
        assert!(has_length("é", 1) && has_length("éé", 2));
        assert!(!has_length("", 1) && !has_length("éé", 1));
    }
}

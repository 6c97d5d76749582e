//! The rules for the values of a line. Each rule is here because a real reader breaks without it; the writer keeps them by
//! construction, and `misfire verify` checks them on what it finds.

use misfire_sanitizer::is_clean;
use shared::event::{FAILURE_REASON_CHARS_MAX, GENERATION_FAILED, INPUT_PROMPT_CHARS_MAX};
use uuid::Uuid;

use crate::{
    generation::Generation,
    limits::{FEEDBACK_CHARS_MAX, ID_CHARS_MAX, OUTPUT_CHARS_MAX, TOOLS_CHARS_MAX},
    record::Record,
    schema::{GENERATIONS, TRAINING_DATA},
    time::is_line_time,
};

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
    /// The uuid, or that of what is judged, is none in lower case with hyphens.
    Uuid,
    /// The kind of a row is unknown, or does not go with its label and what belongs to verdicts alone.
    Kind,
    /// The hash of the input is not 64 hex digits.
    InputHash,
    /// The status is not that of an answer by HTTP.
    HttpStatus,
    /// The tools are no list in JSON.
    Tools,
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
    let uuid = uuid_of(&record.uuid);
    if uuid.is_none() {
        broken(BrokenRule::Uuid);
    }
    uuid
}

/// Reports each rule that a row breaks; gives the uuid if it is one.
pub fn check_generation(row: &Generation<'_>, mut broken: impl FnMut(BrokenRule)) -> Option<Uuid> {
    if !is_line_time(&row.timestamp) {
        broken(BrokenRule::Timestamp);
    }
    if !has_fitting_kind(row) {
        broken(BrokenRule::Kind);
    }
    for (key, text) in GENERATIONS.keys.iter().zip(row.values()) {
        if !is_clean(text) {
            broken(BrokenRule::Control(key));
        }
    }
    for (key, text, chars_max) in
        [("input", &row.input, INPUT_PROMPT_CHARS_MAX), ("distinct_id", &row.distinct_id, ID_CHARS_MAX)]
    {
        if !has_length(text, chars_max) {
            broken(BrokenRule::Length(key));
        }
    }
    for (key, text, chars_max) in [
        ("submission", &row.submission, ID_CHARS_MAX),
        ("trace_id", &row.trace_id, ID_CHARS_MAX),
        ("session_id", &row.session_id, ID_CHARS_MAX),
        ("model", &row.model, ID_CHARS_MAX),
        ("provider", &row.provider, ID_CHARS_MAX),
        ("failure_reason", &row.failure_reason, FAILURE_REASON_CHARS_MAX),
        ("output", &row.output, OUTPUT_CHARS_MAX),
        ("tools", &row.tools, TOOLS_CHARS_MAX),
        ("feedback", &row.feedback, FEEDBACK_CHARS_MAX),
    ] {
        if !text.is_empty() && !has_length(text, chars_max) {
            broken(BrokenRule::Length(key));
        }
    }
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if row.input_hash.len() != 64 || !row.input_hash.bytes().all(is_hex) {
        broken(BrokenRule::InputHash);
    }
    let is_status =
        |status: &str| status.len() == 3 && status.parse().is_ok_and(|status| (100..=599).contains(&status));
    if !row.http_status.is_empty() && !is_status(&row.http_status) {
        broken(BrokenRule::HttpStatus);
    }
    if !row.tools.is_empty() && serde_json::from_str::<Vec<serde::de::IgnoredAny>>(&row.tools).is_err() {
        broken(BrokenRule::Tools);
    }
    let uuid = uuid_of(&row.uuid);
    if uuid.is_none() || !row.about.is_empty() && uuid_of(&row.about).is_none() {
        broken(BrokenRule::Uuid);
    }
    uuid
}

/// A failure says why; only a verdict has a label, feedback and what it is about; a success has none of these.
fn has_fitting_kind(row: &Generation<'_>) -> bool {
    let is_no_verdict =
        || [&row.about, &row.submission, &row.feedback, &row.label].iter().all(|value| value.is_empty());
    match &*row.kind {
        "failure" => !row.failure_reason.is_empty() && is_no_verdict(),
        "success" => row.failure_reason.is_empty() && !row.output.is_empty() && is_no_verdict(),
        "verdict" => match &*row.label {
            "bad" => !row.failure_reason.is_empty(),
            label => matches!(label, "good" | ""),
        },
        _ => false,
    }
}

/// Whether a text has 1 to `chars_max` characters.
pub(crate) fn has_length(text: &str, chars_max: u64) -> bool {
    // Bytes first: their number is known, and there are never fewer of them than characters.
    !text.is_empty() && (text.len() as u64 <= chars_max || text.chars().count() as u64 <= chars_max)
}

fn uuid_of(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|uuid| is_written_as(uuid, text))
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

//! The rules of a line, each because a real reader breaks without it (the README's chapter on the line).

use memchr::{memchr, memmem};
use serde::de::IgnoredAny;
use shared::event::{FAILURE_REASON_CHARS_MAX, GENERATION_FAILED, INPUT_PROMPT_CHARS_MAX};
use uuid::Uuid;

use super::report::Problem;
use crate::{
    dataset::{Record, RecordError, time::is_line_time},
    sanitize::{Policy, check},
};

/// Python's `splitlines()` and others end a line at these, so the writer escapes them: U+0085, U+2028, U+2029.
pub(super) fn holds_line_separators(line: &[u8]) -> bool {
    let mut rest = line;
    while let Some(at) = memchr::memchr2(0xC2, 0xE2, rest) {
        match rest[at..] {
            [0xC2, 0x85, ..] | [0xE2, 0x80, 0xA8 | 0xA9, ..] => return true,
            _ => rest = &rest[at + 1..],
        }
    }
    false
}

/// Tells each rule that a record breaks; its uuid if that is one.
pub(super) fn check(
    record: &Record<'_>,
    policy: Option<&Policy>,
    mut wrong: impl FnMut(Problem, &str),
) -> Option<Uuid> {
    if !is_line_time(&record.timestamp) {
        wrong(Problem::Timestamp, "");
    }
    if record.event != GENERATION_FAILED {
        wrong(Problem::Event, "");
    }
    for (key, text) in crate::sanitize::KEYS.into_iter().zip(record.values()) {
        if holds_controls(text) {
            wrong(Problem::Control, key);
        }
    }
    for (key, text, chars_max) in [
        ("input_prompt", &record.input_prompt, INPUT_PROMPT_CHARS_MAX),
        ("failure_reason", &record.failure_reason, FAILURE_REASON_CHARS_MAX),
    ] {
        // Bytes first: they are known, and characters are never more.
        let is_too_long = text.len() as u64 > chars_max && text.chars().count() as u64 > chars_max;
        if text.is_empty() || is_too_long {
            wrong(Problem::Length, key);
        }
        if let Some(policy) = policy {
            for kind in check::found_in_text(text, policy) {
                wrong(Problem::Finding, &format!("{} in {key}", kind.label()));
            }
        }
    }
    if record.distinct_id.is_empty() {
        wrong(Problem::Length, "distinct_id");
    } else if policy.is_some_and(|policy| !check::is_clean_distinct_id(&record.distinct_id, policy)) {
        wrong(Problem::Finding, "distinct_id is not shaped like an id");
    }
    let uuid = Uuid::try_parse(&record.uuid).ok().filter(|uuid| is_written_as(uuid, &record.uuid));
    if uuid.is_none() {
        wrong(Problem::Uuid, "");
    }
    uuid
}

/// Whether a uuid is spelled as the writer does: lower case, hyphens.
fn is_written_as(uuid: &Uuid, text: &str) -> bool {
    uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text
}

/// The characters that the sanitizer takes out (`sanitize::clean`): controls but `\n` and `\t`, byte order marks.
fn holds_controls(text: &str) -> bool {
    // Without an early end the compiler looks at many bytes at once.
    let suspicious = |byte: u8| (byte < 0x20 && byte != b'\n' && byte != b'\t') || matches!(byte, 0x7F | 0xC2 | 0xEF);
    text.bytes().fold(false, |found, byte| found | suspicious(byte))
        && text.chars().any(|c| (c.is_control() && !matches!(c, '\n' | '\t' | '\u{85}')) || c == '\u{FEFF}')
}

/// Why a line is no record. What is said of it never repeats the line's text, but for the name of a key.
pub(super) fn why_unreadable(line: &[u8], error: &RecordError) -> (Problem, String) {
    if std::str::from_utf8(line).is_err() {
        return (Problem::NotUtf8, String::new());
    }
    if memchr(0, line).is_some() {
        return (Problem::NulBytes, String::new());
    }
    if error.is_about_the_record() && serde_json::from_slice::<IgnoredAny>(line).is_ok() {
        return (Problem::Keys, error.to_string());
    }
    // serde_json names a lone surrogate in several ways; there is no other way to write one.
    let has_surrogate = memmem::find(line, b"\\ud").is_some() || memmem::find(line, b"\\uD").is_some();
    if error.to_string().contains("hex escape") && has_surrogate {
        return (Problem::Surrogate, String::new());
    }
    (Problem::NotJson, error.to_string())
}

//! Finds the problems of a line: broken rules, what the sanitizer would still redact, and why a line is no record.

use journal::{
    Record, RecordError,
    rules::{self, BrokenRule},
    training_record::UNKNOWN,
};
use memchr::{memchr, memmem};
use misfire_sanitizer::{Policy, distinct_id::is_sanitized, stored::found_in_text};
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::report::Problem;

/// Reports each problem of a record; gives its uuid if that is one.
pub(super) fn check(
    record: &Record<'_>,
    policy: Option<&Policy>,
    mut wrong: impl FnMut(Problem, &str),
) -> Option<Uuid> {
    let uuid = rules::check(record, |rule| match rule {
        BrokenRule::Timestamp => wrong(Problem::Timestamp, ""),
        BrokenRule::Event => wrong(Problem::Event, ""),
        BrokenRule::Control(key) => wrong(Problem::Control, key),
        BrokenRule::Length(key) => wrong(Problem::Length, key),
        BrokenRule::Uuid => wrong(Problem::Uuid, ""),
    });
    if let Some(policy) = policy {
        for (key, text) in [("input_prompt", &record.input_prompt), ("failure_reason", &record.failure_reason)] {
            for kind in found_in_text(text, policy) {
                wrong(Problem::Finding, &format!("{} in {key}", kind.label()));
            }
        }
        let id = &*record.distinct_id;
        if !id.is_empty() && id != UNKNOWN && !is_sanitized(id, policy) {
            wrong(Problem::Finding, "distinct_id is not shaped like an id");
        }
    }
    uuid
}

/// Why a line is no record. The answer never repeats the line's text, except for the name of a key.
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
    // serde_json has several messages for a lone surrogate, which can only be written as an escape.
    let has_surrogate = memmem::find(line, b"\\ud").is_some() || memmem::find(line, b"\\uD").is_some();
    if error.to_string().contains("hex escape") && has_surrogate {
        return (Problem::Surrogate, String::new());
    }
    (Problem::NotJson, error.to_string())
}

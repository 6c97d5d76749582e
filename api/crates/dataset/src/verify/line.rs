//! Finds the problems of a line: broken rules, what the sanitizer would still redact, and why a line is no record.

use journal::{
    Generation, Record, RecordError,
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
    let uuid = rules::check(record, |rule| broken(rule, &mut wrong));
    if let Some(policy) = policy {
        let texts = [("input_prompt", &*record.input_prompt), ("failure_reason", &record.failure_reason)];
        find(&texts, &[("distinct_id", &record.distinct_id)], policy, &mut wrong);
    }
    uuid
}

/// Reports each problem of a row; gives its uuid if that is one.
pub(super) fn check_generation(
    row: &Generation<'_>,
    policy: Option<&Policy>,
    mut wrong: impl FnMut(Problem, &str),
) -> Option<Uuid> {
    let uuid = rules::check_generation(row, |rule| broken(rule, &mut wrong));
    if let Some(policy) = policy {
        let texts = [
            ("input", &*row.input),
            ("failure_reason", &row.failure_reason),
            ("output", &row.output),
            ("tools", &row.tools),
            ("feedback", &row.feedback),
            ("model", &row.model),
            ("provider", &row.provider),
        ];
        let ids = [
            ("distinct_id", &*row.distinct_id),
            ("trace_id", &row.trace_id),
            ("session_id", &row.session_id),
            ("submission", &row.submission),
        ];
        find(&texts, &ids, policy, &mut wrong);
    }
    uuid
}

fn broken(rule: BrokenRule, wrong: &mut impl FnMut(Problem, &str)) {
    match rule {
        BrokenRule::Timestamp => wrong(Problem::Timestamp, ""),
        BrokenRule::Event => wrong(Problem::Event, ""),
        BrokenRule::Control(key) => wrong(Problem::Control, key),
        BrokenRule::Length(key) => wrong(Problem::Length, key),
        BrokenRule::Uuid => wrong(Problem::Uuid, ""),
        BrokenRule::Kind => wrong(Problem::Kind, ""),
        BrokenRule::InputHash => wrong(Problem::InputHash, ""),
        BrokenRule::HttpStatus => wrong(Problem::HttpStatus, ""),
        BrokenRule::Tools => wrong(Problem::Tools, ""),
    }
}

/// Reports what today's sanitizer would redact.
fn find(texts: &[(&str, &str)], ids: &[(&str, &str)], policy: &Policy, wrong: &mut impl FnMut(Problem, &str)) {
    for (key, text) in texts {
        for kind in found_in_text(text, policy) {
            wrong(Problem::Finding, &format!("{} in {key}", kind.label()));
        }
    }
    for (key, id) in ids {
        if !id.is_empty() && *id != UNKNOWN && !is_sanitized(id, policy) {
            wrong(Problem::Finding, &format!("{key} is not shaped like an id"));
        }
    }
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

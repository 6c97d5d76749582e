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
            wrong(Problem::Finding, &format!("{key} is one that the policy does not keep"));
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use journal::{Sanitizer, TrainingRecord};
    use misfire_sanitizer::PseudonymKey;

    use super::*;

    const POLICIES: [&str; 8] = [
        "",
        "distinct_id = \"keep\"",
        "distinct_id = \"hash\"",
        "off = [\"EMAIL\", \"PERSON\"]",
        "allow = [\"example.com\", \"8.8.8.8\"]",
        "[[own]]\nlabel = \"TICKET\"\npattern = 'T-[0-9]{6}'",
        "[[own]]\nlabel = \"WORD\"\npattern = '[a-z]{9,}'",
        "off = [\"IP\"]\nallow = [\"jane@example.com\"]\ndistinct_id = \"hash\"\n[[own]]\nlabel = \"TICKET\"\npattern = 'T-[0-9]{6}'",
    ];
    const IDS: [&str; 12] = [
        "user_1007",
        "unknown",
        "u_445ebeabfc321d23af7dc151ae36e734",
        "jane@example.com",
        "jdoe",
        "4111111111111111",
        "0193acb2-7d10-7b3e-9a55-000000000001",
        "a\u{7}b",
        "\u{FEFF}user_1",
        " ",
        "T-123456",
        "python-ee719959-0",
    ];
    const TEXTS: [&str; 14] = [
        "a chair",
        "write to jane@example.com or bob@example.org from 8.8.8.8, see T-123456",
        "write to [EMAIL_1], see [TICKET_2]",
        "I am Jane Doe, my password is hunter2",
        r#"{"seed":"123456789","note":"call +1 415 555 0132"}"#,
        r#"{"role":"user","password":"hunter2"}"#,
        r#"{ "password": "hunter2", "mail": "jane@example.com" }"#,
        r#"[{"role":"user","content":"I am jane@example.com, T-123456"}]"#,
        r#"{"T-123456":"jane@example.com"}"#,
        r#"{"name":"Jane Doe","id":1007}"#,
        "{\"not\": json, jane@example.com",
        "a\u{7}b jane@exam\u{7}ple.com",
        "電話は090-4417-2935です",
        " ",
    ];

    fn findings(record: &Record<'_>, policy: &Policy) -> Vec<String> {
        let mut findings = Vec::new();
        check(record, Some(policy), |problem, detail| {
            if matches!(problem, Problem::Finding | Problem::Control) {
                findings.push(detail.to_owned());
            }
        });
        findings
    }

    #[test]
    fn verify_finds_something_exactly_where_resanitize_changes_something_under_every_policy() {
        for toml in POLICIES {
            let policy = Arc::new(Policy::parse(toml).unwrap());
            let keys = PseudonymKey::new(*b"0123456789abcdef").unwrap().into();
            let sanitizer = Sanitizer::new(keys, Arc::clone(&policy));
            for (number, text) in TEXTS.iter().enumerate() {
                for id in IDS {
                    let record = Record {
                        timestamp: "2025-11-30T16:38:21.968Z".into(),
                        event: "generation_failed".into(),
                        failure_reason: TEXTS[(number + 1) % TEXTS.len()].into(),
                        input_prompt: (*text).into(),
                        distinct_id: id.into(),
                        uuid: "0193acb2-7d10-7b3e-9a55-000000000001".into(),
                    };
                    let found = findings(&record, &policy);
                    let today = TrainingRecord::resanitized(&record, &sanitizer).unwrap();
                    assert_eq!(found.is_empty(), today.is_none(), "{toml:?}: {record:?}: {found:?}, {today:?}");
                    if let Some(today) = today {
                        let line = today.to_line();
                        let record = Record::parse(line.trim_ascii_end()).unwrap();
                        assert_eq!(findings(&record, &policy), [""; 0], "{toml:?}: {record:?}");
                        assert_eq!(TrainingRecord::resanitized(&record, &sanitizer), Ok(None), "{toml:?}: {record:?}");
                    }
                }
            }
        }
    }
}

//! Checks text that was redacted and stored earlier: would today's rules redact more of it?

use crate::{
    clean::is_clean,
    json_text::{self, Input},
    policy::Policy,
    redact::Redactor,
    span::{Kind, Scope},
};

/// The kinds that today's rules still find in a stored text. Text that was redacted by this version has none.
///
/// A stored text may have been received as a string, which is searched as a whole, or as JSON, whose strings are searched one by
/// one (chat prompts are stored as their JSON). Which of the two is not stored. So text that is JSON counts as clean if
/// either search finds nothing.
pub fn found_in_text(text: &str, policy: &Policy) -> Vec<Kind> {
    let spans = policy.spans(text, Scope::Text);
    if spans.is_empty() || (is_json(text) && is_clean_json(text, policy)) {
        return Vec::new();
    }
    spans.into_iter().map(|span| span.kind).collect()
}

/// A stored text as it was received: as JSON if it is the compact JSON that a redaction writes, else as text. JSON with other white
/// space was received as text, for its spaces would not have survived.
pub fn as_received(text: &str) -> Input<'_> {
    let is_json = text.starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
        && json_text::map_scalars(text, |_, scalar| scalar.to_owned()) == text;
    match is_json {
        true => Input::Json(text),
        false => Input::Plain(text.into()),
    }
}

/// A stored text as today's rules would write it. A text in which [`found_in_text`] finds nothing, and which
/// [is clean](crate::is_clean), stays as it is, so that a check and another redaction agree.
pub fn redacted_again(text: &str, policy: &Policy, redactor: &mut Redactor<'_>) -> String {
    if is_clean(text) && found_in_text(text, policy).is_empty() {
        return text.to_owned();
    }
    redactor.redact_input(&as_received(text))
}

fn is_json(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'{' | b'['))
        && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
}

fn is_clean_json(json: &str, policy: &Policy) -> bool {
    let mut redactor = Redactor::new(policy);
    json_text::map_scalars(json, |key, scalar| match key {
        Some(key) => redactor.redact_value(key, scalar),
        None => redactor.redact(scalar),
    });
    redactor.counts().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<String> {
        found_in_text(text, &Policy::default()).iter().map(|kind| kind.label().to_owned()).collect()
    }

    #[test]
    fn values_are_reported_and_placeholders_are_not() {
        assert_eq!(labels("write to jane@example.com from 8.8.8.8"), ["EMAIL", "IP"]);
        assert!(labels("write to [EMAIL_1] from [IP_1]").is_empty());
    }

    #[test]
    fn what_is_found_clean_is_not_redacted_again_and_what_was_redacted_again_is_found_clean() {
        let policy = Policy::default();
        for (text, today) in [
            ("write to [EMAIL_1]", "write to [EMAIL_1]"),
            ("write to jane@example.com", "write to [EMAIL_1]"),
            // It was received as text: the whole is clean, and the value of the key alone would not be.
            (r#"{"seed":"see [EMAIL_1]"}"#, r#"{"seed":"see [EMAIL_1]"}"#),
            // It was received as JSON: its strings are clean.
            (r#"{"a":"Jane","b":[1, 2]}"#, r#"{"a":"Jane","b":[1, 2]}"#),
            (r#"{ "mail": "jane@example.com" }"#, r#"{ "mail": "[EMAIL_1]" }"#),
            (r#"{"mail":"jane@example.com"}"#, r#"{"mail":"[EMAIL_1]"}"#),
            ("a\u{7}b", "ab"),
        ] {
            let again = redacted_again(text, &policy, &mut Redactor::new(&policy));
            assert_eq!(again, today, "{text}");
            assert!(labels(&again).is_empty(), "{again}");
        }
    }

    #[test]
    fn json_is_clean_when_its_strings_are() {
        assert!(labels(r#"[{"role":"user","content":"write to [EMAIL_1]"}]"#).is_empty());
        assert_eq!(labels(r#"[{"role":"user","content":"write to jane@example.com"}]"#), ["EMAIL"]);
    }
}

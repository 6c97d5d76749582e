//! Looking at what is stored already: would today's rules still take something out of it?

use crate::{
    find::{Kind, Scope},
    json_text::{self, Input},
    policy::Policy,
    redact::Redactor,
};

/// What is found in a stored `input_prompt` or `failure_reason`; nothing as a rule.
///
/// A stored text may have been a string, read as a whole, or JSON, each string of which was read alone (chat prompts are
/// stored as their JSON). Nobody noted which, so that text which is JSON is clean if either reading finds nothing.
pub fn found_in_text(text: &str, policy: &Policy) -> Vec<Kind> {
    let spans = policy.spans(text, Scope::Text);
    if spans.is_empty() || (is_json(text) && is_clean_json(text, policy)) {
        return Vec::new();
    }
    spans.into_iter().map(|span| span.kind).collect()
}

/// A prompt that was no string stands in the line as compact JSON, and its keys tell what its values are. Text that only looks
/// like JSON is text: it would come out with other white space.
pub fn as_received(text: &str) -> Input<'_> {
    let is_json = text.starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
        && json_text::map_scalars(text, |_, scalar| scalar.to_owned()) == text;
    match is_json {
        true => Input::Json(text),
        false => Input::Plain(text.into()),
    }
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

    fn labels(text: &str) -> Vec<&'static str> {
        found_in_text(text, &Policy::default()).into_iter().map(Kind::label).collect()
    }

    #[test]
    fn what_the_sanitizer_would_take_is_told_and_placeholders_are_not() {
        assert_eq!(labels("write to jane@example.com from 8.8.8.8"), ["EMAIL", "IP"]);
        assert!(labels("write to [EMAIL_1] from [IP_1]").is_empty());
    }

    #[test]
    fn json_is_clean_when_its_strings_are() {
        assert!(labels(r#"[{"role":"user","content":"write to [EMAIL_1]"}]"#).is_empty());
        assert_eq!(labels(r#"[{"role":"user","content":"write to jane@example.com"}]"#), ["EMAIL"]);
    }
}

//! From an event to a record that may be kept: pure, and the only place where a [`TrainingRecord`] is made.
//!
//! Text goes through `clean` (characters that break readers) and `redact` (what `find` recognises becomes a typed
//! placeholder); ids go through [`distinct_id`].

pub(crate) mod check;
mod clean;
pub mod command;
pub mod distinct_id;
pub mod find;
mod json_text;
mod policy;
mod record;
mod redact;

use std::sync::Arc;

use jiff::Timestamp;
use shared::event::{FAILURE_REASON_CHARS_MAX, GenerationFailed, INPUT_PROMPT_CHARS_MAX};
use validator::Validate;

pub(crate) use self::distinct_id::pseudonym;
use self::redact::Redactor;
pub use self::{
    distinct_id::PseudonymKey,
    policy::Policy,
    record::{KEYS, TrainingRecord, format_time, to_line},
};
use crate::webhook::event::{RawText, ReceivedEvent};

/// The version of what this module writes. Raise it whenever the output for some event may differ: the writer then closes
/// the file, so that every file was written by one version.
pub const SANITIZER_VERSION: u32 = 3;

/// What sanitizing needs besides the event: the key of the pseudonyms and the operator's policy.
#[derive(Debug, Clone)]
pub struct Sanitizer {
    key: PseudonymKey,
    policy: Arc<Policy>,
}

impl Sanitizer {
    /// A sanitizer; clones share the policy.
    pub fn new(key: PseudonymKey, policy: Policy) -> Self {
        Self { key, policy: Arc::new(policy) }
    }
}

/// What stands in a line where the event gave nothing: readers infer a column's type from its values, so none is null.
pub(crate) const UNKNOWN: &str = "unknown";

/// An event that holds nothing to train on.
#[derive(Debug)]
pub struct Rejection {
    /// Each field that is wrong, with what is wrong.
    pub fields: Vec<(String, String)>,
    /// What is kept of the event, sanitized as any record is.
    pub record: TrainingRecord,
}

/// Sanitizes a `generation_failed` event.
///
/// The rules of [`GenerationFailed`] are checked on the sanitized properties: to cut `failure_reason` any earlier could
/// cut a secret in two and leave a half that nothing recognises.
///
/// # Errors
/// A [`Rejection`] when the event has no usable prompt.
pub fn sanitize(
    event: &ReceivedEvent<'_>,
    received_at: Timestamp,
    sanitizer: &Sanitizer,
) -> Result<TrainingRecord, Box<Rejection>> {
    let mut redactor = Redactor::new(&sanitizer.policy);
    for text in [&event.input_prompt, &event.failure_reason].into_iter().flatten() {
        redactor.leave_out_numbers_of(text.as_str());
    }
    let input_prompt = event.input_prompt.as_ref().map(|text| sanitize_text(text, &mut redactor)).unwrap_or_default();
    let failure_reason =
        event.failure_reason.as_ref().map(|text| sanitize_text(text, &mut redactor)).unwrap_or_default();

    let properties = GenerationFailed {
        input_prompt,
        failure_reason: match failure_reason.trim() {
            "" => UNKNOWN.to_owned(),
            _ => cut(failure_reason, FAILURE_REASON_CHARS_MAX as usize),
        },
    };
    let broken_rules = properties.validate().err();
    let record = TrainingRecord::new(
        event.time.unwrap_or(received_at),
        properties,
        event.distinct_id.as_deref().map_or_else(
            || UNKNOWN.to_owned(),
            |id| distinct_id::sanitize(id, &sanitizer.key, sanitizer.policy.distinct_id),
        ),
        event.uuid,
        redactor.counts(),
    );
    match broken_rules {
        None => Ok(record),
        Some(errors) => {
            let mut fields: Vec<_> = errors
                .field_errors()
                .into_iter()
                .flat_map(|(field, errors)| errors.iter().map(move |error| (field.to_string(), error.to_string())))
                .collect();
            fields.sort();
            Err(Box::new(Rejection { fields, record }))
        }
    }
}

/// A line's text by today's rules.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Resanitized {
    pub(crate) input_prompt: String,
    pub(crate) failure_reason: String,
    /// How many values of each type became placeholders now, by the type's label.
    pub(crate) redactions: Vec<(&'static str, u64)>,
}

/// Sanitizes text that an older version wrote. What is clean stays as it is.
pub(crate) fn resanitize(input_prompt: &str, failure_reason: &str, policy: &Policy) -> Resanitized {
    let mut redactor = Redactor::new(policy);
    let texts = [input_prompt, failure_reason];
    texts.iter().for_each(|text| redactor.leave_out_numbers_of(text));
    let [input_prompt, failure_reason] = texts.map(|text| sanitize_text(&as_received(text), &mut redactor));
    Resanitized {
        // A placeholder may be longer than what it stands for.
        input_prompt: cut(input_prompt, INPUT_PROMPT_CHARS_MAX as usize),
        failure_reason: cut(failure_reason, FAILURE_REASON_CHARS_MAX as usize),
        redactions: redactor.counts(),
    }
}

/// A prompt that was no string stands in the line as compact JSON, and its keys tell what its values are. Text that only looks
/// like JSON is text: it would come out with other white space.
fn as_received(text: &str) -> RawText<'_> {
    let is_json = text.starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
        && json_text::map_scalars(text, |_, scalar| scalar.to_owned()) == text;
    match is_json {
        true => RawText::Json(text),
        false => RawText::String(text.into()),
    }
}

/// A prompt that is no string, as chat prompts are, stays JSON, with each string in it sanitized.
fn sanitize_text(text: &RawText<'_>, redactor: &mut Redactor) -> String {
    match text {
        RawText::String(text) => redactor.redact(&clean::clean(text)),
        RawText::Json(json) => json_text::map_scalars(json, |key, scalar| {
            let scalar = clean::clean(scalar);
            match key {
                Some(key) => redactor.redact_value(key, &scalar),
                None => redactor.redact(&scalar),
            }
        }),
    }
}

fn cut(mut text: String, chars_max: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(chars_max) {
        text.truncate(end);
    }
    text
}

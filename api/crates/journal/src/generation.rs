//! A line of `generations.jsonl` read back: eighteen strings, borrowed from the line where nothing in them is escaped.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer};

use crate::{
    record::{RecordError, Strings},
    schema::GENERATIONS,
};

/// A generation, or a verdict about one. What an event does not have is `""`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Generation<'a> {
    /// When it happened, as in a line of `training_data.jsonl`.
    pub timestamp: Cow<'a, str>,
    /// `failure`, `success` or `verdict`.
    pub kind: Cow<'a, str>,
    /// The event's name through every hop.
    pub uuid: Cow<'a, str>,
    /// Of a verdict: the uuid of the generation that it judges.
    pub about: Cow<'a, str>,
    /// Of a verdict: what ties the events of one survey answer together.
    pub submission: Cow<'a, str>,
    /// The trace, by the rule for ids.
    pub trace_id: Cow<'a, str>,
    /// The session, by the rule for ids.
    pub session_id: Cow<'a, str>,
    /// Whose generation it was, by the rule for ids. A verdict has that of what it judges.
    pub distinct_id: Cow<'a, str>,
    /// The model, sanitized.
    pub model: Cow<'a, str>,
    /// The provider, sanitized.
    pub provider: Cow<'a, str>,
    /// The status of the provider's answer, in digits.
    pub http_status: Cow<'a, str>,
    /// Why it failed, or why it is judged so, sanitized.
    pub failure_reason: Cow<'a, str>,
    /// What the model was asked, sanitized: messages in OpenAI's shape as compact JSON, or text.
    pub input: Cow<'a, str>,
    /// HMAC-SHA256 in hex of the canonical input and tools before redaction: equal inputs have equal hashes, and equal redacted inputs
    /// may not.
    pub input_hash: Cow<'a, str>,
    /// What the model answered, sanitized: messages in OpenAI's shape as compact JSON, or text. A failure may have a part of one.
    pub output: Cow<'a, str>,
    /// The tools that the model was offered, sanitized: OpenAI's shape as compact JSON.
    pub tools: Cow<'a, str>,
    /// What a person wrote about the answer, sanitized.
    pub feedback: Cow<'a, str>,
    /// Of a verdict: `good`, `bad` or `""`.
    pub label: Cow<'a, str>,
}

impl<'a> Generation<'a> {
    /// Reads a line without its newline.
    ///
    /// # Errors
    /// When it is no JSON object in UTF-8 of exactly the eighteen strings in order.
    pub fn parse(line: &'a [u8]) -> Result<Self, RecordError> {
        serde_json::from_slice(line).map_err(RecordError)
    }

    /// The same, borrowed from nothing.
    pub(crate) fn into_owned(self) -> Generation<'static> {
        let owned = |value: Cow<'a, str>| Cow::Owned(value.into_owned());
        Generation {
            timestamp: owned(self.timestamp),
            kind: owned(self.kind),
            uuid: owned(self.uuid),
            about: owned(self.about),
            submission: owned(self.submission),
            trace_id: owned(self.trace_id),
            session_id: owned(self.session_id),
            distinct_id: owned(self.distinct_id),
            model: owned(self.model),
            provider: owned(self.provider),
            http_status: owned(self.http_status),
            failure_reason: owned(self.failure_reason),
            input: owned(self.input),
            input_hash: owned(self.input_hash),
            output: owned(self.output),
            tools: owned(self.tools),
            feedback: owned(self.feedback),
            label: owned(self.label),
        }
    }

    /// The values in the keys' order.
    pub fn values(&self) -> [&str; 18] {
        [
            &self.timestamp,
            &self.kind,
            &self.uuid,
            &self.about,
            &self.submission,
            &self.trace_id,
            &self.session_id,
            &self.distinct_id,
            &self.model,
            &self.provider,
            &self.http_status,
            &self.failure_reason,
            &self.input,
            &self.input_hash,
            &self.output,
            &self.tools,
            &self.feedback,
            &self.label,
        ]
    }
}

impl<'de> Deserialize<'de> for Generation<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [
            timestamp,
            kind,
            uuid,
            about,
            submission,
            trace_id,
            session_id,
            distinct_id,
            model,
            provider,
            http_status,
            failure_reason,
            input,
            input_hash,
            output,
            tools,
            feedback,
            label,
        ] = deserializer.deserialize_map(Strings(GENERATIONS.keys))?;
        Ok(Self {
            timestamp,
            kind,
            uuid,
            about,
            submission,
            trace_id,
            session_id,
            distinct_id,
            model,
            provider,
            http_status,
            failure_reason,
            input,
            input_hash,
            output,
            tools,
            feedback,
            label,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json_line::to_line;

    #[test]
    fn a_line_is_read_by_its_keys_in_order() {
        let line: String = GENERATIONS.keys.iter().map(|key| format!("\"{key}\":\"{key} \\\"x\\\"\",")).collect();
        let line = format!("{{{}}}", line.trim_end_matches(','));
        let generation = Generation::parse(line.as_bytes()).unwrap();
        assert_eq!(
            generation.values().to_vec(),
            GENERATIONS.keys.iter().map(|key| format!("{key} \"x\"")).collect::<Vec<_>>()
        );
        assert!(Generation::parse(&to_line(&serde_json::json!({"timestamp": ""}))).is_err());
    }
}

//! A line of `generations.jsonl` read back: eighteen strings, borrowed from the line where nothing in them is escaped.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer};

use crate::{
    record::{RecordError, Strings},
    schema::GENERATIONS,
};

/// Makes a row of one list: its fields, their order, and what reads and copies all of them.
macro_rules! row_of_strings {
    ($(#[$about_row:meta])* $row:ident { $($(#[$about_field:meta])* $field:ident,)+ }) => {
        $(#[$about_row])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $row<'a> {
            $($(#[$about_field])* pub $field: Cow<'a, str>,)+
        }

        impl $row<'_> {
            /// The same, borrowed from nothing.
            pub(crate) fn into_owned(self) -> $row<'static> {
                $row { $($field: Cow::Owned(self.$field.into_owned()),)+ }
            }

            /// The values in the keys' order.
            pub fn values(&self) -> [&str; [$(stringify!($field)),+].len()] {
                [$(&self.$field),+]
            }
        }

        impl<'de> Deserialize<'de> for $row<'de> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let [$($field),+] = deserializer.deserialize_map(Strings(GENERATIONS.keys))?;
                Ok(Self { $($field),+ })
            }
        }
    };
}

row_of_strings! {
    /// A generation, or a verdict about one. What an event does not have is `""`.
    Generation {
        /// When it happened, as in a line of `training_data.jsonl`.
        timestamp,
        /// `failure`, `success` or `verdict`.
        kind,
        /// The event's name through every hop.
        uuid,
        /// Of a verdict: the uuid of the generation that it judges.
        about,
        /// Of a verdict: what ties the events of one survey answer together.
        submission,
        /// The trace, by the rule for ids.
        trace_id,
        /// The session, by the rule for ids.
        session_id,
        /// Whose generation it was, by the rule for ids. A verdict has that of what it judges.
        distinct_id,
        /// The model, sanitized.
        model,
        /// The provider, sanitized.
        provider,
        /// The status of the provider's answer, in digits.
        http_status,
        /// Why it failed, or why it is judged so, sanitized.
        failure_reason,
        /// What the model was asked, sanitized: messages in OpenAI's shape as compact JSON, or text.
        input,
        /// HMAC-SHA256 in hex of the canonical input and tools before redaction: equal inputs have equal hashes, and equal redacted inputs
        /// may not.
        input_hash,
        /// What the model answered, sanitized: messages in OpenAI's shape as compact JSON, or text. A failure may have a part of one.
        output,
        /// The tools that the model was offered, sanitized: OpenAI's shape as compact JSON.
        tools,
        /// What a person wrote about the answer, sanitized.
        feedback,
        /// Of a verdict: `good`, `bad` or `""`.
        label,
    }
}

impl<'a> Generation<'a> {
    /// Reads a line without its newline.
    ///
    /// # Errors
    /// When it is no JSON object in UTF-8 of exactly the eighteen strings in order.
    pub fn parse(line: &'a [u8]) -> Result<Self, RecordError> {
        serde_json::from_slice(line).map_err(RecordError)
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

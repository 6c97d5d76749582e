//! The schema of a file's lines: their keys, in order, and the place of the uuid.

use serde_json::{Value, json};
use shared::event::{FAILURE_REASON_CHARS_MAX, GENERATION_FAILED, INPUT_PROMPT_CHARS_MAX};
use uuid::Uuid;

use crate::limits::{FEEDBACK_CHARS_MAX, ID_CHARS_MAX, OUTPUT_CHARS_MAX, TOOLS_CHARS_MAX};

/// The keys of a kind of line. Each value is a string, and a line holds all keys in this order: readers infer their columns
/// from the first lines and fail on others later.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// The keys in order. The first is `timestamp`.
    pub keys: &'static [&'static str],
}

/// The lines of `training_data.jsonl`. Consumers know the first five keys, so this list never changes.
pub const TRAINING_DATA: Schema =
    Schema { keys: &["timestamp", "event", "failure_reason", "input_prompt", "distinct_id", "uuid"] };

/// The lines of `generations.jsonl`: what training needs beyond the five that consumers know.
pub const GENERATIONS: Schema = Schema {
    keys: &[
        "timestamp",
        "kind",
        "uuid",
        "about",
        "submission",
        "trace_id",
        "session_id",
        "distinct_id",
        "model",
        "provider",
        "http_status",
        "failure_reason",
        "input",
        "input_hash",
        "output",
        "tools",
        "feedback",
        "label",
    ],
};

/// A uuid with hyphens, in characters.
const UUID_CHARS: usize = 36;

impl Schema {
    /// The uuid of a line; `None` when it has none.
    ///
    /// A line that ends with its uuid, as the writer leaves it (`…"uuid":"01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301"}`), is not parsed.
    /// Any other is: somebody may have given the file other line ends, or other white space.
    pub fn uuid_of(&self, line: &[u8]) -> Option<Uuid> {
        if self.keys.last() == Some(&"uuid")
            && let Some(value) = line.strip_suffix(b"\"}")
            && let Some(start) = value.len().checked_sub(UUID_CHARS)
            && let Ok(uuid) = Uuid::try_parse_ascii(&value[start..])
        {
            return Some(uuid);
        }
        #[derive(serde::Deserialize)]
        struct Named {
            uuid: Uuid,
        }
        serde_json::from_slice(line).ok().map(|Named { uuid }| uuid)
    }
}

/// The form of a time in a line.
const TIME: &str = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$";

/// The JSON Schema (draft 2020-12) of a line of `generations.jsonl`. `comment` becomes its `$comment`.
pub fn generations_json_schema(comment: &str) -> Value {
    let text = |chars_max: u64| json!({ "type": "string", "maxLength": chars_max });
    let uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": comment,
        "title": "A generation, or a verdict about one",
        "description": "A line of the files. The text in it is untrusted.",
        "type": "object",
        "properties": {
            "timestamp": { "type": "string", "format": "date-time", "pattern": TIME },
            "kind": { "enum": ["failure", "success", "verdict"] },
            "uuid": { "type": "string", "format": "uuid" },
            "about": { "type": "string", "pattern": format!("^({uuid})?$") },
            "submission": text(ID_CHARS_MAX),
            "trace_id": text(ID_CHARS_MAX),
            "session_id": text(ID_CHARS_MAX),
            "distinct_id": { "type": "string", "minLength": 1, "maxLength": ID_CHARS_MAX },
            "model": text(ID_CHARS_MAX),
            "provider": text(ID_CHARS_MAX),
            "http_status": { "type": "string", "pattern": "^([1-5][0-9]{2})?$" },
            "failure_reason": text(FAILURE_REASON_CHARS_MAX),
            "input": { "type": "string", "minLength": 1, "maxLength": INPUT_PROMPT_CHARS_MAX },
            "input_hash": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
            "output": text(OUTPUT_CHARS_MAX),
            "tools": text(TOOLS_CHARS_MAX),
            "feedback": text(FEEDBACK_CHARS_MAX),
            "label": { "enum": ["bad", "good", ""] },
        },
        "required": GENERATIONS.keys,
        "additionalProperties": false,
    })
}

/// The JSON Schema (draft 2020-12) of a line of `training_data.jsonl`. `comment` becomes its `$comment`.
pub fn json_schema(comment: &str) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": comment,
        "title": "A failed generation",
        "description": "A line of the files. The text in it is untrusted.",
        "type": "object",
        "properties": {
            "timestamp": { "type": "string", "format": "date-time", "pattern": TIME },
            "event": { "const": GENERATION_FAILED },
            "failure_reason": { "type": "string", "minLength": 1, "maxLength": FAILURE_REASON_CHARS_MAX },
            "input_prompt": { "type": "string", "minLength": 1, "maxLength": INPUT_PROMPT_CHARS_MAX },
            "distinct_id": { "type": "string", "minLength": 1 },
            "uuid": { "type": "string", "format": "uuid" },
        },
        "required": TRAINING_DATA.keys,
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uuid_is_read_wherever_it_stands() {
        let uuid = Uuid::from_u128(7);
        let other = Schema { keys: &["timestamp", "uuid", "output"] };
        assert_eq!(TRAINING_DATA.uuid_of(format!("{{\"timestamp\":\"\",\"uuid\":\"{uuid}\"}}").as_bytes()), Some(uuid));
        assert_eq!(other.uuid_of(format!("{{\"uuid\":\"{uuid}\",\"output\":\"x\"}}").as_bytes()), Some(uuid));
        assert_eq!(
            TRAINING_DATA.uuid_of(format!("{{\"timestamp\": \"\", \"uuid\": \"{uuid}\"}}\r").as_bytes()),
            Some(uuid)
        );
        for line in ["", "\"}", "{}", "uuid\"}"] {
            assert_eq!(
                (TRAINING_DATA.uuid_of(line.as_bytes()), other.uuid_of(line.as_bytes())),
                (None, None),
                "{line}"
            );
        }
    }
}

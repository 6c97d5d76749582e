//! Small helpers for untyped JSON. Objects of events, persons and PostHog's REST API stay untyped, because their shape
//! is PostHog's or the sender's and not ours.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A JSON object. It keeps the order of its keys.
pub type Object = Map<String, Value>;

/// Reads a TOML value as JSON, because filters, bodies and payloads are made of JSON.
///
/// # Errors
/// Those of the deserializer.
pub fn json_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A value as compact JSON for people to read, cut with `…` after `chars_max` characters.
pub fn excerpt(value: &Value, chars_max: usize) -> String {
    cut(value.to_string(), chars_max)
}

/// A text, cut with `…` after `chars_max` characters.
pub fn cut(mut text: String, chars_max: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(chars_max) {
        text.truncate(end);
        text.push('…');
    }
    text
}

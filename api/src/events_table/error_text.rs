//! The text of an error that may be JSON.
//!
//! `$ai_error` is `str(error)` in Python. In JavaScript it is JSON of the whole error: besides the name and the message it holds
//! stacks, URLs, headers, and with the Vercel SDK `requestBodyValues`, the whole prompt, in privacy mode too
//! (`packages/ai/src/serializeError.ts`). Of such an error the name and the message are taken and nothing else.

use std::fmt;

use misfire_sanitizer::JsonString;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// An error may be the JSON text in the message of another one.
const NESTING_MAX: usize = 4;

/// The name and the message of an error that is JSON, as `Name: message`; `None` when it has neither.
///
/// A text that was cut is read as far as it goes.
pub(super) fn of_json(json: &str) -> Option<String> {
    nested(json, NESTING_MAX)
}

/// Whether a text is an error as JSON, be it whole or cut.
pub(super) fn is_json(text: &str) -> bool {
    let mut chars = text.trim_start().chars();
    let first = chars.next();
    let second = chars.find(|c| !c.is_whitespace());
    matches!((first, second), (Some('{'), Some('"' | '}') | None) | (Some('['), Some('{') | None))
}

fn nested(json: &str, depth: usize) -> Option<String> {
    let mut found = Found::default();
    // What was found before the text ends or breaks off stays.
    let _ = serde_json::Deserializer::from_str(json).deserialize_any(&mut found);
    let inner = found.inner.and_then(|inner| nested(inner.get(), depth.checked_sub(1)?));
    let message = match found.message {
        Some(message) if is_json(&message) => depth.checked_sub(1).and_then(|depth| nested(&message, depth)),
        Some(message) => Some(without_body(&message, depth).unwrap_or(message)),
        None => None,
    };
    let message = message.or(inner).filter(|message| !message.trim().is_empty());
    match (found.name.filter(|name| !name.trim().is_empty()), message) {
        (Some(name), Some(message)) if !message.starts_with(&name) => Some(format!("{name}: {message}")),
        (_, Some(message)) => Some(message),
        (name, None) => name,
    }
}

/// A message that is an HTTP status and the JSON of the answer, as Anthropic's JavaScript SDK writes them (`APIError.makeMessage`): the
/// status and the message within. `None` for every other message.
fn without_body(message: &str, depth: usize) -> Option<String> {
    let (status, body) = message.split_once(' ')?;
    let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
    if !is_status || !is_json(body) {
        return None;
    }
    let inner = depth.checked_sub(1).and_then(|depth| nested(body, depth));
    Some(inner.map_or_else(|| status.to_owned(), |inner| format!("{status} {inner}")))
}

/// What is taken of an error; of two equal keys the last.
#[derive(Default)]
struct Found {
    name: Option<String>,
    message: Option<String>,
    /// The error within the error, as `{"error": {"message": …}}`.
    inner: Option<Box<RawValue>>,
}

impl<'de> Visitor<'de> for &mut Found {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an error")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(JsonString(key)) = map.next_key()? {
            match key.as_ref() {
                "name" => self.name = map.next_value::<Text>()?.0,
                "message" => self.message = map.next_value::<Text>()?.0.or(self.message.take()),
                "error" | "detail" if self.inner.is_none() => self.inner = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.inner = seq.next_element()?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.message = Some(text.to_owned());
        Ok(())
    }
}

/// A string; any other value is none.
struct Text(Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str::<JsonString>(value.get()).ok().map(|JsonString(text)| text.into_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_and_the_message_are_taken_and_nothing_else() {
        for (json, text) in [
            (
                r#"{"name":"AI_APICallError","message":"Overloaded","stack":"at /srv/mara","requestBodyValues":{"message":"x"}}"#,
                Some("AI_APICallError: Overloaded"),
            ),
            (r#"{"message":"Overloaded"}"#, Some("Overloaded")),
            (r#"{"name":"Error"}"#, Some("Error")),
            (r#"{"name":"TypeError","message":"TypeError: no"}"#, Some("TypeError: no")),
            (r#"{"error":{"message":"Rate limit","type":"tokens","headers":{"a":"b"}}}"#, Some("Rate limit")),
            (r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, Some("Overloaded")),
            (r#"{"error":"no such model"}"#, Some("no such model")),
            (
                r#"{"name":"ApiError","message":"{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\"}}"}"#,
                Some("ApiError: The model is overloaded."),
            ),
            (
                r#"{"name":"Error","message":"529 {\"type\":\"error\",\"error\":{\"message\":\"Overloaded\"},\"request_id\":\"req_1\"}"}"#,
                Some("Error: 529 Overloaded"),
            ),
            (r#"{"name":"Error","message":"529 {\"request_id\":\"req_1\"}"}"#, Some("Error: 529")),
            (r#"{"message":"429 {model} is busy"}"#, Some("429 {model} is busy")),
            (r#"{"message":"expected {\"a\":1}"}"#, Some("expected {\"a\":1}")),
            (r#"[{"error":{"message":"first"}},{"message":"second"}]"#, Some("first")),
            (r#"{"stack":"at /srv/mara","url":"https://x","responseBody":"y"}"#, None),
            (r#"{"message":{"role":"user"},"name":7}"#, None),
            ("{}", None),
            ("[]", None),
        ] {
            assert_eq!(of_json(json).as_deref(), text, "{json}");
        }
    }

    #[test]
    fn a_text_that_was_cut_is_read_as_far_as_it_goes() {
        assert_eq!(of_json(r#"{"name":"E","message":"m","requestBodyValues":{"prom"#).as_deref(), Some("E: m"));
        assert_eq!(of_json(r#"{"requestBodyValues":{"prompt":"secr"#), None);
    }

    #[test]
    fn errors_within_errors_end_somewhere() {
        let deep = r#"{"error":"#.repeat(10_000);
        assert_eq!(of_json(&deep), None);
        let mut text = r#"{"message":"end"}"#.to_owned();
        for _ in 0..8 {
            text = serde_json::json!({ "message": text }).to_string();
        }
        assert_eq!(of_json(&text), None);
    }

    #[test]
    fn json_is_told_from_text_that_begins_with_a_brace() {
        for text in [r#"{"a":1}"#, "{ \"a\"", "{}", "{", r#"[{"a"#, "  {\"a\""] {
            assert!(is_json(text), "{text}");
        }
        for text in ["{'type': 'error'}", "[Errno 104] reset", r#"["a"]"#, "{model} is not there", "plain", ""] {
            assert!(!is_json(text), "{text}");
        }
    }
}

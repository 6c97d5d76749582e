//! JSON as text: rewrites it compactly and passes every string and number in it through a function.
//!
//! It works on the text, not on a tree of values. So numbers keep all their digits, and no depth of nesting overflows the stack.

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A text as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<'a> {
    /// Text.
    Plain(Cow<'a, str>),
    /// Valid JSON that is not a string, as the messages of a chat.
    Json(&'a str),
}

impl Input<'_> {
    /// The text as it was received.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Json(json) => json,
        }
    }
}

/// A JSON string in which each lone surrogate is replaced by U+FFFD.
///
/// JavaScript may write lone surrogates into JSON (`"\ud800"`), and `serde_json` refuses them wherever a `str` or a `String` is asked
/// for. It gives them as bytes, which is how this type reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonString<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for JsonString<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct JsonStringVisitor;
        impl<'de> Visitor<'de> for JsonStringVisitor {
            type Value = JsonString<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<JsonString<'de>, E> {
                Ok(JsonString(match std::str::from_utf8(bytes) {
                    Ok(text) => Cow::Borrowed(text),
                    Err(_) => Cow::Owned(from_wtf8(bytes)),
                }))
            }
            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<JsonString<'de>, E> {
                Ok(JsonString(Cow::Owned(from_wtf8(bytes))))
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<JsonString<'de>, E> {
                Ok(JsonString(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<JsonString<'de>, E> {
                Ok(JsonString(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_bytes(JsonStringVisitor)
    }
}

/// Decodes WTF-8: UTF-8 that may also encode lone surrogates, as `ED A0..BF 80..BF`. Each becomes one U+FFFD.
fn from_wtf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        // A surrogate is three invalid chunks: its first byte, and two bytes that can only continue a character.
        if chunk.invalid().first().is_some_and(|byte| *byte >= 0xC0) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// Rewrites valid JSON without white space. `map` replaces each string, keys included, and each number; a number that changes
/// becomes a string. `map` gets the key under which a value stands, also for the elements of an array.
pub(crate) fn map_scalars(json: &str, mut map: impl FnMut(Option<&str>, &str) -> String) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    let mut key = None;
    while let Some(first) = rest.bytes().next() {
        let length = token_length(rest.as_bytes());
        let (token, after) = rest.split_at(length);
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'"' if after.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(':') => {
                let name = unquoted(token);
                out.push_str(&quoted(&map(None, &name)));
                key = Some(name);
            }
            b'"' => out.push_str(&quoted(&map(key.as_deref(), &unquoted(token)))),
            b'-' | b'0'..=b'9' => match map(key.as_deref(), token) {
                same if same == token => out.push_str(token),
                changed => out.push_str(&quoted(&changed)),
            },
            _ => {
                if matches!(first, b'{' | b'}') {
                    key = None;
                }
                out.push_str(token);
            }
        }
        rest = after;
    }
    out
}

/// The length in bytes of the token that `json` begins with; at least 1.
fn token_length(json: &[u8]) -> usize {
    match json[0] {
        b'"' => {
            let mut at = 1;
            while at < json.len() && json[at] != b'"' {
                at += if json[at] == b'\\' { 2 } else { 1 };
            }
            (at + 1).min(json.len())
        }
        b'-' | b'0'..=b'9' => json
            .iter()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
            .unwrap_or(json.len()),
        _ => 1,
    }
}

fn unquoted(token: &str) -> Cow<'_, str> {
    serde_json::from_str::<JsonString>(token).map_or(Cow::Borrowed(token), |JsonString(text)| text)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upper(json: &str) -> String {
        map_scalars(json, |_, text| text.to_uppercase())
    }

    #[test]
    fn json_is_compacted_and_strings_and_keys_are_mapped() {
        assert_eq!(upper("[ {\"a\" : \"x\\ny\"},\n null, true ]"), r#"[{"A":"X\nY"},null,true]"#);
    }

    #[test]
    fn numbers_keep_every_digit_and_become_strings_only_when_changed() {
        assert_eq!(upper("[9007199254740993, -0.0]"), "[9007199254740993,-0.0]");
        assert_eq!(map_scalars("[4111111111111111]", |_, _| "[CREDIT_CARD_1]".into()), r#"["[CREDIT_CARD_1]"]"#);
    }

    #[test]
    fn a_value_is_mapped_with_its_key_also_in_an_array() {
        let mut seen = Vec::new();
        map_scalars(r#"{"a":{"b" : ["x",2]},"c":"y"}"#, |key, text| {
            seen.push(format!("{}={text}", key.unwrap_or_default()));
            text.to_owned()
        });
        assert_eq!(seen, ["=a", "=b", "b=x", "b=2", "=c", "c=y"]);
    }

    #[test]
    fn escaped_quotes_do_not_end_a_string() {
        assert_eq!(upper(r#"["a\"b\\", "c"]"#), r#"["A\"B\\","C"]"#);
    }

    #[test]
    fn a_lone_surrogate_becomes_a_replacement_character() {
        assert_eq!(upper(r#"["\ud800x"]"#), "[\"\u{FFFD}X\"]");
    }

    #[test]
    fn a_hundred_thousand_brackets_do_not_overflow_the_stack() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(upper(&deep), deep);
    }
}

//! One level of JSON at a time. What is not looked at is skipped by serde_json without recursion and keeps its text, so neither
//! deep nesting nor huge numbers matter here.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// A JSON value whose members are not parsed yet.
pub(crate) enum Json<'a> {
    Text(Cow<'a, str>),
    List(Vec<&'a RawValue>),
    Object(Object<'a>),
    Null,
    /// A number or a boolean.
    Other,
}

/// Parses one level. `None` for a text or a key with a lone surrogate, which serde_json refuses.
pub(crate) fn open(raw: &RawValue) -> Option<Json<'_>> {
    let text = raw.get();
    match text.as_bytes().first()? {
        b'"' => text_of(raw).map(Json::Text),
        b'[' => serde_json::from_str(text).ok().map(Json::List),
        b'{' => serde_json::from_str(text).ok().map(Json::Object),
        b'n' => Some(Json::Null),
        _ => Some(Json::Other),
    }
}

/// The text of a JSON string; `None` for every other value.
pub(crate) fn text_of(raw: &RawValue) -> Option<Cow<'_, str>> {
    // Of what is no string, serde_json would make an error with a text.
    let json = Some(raw.get()).filter(|json| json.starts_with('"'))?;
    serde_json::from_str::<Text<'_>>(json).ok().map(|text| text.0)
}

/// The value without white space between its tokens.
pub(crate) fn compact(raw: &RawValue) -> String {
    let text = raw.get();
    let mut compact = String::with_capacity(text.len());
    let (mut is_in_string, mut is_escaped, mut start) = (false, false, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !is_escaped => is_in_string = !is_in_string,
            b' ' | b'\n' | b'\r' | b'\t' if !is_in_string => {
                compact.push_str(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    compact.push_str(&text[start..]);
    compact
}

/// The members of an object, in their order.
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// The value of a key; of several the last, as everywhere in JSON.
    pub(crate) fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(found, _)| found == key).map(|(_, value)| *value)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| &**key)
    }

    /// The first of the keys that is there and is not null.
    pub(crate) fn first(&self, keys: &[&str]) -> Option<&'a RawValue> {
        keys.iter().filter_map(|key| self.get(key)).find(|value| value.get() != "null")
    }

    /// The first of the keys that holds a text.
    pub(crate) fn text(&self, keys: &[&str]) -> Option<Cow<'a, str>> {
        keys.iter().filter_map(|key| self.get(key)).find_map(text_of)
    }

    /// The first of the keys that holds an object.
    pub(crate) fn object(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().filter_map(|key| self.get(key)).find_map(|value| match open(value) {
            Some(Json::Object(object)) => Some(object),
            _ => None,
        })
    }

    /// The items of a list; `None` for every other value.
    pub(crate) fn list(&self, key: &str) -> Option<Vec<&'a RawValue>> {
        match open(self.get(key)?)? {
            Json::List(items) => Some(items),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    members.push((key.0, value));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_between_tokens_and_stays_in_strings() {
        let raw: &RawValue =
            serde_json::from_str("{ \"a b\" : [1.50, \"x \\\" y\\\\\" , \"\\\\\" ] ,\n\"é\":\tnull }").unwrap();
        assert_eq!(compact(raw), r#"{"a b":[1.50,"x \" y\\","\\"],"é":null}"#);
    }

    #[test]
    fn the_last_of_several_values_wins() {
        let object: Object<'_> = serde_json::from_str(r#"{"a":1,"a":"x","b":null,"c":2}"#).unwrap();
        assert_eq!(object.get("a").unwrap().get(), "\"x\"");
        assert_eq!(object.first(&["b", "c"]).unwrap().get(), "2");
    }
}

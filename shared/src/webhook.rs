//! What the API needs of a webhook body.
//!
//! PostHog's destinations post the same few fields in several shapes: the default template puts them under `event`, the
//! Zapier ones under `data`, a body written by hand at the top. So a value is left as the reader's own untyped JSON,
//! `V`, until its place is known; everything else in the body (above all `person`) is skipped, never held.
//!
//! Strings and property names are read as bytes, because JavaScript's JSON may carry lone surrogates (`"\ud800"`), which
//! `serde_json` refuses wherever a `str` is asked for.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// A JSON string in which each lone surrogate has become U+FFFD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Text<'de>, E> {
                Ok(Text(match std::str::from_utf8(bytes) {
                    Ok(text) => Cow::Borrowed(text),
                    Err(_) => Cow::Owned(from_wtf8(bytes)),
                }))
            }
            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(from_wtf8(bytes))))
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_bytes(TextVisitor)
    }
}

/// WTF-8 is UTF-8 that may also encode single surrogates, as `ED A0..BF 80..BF`. Each becomes one U+FFFD.
fn from_wtf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        // A surrogate comes as three invalid chunks: its first byte, and two that can only continue a character.
        if chunk.invalid().first().is_some_and(|byte| *byte >= 0xC0) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// A struct of optional untyped values that is read from a JSON object: a key given twice keeps its last value, as in
/// JavaScript, and unknown keys are skipped. (`#[derive(Deserialize)]` reads keys as `str` and refuses repeats.)
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $($key:literal)|+,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name<V> { $($(#[$field_doc])* pub $field: Option<V>,)+ }

        impl<V> Default for $name<V> {
            fn default() -> Self {
                Self { $($field: None,)+ }
            }
        }

        impl<'de, V: Deserialize<'de>> Deserialize<'de> for $name<V> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct FieldsVisitor<V>(PhantomData<V>);
                impl<'de, V: Deserialize<'de>> Visitor<'de> for FieldsVisitor<V> {
                    type Value = $name<V>;
                    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$name<V>, A::Error> {
                        let mut fields = $name::default();
                        while let Some(Text(key)) = map.next_key()? {
                            match key.as_ref() {
                                $($($key)|+ => fields.$field = Some(map.next_value()?),)+
                                _ => { map.next_value::<IgnoredAny>()?; }
                            }
                        }
                        Ok(fields)
                    }
                }
                deserializer.deserialize_map(FieldsVisitor(PhantomData))
            }
        }
    };
}

fields! {
    /// The fields of an event, wherever in the body they stand.
    EventFields {
        /// UUID of the event: PostHog's dedupe key.
        uuid: "uuid" | "eventUuid",
        /// The event's name; at the top of a default body, the object that holds all these fields.
        event: "event",
        /// PostHog's name for the person.
        distinct_id: "distinct_id" | "distinctId",
        /// When the event happened, ISO 8601.
        timestamp: "timestamp",
        /// The event's properties, an object.
        properties: "properties",
        /// At the top of a Zapier-shaped body, the object that holds all these fields.
        data: "data",
    }
}

fields! {
    /// The properties of `generation_failed` before they are checked: [`crate::event::GenerationFailed`] is what they become.
    GenerationFailedFields {
        /// A string, or the chat messages that a prompt is made of.
        input_prompt: "input_prompt",
        /// Why the generation failed.
        failure_reason: "failure_reason",
    }
}

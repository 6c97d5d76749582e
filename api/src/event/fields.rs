//! The fields of a webhook's body that the API needs.
//!
//! PostHog's destinations post the same few fields in several shapes: the default template puts them under `event`, the
//! Zapier ones under `data`, a body written by hand at the top. So a value stays untyped JSON, `V`, until its place is known.
//! Everything else in the body (above all `person`) is skipped and never held.
//!
//! Names are read as [`JsonString`]s, for JavaScript's JSON may carry lone surrogates in them, too.

use std::{fmt, marker::PhantomData};

use misfire_sanitizer::JsonString;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

/// A struct of optional untyped values that is read from a JSON object: a key given twice keeps its last value, as in
/// JavaScript, and unknown keys are skipped. (`#[derive(Deserialize)]` reads keys as `str` and refuses repeats.)
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $($key:literal)|+,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub(super) struct $name<V> { $($(#[$field_doc])* pub(super) $field: Option<V>,)+ }

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
                        while let Some(JsonString(key)) = map.next_key()? {
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
        /// At the top, beside `event`: the event that this one judges, which only a pull knows.
        about: "about",
        /// At the top: `success` when a pull has found that a generation which went well belongs to one that did not.
        kept_as: "kept_as",
    }
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;

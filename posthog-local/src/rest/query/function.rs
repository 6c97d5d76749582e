//! The functions that a query may call (`posthog/hogql/functions/`).

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{
    table, time,
    value::{Kind, Value},
};
use crate::store::Entry;

/// A function of rows. Those of constants alone are called at once; see [`call`](super::call).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    ToString,
    ToFloat,
    Length,
    Lower,
    IfNull,
    JsonHas,
    JsonExtractRaw,
    JsonExtractString,
    JsonExtractBool,
}

impl Function {
    /// The kind of its value, if its first argument has the kind `first`.
    pub(super) fn kind(self, first: Kind) -> Kind {
        match self {
            Self::ToString | Self::Lower | Self::JsonExtractRaw | Self::JsonExtractString => Kind::Text,
            Self::ToFloat | Self::Length => Kind::Number,
            Self::JsonHas | Self::JsonExtractBool => Kind::Bool,
            Self::IfNull => first.plain(),
        }
    }

    /// Calls it in the row of an event. `value` gives the value of its nth argument, and null after the last one.
    pub(super) fn call<'a>(self, value: &dyn Fn(usize) -> Value<'a>, entry: &'a Entry) -> Value<'a> {
        match self {
            Self::ToString => match value(0) {
                Value::Uuid(uuid) => Value::text(uuid.to_string()),
                Value::Time(micros) => Value::text(time::plain(micros)),
                text => text,
            },
            Self::ToFloat => match value(0) {
                Value::Text(text) => text.trim().parse().map_or(Value::Null, Value::Number),
                number => number,
            },
            // In bytes, as in ClickHouse.
            Self::Length => match value(0) {
                Value::Text(text) => Value::Number(text.len() as f64),
                _ => Value::Null,
            },
            Self::Lower => match value(0) {
                Value::Text(text) => Value::text(text.to_ascii_lowercase()),
                null => null,
            },
            Self::IfNull => match value(0) {
                Value::Null => value(1),
                first => first,
            },
            Self::JsonHas => Value::Bool(json(value, entry).is_some()),
            Self::JsonExtractBool => Value::Bool(json(value, entry) == Some(&Json::Bool(true))),
            Self::JsonExtractRaw => Value::text(json(value, entry).map(Json::to_string).unwrap_or_default()),
            Self::JsonExtractString => {
                Value::Text(Cow::Borrowed(json(value, entry).and_then(Json::as_str).unwrap_or_default()))
            }
        }
    }
}

/// The JSON at the path that the arguments after the first one name.
fn json<'a>(value: &dyn Fn(usize) -> Value<'a>, entry: &'a Entry) -> Option<&'a Json> {
    let names = (1..).map_while(|n| match value(n) {
        Value::Text(name) => Some(name.into_owned()),
        _ => None,
    });
    table::find(&entry.properties, &names.collect::<Vec<_>>())
}

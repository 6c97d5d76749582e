//! The functions that a query may call (`posthog/hogql/functions/`).

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{
    Refusal,
    expression::Expression,
    table::{self, Column},
    time,
    value::{Kind, Value},
};
use crate::store::Entry;

/// A function of rows. Those of constants alone are called at once; see [`call`].
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

/// The names of all functions, for messages.
const NAMES: &str = "toDateTime, toDateTime64, toUUID, now, tuple, toString, toFloat, length, lower, ifNull, coalesce, \
                     JSONHas, JSONExtractRaw, JSONExtractString, JSONExtractBool";

/// Calls a function by its name, which is compared with its case, as in HogQL.
///
/// # Errors
/// It is unknown, or takes other arguments.
pub(super) fn call(name: &str, arguments: Vec<Expression>, now: Timestamp) -> Result<Expression, Refusal> {
    use Kind::{Number, Property, Text, Time, Uuid};
    let kinds: Vec<_> = arguments.iter().map(Expression::kind).collect();
    let wrong = |takes: &str| Err(format!("posthog-local's {name} takes {takes}"));
    let constant = |value| Ok(Expression::Constant(value));
    let function = match (name, arguments.as_slice()) {
        ("now", []) => return constant(Value::Time(now.as_microsecond())),
        ("tuple", [_, ..]) => return Ok(Expression::Tuple(arguments)),
        ("toDateTime", [Expression::Constant(Value::Text(text)), zone @ ..]) if is_utc(zone) => {
            return constant(time::best_effort(text).map_or(Value::Null, Value::Time));
        }
        ("toDateTime", _) => return wrong("a constant text, and 'UTC' if anything"),
        (
            "toDateTime64",
            [Expression::Constant(Value::Text(text)), Expression::Constant(Value::Number(digits)), zone @ ..],
        ) if is_utc(zone) => return to_date_time_64(text, *digits).map(Expression::Constant),
        ("toDateTime64", _) => return wrong("a constant text, a number of digits, and 'UTC' if anything"),
        ("toUUID", [Expression::Constant(Value::Text(text))]) => {
            return constant(text.parse().map_or(Value::Null, Value::Uuid));
        }
        ("toUUID", _) => return wrong("a constant text"),
        ("toString", _) if matches!(kinds[..], [Text | Property | Uuid | Time]) => Function::ToString,
        ("toString", _) => return wrong("a text, a property, a UUID or a time"),
        ("toFloat", _) if matches!(kinds[..], [Text | Property | Number]) => Function::ToFloat,
        ("toFloat", _) => return wrong("a text, a property or a number"),
        ("length", _) if matches!(kinds[..], [Text | Property]) => Function::Length,
        ("length", _) => return wrong("a text"),
        ("lower", _) if matches!(kinds[..], [Text | Property]) => Function::Lower,
        ("lower", _) => return wrong("a text"),
        ("ifNull" | "coalesce", [first, second]) if plain(first.kind()) == plain(second.kind()) => Function::IfNull,
        ("ifNull" | "coalesce", _) => return wrong("two values of one kind"),
        ("JSONHas", _) if is_path(&arguments) => Function::JsonHas,
        ("JSONExtractRaw", _) if is_path(&arguments) => Function::JsonExtractRaw,
        ("JSONExtractString", _) if is_path(&arguments) => Function::JsonExtractString,
        ("JSONExtractBool", _) if is_path(&arguments) => Function::JsonExtractBool,
        ("JSONHas" | "JSONExtractRaw" | "JSONExtractString" | "JSONExtractBool", _) => {
            return wrong("properties and constant names");
        }
        _ => return Err(format!("posthog-local does not know the function {name}; it knows {NAMES}")),
    };
    Ok(Expression::Call(function, arguments))
}

fn to_date_time_64(text: &str, digits: f64) -> Result<Value<'static>, Refusal> {
    if digits.fract() != 0.0 || !(0.0..=9.0).contains(&digits) {
        return Err("toDateTime64 takes 0 to 9 digits".to_owned());
    }
    // The columns have microseconds, so that more digits change nothing.
    let step = 10_i64.pow(6_u32.saturating_sub(digits as u32));
    let micros = time::civil(text).ok_or_else(|| {
        format!("Cannot parse string '{text}' as DateTime64 (YYYY-MM-DD hh:mm:ss, UTC); toDateTime reads other forms")
    })?;
    Ok(Value::Time(micros.div_euclid(step) * step))
}

fn plain(kind: Kind) -> Kind {
    if kind == Kind::Property { Kind::Text } else { kind }
}

fn is_utc(zone: &[Expression]) -> bool {
    match zone {
        [] => true,
        [Expression::Constant(Value::Text(zone))] => zone == "UTC",
        _ => false,
    }
}

fn is_path(arguments: &[Expression]) -> bool {
    matches!(arguments, [Expression::Column(Column::Properties), _, ..])
        && arguments[1..].iter().all(|part| matches!(part, Expression::Constant(Value::Text(_))))
}

impl Function {
    pub(super) fn kind(self, arguments: &[Expression]) -> Kind {
        match self {
            Self::ToString | Self::Lower | Self::JsonExtractRaw | Self::JsonExtractString => Kind::Text,
            Self::ToFloat | Self::Length => Kind::Number,
            Self::JsonHas | Self::JsonExtractBool => Kind::Bool,
            Self::IfNull => arguments.first().map_or(Kind::Null, |first| plain(first.kind())),
        }
    }

    pub(super) fn call<'a>(self, arguments: &'a [Expression], entry: &'a Entry) -> Value<'a> {
        let value = |n: usize| arguments.get(n).map_or(Value::Null, |argument| argument.value(entry));
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
            Self::JsonHas => Value::Bool(json(arguments, entry).is_some()),
            Self::JsonExtractBool => Value::Bool(json(arguments, entry) == Some(&Json::Bool(true))),
            Self::JsonExtractRaw => Value::text(json(arguments, entry).map(Json::to_string).unwrap_or_default()),
            Self::JsonExtractString => {
                Value::Text(Cow::Borrowed(json(arguments, entry).and_then(Json::as_str).unwrap_or_default()))
            }
        }
    }
}

/// The JSON at the path that the arguments after the first one name.
fn json<'a>(arguments: &[Expression], entry: &'a Entry) -> Option<&'a Json> {
    let names = arguments[1..].iter().filter_map(|part| match part {
        Expression::Constant(Value::Text(name)) => Some(name.clone().into_owned()),
        _ => None,
    });
    table::find(&entry.properties, &names.collect::<Vec<_>>())
}

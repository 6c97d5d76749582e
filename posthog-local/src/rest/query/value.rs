//! Values of a query, and how ClickHouse compares them.

use std::{borrow::Cow, cmp::Ordering};

use serde_json::Value as Json;
use uuid::Uuid;

use super::time;

/// What kind of value an expression has. It is known before any row is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Text,
    /// `properties.name`: text, of a value whose type PostHog may know.
    Property,
    Number,
    Bool,
    Time,
    Uuid,
    Tuple,
}

impl Kind {
    /// The kind without what is special about properties.
    pub(super) fn plain(self) -> Self {
        if self == Self::Property { Self::Text } else { self }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Text => "a text",
            Self::Property => "a property",
            Self::Number => "a number",
            Self::Bool => "a condition",
            Self::Time => "a time",
            Self::Uuid => "a UUID",
            Self::Tuple => "a list",
        }
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Number(f64),
    Bool(bool),
    /// Microseconds since 1970, as a `DateTime64(6)` has them.
    Time(i64),
    Uuid(Uuid),
    Tuple(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Text(_) => Kind::Text,
            Self::Number(_) => Kind::Number,
            Self::Bool(_) => Kind::Bool,
            Self::Time(_) => Kind::Time,
            Self::Uuid(_) => Kind::Uuid,
            Self::Tuple(_) => Kind::Tuple,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// The order of two values of one kind; `None` where one of them is null.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b),
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Time(a), Self::Time(b)) => Some(a.cmp(b)),
            (Self::Uuid(a), Self::Uuid(b)) => Some(uuid_key(*a).cmp(&uuid_key(*b))),
            (Self::Tuple(a), Self::Tuple(b)) => {
                for (a, b) in a.iter().zip(b) {
                    match a.order(b)? {
                        Ordering::Equal => {}
                        unequal => return Some(unequal),
                    }
                }
                Some(Ordering::Equal)
            }
            _ => None,
        }
    }

    /// The value in an answer.
    pub(super) fn json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Text(text) => text.into_owned().into(),
            // ClickHouse has integers, too.
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => (number as i64).into(),
            Self::Number(number) => number.into(),
            Self::Bool(bool) => bool.into(),
            Self::Time(micros) => time::format(micros).into(),
            Self::Uuid(uuid) => uuid.to_string().into(),
            Self::Tuple(values) => values.into_iter().map(Value::json).collect(),
        }
    }
}

/// ClickHouse orders UUIDs by their second half, and by the first one only where the second ones are equal.
fn uuid_key(uuid: Uuid) -> (u64, u64) {
    let (first, second) = uuid.as_u64_pair();
    (second, first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_ordered_by_their_second_half() {
        let uuid = |text: &str| Value::Uuid(text.parse().unwrap());
        let low = uuid("ffffffff-ffff-7fff-8000-000000000001");
        let high = uuid("00000000-0000-7000-8000-000000000002");
        let higher = uuid("00000000-0000-7000-8000-000000000003");
        let equal_half = uuid("00000001-0000-7000-8000-000000000002");
        assert_eq!(low.order(&high), Some(Ordering::Less));
        assert_eq!(high.order(&higher), Some(Ordering::Less));
        assert_eq!(high.order(&equal_half), Some(Ordering::Less));
    }

    #[test]
    fn tuples_are_ordered_from_the_left_and_null_has_no_order() {
        let pair = |time, text: Option<&str>| {
            Value::Tuple(vec![Value::Time(time), text.map_or(Value::Null, |text| Value::text(text.to_owned()))])
        };
        assert_eq!(pair(1, Some("b")).order(&pair(2, Some("a"))), Some(Ordering::Less));
        assert_eq!(pair(1, Some("b")).order(&pair(1, Some("a"))), Some(Ordering::Greater));
        assert_eq!(pair(1, Some("a")).order(&pair(1, Some("a"))), Some(Ordering::Equal));
        assert_eq!(pair(1, None).order(&pair(2, Some("a"))), Some(Ordering::Less));
        assert_eq!(pair(1, None).order(&pair(1, Some("a"))), None);
    }
}

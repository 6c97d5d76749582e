//! Values as liquidjs sees them (`src/util/underscore.ts`, `src/context/context.ts`, `src/render/operator.ts`).

use std::cmp::Ordering;

use serde_json::{Value as Json, json};

use crate::js;

/// What an expression evaluates to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A variable or property that does not exist. It prints like null, but compares with nothing.
    Undefined,
    /// The words `nil` and `null`.
    Nil,
    /// The word `empty`.
    Empty,
    /// The word `blank`.
    Blank,
    /// Anything else.
    Json(Json),
}

impl Value {
    /// The value as filters see it.
    pub(super) fn into_json(self) -> Json {
        match self {
            Self::Undefined | Self::Nil => Json::Null,
            Self::Empty | Self::Blank => Json::String(String::new()),
            Self::Json(json) => json,
        }
    }

    /// Everything but `false` and nothing.
    pub(super) fn is_truthy(&self) -> bool {
        !matches!(self, Self::Undefined | Self::Nil | Self::Json(Json::Null | Json::Bool(false)))
    }

    fn is_nil(&self) -> bool {
        matches!(self, Self::Undefined | Self::Nil | Self::Json(Json::Null))
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Json(Json::String(text)) => text.is_empty(),
            Self::Json(Json::Array(values)) => values.is_empty(),
            Self::Json(Json::Object(object)) => object.is_empty(),
            Self::Empty => true,
            _ => false,
        }
    }

    fn is_blank(&self) -> bool {
        match self {
            Self::Json(Json::Bool(false)) | Self::Blank => true,
            Self::Json(Json::String(text)) => text.trim().is_empty(),
            other => other.is_nil() || other.is_empty(),
        }
    }
}

/// `==`
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Nil, other) | (other, Value::Nil) => other.is_nil(),
        (Value::Blank, other) | (other, Value::Blank) => other.is_blank(),
        (Value::Empty, other) | (other, Value::Empty) => other.is_empty(),
        (Value::Json(left), Value::Json(right)) => equal_json(left, right),
        (Value::Undefined, Value::Undefined) => true,
        (Value::Undefined, Value::Json(_)) | (Value::Json(_), Value::Undefined) => false,
    }
}

pub(super) fn equal_json(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(_), Json::Number(_)) => js::number(left) == js::number(right),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal_json(left, right))
        }
        // Objects are equal only to themselves, which cannot be told here.
        (Json::Object(_), Json::Object(_)) => false,
        _ => left == right,
    }
}

/// `<` and `>`; `None` when neither of them nor `==` holds.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Json(Json::String(left)), Value::Json(Json::String(right))) => {
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        (Value::Json(left), Value::Json(right)) => js::number(left).partial_cmp(&js::number(right)),
        _ => None,
    }
}

/// `contains`
pub(super) fn contains(left: &Value, right: &Value) -> bool {
    match left {
        Value::Json(Json::Array(values)) => values.iter().any(|value| equal(&Value::Json(value.clone()), right)),
        Value::Json(Json::String(text)) => text.contains(&js::text(&right.clone().into_json())),
        _ => false,
    }
}

/// A value as text: nothing is empty, and the parts of a list follow each other.
pub(super) fn stringify(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Array(values) => values.iter().map(stringify).collect(),
        other => js::text(other),
    }
}

/// A number as a value. JSON has no infinite numbers and no NaN, so these become their text.
pub(super) fn number(number: f64) -> Json {
    if !number.is_finite() {
        js::number_text(number).into()
    } else if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        (number as i64).into()
    } else {
        number.into()
    }
}

/// A property of a value.
pub(super) fn property(value: &Json, key: &Json) -> Value {
    let name = stringify(key);
    let at = |index: usize| match value {
        Json::Array(values) => values.get(index).cloned(),
        Json::String(text) => text.encode_utf16().nth(index).map(|unit| String::from_utf16_lossy(&[unit]).into()),
        _ => None,
    };
    let length = match value {
        Json::Array(values) => Some(values.len()),
        Json::String(text) => Some(text.encode_utf16().count()),
        _ => None,
    };
    let found = match (value, name.as_str()) {
        (Json::Null, _) => return Value::Json(Json::Null),
        (Json::Object(object), name) if object.contains_key(name) => object.get(name).cloned(),
        (Json::Object(object), "size") => Some(json!(object.len())),
        (Json::Array(_) | Json::String(_), "size" | "length") => Some(json!(length)),
        (Json::Array(_), "first") => at(0),
        (Json::Array(values), "last") => values.last().cloned(),
        (Json::Array(_), _) if key.is_number() => {
            let index = js::number(key);
            let from_end = length.unwrap_or_default() as f64 + index;
            let index = if index < 0.0 { from_end } else { index };
            (index >= 0.0 && index.fract() == 0.0).then(|| at(index as usize)).flatten()
        }
        (Json::Array(_) | Json::String(_), name) => name.parse().ok().and_then(at),
        _ => None,
    };
    found.map_or(Value::Undefined, Value::Json)
}

/// The property at a path like `properties.plan`.
pub(super) fn at_path(value: &Json, path: &str) -> Value {
    path.split('.').fold(Value::Json(value.clone()), |value, key| match value {
        Value::Json(value) => property(&value, &key.into()),
        nothing => nothing,
    })
}

/// What a loop goes over: the parts of a list, the pairs of an object, or a text as one part.
pub(super) fn enumerated(value: Json) -> Vec<Json> {
    match value {
        Json::Array(values) => values,
        Json::String(text) if !text.is_empty() => vec![text.into()],
        Json::Object(object) => object.into_iter().map(|(key, value)| json!([key, value])).collect(),
        _ => Vec::new(),
    }
}

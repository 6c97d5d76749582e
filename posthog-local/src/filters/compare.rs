//! Comparison as in PostHog's Hog VM: as in JavaScript, after the types were unified
//! (`unifyComparisonTypes` in `common/hogvm/typescript/src/utils.ts`; the results were measured with `@posthog/hogvm`).

use std::cmp::Ordering;

use serde_json::Value;

enum Unified<'a> {
    Numbers(f64, f64),
    Bools(bool, bool),
    Texts(&'a str, &'a str),
    /// Null, lists and objects, which are not unified.
    Other,
}

fn unified<'a>(left: &'a Value, right: &'a Value) -> Unified<'a> {
    use Value::{Bool, Number, String};
    match (left, right) {
        (Number(_), Number(_) | Bool(_) | String(_)) | (Bool(_) | String(_), Number(_)) => {
            Unified::Numbers(number(left), number(right))
        }
        (Bool(left), Bool(right)) => Unified::Bools(*left, *right),
        (Bool(left), String(right)) => Unified::Bools(*left, right == "true"),
        (String(left), Bool(right)) => Unified::Bools(left == "true", *right),
        (String(left), String(right)) => Unified::Texts(left, right),
        _ => Unified::Other,
    }
}

/// Hog's `==`.
pub fn equal(left: &Value, right: &Value) -> bool {
    match unified(left, right) {
        Unified::Numbers(left, right) => left == right,
        Unified::Bools(left, right) => left == right,
        Unified::Texts(left, right) => left == right,
        // As in JavaScript, two lists are never equal.
        Unified::Other => left.is_null() && right.is_null(),
    }
}

/// Equality as in Hog's `in`, which does not unify types: 5 is not in `["5"]`.
pub fn identical(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => number(left) == number(right),
        (Value::Array(_) | Value::Object(_), _) => false,
        _ => left == right,
    }
}

/// Hog's `<` and `>`; `None` when neither of them nor `==` holds.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match unified(left, right) {
        Unified::Numbers(left, right) => left.partial_cmp(&right),
        Unified::Bools(left, right) => Some(left.cmp(&right)),
        // JavaScript orders strings by UTF-16 code units.
        Unified::Texts(left, right) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        // JavaScript's own conversion: null is 0.
        Unified::Other => number(left).partial_cmp(&number(right)),
    }
}

/// JavaScript's `Number()`.
fn number(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(bool) => f64::from(u8::from(*bool)),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(text) => number_in(text.trim()),
        Value::Array(_) | Value::Object(_) => f64::NAN,
    }
}

fn number_in(text: &str) -> f64 {
    let radix = |digits, radix| u64::from_str_radix(digits, radix).map_or(f64::NAN, |number| number as f64);
    match text.get(..2) {
        _ if text.is_empty() => return 0.0,
        Some("0x" | "0X") => return radix(&text[2..], 16),
        Some("0o" | "0O") => return radix(&text[2..], 8),
        Some("0b" | "0B") => return radix(&text[2..], 2),
        _ => {}
    }
    match text {
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        // Rust would also read "inf" and "nan", which JavaScript does not.
        _ if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

/// A value as text, as JavaScript's `String()` makes it: 5.0 becomes `5`. Lists and objects become JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

//! Comparison as the Hog VM does it, which is as JavaScript does it after the types were made alike
//! (`unifyComparisonTypes` in `common/hogvm/typescript/src/utils.ts`; the outcomes were measured with `@posthog/hogvm`).

use std::cmp::Ordering;

use serde_json::Value;

enum Unified<'a> {
    Numbers(f64, f64),
    Bools(bool, bool),
    Texts(&'a str, &'a str),
    /// Null, lists and objects: nothing is made alike.
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

/// `==` of Hog.
pub fn equal(left: &Value, right: &Value) -> bool {
    match unified(left, right) {
        Unified::Numbers(left, right) => left == right,
        Unified::Bools(left, right) => left == right,
        Unified::Texts(left, right) => left == right,
        // Two lists are never the same list.
        Unified::Other => left.is_null() && right.is_null(),
    }
}

/// Membership in a list, where nothing is made alike: 5 is not in `["5"]`.
pub fn identical(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => number(left) == number(right),
        (Value::Array(_) | Value::Object(_), _) => false,
        _ => left == right,
    }
}

/// `<` and `>` of Hog; `None` when neither holds nor `==` does.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match unified(left, right) {
        Unified::Numbers(left, right) => left.partial_cmp(&right),
        Unified::Bools(left, right) => Some(left.cmp(&right)),
        // JavaScript orders texts by UTF-16 code units.
        Unified::Texts(left, right) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        // What JavaScript does on its own: null is 0.
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
        // Rust also reads "inf" and "nan" in any case.
        _ if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

/// JavaScript's `String()` for what is compared as text: 5.0 is `5`, lists and objects are JSON.
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

//! Comparison as in PostHog's Hog VM: as in JavaScript, after the types were unified
//! (`unifyComparisonTypes` in `common/hogvm/typescript/src/utils.ts`; the results were measured with `@posthog/hogvm`).

use std::cmp::Ordering;

use serde_json::Value;

use crate::js::{number, text};

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
    let is_list = |value: &Value| value.is_array() || value.is_object();
    match unified(left, right) {
        // JavaScript compares the text of a list or an object, where the other side is text.
        Unified::Other if is_list(left) && right.is_string() || left.is_string() && is_list(right) => {
            Some(text(left).encode_utf16().cmp(text(right).encode_utf16()))
        }
        Unified::Numbers(left, right) => left.partial_cmp(&right),
        Unified::Bools(left, right) => Some(left.cmp(&right)),
        // JavaScript orders strings by UTF-16 code units.
        Unified::Texts(left, right) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        // JavaScript's own conversion: null is 0.
        Unified::Other => number(left).partial_cmp(&number(right)),
    }
}

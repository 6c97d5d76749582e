//! Filters of numbers (`src/filters/math.ts`). A text that is no number counts as 0.

use serde_json::Value as Json;

use super::arguments::{Arguments, Handler};
use crate::{
    js,
    liquid::value::{number, stringify},
};

pub(super) const FILTERS: &[(&str, Handler)] = &[
    ("abs", |value, _| Ok(number(of(value).abs()))),
    ("at_least", |value, arguments| two(value, arguments, f64::max)),
    ("at_most", |value, arguments| two(value, arguments, f64::min)),
    ("ceil", |value, _| Ok(number(of(value).ceil()))),
    ("floor", |value, _| Ok(number(of(value).floor()))),
    ("plus", |value, arguments| two(value, arguments, |a, b| a + b)),
    ("minus", |value, arguments| two(value, arguments, |a, b| a - b)),
    ("times", |value, arguments| two(value, arguments, |a, b| a * b)),
    ("modulo", |value, arguments| two(value, arguments, |a, b| ((a % b) + b) % b)),
    ("divided_by", |value, arguments| {
        // With `true` as a second argument the result is a whole number.
        let is_whole = arguments.number(1).is_some_and(|flag| flag != 0.0);
        two(value, arguments, |a, b| if is_whole { (a / b).floor() } else { a / b })
    }),
    ("round", |value, arguments| Ok(number(round(of(value), arguments.number(0).unwrap_or(0.0))))),
    ("to_integer", |value, _| Ok(number(js::number(value)))),
];

fn of(value: &Json) -> f64 {
    let number = js::number(value);
    if number.is_nan() { 0.0 } else { number }
}

fn two(value: &Json, arguments: &Arguments<'_>, operation: impl Fn(f64, f64) -> f64) -> Result<Json, String> {
    let second = arguments.get(0).map_or(f64::NAN, |argument| of(&argument));
    let (first, result) = (of(value), operation(of(value), second));
    // JavaScript's min and max give NaN where Rust's ignore it.
    Ok(if second.is_nan() && !first.is_nan() { number(f64::NAN) } else { number(result) })
}

/// Rounds half up, in decimal.
fn round(value: f64, digits: f64) -> f64 {
    let shift = |number: f64, by: f64| {
        let text = format!("{number:e}");
        let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
        let power = power.parse::<f64>().unwrap_or(0.0) + by;
        format!("{mantissa}e{power}").parse::<f64>().unwrap_or(f64::NAN)
    };
    let scaled = shift(value.abs(), digits);
    if scaled.is_nan() || scaled > 9_007_199_254_740_991.0 {
        return value;
    }
    let rounded = shift((scaled + 0.5).floor(), -digits);
    if value < 0.0 { -rounded } else { rounded }
}

/// A value as a number for a sum: what is none counts as 0.
pub(super) fn addend(value: &Json) -> f64 {
    let number = js::number(value);
    if number.is_nan() { js::number(&Json::String(stringify(value))) } else { number }
}

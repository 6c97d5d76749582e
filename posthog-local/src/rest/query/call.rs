//! Makes an expression of a call in the query.

use jiff::Timestamp;

use super::{
    expression::Expression,
    function::Function,
    refusal::Refusal,
    table::Column,
    time,
    value::{Kind, Value},
};

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
        ("ifNull" | "coalesce", [first, second]) if first.kind().plain() == second.kind().plain() => Function::IfNull,
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

//! Within which time a condition can hold, so that a page of a long table needs no walk over all of it.

use std::ops::RangeInclusive;

use super::{
    expression::{Comparison, Expression},
    table::Column,
    value::Value,
};

/// The created_at, in microseconds since 1970, of all rows in which the condition may hold.
pub(super) fn created(condition: &Expression) -> RangeInclusive<i64> {
    let all = i64::MIN..=i64::MAX;
    match condition {
        Expression::All(parts) => {
            parts.iter().map(created).fold(all, |a, b| *a.start().max(b.start())..=*a.end().min(b.end()))
        }
        Expression::Any(parts) => {
            let hull =
                |a: RangeInclusive<i64>, b: RangeInclusive<i64>| *a.start().min(b.start())..=*a.end().max(b.end());
            parts.iter().map(created).reduce(hull).unwrap_or(all)
        }
        Expression::Compare(comparison, sides) => match compared(&sides[0], &sides[1]) {
            None => all,
            Some((micros, is_whole)) => match comparison {
                Comparison::Greater | Comparison::GreaterOrEqual => micros..=i64::MAX,
                Comparison::Less | Comparison::LessOrEqual => i64::MIN..=micros,
                Comparison::Equal if is_whole => micros..=micros,
                Comparison::Equal | Comparison::NotEqual => all,
            },
        },
        _ => all,
    }
}

/// The time that created_at is compared with, alone or as the first of a tuple; and whether it is alone.
fn compared(left: &Expression, right: &Expression) -> Option<(i64, bool)> {
    match (left, right) {
        (Expression::Column(Column::CreatedAt), Expression::Constant(Value::Time(micros))) => Some((*micros, true)),
        (Expression::Tuple(left), Expression::Tuple(right)) => {
            compared(left.first()?, right.first()?).map(|(micros, _)| (micros, false))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::rest::query::parse;

    #[test]
    fn a_condition_bounds_the_time() {
        const MIN: i64 = i64::MIN;
        const MAX: i64 = i64::MAX;
        for (condition, expected) in [
            ("created_at >= toDateTime({a})", 5..=MAX),
            ("created_at < toDateTime({b}) AND event = 'e' AND created_at > toDateTime({a})", 5..=9),
            ("(created_at, uuid) > (toDateTime({a}), toUUID('0193b2c8-77aa-7000-8000-000000000001'))", 5..=MAX),
            ("created_at > toDateTime({b}) OR (created_at = toDateTime({a}) AND event > 'e')", 5..=MAX),
            ("created_at = toDateTime({a})", 5..=5),
            // What says nothing, or is not understood here, bounds nothing.
            ("created_at = toDateTime({a}) OR event = 'e'", MIN..=MAX),
            ("NOT created_at > toDateTime({a})", MIN..=MAX),
            ("toDateTime({a}) < created_at", MIN..=MAX),
            ("created_at != toDateTime({a})", MIN..=MAX),
            ("timestamp > toDateTime({a})", MIN..=MAX),
        ] {
            let values = json!({"a": "1970-01-01T00:00:00.000005Z", "b": "1970-01-01T00:00:00.000009Z"});
            let query = format!("SELECT uuid FROM events WHERE {condition}");
            let select = parse::select(&query, &values, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(created(&select.condition.unwrap()), expected, "{condition}");
        }
    }
}

//! A condition on one property.

use std::cmp::Ordering;

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::{
    compare::{equal, identical, order, text},
    operator::Operator,
    verdict::Verdict,
};
use crate::{globals::Globals, json::excerpt};

/// How much of a value a reason shows, in characters.
const SHOWN_CHARS_MAX: usize = 80;

/// A condition on a property, ready to be evaluated.
#[derive(Debug)]
pub struct PropertyFilter {
    /// `event` or `person`.
    root: &'static str,
    key: String,
    operator: Operator,
    test: Test,
    /// The condition in words.
    rule: String,
}

#[derive(Debug)]
enum Test {
    /// An empty list of values always holds, as in PostHog.
    Always,
    /// A single value.
    One(Matcher),
    /// Several values: one must hold, or all if the operator is negative.
    Several(Vec<Matcher>),
    /// Several values of `exact`, `in` and their opposites: the property must be in the list, or not.
    Among(Vec<Value>),
}

#[derive(Debug)]
enum Matcher {
    Compare(Value),
    Range(Value, Value),
    Pattern(Regex),
}

impl PropertyFilter {
    /// Makes a condition on `root`'s property `key`.
    ///
    /// # Errors
    /// The value is missing, or is not a valid pattern. The error does not name the place in the declaration.
    pub fn new(root: &'static str, key: String, operator: Operator, value: Option<Value>) -> Result<Self, String> {
        let rule = match &value {
            _ if operator.needs_no_value() => format!("{key} {}", operator.name()),
            Some(value) => format!("{key} {} {}", operator.name(), shown(value)),
            None => return Err(format!("{} needs a value", operator.name())),
        };
        let matcher = |value| Matcher::new(operator, value);
        let is_range = matches!(operator, Operator::Between | Operator::NotBetween);
        let test = match value.unwrap_or(Value::Null) {
            Value::Array(values) if is_range => match <[Value; 2]>::try_from(values) {
                Ok([first, last]) => Test::One(Matcher::Range(first, last)),
                Err(_) => return Err(format!("{} needs two values", operator.name())),
            },
            _ if is_range => return Err(format!("{} needs two values", operator.name())),
            Value::Array(values) if values.is_empty() => Test::Always,
            Value::Array(mut values) if values.len() == 1 => Test::One(matcher(values.remove(0))?),
            Value::Array(values) => match operator {
                Operator::Exact | Operator::In | Operator::IsNot | Operator::NotIn => Test::Among(values),
                _ => Test::Several(values.into_iter().map(matcher).collect::<Result<_, _>>()?),
            },
            value => Test::One(matcher(value)?),
        };
        Ok(Self { root, key, operator, test, rule })
    }

    /// Judges one event.
    pub fn judge(&self, globals: &Globals) -> Verdict {
        let value = &globals.get(self.root)["properties"][&self.key];
        let matched = self.holds(value);
        let who = if self.root == "person" { "the person's " } else { "" };
        let why = match matched {
            true => format!("{who}{}: it is {}", self.rule, shown(value)),
            false => format!("{who}{} does not hold: it is {}", self.rule, shown(value)),
        };
        Verdict { matched, why }
    }

    fn holds(&self, value: &Value) -> bool {
        let holds = |matcher: &Matcher| matcher.holds(self.operator, value);
        match &self.test {
            Test::Always => true,
            Test::One(matcher) => holds(matcher),
            Test::Several(matchers) if self.operator.is_negative() => matchers.iter().all(holds),
            Test::Several(matchers) => matchers.iter().any(holds),
            Test::Among(values) => values.iter().any(|wanted| identical(value, wanted)) != self.operator.is_negative(),
        }
    }
}

impl Matcher {
    fn new(operator: Operator, value: Value) -> Result<Self, String> {
        let pattern = match operator {
            Operator::Regex | Operator::NotRegex => text(&value),
            Operator::Icontains | Operator::NotIcontains | Operator::IcontainsMulti | Operator::NotIcontainsMulti => {
                like(&text(&value))
            }
            _ => return Ok(Self::Compare(value)),
        };
        let pattern = RegexBuilder::new(&pattern).size_limit(1 << 20).build();
        pattern.map(Self::Pattern).map_err(|error| error.to_string())
    }

    fn holds(&self, operator: Operator, value: &Value) -> bool {
        match self {
            // In PostHog no pattern matches a missing property.
            Self::Pattern(pattern) => (!value.is_null() && pattern.is_match(&text(value))) != operator.is_negative(),
            // Inferred, not measured: `gte` and `lte` together, or the opposite.
            Self::Range(first, last) => {
                let is_within =
                    order(value, first).is_some_and(Ordering::is_ge) && order(value, last).is_some_and(Ordering::is_le);
                is_within != (operator == Operator::NotBetween)
            }
            Self::Compare(wanted) => match operator {
                Operator::IsNot | Operator::NotIn => !equal(value, wanted),
                Operator::Gt => order(value, wanted) == Some(Ordering::Greater),
                Operator::Gte => order(value, wanted).is_some_and(Ordering::is_ge),
                Operator::Lt => order(value, wanted) == Some(Ordering::Less),
                Operator::Lte => order(value, wanted).is_some_and(Ordering::is_le),
                Operator::IsSet => !value.is_null(),
                Operator::IsNotSet => value.is_null(),
                Operator::Exact | Operator::In => equal(value, wanted),
                // `new` makes these into patterns and ranges.
                Operator::Regex
                | Operator::NotRegex
                | Operator::Icontains
                | Operator::NotIcontains
                | Operator::IcontainsMulti
                | Operator::NotIcontainsMulti
                | Operator::Between
                | Operator::NotBetween => false,
            },
        }
    }
}

/// A value in a reason.
fn shown(value: &Value) -> String {
    if value.is_null() { "not there".to_owned() } else { excerpt(value, SHOWN_CHARS_MAX) }
}

/// SQL's `ILIKE '%…%'` as a regular expression.
fn like(pattern: &str) -> String {
    let body: String = pattern
        .chars()
        .map(|c| match c {
            '%' => ".*".to_owned(),
            '_' => ".".to_owned(),
            c => regex::escape(c.encode_utf8(&mut [0; 4])),
        })
        .collect();
    format!("(?is){body}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(operator: &str, wanted: Value, value: Value) -> bool {
        let operator = serde_json::from_value(json!(operator)).unwrap();
        PropertyFilter::new("event", "p".to_owned(), operator, Some(wanted)).unwrap().holds(&value)
    }

    /// The measured table of facts.md, section 4.3, row by row.
    #[test]
    fn exact_compares_as_the_hog_vm_was_measured_to() {
        let wanted = [json!("5"), json!(5), json!(["5", "6"]), json!([5, 6])];
        for (value, expected) in [
            (json!(5), [true, true, false, true]),
            (json!("5"), [true, true, true, false]),
            (json!("5.0"), [false, true, false, false]),
            (json!("05"), [false, true, false, false]),
            (json!(null), [false, false, false, false]),
        ] {
            for (wanted, expected) in wanted.iter().zip(expected) {
                assert_eq!(holds("exact", wanted.clone(), value.clone()), expected, "{value} exact {wanted}");
            }
        }
    }

    #[test]
    fn every_operator_holds_where_posthogs_does_and_nowhere_else() {
        for (value, operator, wanted, expected) in [
            (json!(true), "exact", json!("true"), true),
            (json!(true), "exact", json!("1"), false),
            (json!(true), "exact", json!(1), true),
            (json!(""), "exact", json!(0), true),
            (json!(5), "exact", json!(["5"]), true),
            (json!(5), "exact", json!([]), true),
            (json!(4), "exact", json!("5"), false),
            (json!(5.0), "exact", json!("5"), true),
            (json!(null), "is_not", json!("5"), true),
            (json!(5), "is_not", json!("5"), false),
            (json!(5), "is_not", json!(["5", "6"]), true),
            (json!("5"), "is_not", json!(["5", "6"]), false),
            (json!(5), "in", json!([5, 6]), true),
            (json!(null), "not_in", json!([5, 6]), true),
            (json!(5), "gt", json!("4"), true),
            (json!("10"), "gt", json!("4"), false),
            (json!("10"), "gt", json!(4), true),
            (json!(4), "gt", json!(4), false),
            (json!(4), "gte", json!(4), true),
            (json!(4), "min", json!(5), false),
            (json!(3), "lt", json!(4), true),
            (json!(4), "lt", json!(4), false),
            (json!(4), "lte", json!(4), true),
            (json!(5), "max", json!(4), false),
            (json!("five"), "gt", json!(4), false),
            (json!("five"), "lte", json!(4), false),
            (json!(null), "gt", json!(4), false),
            (json!(0), "is_set", json!(null), true),
            (json!(""), "is_set", json!(null), true),
            (json!(false), "is_set", json!(null), true),
            (json!(null), "is_set", json!(null), false),
            (json!(null), "is_not_set", json!(null), true),
            (json!("Mesh_Timeout"), "icontains", json!("TIMEOUT"), true),
            (json!("a.c"), "icontains", json!("A%C"), true),
            (json!("abc"), "icontains", json!("a.c"), false),
            (json!("abc"), "icontains", json!("a_c"), true),
            (json!(1234), "icontains", json!("23"), true),
            (json!("abc"), "icontains", json!(["x", "b"]), true),
            (json!("abc"), "not_icontains", json!(["x", "b"]), false),
            (json!(null), "not_icontains", json!("x"), true),
            (json!("abc"), "icontains_multi", json!(["x", "B"]), true),
            (json!("abc"), "icontains_multi", json!(["x", "y"]), false),
            (json!("abc"), "not_icontains_multi", json!(["x", "B"]), false),
            (json!("abc"), "not_icontains_multi", json!(["x", "y"]), true),
            (json!(5), "between", json!([5, 7]), true),
            (json!(7), "between", json!([5, 7]), true),
            (json!(8), "between", json!([5, 7]), false),
            (json!(8), "not_between", json!([5, 7]), true),
            (json!(6), "not_between", json!(["5", "7"]), false),
            (json!(null), "icontains", json!("null"), false),
            (json!("abc"), "regex", json!("^a.c$"), true),
            (json!("ABC"), "regex", json!("^a.c$"), false),
            (json!(null), "regex", json!(".*"), false),
            (json!("abc"), "not_regex", json!("b"), false),
            (json!(null), "not_regex", json!("b"), true),
        ] {
            assert_eq!(holds(operator, wanted.clone(), value.clone()), expected, "{value} {operator} {wanted}");
        }
    }

    #[test]
    fn a_condition_that_cannot_be_tried_is_refused() {
        let new = |operator, value| PropertyFilter::new("event", "p".to_owned(), operator, value).unwrap_err();
        assert_eq!(new(Operator::Gt, None), "gt needs a value");
        assert_eq!(new(Operator::Between, Some(json!(["1"]))), "between needs two values");
        assert!(new(Operator::Regex, Some(json!("("))).contains("unclosed group"));
    }
}

//! A condition on one property.

use std::cmp::Ordering;

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::{
    compare::{equal, identical, order},
    operator::Operator,
    verdict::Verdict,
};
use crate::{globals::Globals, hog, js::number, json::excerpt};

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
    /// A regular expression or an `ILIKE`.
    Pattern(Regex),
    /// Whether one of these texts, in lower case, is within the value (`multiSearchAnyCaseInsensitive`).
    Within(Vec<String>),
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
        let is_multi = matches!(operator, Operator::IcontainsMulti | Operator::NotIcontainsMulti);
        let test = match value.unwrap_or(Value::Null) {
            Value::Array(values) if is_range => match <[Value; 2]>::try_from(values) {
                // `_validate_between_values`
                Ok([first, last]) if number(&first) <= number(&last) => Test::One(Matcher::Range(first, last)),
                _ => return Err(format!("{} needs two numbers, the smaller one first", operator.name())),
            },
            _ if is_range => return Err(format!("{} needs two numbers, the smaller one first", operator.name())),
            Value::Array(values) if values.is_empty() => Test::Always,
            Value::Array(values) if is_multi => Test::One(Matcher::within(&values)),
            value if is_multi => Test::One(Matcher::within(&[value])),
            Value::Array(mut values) if values.len() == 1 => Test::One(matcher(values.remove(0))?),
            Value::Array(values) => match operator {
                Operator::Exact | Operator::In | Operator::IsNot | Operator::NotIn => Test::Among(values),
                Operator::Icontains | Operator::NotIcontains => Test::One(Matcher::within(&values)),
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
            Operator::Regex | Operator::NotRegex => hog::text(&value),
            Operator::Icontains | Operator::NotIcontains => like(&python(&value)),
            // A boolean is compared as its text, unless PostHog knows the property as a boolean (`_handle_bool_values`).
            Operator::Exact | Operator::IsNot if value.is_boolean() => {
                return Ok(Self::Compare(python(&value).to_lowercase().into()));
            }
            _ => return Ok(Self::Compare(value)),
        };
        let pattern = RegexBuilder::new(&pattern).size_limit(1 << 20).build();
        pattern.map(Self::Pattern).map_err(|error| error.to_string())
    }

    fn within(values: &[Value]) -> Self {
        Self::Within(values.iter().map(|value| python(value).to_lowercase()).collect())
    }

    fn holds(&self, operator: Operator, value: &Value) -> bool {
        match self {
            // A missing property is the text `null` (`toString`). Hog's `match` finds nothing in an empty text and by an
            // empty pattern; `ILIKE` does.
            Self::Pattern(pattern) => {
                let text = hog::text(value);
                let is_search = matches!(operator, Operator::Regex | Operator::NotRegex);
                let is_void = is_search && (text.is_empty() || pattern.as_str().is_empty());
                (!is_void && pattern.is_match(&text)) != operator.is_negative()
            }
            Self::Within(wanted) => {
                let text = hog::text(value).to_lowercase();
                wanted.iter().any(|wanted| text.contains(wanted)) != operator.is_negative()
            }
            Self::Range(first, last) if operator == Operator::NotBetween => {
                order(value, first) == Some(Ordering::Less) || order(value, last) == Some(Ordering::Greater)
            }
            Self::Range(first, last) => {
                order(value, first).is_some_and(Ordering::is_ge) && order(value, last).is_some_and(Ordering::is_le)
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
                // `new` makes these into patterns, texts and ranges.
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

/// Python's `str(value)`, which PostHog makes of the value of `icontains` when it compiles the filter.
fn python(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => "None".to_owned(),
        other => other.to_string(),
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
    format!("(?i){body}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(operator: &str, wanted: Value, value: Value) -> bool {
        let operator = serde_json::from_value(json!(operator)).unwrap();
        PropertyFilter::new("event", "p".to_owned(), operator, Some(wanted)).unwrap().holds(&value)
    }

    /// What the Hog VM answered for each operator, as `posthog/hogql/property.py` compiles it; `scripts/compare-posthog`
    /// keeps it true.
    const TABLE: &str = include_str!("../../tests/tables/operators.json");

    #[test]
    fn every_operator_holds_where_the_hog_vm_says_so_and_nowhere_else() {
        let table: Value = serde_json::from_str(TABLE).unwrap();
        let cases = table["cases"].as_array().unwrap();
        let mut wrong = Vec::new();
        for case in cases {
            let operator = case["operator"].as_str().unwrap();
            let held = holds(operator, case["wanted"].clone(), case["properties"]["p"].clone());
            // Hog's `multiSearchAnyCaseInsensitive` is compared with 0, so that all answers are booleans.
            if case["expected"] != held {
                wrong.push(case.to_string());
            }
        }
        assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    }

    #[test]
    fn a_condition_that_cannot_be_tried_is_refused() {
        let new = |operator, value| PropertyFilter::new("event", "p".to_owned(), operator, value).unwrap_err();
        assert_eq!(new(Operator::Gt, None), "gt needs a value");
        assert_eq!(new(Operator::Between, Some(json!(["1"]))), "between needs two numbers, the smaller one first");
        assert!(new(Operator::NotBetween, Some(json!([7, 5]))).contains("the smaller one first"));
        assert!(new(Operator::Between, Some(json!(["a", "b"]))).contains("two numbers"));
        assert!(new(Operator::Regex, Some(json!("("))).contains("unclosed group"));
    }
}

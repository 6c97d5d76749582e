//! The values that an entry asks for, read as PostHog reads them.

use serde_json::Number;

use super::source::{Name, Selected};
use crate::event::json::{Json, string};

/// A property has one of some values.
///
/// A value also matches its text: SDKs send `true` and `"true"`, and PostHog takes both
/// (`JSONExtractRaw(…) IN ('true', '"true"')` in `posthog/models/ai_events/sql.py`). A property that is absent has no value.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) property: Name,
    pub(crate) values: Vec<Scalar>,
}

/// A value in the table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    Bool(bool),
    Number(Number),
    Text(String),
}

impl Condition {
    pub(super) fn holds(&self, properties: &Selected<'_, '_>) -> bool {
        self.property.of(properties).is_some_and(|found| self.values.iter().any(|value| value.is(found)))
    }

    /// The values as JSON, in each spelling that matches.
    pub(crate) fn spellings(&self) -> Vec<String> {
        self.values.iter().flat_map(Scalar::spellings).collect()
    }
}

impl Scalar {
    fn text(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Text(value) => value.clone(),
        }
    }

    fn is(&self, found: Json) -> bool {
        let text = string(found);
        let found = text.as_deref().unwrap_or(found.get());
        match self {
            // 2 and 2.0 are one number to PostHog.
            Self::Number(value) => found.parse::<f64>().is_ok_and(|number| Some(number) == value.as_f64()),
            Self::Bool(value) => found == if *value { "true" } else { "false" },
            Self::Text(value) => found == value,
        }
    }

    fn spellings(&self) -> Vec<String> {
        let text = self.text();
        let quoted = serde_json::Value::from(text.as_str()).to_string();
        let is_bare = serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|value| !value.is_string());
        if is_bare { vec![text, quoted] } else { vec![quoted] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(value: &Scalar, json: &str) -> bool {
        value.is(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_value_and_its_text_match() {
        for (value, matching, others) in [
            (Scalar::Bool(true), vec!["true", "\"true\""], vec!["false", "1", "null", "\"True\"", "[true]"]),
            (Scalar::Number(2.into()), vec!["2", "2.0", "\"2\""], vec!["3", "true", "\"two\"", "null"]),
            (Scalar::Text("failed".into()), vec!["\"failed\""], vec!["\"Failed\"", "null", "[\"failed\"]"]),
            (Scalar::Text("2".into()), vec!["2", "\"2\""], vec!["2.0"]),
        ] {
            matching.iter().for_each(|json| assert!(is(&value, json), "{value:?} {json}"));
            others.iter().for_each(|json| assert!(!is(&value, json), "{value:?} {json}"));
        }
        assert_eq!(Scalar::Bool(true).spellings(), ["true", "\"true\""]);
        assert_eq!(Scalar::Text("failed".into()).spellings(), ["\"failed\""]);
        assert_eq!(Scalar::Text("2".into()).spellings(), ["2", "\"2\""]);
    }
}

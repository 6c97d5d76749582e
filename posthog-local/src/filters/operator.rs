//! The operators of property filters (`posthog/hogql/property.py`).

use serde::{Deserialize, Deserializer, de::Error};

/// How a property is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Operator {
    /// Equal, after the types were unified.
    #[default]
    Exact,
    /// Not equal; also holds for a missing property.
    IsNot,
    /// Contains the text, ignoring case; `%` and `_` are wildcards.
    Icontains,
    /// Does not contain the text.
    NotIcontains,
    /// The regular expression (RE2) matches.
    Regex,
    /// The regular expression does not match.
    NotRegex,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Set, and not null.
    IsSet,
    /// Missing or null.
    IsNotSet,
    /// One of a list.
    In,
    /// None of a list.
    NotIn,
    /// Contains one of a list.
    IcontainsMulti,
    /// Contains none of a list.
    NotIcontainsMulti,
    /// From the first of two values to the second, both included.
    Between,
    /// Outside of that range.
    NotBetween,
}

/// PostHog's names of the operators.
const NAMES: [(&str, Operator); 20] = [
    ("exact", Operator::Exact),
    ("is_not", Operator::IsNot),
    ("icontains", Operator::Icontains),
    ("not_icontains", Operator::NotIcontains),
    ("regex", Operator::Regex),
    ("not_regex", Operator::NotRegex),
    ("gt", Operator::Gt),
    ("gte", Operator::Gte),
    ("min", Operator::Gte),
    ("lt", Operator::Lt),
    ("lte", Operator::Lte),
    ("max", Operator::Lte),
    ("is_set", Operator::IsSet),
    ("is_not_set", Operator::IsNotSet),
    ("in", Operator::In),
    ("not_in", Operator::NotIn),
    ("icontains_multi", Operator::IcontainsMulti),
    ("not_icontains_multi", Operator::NotIcontainsMulti),
    ("between", Operator::Between),
    ("not_between", Operator::NotBetween),
];

/// PostHog's operators that posthog-local does not support.
const ABSENT: [&str; 13] = [
    "is_date_exact",
    "is_date_before",
    "is_date_after",
    "is_cleaned_path_exact",
    "semver_eq",
    "semver_neq",
    "semver_gt",
    "semver_gte",
    "semver_lt",
    "semver_lte",
    "semver_tilde",
    "semver_caret",
    "semver_wildcard",
];

impl Operator {
    /// PostHog's name.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, operator)| *operator == self).map_or("", |(name, _)| name)
    }

    /// Whether the operator must hold for all of several values. Otherwise one is enough.
    pub fn is_negative(self) -> bool {
        matches!(
            self,
            Self::IsNot | Self::NotIcontains | Self::NotIcontainsMulti | Self::NotRegex | Self::IsNotSet | Self::NotIn
        )
    }

    /// Whether the operator compares with no value.
    pub fn needs_no_value(self) -> bool {
        matches!(self, Self::IsSet | Self::IsNotSet)
    }
}

impl<'de> Deserialize<'de> for Operator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if let Some((_, operator)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Ok(*operator);
        }
        if ABSENT.contains(&name.as_str()) {
            return Err(D::Error::custom(format!("posthog-local does not support PostHog's operator {name:?}")));
        }
        Err(D::Error::custom(format!("unknown operator {name:?}")))
    }
}

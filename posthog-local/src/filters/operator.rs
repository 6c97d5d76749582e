//! The operators of property filters (`posthog/hogql/property.py`).

use serde::{Deserialize, Deserializer, de::Error};

/// How a property is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Operator {
    /// Equal, after the types were made alike.
    #[default]
    Exact,
    /// Not equal; a missing property is not equal to anything.
    IsNot,
    /// Contains, in any case; `%` and `_` are wildcards.
    Icontains,
    /// Does not.
    NotIcontains,
    /// RE2 finds it.
    Regex,
    /// RE2 does not.
    NotRegex,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// There, and not null.
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
    /// Outside of that.
    NotBetween,
}

/// The operators by PostHog's names.
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

/// PostHog's operators that posthog-local does not have.
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

    /// Whether several values must all hold, and not just one.
    pub fn is_negative(self) -> bool {
        matches!(
            self,
            Self::IsNot | Self::NotIcontains | Self::NotIcontainsMulti | Self::NotRegex | Self::IsNotSet | Self::NotIn
        )
    }

    /// Whether the operator says all.
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
            return Err(D::Error::custom(format!("posthog-local does not have PostHog's operator {name:?}")));
        }
        Err(D::Error::custom(format!("unknown operator {name:?}")))
    }
}

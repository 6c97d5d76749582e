//! `[[flags]]`: feature flags with fixed values. What a fixed value cannot be (a rollout, conditions, groups) is refused
//! by name, with what to write instead.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Visitor},
};
use serde_json::Value;

use super::error::DeclarationError;
use crate::json::json_value;

/// The longest key, in characters (`FeatureFlag.key`).
const KEY_CHARS_MAX: usize = 400;

/// A feature flag. Everybody gets the same value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagDeclaration {
    /// The key; unique in the file. Letters, digits, `-` and `_`, as in PostHog.
    pub key: String,
    /// The value: on, off, or the name of a variant.
    pub value: FlagValue,
    /// What goes with the value while the flag is on.
    #[serde(default, deserialize_with = "json_value")]
    pub payload: Option<Value>,
    /// Whether it is what PostHog calls a remote config: a flag that is read for its payload. Only such a flag is served
    /// by `remote_config`.
    #[serde(default)]
    pub remote_config: bool,

    #[serde(default, rename = "rollout_percentage", alias = "rollout", deserialize_with = "rollout")]
    _rollout: (),
    #[serde(default, rename = "conditions", alias = "filters", alias = "properties", deserialize_with = "conditions")]
    _conditions: (),
    #[serde(default, rename = "groups", alias = "aggregation_group_type_index", deserialize_with = "groups")]
    _groups: (),
    #[serde(default, rename = "variants", alias = "multivariate", deserialize_with = "variants")]
    _variants: (),
    #[serde(default, rename = "active", alias = "enabled", deserialize_with = "active")]
    _active: (),
}

/// The value of a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum FlagValue {
    /// On or off.
    Boolean(bool),
    /// On, with this variant.
    Variant(String),
}

impl FlagValue {
    /// Whether the flag is on.
    pub fn is_on(&self) -> bool {
        *self != Self::Boolean(false)
    }

    /// The variant, if it has one.
    pub fn variant(&self) -> Option<&str> {
        match self {
            Self::Boolean(_) => None,
            Self::Variant(name) => Some(name),
        }
    }
}

impl<'de> Deserialize<'de> for FlagValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values;
        impl Visitor<'_> for Values {
            type Value = FlagValue;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("true, false or the name of a variant")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<FlagValue, E> {
                Ok(FlagValue::Boolean(value))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<FlagValue, E> {
                match value.trim().is_empty() {
                    true => Err(E::custom("is empty; expected true, false or the name of a variant")),
                    false => Ok(FlagValue::Variant(value.to_owned())),
                }
            }
        }
        deserializer.deserialize_any(Values)
    }
}

impl FlagDeclaration {
    /// Checks what the shape does not say.
    ///
    /// # Errors
    /// The first key that is wrong; `place` is where the flag stands in the file.
    pub fn check(&self, place: &str) -> Result<(), DeclarationError> {
        let wrong = |key: &str, problem: &str| Err(DeclarationError::new(format!("{place}.{key}"), problem));
        let is_plain = |key: char| key.is_ascii_alphanumeric() || key == '-' || key == '_';
        if !self.key.chars().all(is_plain) || self.key.len() > KEY_CHARS_MAX {
            return wrong("key", "may hold letters, digits, - and _, at most 400");
        }
        if self.remote_config && self.payload.is_none() {
            return wrong("payload", "is missing; a remote config is read for its payload");
        }
        if self.remote_config && self.value.variant().is_some() {
            return wrong("value", "must be true or false; a remote config has no variants");
        }
        Ok(())
    }
}

/// Refuses a key of PostHog's flags whatever its value.
fn refused<'de, D: Deserializer<'de>>(what: &str, instead: &str) -> Result<(), D::Error> {
    Err(de::Error::custom(format!(
        "posthog-local does not support {what}: everybody gets the same value; {instead}, and switch it while it runs with POST /_local/flags/<key>"
    )))
}

fn rollout<'de, D: Deserializer<'de>>(_: D) -> Result<(), D::Error> {
    refused::<D>("a rollout", "write value = true or value = false")
}

fn conditions<'de, D: Deserializer<'de>>(_: D) -> Result<(), D::Error> {
    refused::<D>("conditions of a flag", "write value = true or value = false")
}

fn groups<'de, D: Deserializer<'de>>(_: D) -> Result<(), D::Error> {
    refused::<D>("flags of groups", "write value = true or value = false")
}

fn variants<'de, D: Deserializer<'de>>(_: D) -> Result<(), D::Error> {
    refused::<D>("shares of variants", "write value = \"<the variant>\"")
}

fn active<'de, D: Deserializer<'de>>(_: D) -> Result<(), D::Error> {
    refused::<D>("a flag that is not active", "write value = false")
}

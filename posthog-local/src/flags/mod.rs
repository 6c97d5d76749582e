//! Feature flags with fixed values: `[[flags]]` of `project.toml`, and what a test or the inspector switched them to.
//!
//! [`Flags`] is the state. [`evaluation`] and [`definitions`] are PostHog's answers, [`request`] reads what SDKs ask,
//! [`refusal`] holds PostHog's words for what is refused, and [`routes`] puts them together. Everybody gets the same value:
//! no rollout, no conditions, no groups.

pub mod definitions;
pub mod evaluation;
pub mod refusal;
pub mod request;
pub mod routes;

use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::declaration::{FlagDeclaration, FlagValue};

/// A flag as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// The number that PostHog's answers have for it; the first is 1.
    pub id: i32,
    /// The key.
    pub key: String,
    /// The value, and what goes with it.
    pub state: FlagState,
    /// What `project.toml` says.
    pub declared: FlagState,
    /// Whether it is read for its payload.
    pub remote_config: bool,
    /// How often it was changed, from 1.
    pub version: i32,
}

/// The value of a flag, and what goes with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlagState {
    /// The value.
    pub value: FlagValue,
    /// The payload, which SDKs get while the flag is on.
    pub payload: Option<Value>,
}

impl Flag {
    /// The payload as PostHog keeps and sends it: JSON as a text.
    pub fn payload_text(&self) -> Option<String> {
        self.state.payload.as_ref().map(Value::to_string)
    }

    /// The flag as `/_local/flags` tells it.
    pub fn json(&self) -> Value {
        json!({
            "key": self.key,
            "value": self.state.value,
            "payload": self.state.payload,
            "declared": self.declared,
            "changed": self.state != self.declared,
            "remote_config": self.remote_config,
            "version": self.version,
        })
    }
}

/// A change of a flag: the body of `POST /_local/flags/{key}`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagChange {
    /// The value from now on.
    value: Option<FlagValue>,
    /// The payload from now on; `null` is none. It stays as it is if this is missing.
    #[serde(default, deserialize_with = "present")]
    payload: Option<Option<Value>>,
    /// Goes back to what `project.toml` says.
    #[serde(default)]
    reset: bool,
}

/// Tells a `null` from a missing key.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Value>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Why a flag is not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlagChangeError {
    /// There is no such flag.
    #[error("there is no flag {0:?}; declare it under [[flags]] in project.toml")]
    Unknown(String),
    /// The body makes no sense for this flag.
    #[error("{0}")]
    Invalid(&'static str),
}

/// All flags.
#[derive(Debug, Default)]
pub struct Flags {
    api_token: Option<String>,
    flags: RwLock<Vec<Flag>>,
}

impl Flags {
    /// The flags as they are declared. If there is an `api_token`, no other may ask for them.
    pub fn new(declared: Vec<FlagDeclaration>, api_token: Option<String>) -> Self {
        let flags = declared.into_iter().zip(1..).map(|(flag, id)| {
            let declared = FlagState { value: flag.value, payload: flag.payload };
            let (key, remote_config) = (flag.key, flag.remote_config);
            Flag { id, key, state: declared.clone(), declared, remote_config, version: 1 }
        });
        Self { api_token, flags: RwLock::new(flags.collect()) }
    }

    /// Whether this project key may ask for flags.
    pub fn admits(&self, token: &str) -> bool {
        self.api_token.as_ref().is_none_or(|known| known == token)
    }

    /// Applies `read` to the flags, in the order of the file.
    pub fn read<T>(&self, read: impl FnOnce(&[Flag]) -> T) -> T {
        read(&self.flags.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes a flag, and returns it as it is then.
    ///
    /// # Errors
    /// There is no such flag, or the change makes no sense for it.
    pub fn change(&self, key: &str, change: FlagChange) -> Result<Flag, FlagChangeError> {
        let mut flags = self.flags.write().unwrap_or_else(PoisonError::into_inner);
        let unknown = || FlagChangeError::Unknown(key.to_owned());
        let flag = flags.iter_mut().find(|flag| flag.key == key).ok_or_else(unknown)?;
        let state = match change {
            FlagChange { value: None, payload: None, reset: true } => flag.declared.clone(),
            FlagChange { reset: true, .. } => {
                return Err(FlagChangeError::Invalid("reset takes neither a value nor a payload with it"));
            }
            FlagChange { value: None, payload: None, .. } => {
                return Err(FlagChangeError::Invalid("give a value, a payload, or \"reset\": true"));
            }
            FlagChange { value, payload, .. } => FlagState {
                value: value.unwrap_or_else(|| flag.state.value.clone()),
                payload: payload.unwrap_or_else(|| flag.state.payload.clone()),
            },
        };
        if flag.remote_config && (state.payload.is_none() || state.value.variant().is_some()) {
            return Err(FlagChangeError::Invalid("a remote config has a payload and no variant"));
        }
        if state != flag.state {
            (flag.state, flag.version) = (state, flag.version + 1);
        }
        Ok(flag.clone())
    }

    /// Goes back to what `project.toml` says.
    pub fn reset(&self) {
        for flag in &mut *self.flags.write().unwrap_or_else(PoisonError::into_inner) {
            if flag.state != flag.declared {
                (flag.state, flag.version) = (flag.declared.clone(), flag.version + 1);
            }
        }
    }

    /// The flags as `/_local/flags` lists them.
    pub fn json(&self) -> Value {
        json!({ "flags": self.read(|flags| flags.iter().map(Flag::json).collect::<Vec<_>>()) })
    }
}

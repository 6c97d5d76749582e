//! The answers of `/flags` and `/decide`, in each of their versions (`rust/feature-flags/src/api/types.rs` and
//! `get_versioned_response` of `api/endpoint.rs`).

use serde_json::{Value, json};

use super::{Flag, FlagValue};
use crate::json::Object;

/// The shape of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The keys of the flags that are on.
    DecideV1,
    /// The values of the flags that are on.
    DecideV2,
    /// The values of all flags, and their payloads.
    FlagsV1,
    /// All that there is to know about each flag.
    FlagsV2,
}

impl Shape {
    /// The shape that a path and a version ask for.
    pub fn of(is_decide: bool, version: Option<i32>) -> Self {
        match (is_decide, version.unwrap_or(1)) {
            (true, 2) => Self::DecideV2,
            (true, 3) => Self::FlagsV1,
            (true, 4..) | (false, 2..) => Self::FlagsV2,
            (true, _) => Self::DecideV1,
            (false, _) => Self::FlagsV1,
        }
    }

    /// The answer for these flags, without the configuration.
    pub fn answer(self, flags: &[&Flag]) -> Object {
        let on = || flags.iter().filter(|flag| flag.state.value.is_on());
        let values = |flags: &mut dyn Iterator<Item = &&Flag>| -> Value {
            flags.map(|flag| (flag.key.clone(), json!(flag.state.value))).collect::<Object>().into()
        };
        let mut answer = Object::new();
        let mut put = |key: &str, value: Value| _ = answer.insert(key.to_owned(), value);
        match self {
            Self::DecideV1 => put("featureFlags", on().map(|flag| flag.key.as_str()).collect()),
            Self::DecideV2 => put("featureFlags", values(&mut on())),
            Self::FlagsV1 => {
                put("errorsWhileComputingFlags", json!(false));
                put("featureFlags", values(&mut flags.iter()));
                let payloads = on().filter_map(|flag| Some((flag.key.clone(), json!(flag.payload_text()?))));
                put("featureFlagPayloads", payloads.collect::<Object>().into());
            }
            Self::FlagsV2 => {
                put("errorsWhileComputingFlags", json!(false));
                let details = flags.iter().map(|flag| (flag.key.clone(), details(flag)));
                put("flags", details.collect::<Object>().into());
            }
        }
        answer
    }
}

/// `FlagDetails`
fn details(flag: &Flag) -> Value {
    let is_on = flag.state.value.is_on();
    let reason = match is_on {
        true => json!({ "code": "condition_match", "condition_index": 0, "description": "Matched condition set 1" }),
        false => {
            json!({ "code": "flag_disabled", "condition_index": null, "description": "Feature flag is disabled" })
        }
    };
    json!({
        "key": flag.key,
        "enabled": is_on,
        "variant": flag.state.value.variant(),
        "reason": reason,
        "metadata": {
            "id": flag.id,
            "version": flag.version,
            "description": null,
            "payload": flag.payload_text().filter(|_| is_on),
            "has_experiment": false,
        },
    })
}

/// What a payload is stored under in a definition: the variant, or `true`.
pub(super) fn payload_key(value: &FlagValue) -> &str {
    value.variant().unwrap_or("true")
}

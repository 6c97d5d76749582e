//! Checks that destinations and workflows share.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::error::ApiError;
use crate::{
    declaration::{EventDeclaration, PropertyDeclaration},
    json::Object,
};

/// PostHog's longest name, in characters.
const NAME_CHARS_MAX: usize = 400;

/// Refuses fields that cannot be written. PostHog ignores them; here the caller learns of the mistake.
pub(super) fn only(body: &Object, writable: &[&str]) -> Result<(), ApiError> {
    match body.keys().find(|key| !writable.contains(&key.as_str())) {
        Some(key) => Err(ApiError::invalid(key, "posthog-local: this field cannot be written.")),
        None => Ok(()),
    }
}

pub(super) fn name(body: &Object) -> Result<(), ApiError> {
    match body.get("name") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(name)) if name.chars().count() > NAME_CHARS_MAX => Err(ApiError::Invalid {
            code: "max_length",
            detail: format!("Ensure this field has no more than {NAME_CHARS_MAX} characters."),
            attr: "name".to_owned(),
        }),
        Some(Value::String(_)) => Ok(()),
        Some(_) => Err(ApiError::invalid("name", "Not a valid string.")),
    }
}

/// Checks `{"hash", "ttl", "threshold"}` or null.
pub(super) fn masking(masking: &Value, attr: &str, ttl_s: RangeInclusive<u64>) -> Result<(), ApiError> {
    if masking.is_null() {
        return Ok(());
    }
    if masking["hash"].as_str().is_none_or(str::is_empty) {
        return Err(ApiError::required(format!("{attr}__hash")));
    }
    if !masking["ttl"].as_u64().is_some_and(|ttl| ttl_s.contains(&ttl)) {
        let detail = format!("Ensure this value is between {} and {}.", ttl_s.start(), ttl_s.end());
        return Err(ApiError::invalid(format!("{attr}__ttl"), detail));
    }
    Ok(())
}

/// Checks filters. PostHog compiles them, and refuses those that do not compile.
pub(super) fn filters(filters: &Value, attr: &str) -> Result<(), ApiError> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let wrong = |error: serde_json::Error| ApiError::invalid(attr, error.to_string());
    let properties = |value: &Value| {
        list(value)
            .into_iter()
            .try_for_each(|property| serde_json::from_value::<PropertyDeclaration>(property).map(drop).map_err(wrong))
    };
    properties(&filters["properties"])?;
    for mut event in list(&filters["events"]) {
        properties(&event["properties"])?;
        if let Some(event) = event.as_object_mut() {
            // PostHog's own page adds these to an entry.
            ["name", "type", "order", "properties"].iter().for_each(|key| _ = event.shift_remove(*key));
        }
        serde_json::from_value::<EventDeclaration>(event).map_err(wrong)?;
    }
    Ok(())
}

//! The event as a person reads and edits it.

use js_sys::{JSON, Object};
use shared::event::{GENERATION_FAILED, GenerationFailed};
use wasm_bindgen::{JsCast, JsValue};

use super::json;

/// The event as it is sent, indented.
pub fn write(failed: &GenerationFailed) -> String {
    let properties = serde_json::to_string(failed).unwrap_or_default();
    json::pretty(&format!(r#"{{"event":"{GENERATION_FAILED}","properties":{properties}}}"#))
}

/// Reads the properties of a `generation_failed`.
///
/// # Errors
/// A sentence that says what is wrong, and where.
pub fn read(text: &str) -> Result<GenerationFailed, String> {
    // The browser's own message; in most browsers it names the line and column.
    let event = JSON::parse(text)
        .map_err(|error| format!("This is not JSON: {}.", json::text(&error, "message").unwrap_or_default()))?;
    if json::text(&event, "event").as_deref() != Some(GENERATION_FAILED) {
        return Err(format!("event must be \"{GENERATION_FAILED}\"."));
    }
    only(&event, "", &["event", "properties"])?;
    let properties = json::field(&event, "properties");
    let text = |name| json::text(&properties, name).ok_or_else(|| format!("properties.{name} must be text."));
    let failed = GenerationFailed { input_prompt: text("input_prompt")?, failure_reason: text("failure_reason")? };
    only(&properties, "properties.", &["input_prompt", "failure_reason"])?;
    Ok(failed)
}

/// Refuses properties that the page would not send, so that nobody believes that they were sent.
fn only(object: &JsValue, path: &str, names: &[&str]) -> Result<(), String> {
    for key in Object::keys(object.unchecked_ref::<Object>()) {
        let key = key.as_string().unwrap_or_default();
        if !names.contains(&key.as_str()) {
            return Err(format!("{path}{key} is no part of this event."));
        }
    }
    Ok(())
}

//! The event as a person reads and edits it.

use js_sys::{Array, JSON, Object};
use shared::event::{AiGeneration, AiMessage, GenerationFailed};
use wasm_bindgen::{JsCast, JsValue};

use super::json;
use crate::state::failure::{Failure, FailureKind};

/// The event as it is sent, indented; without a trace that it gets only as it goes.
pub fn write(failure: Failure) -> String {
    json::pretty(&serde_json::to_string(&failure.into_event(None)).unwrap_or_default())
}

/// Reads a failure. All properties must be there, and no others.
///
/// # Errors
/// A sentence that says what is wrong, and where.
pub fn read(text: &str) -> Result<Failure, String> {
    // The browser's own message; in most browsers it names the line and column.
    let event = JSON::parse(text)
        .map_err(|error| format!("This is not JSON: {}.", json::text(&error, "message").unwrap_or_default()))?;
    let event = Part { value: event, path: String::new() };
    let kind = json::text(&event.value, "event").and_then(|name| FailureKind::of(&name)).ok_or_else(|| {
        let [own, sdk] = FailureKind::EACH.map(FailureKind::event);
        format!("event must be \"{own}\" or \"{sdk}\".")
    })?;
    event.has_only(&["event", "properties"])?;
    let properties = event.part("properties");
    match kind {
        FailureKind::GenerationFailed => generation_failed(&properties).map(Failure::GenerationFailed),
        FailureKind::AiGeneration => ai_generation(&properties).map(Failure::AiGeneration),
    }
}

fn generation_failed(properties: &Part) -> Result<GenerationFailed, String> {
    let failed = GenerationFailed {
        input_prompt: properties.text("input_prompt")?,
        failure_reason: properties.text("failure_reason")?,
    };
    properties.has_only(&["input_prompt", "failure_reason"])?;
    Ok(failed)
}

fn ai_generation(properties: &Part) -> Result<AiGeneration, String> {
    let trace = "$ai_trace_id";
    let call = AiGeneration {
        trace_id: if properties.has(trace) { Some(properties.text(trace)?) } else { None },
        provider: properties.text("$ai_provider")?,
        model: properties.text("$ai_model")?,
        input: properties.chat("$ai_input")?,
        output_choices: properties.chat("$ai_output_choices")?,
        is_error: properties.truth("$ai_is_error")?,
        error: properties.text("$ai_error")?,
        http_status: properties.status("$ai_http_status")?,
        latency: properties.duration("$ai_latency")?,
        lib: properties.text("$ai_lib")?,
    };
    properties.has_only(&[
        trace,
        "$ai_provider",
        "$ai_model",
        "$ai_input",
        "$ai_output_choices",
        "$ai_is_error",
        "$ai_error",
        "$ai_http_status",
        "$ai_latency",
        "$ai_lib",
    ])?;
    Ok(call)
}

/// A value within the JSON, and where it is, for messages.
struct Part {
    value: JsValue,
    /// What its members' paths begin with, such as `properties.`.
    path: String,
}

impl Part {
    fn part(&self, name: &str) -> Self {
        Self { value: json::field(&self.value, name), path: format!("{}{name}.", self.path) }
    }

    fn has(&self, name: &str) -> bool {
        !json::field(&self.value, name).is_undefined()
    }

    fn text(&self, name: &str) -> Result<String, String> {
        json::text(&self.value, name).ok_or_else(|| self.must_be(name, "text"))
    }

    /// Only `true`: without it the event tells of no failure.
    fn truth(&self, name: &str) -> Result<bool, String> {
        json::field(&self.value, name).as_bool().filter(|truth| *truth).ok_or_else(|| self.must_be(name, "true"))
    }

    fn status(&self, name: &str) -> Result<u16, String> {
        let status = json::field(&self.value, name).as_f64().filter(|status| status.fract() == 0.0);
        let status = status.filter(|status| (0.0..=999.0).contains(status));
        status.map(|status| status as u16).ok_or_else(|| self.must_be(name, "a whole number from 0 to 999"))
    }

    fn duration(&self, name: &str) -> Result<f64, String> {
        let seconds = json::field(&self.value, name).as_f64().filter(|seconds| *seconds >= 0.0);
        seconds.ok_or_else(|| self.must_be(name, "a number of seconds"))
    }

    fn chat(&self, name: &str) -> Result<Vec<AiMessage>, String> {
        let list = json::field(&self.value, name);
        if !list.is_array() {
            return Err(self.must_be(name, "a list of messages"));
        }
        let messages = Array::from(&list).into_iter().enumerate().map(|(index, value)| {
            let message = Self { value, path: format!("{}{name}[{index}].", self.path) };
            let read = AiMessage { role: message.text("role")?, content: message.text("content")? };
            message.has_only(&["role", "content"])?;
            Ok(read)
        });
        messages.collect()
    }

    /// Refuses members that the page would not send, so that nobody believes that they were sent.
    fn has_only(&self, names: &[&str]) -> Result<(), String> {
        for key in Object::keys(self.value.unchecked_ref::<Object>()) {
            let key = key.as_string().unwrap_or_default();
            if !names.contains(&key.as_str()) {
                return Err(format!("{}{key} is no part of this event.", self.path));
            }
        }
        Ok(())
    }

    fn must_be(&self, name: &str, what: &str) -> String {
        format!("{}{name} must be {what}.", self.path)
    }
}

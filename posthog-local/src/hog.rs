//! How Hog prints a value (`printHogStringOutput` in `common/hogvm/typescript/src/stl/print.ts`): in the text of a
//! template, and where an operator compares texts.

use serde_json::Value;

use crate::js;

/// Hog's `toString(value)`. A text is itself; a missing value is `null`.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => printed(other),
    }
}

fn printed(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => value.to_string(),
        Value::Number(_) => js::text(value),
        Value::String(text) => quoted(text),
        Value::Array(values) => format!("[{}]", values.iter().map(printed).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| format!("{}: {}", quoted(key), printed(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        match c {
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\r' => quoted.push_str("\\r"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\0' => quoted.push_str("\\0"),
            '\u{b}' => quoted.push_str("\\v"),
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

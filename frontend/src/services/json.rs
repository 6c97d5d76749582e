//! Reads JSON with the browser's own parser, because serde_json's would make the page a tenth larger. Writing is left to serde_json,
//! since what is sent is typed.

use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;

/// The value; undefined when the text is not JSON.
pub fn parse(text: &str) -> JsValue {
    JSON::parse(text).unwrap_or_default()
}

/// The same JSON, indented.
pub fn pretty(text: &str) -> String {
    JSON::stringify_with_replacer_and_space(&parse(text), &JsValue::NULL, &2.into())
        .map(String::from)
        .unwrap_or_default()
}

/// A field; undefined when it is not there.
pub fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// A field that holds text.
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    field(object, name).as_string()
}

/// A field that holds a whole number, as all of ours do.
pub fn number(object: &JsValue, name: &str) -> Option<u64> {
    field(object, name).as_f64().map(|number| number as u64)
}

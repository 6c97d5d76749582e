//! One spelling for equal JSON: without white space, and with the keys of each object in order.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::raw::{Json, compact, open};

/// Levels of nesting whose keys are sorted. Schemas of tools have about twenty; what is deeper keeps its order.
const DEPTH_MAX: usize = 64;

/// The canonical spelling of a JSON text: two texts that differ only in white space and in the order of keys have the same one.
/// Numbers and strings stay as they are written. A text that is no JSON stays as it is.
pub fn canonical(json: &str) -> String {
    let Ok(root) = serde_json::from_str::<&RawValue>(json) else { return json.to_owned() };
    let mut text = String::with_capacity(json.len());
    write(root, 0, &mut text);
    text
}

fn write(value: &RawValue, depth: usize, text: &mut String) {
    let is_nested = matches!(value.get().as_bytes().first(), Some(b'[' | b'{'));
    if !is_nested {
        // Strings make most of a chat, and have no white space between tokens.
        return text.push_str(value.get());
    }
    match open(value).filter(|_| depth < DEPTH_MAX) {
        Some(Json::List(items)) => {
            text.push('[');
            for (index, item) in items.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, depth + 1, text);
            }
            text.push(']');
        }
        Some(Json::Object(object)) => {
            // Of two equal keys the last counts, as everywhere in JSON.
            let members: BTreeMap<_, _> = object.keys().filter_map(|key| Some((key, object.get(key)?))).collect();
            text.push('{');
            for (index, (key, value)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&serde_json::Value::from(key).to_string());
                text.push(':');
                write(value, depth + 1, text);
            }
            text.push('}');
        }
        _ => text.push_str(&compact(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_white_space_make_no_difference_and_everything_else_does() {
        let one = canonical(r#"[{"b":{"y":1.50,"x":[2,1]},"a":"é \" "}]"#);
        assert_eq!(one, r#"[{"a":"é \" ","b":{"x":[2,1],"y":1.50}}]"#);
        assert_eq!(canonical("[ {\"a\" : \"é \\\" \", \"b\": { \"x\":[2,1], \"y\":1.50}}\n]"), one);
        for other in [r#"[{"a":"é \" ","b":{"x":[1,2],"y":1.50}}]"#, r#"[{"a":"é \"  ","b":{"x":[2,1],"y":1.50}}]"#] {
            assert_ne!(canonical(other), one, "{other}");
        }
        assert_eq!(canonical(r#"{"a":1,"a":2}"#), r#"{"a":2}"#);
        assert_eq!(canonical("a text"), "a text");
    }

    #[test]
    fn depth_and_lone_surrogates_do_no_harm() {
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(canonical(&deep), deep);
        assert_eq!(canonical(r#"{ "a":"\ud800" }"#), r#"{"a":"\ud800"}"#);
    }
}

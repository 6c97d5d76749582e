//! What the AI fixtures (`tests/fixtures/posthog-ai`) expect of a row of generations.jsonl.

use std::collections::HashMap;

use serde_json::Value;

/// The key under which the fixtures' ids and hashes are made.
pub(crate) const KEY: &str = "fixture-key-fixture-key-fixture-key";

/// Whether a row is what a fixture expects of it.
pub(crate) fn assert_is_row(name: &str, expected: &Value, row: &HashMap<String, String>) {
    let sanitized = |id: &str| {
        let key = misfire_sanitizer::PseudonymKey::new(KEY).unwrap();
        misfire_sanitizer::distinct_id::sanitize(id, &key, &misfire_sanitizer::Policy::default())
    };
    assert_eq!((row.len(), row["input_hash"].len()), (18, 64), "{name}: {row:?}");
    for (key, value) in expected.as_object().unwrap() {
        let value = value.as_str().unwrap();
        match key.as_str() {
            // Ids follow the rule of `distinct_id`.
            "trace_id" => assert_eq!(row["trace_id"], sanitized(value), "{name}"),
            "tools" => {
                let tools: Value = serde_json::from_str(&row["tools"]).unwrap();
                let function = &tools[0]["function"];
                assert_eq!((&tools[0]["type"], &function["name"]), (&"function".into(), &"get_order".into()), "{name}");
                assert_eq!(function["description"], "Reads an order", "{name}");
                assert_eq!(function["parameters"]["properties"]["order_id"]["type"], "string", "{name}");
            }
            "output_before_sanitizing" => {
                let output: Value = serde_json::from_str(&row["output"]).unwrap();
                assert_eq!((output.as_array().unwrap().len(), &output[0]["role"]), (1, &"assistant".into()), "{name}");
                let said = output[0]["content"].as_str().unwrap();
                assert!(said.starts_with("Dear ") && said.ends_with("your order A-17 is la"), "{name}: {said}");
            }
            key => assert_eq!(row[key], value, "{name}: {key}"),
        }
    }
}

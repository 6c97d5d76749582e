//! The bodies that PostHog really posts, with invented data (`tests/fixtures/posthog`), and how each is answered.

use std::{collections::HashMap, fs, path::Path};

use serde_json::Value;

use crate::{
    ai_rows::{KEY, assert_is_row},
    helpers::Api,
};

#[test]
fn every_fixture_gets_its_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/posthog");
    let mut fixtures: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    fixtures.sort();
    assert_eq!(fixtures.len(), 12);

    let api = Api::start();
    for fixture in fixtures {
        let name = fixture.file_name().unwrap().to_string_lossy().into_owned();
        let answer = api.post_with(&[], &fs::read_to_string(&fixture).unwrap());
        if name.starts_with("11_") {
            answer.problem(400);
        } else {
            assert_eq!((answer.status, &answer.json()["status"]), (200, &"stored".into()), "{name}");
        }
    }
    let lines = api.lines();
    assert_eq!(lines.len(), 11);
    for line in &lines {
        assert!(!line.contains("ada@example.test"), "a person's address in {line}");
        let record: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        assert!(record.len() == 6 && record.values().all(serde_json::Value::is_string), "{line}");
    }
    let prompt = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["input_prompt"].clone();
    assert_eq!(
        prompt(&lines[3]),
        r#"{"text":"a car","lang":"en","parts":[{"t":"wheel","n":"4"},{"t":null}]}"#,
        "a prompt that is no string is its compact JSON"
    );
}

/// What becomes of the AI events of the SDKs (`tests/fixtures/posthog-ai`, described in its `expected.md`), by webhook.
#[test]
fn every_ai_fixture_gets_its_answer_and_its_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/posthog-ai");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let expected: serde_json::Map<String, Value> = serde_json::from_str(&read("expected.json")).unwrap();
    assert_eq!(expected.len(), 15);
    let key = ("PSEUDONYM_KEY", KEY);
    let events = folder.join("events.toml");
    // The project's own survey is no part of the built-in table.
    let built_in = Api::start_with(&[key]);
    let with_survey = Api::start_with(&[key, ("EVENTS", events.to_str().unwrap())]);
    for (name, expected) in expected {
        let body = read(&name);
        let is_survey = body.contains("\"survey sent\"");
        if is_survey {
            assert_eq!(built_in.post_with(&[], &body).json()["reason"], "not_kept", "{name}");
        }
        let apis = if is_survey { vec![&with_survey] } else { vec![&built_in, &with_survey] };
        for api in apis {
            let before = if api.file().exists() { api.lines().len() } else { 0 };
            let answer = api.post_with(&[], &body);
            assert_eq!(answer.status, 200, "{name}: {}", answer.body);
            let answer = answer.json();
            assert_eq!(answer["status"], expected["status"], "{name}: {answer}");
            assert_eq!(answer["reason"], expected["reason"], "{name}: {answer}");
            if expected["line"].is_null() {
                assert!(answer["detail"].as_str().unwrap().len() > 20, "{name}: {answer}");
                assert_eq!(if api.file().exists() { api.lines().len() } else { 0 }, before, "{name}");
                continue;
            }
            assert_eq!(api.lines().len(), before + 1, "{name}");
            let line = api.last_line();
            assert_eq!(line, expected["line"], "{name}");
            let row: HashMap<String, String> = serde_json::from_str(api.rows().last().unwrap()).unwrap();
            assert_is_row(&name, &expected["generation"], &row);
            for key in ["timestamp", "uuid", "distinct_id", "failure_reason"] {
                assert_eq!(row[key], line[key], "{name}: {key}");
            }
            let input: Value = serde_json::from_str(&row["input"]).unwrap();
            assert!(input.as_array().unwrap().iter().all(|message| message["content"].is_string()), "{name}: {input}");
            for never in expected["never_in_the_data"].as_array().into_iter().flatten() {
                assert!(!line.to_string().contains(never.as_str().unwrap()), "{name}: {never} in {line}");
            }
        }
    }
}

//! The bodies that PostHog really posts, with invented data (`tests/fixtures/posthog`), and how each is answered.

use std::{fs, path::Path};

use crate::helpers::Api;

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

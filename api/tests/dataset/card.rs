//! `misfire card`.

use std::fs;

use serde_json::Value;

use crate::helpers::{Data, Event};

#[test]
fn the_card_says_what_the_data_is_and_is_made_anew() {
    let data = Data::of_files(&[&[Event::new(1, "a"), Event::new(2, "b")], &[Event::new(3, "c")]]);
    let said = data.misfire("card", &[]).fine();
    assert!(said.contains("describe 3 lines"), "{said}");
    let card = fs::read_to_string(data.path("README.md")).unwrap();
    let front = card.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap().0;
    for part in [
        "size_categories:\n- n<1K",
        "path: \"training_data*.jsonl\"",
        "- name: timestamp\n    dtype: string",
        "- name: uuid\n    dtype: string",
    ] {
        assert!(front.contains(part), "{front}");
    }
    let version = misfire_sanitizer::SANITIZER_VERSION;
    for file in ["training_data.000001.jsonl", "training_data.jsonl"] {
        assert!(
            card.lines()
                .any(|row| row.starts_with(&format!("| `{file}` |")) && row.ends_with(&format!("| {version} |")))
        );
    }
    assert!(card.contains("untrusted text") && card.contains("**no answer**"));
    data.append(&[Event::new(4, "d")]);
    assert!(data.misfire("card", &[]).fine().contains("4 lines"));
}

#[test]
fn the_schema_names_the_six_strings() {
    let data = Data::of(&[Event::new(1, "a")]);
    data.misfire("card", &[]).fine();
    let schema: Value = serde_json::from_slice(&fs::read(data.path("schema.json")).unwrap()).unwrap();
    let line: Value = serde_json::from_str(data.text().lines().next().unwrap()).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&schema["properties"]), keys(&line));
    assert_eq!(schema["required"].as_array().unwrap().len(), 6);
}

#[test]
fn a_file_of_somebody_elses_is_never_overwritten() {
    for name in ["README.md", "schema.json"] {
        let data = Data::of(&[Event::new(1, "a")]);
        fs::write(data.path(name), "mine").unwrap();
        let said = data.misfire("card", &[]);
        assert_eq!(said.status, 2);
        assert!(said.err.contains("was not written by misfire; move it away first"), "{}", said.err);
        assert_eq!(fs::read(data.path(name)).unwrap(), b"mine");
        let other = if name == "README.md" { "schema.json" } else { "README.md" };
        assert!(!data.path(other).exists(), "half a card");
    }
}

#[test]
fn where_there_are_rows_the_card_describes_them_as_a_second_configuration() {
    let data = Data::of(&[Event::new(1, "a")]);
    let row: Vec<_> = journal::GENERATIONS.keys.iter().map(|key| format!("\"{key}\":\"\"")).collect();
    fs::write(data.path("generations.jsonl"), format!("{{{}}}\n", row.join(","))).unwrap();
    let said = data.misfire("card", &[]).fine();
    assert!(said.contains("1 line and 1 row"), "{said}");
    let card = fs::read_to_string(data.path("README.md")).unwrap();
    let front = card.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap().0;
    for part in [
        "- config_name: generations\n  data_files:\n  - split: train\n    path: \"generations*.jsonl\"",
        "dataset_info:\n- config_name: default\n  features:\n  - name: timestamp",
        "- config_name: generations\n  features:\n  - name: timestamp",
        "  - name: input_hash\n    dtype: string",
    ] {
        assert!(front.contains(part), "{front}");
    }
    assert!(card.contains("## Generations") && card.contains("| `generations.jsonl` |"), "{card}");
    let schema: Value = serde_json::from_slice(&fs::read(data.path("generations.schema.json")).unwrap()).unwrap();
    assert_eq!(schema["required"].as_array().unwrap().len(), 18);
    assert_eq!(schema["properties"].as_object().unwrap().len(), 18);
}

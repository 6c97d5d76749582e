//! `misfire forget` and `misfire resanitize` on the rows of generations.jsonl.

use std::{fs, sync::Arc};

use serde_json::{Value, json};

use crate::{
    files::{close, everything, lines, rows, run, values},
    helpers::{Api, eventually, uuid},
};

fn failure(number: u32, person: &str) -> Value {
    json!({"event": {"uuid": uuid(number), "event": "$ai_generation", "distinct_id": person, "timestamp": "2026-01-02T12:00:00Z",
        "properties": {"$ai_is_error": true, "$ai_input": format!("prompt {number}"), "$ai_output_choices": "half an ans",
            "$ai_error": "cut", "$ai_trace_id": "conv-1a2b3c4d", "$ai_session_id": "sess-1a2b3c4d", "$ai_model": "gpt-5"}}})
}

/// A verdict about an event of a person.
fn verdict(number: u32, result: bool, about: u32, person: &str) -> Value {
    let mut judged = failure(about, person)["event"].clone();
    judged["properties"]["$ai_is_error"] = Value::Null;
    json!({"event": {"uuid": uuid(number), "event": "$ai_evaluation", "distinct_id": person, "timestamp": "2026-01-02T13:00:00Z",
        "properties": {"$ai_evaluation_result": result, "$ai_evaluation_name": "n", "$ai_evaluation_reasoning": "r"}}, "about": judged})
}

fn stored(api: &Api, body: &Value) {
    assert_eq!(api.post(body).json()["status"], "stored", "{body}");
}

fn uuids_of_rows(api: &Api) -> Vec<String> {
    rows(api.folder.path()).iter().map(|row| row["uuid"].as_str().unwrap().to_owned()).collect()
}

/// Failures and verdicts of two persons, in closed and live files. Verdict 4 is about one of `user_1`, and names nobody.
fn filled() -> Api {
    let api = Api::start();
    stored(&api, &verdict(2, false, 1, "user_1"));
    stored(&api, &failure(10, "user_2"));
    let rows_closed = || fs::exists(api.folder.path().join("generations.000001.jsonl")).unwrap();
    api.process.hang_up();
    eventually("both files are closed", || !api.file().exists() && rows_closed());
    stored(&api, &failure(1, "user_1"));
    stored(&api, &verdict(3, true, 1, "user_1"));
    let mut nameless = verdict(4, false, 1, "user_1");
    nameless["about"].as_object_mut().unwrap().remove("distinct_id");
    stored(&api, &nameless);
    stored(&api, &verdict(11, false, 10, "user_2"));
    api
}

#[test]
fn a_persons_rows_of_every_kind_go_and_those_about_them_with_their_lines() {
    let api = filled();
    let folder = api.folder.path();
    let told = run(folder, &["forget", "--yes", "--distinct-id", "user_1"]);
    assert!(told.contains("generations.000001.jsonl: 1 line removed") && told.contains("training_data"), "{told}");
    assert_eq!(uuids_of_rows(&api), [uuid(10), uuid(11)]);
    assert_eq!(values(folder, "uuid"), [uuid(10), uuid(11)]);
    let left = everything(folder);
    assert!(!left.contains("\"user_1\"") && !left.contains("prompt 1\"") && !left.contains(&uuid(4)), "{left}");
    // Neither the events nor a later verdict about them come back; the person's later ones do.
    let mut later = verdict(5, true, 1, "user_1");
    later["event"]["timestamp"] = json!("2099-01-01T00:00:00Z");
    let mut by_uuid_alone = later.clone();
    by_uuid_alone["about"].as_object_mut().unwrap().remove("timestamp");
    for body in [failure(1, "user_1"), verdict(2, false, 1, "user_1"), later, by_uuid_alone] {
        assert_eq!(api.post(&body).json()["reason"], "forgotten", "{body}");
    }
    let mut new = failure(6, "user_1");
    new["event"]["timestamp"] = json!("2099-01-01T00:00:00Z");
    stored(&api, &new);
    assert_eq!(rows(folder).len(), 3);
}

#[test]
fn what_is_anonymised_keeps_together_what_belonged_together_and_names_nobody() {
    let api = filled();
    let folder = api.folder.path();
    run(folder, &["forget", "--yes", "--anonymise", "--distinct-id", "user_1"]);
    let all = rows(folder);
    let of = |kind: &str, label: &str| -> Vec<&Value> {
        all.iter()
            .filter(|row| row["kind"] == kind && row["label"] == label && row["distinct_id"] != "user_2")
            .collect()
    };
    let (failures, bad, good) = (of("failure", ""), of("verdict", "bad"), of("verdict", "good"));
    assert_eq!((failures.len(), bad.len(), good.len(), all.len()), (1, 2, 1, 6));
    for row in bad.iter().chain(&good).chain(&failures) {
        assert_eq!(row["distinct_id"], failures[0]["distinct_id"]);
        assert_eq!((&row["trace_id"], &row["session_id"]), (&failures[0]["trace_id"], &failures[0]["session_id"]));
        assert!(row["trace_id"].as_str().unwrap().starts_with("u_") && row["trace_id"] != row["session_id"], "{row}");
        assert!(row["kind"] == "failure" || row["about"] == failures[0]["uuid"], "{row}");
        assert_ne!(row["uuid"], uuid(1));
    }
    let lines: Vec<Value> = lines(folder).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line_uuids: Vec<_> = lines.iter().map(|line| line["uuid"].clone()).collect();
    assert!(
        bad.iter().chain(&failures).all(|row| line_uuids.contains(&row["uuid"])),
        "a line and its row have one uuid"
    );
    let left = everything(folder);
    assert!([1, 2, 3, 4].iter().all(|number| !left.contains(&uuid(*number))) && left.contains("prompt 1"), "{left}");
    assert!(!folder.join(".misfire/anonymise.key").exists());
    let ok = run(folder, &["verify"]);
    assert!(ok.contains("nothing wrong"), "{ok}");
}

#[test]
fn rows_of_an_older_sanitizer_are_cleaned_and_the_hash_of_their_input_stays() {
    let api = filled();
    let folder = Arc::clone(&api.folder);
    let path = folder.path().join("generations.000001.jsonl");
    let before: Vec<_> = rows(folder.path());
    let text = fs::read_to_string(&path).unwrap().replacen("half an ans", "to jane@example.com", 1);
    let text = text.replacen("\"model\":\"gpt-5\"", "\"model\":\"ft:jane@example.com\"", 1);
    fs::write(&path, text).unwrap();
    let told = run(folder.path(), &["resanitize", "--all", "--yes"]);
    assert!(told.contains("generations.000001.jsonl, line 1, output @@"), "{told}");
    let row = &rows(folder.path())[0];
    assert_eq!((&row["output"], &row["input_hash"]), (&json!("to [EMAIL_1]"), &before[0]["input_hash"]));
    assert!(!row["model"].as_str().unwrap().contains("jane"), "{row}");
    assert_eq!(rows(folder.path())[1..], before[1..]);
    // Lines of training_data.jsonl alone are closed as before.
    api.post(&json!({"event": {"event": "generation_failed", "properties": {"input_prompt": "x"}}}));
    close(&api);
}

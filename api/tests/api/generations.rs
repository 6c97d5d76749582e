//! `generations.jsonl`: which events have a row, and that rows are written once, before their lines.

use std::{fs, sync::Arc};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::helpers::{Api, uuid};

const SURVEY: &str = "[[events]]\nname = \"survey sent\"\nwhen = { q = 2 }\ngood = { q = 1 }\nabout = { trace = \"$ai_trace_id\" }\n\
                      submission = \"submission\"\nreason = 'thumbs down'\nfeedback = \"text\"\n";

fn generation(number: u32, properties: &Value) -> Value {
    let mut all = json!({"$ai_input": [{"role": "user", "content": "Write to jane@example.com and bob@example.com"}],
        "$ai_output_choices": [{"role": "assistant", "content": "I wrote to bob@example.com"}], "$ai_model": "ft:gpt-5:acme:jane@example.com",
        "$ai_provider": "openai", "$ai_http_status": 500, "$ai_trace_id": "jane@example.com", "$ai_is_error": true, "$ai_error": "bob@example.com bounced"});
    all.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    json!({"event": {"uuid": uuid(number), "event": "$ai_generation", "distinct_id": "user_1", "timestamp": "2026-01-02T12:00:00Z",
        "properties": all}})
}

/// A verdict of `properties` about generation 1, as a pull joins them.
fn survey(number: u32, properties: &Value) -> Value {
    let judged = generation(1, &json!({"$ai_is_error": false}));
    json!({"event": {"uuid": uuid(number), "event": "survey sent", "distinct_id": "user_2", "timestamp": "2026-01-02T12:05:00Z",
        "properties": properties}, "about": judged["event"]})
}

fn with_survey(more: &[(&str, &str)]) -> Api {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let table = folder.path().join("events.toml");
    fs::write(&table, SURVEY).unwrap();
    Api::start_in(folder, &[&[("EVENTS", table.to_str().unwrap())], more].concat())
}

fn rows(api: &Api) -> Vec<Value> {
    api.rows().iter().map(|row| serde_json::from_str(row).unwrap()).collect()
}

#[test]
fn line_and_row_of_a_failure_have_the_same_placeholders() {
    let api = Api::start();
    assert_eq!(api.post(&generation(1, &json!({}))).json()["status"], "stored");
    let (line, row) = (api.last_line(), rows(&api).remove(0));
    assert_eq!(line["failure_reason"], "[EMAIL_2] bounced");
    assert_eq!(row["failure_reason"], line["failure_reason"]);
    let metrics = api.process.get("/metrics", &[]).body;
    for (metric, file) in
        [("misfire_file_bytes", "training_data.jsonl"), ("misfire_generations_file_bytes", "generations.jsonl")]
    {
        let bytes = fs::metadata(api.folder.path().join(file)).unwrap().len();
        assert!(metrics.contains(&format!("{metric} {bytes}\n")), "{metric} {bytes}: {metrics}");
    }
    assert_eq!(row["input"], r#"[{"role":"user","content":"Write to [EMAIL_1] and [EMAIL_2]"}]"#);
    assert_eq!(row["output"], r#"[{"role":"assistant","content":"I wrote to [EMAIL_2]"}]"#);
    assert_eq!((&row["kind"], &row["label"], &row["http_status"]), (&"failure".into(), &"".into(), &"500".into()));
    assert!(
        !row["model"].as_str().unwrap().contains("jane") && row["trace_id"].as_str().unwrap().starts_with("u_"),
        "{row}"
    );
}

#[test]
fn where_no_entry_asks_for_rows_there_is_no_file_and_rows_come_with_an_entry_that_does() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let table = folder.path().join("events.toml");
    fs::write(&table, "built_in = false\n[[events]]\nname = \"$ai_generation\"\ninput = \"$ai_input\"\n").unwrap();
    let api = Api::start_in(folder, &[("EVENTS", table.to_str().unwrap())]);
    api.post(&generation(1, &json!({})));
    assert_eq!((api.lines().len(), api.folder.path().join("generations.jsonl").exists()), (1, false));
    // The built-in entry asks for rows.
    let api = api.restart();
    assert_eq!(api.post(&generation(1, &json!({}))).json()["status"], "duplicate");
    assert_eq!(api.post(&generation(2, &json!({}))).json()["status"], "stored");
    assert_eq!((api.lines().len(), rows(&api).len()), (2, 1));
}

#[test]
fn a_verdict_has_a_row_and_only_a_bad_one_a_line() {
    let api = with_survey(&[]);
    for (number, properties, label, lines) in [
        (2, json!({"q": 2, "submission": "s-1"}), "bad", 1),
        (3, json!({"q": 1, "submission": "s-1"}), "good", 1),
        (4, json!({"text": "rude to bob@example.com", "submission": "s-1"}), "", 1),
    ] {
        let answer = api.post(&survey(number, &properties)).json();
        assert_eq!((&answer["status"], &answer["uuid"]), (&"stored".into(), &uuid(number).into()), "{answer}");
        assert_eq!(api.post(&survey(number, &properties)).json()["status"], "duplicate");
        let row = rows(&api).pop().unwrap();
        assert_eq!((&row["kind"], &row["label"], &row["about"]), (&"verdict".into(), &label.into(), &uuid(1).into()));
        assert_eq!((&row["distinct_id"], api.lines().len()), (&"user_1".into(), lines), "{row}");
        assert_eq!(row["output"], r#"[{"role":"assistant","content":"I wrote to [EMAIL_2]"}]"#);
        assert_eq!(row["failure_reason"], if label == "bad" { "thumbs down" } else { "" });
        assert_eq!(row["feedback"], if label.is_empty() { "rude to [EMAIL_2]" } else { "" });
    }
    let submissions: Vec<_> = rows(&api).iter().map(|row| row["submission"].clone()).collect();
    assert!(submissions[0] != "" && submissions.iter().all(|submission| *submission == submissions[0]));
    assert_eq!(rows(&api).len(), 3);
    // Without what they judge, and of a survey that says nothing.
    for (properties, reason) in
        [(json!({"q": 1}), "not_a_failure"), (json!({"text": "x"}), "no_content"), (json!({"r": 1}), "not_a_failure")]
    {
        let mut alone = survey(9, &properties);
        alone.as_object_mut().unwrap().remove("about");
        assert_eq!(api.post(&alone).json()["reason"], reason, "{properties}");
    }
}

#[test]
fn a_success_is_kept_only_where_the_setting_says_so_and_a_pull_wants_it() {
    let success = |number, properties: Value| generation(number, &properties);
    let fine = json!({"$ai_is_error": null, "$ai_http_status": 200, "$ai_error": null});
    let wanted = |number, properties: &Value| {
        let mut body = success(number, properties.clone());
        body["kept_as"] = "success".into();
        body
    };
    let api = Api::start();
    assert_eq!(api.post(&wanted(1, &fine)).json()["reason"], "not_a_failure");
    let api = Api::start_with(&[("PULL_SUCCESSES", "true")]);
    assert!(api.process.log().contains("PULL_SUCCESSES"), "{}", api.process.log());
    assert_eq!(api.post(&success(1, fine.clone())).json()["reason"], "not_a_failure");
    for nothing_said in
        [json!([]), json!([{"role": "assistant", "content": null, "refusal": "I can't help with that."}])]
    {
        let mut success = fine.clone();
        success["$ai_output_choices"] = nothing_said;
        assert_eq!(api.post(&wanted(1, &success)).json()["reason"], "not_a_failure");
    }
    assert_eq!(api.post(&wanted(1, &fine)).json()["status"], "stored");
    assert_eq!(api.post(&wanted(1, &fine)).json()["status"], "duplicate");
    let row = rows(&api).remove(0);
    assert_eq!(
        (&row["kind"], &row["failure_reason"], &row["http_status"]),
        (&"success".into(), &"".into(), &"200".into())
    );
    assert!(!api.file().exists());
    // The same input as that of a failure.
    api.post(&generation(2, &json!({"$ai_output_choices": []})));
    assert_eq!(rows(&api)[1]["input_hash"], row["input_hash"]);
}

#[test]
fn a_row_without_its_line_is_completed_when_the_event_comes_again() {
    let api = Api::start();
    api.post(&generation(1, &json!({})));
    api.post(&generation(2, &json!({})));
    let folder = Arc::clone(&api.folder);
    let file = api.file();
    assert!(api.process.signal(Signal::TERM).0.success());
    // As a kill between the two files leaves them.
    let first = fs::read_to_string(&file).unwrap().split_inclusive('\n').next().unwrap().to_owned();
    fs::write(&file, first).unwrap();
    let api = Api::start_in(folder, &[]);
    assert_eq!((api.lines().len(), rows(&api).len()), (1, 2));
    for (number, status) in [(1, "duplicate"), (2, "stored"), (2, "duplicate")] {
        assert_eq!(api.post(&generation(number, &json!({}))).json()["status"], status);
    }
    assert_eq!((api.lines().len(), rows(&api).len()), (2, 2));
}

#[test]
fn both_files_are_closed_when_they_are_full_and_repaired_when_they_are_torn() {
    let api = Api::start_with(&[("ROTATE_BYTES", "2000")]);
    for number in 0..12 {
        api.post(&generation(number, &json!({})));
    }
    let folder = Arc::clone(&api.folder);
    api.process.signal(Signal::KILL);
    let closed = |stem: &str| {
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(&format!("{stem}.0"))).count()
    };
    assert!(closed("training_data") >= 1 && closed("generations") > closed("training_data"));
    for name in ["training_data.jsonl", "generations.jsonl"] {
        let path = folder.path().join(name);
        let torn = [fs::read(&path).unwrap_or_default(), b"{\"timestamp\":\"2026".to_vec()].concat();
        fs::write(&path, torn).unwrap();
    }
    let api = Api::start_in(Arc::clone(&folder), &[]);
    for number in 0..12 {
        assert_eq!(api.post(&generation(number, &json!({}))).json()["status"], "duplicate", "{number}");
    }
    let verified = crate::helpers::misfire().arg("verify").current_dir(folder.path()).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
    let text = String::from_utf8(verified.stdout).unwrap();
    assert!(text.contains("generations.000001.jsonl") && text.contains("24 lines: nothing wrong"), "{text}");
}

#[test]
fn the_name_of_the_rows_is_not_taken_for_lines() {
    let folder = tempfile::tempdir().unwrap();
    let command = Api::command(folder.path(), &[("TRAINING_DATA", "generations.jsonl")]);
    let log = crate::helpers::Process::try_start(command).err().unwrap();
    assert!(log.contains("is the name of the rows"), "{log}");
}

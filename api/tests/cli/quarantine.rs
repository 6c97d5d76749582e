//! `misfire quarantine`.

use std::{fs, path::Path, process::Output, sync::Arc};

use serde_json::{Value, json};

use crate::{
    files::{command, run},
    helpers::{Api, event, uuid},
};

const RECEIVED_AT: &str = "2025-11-30T16:38:21.968Z";

/// A line as an earlier version may have left it, with its input.
fn line(number: u32, input: &str, distinct_id: &str) -> String {
    let values = [
        ("received_at", RECEIVED_AT),
        ("uuid", &uuid(number)),
        ("event", "generation_failed"),
        ("reason", "input_prompt must be a string"),
        ("distinct_id", distinct_id),
        ("input_prompt", input),
        ("failure_reason", "timeout"),
    ];
    let pairs: Vec<_> = values.iter().map(|(key, value)| format!("\"{key}\":{}", json!(value))).collect();
    format!("{{{}}}\n", pairs.join(","))
}

/// An API whose quarantine holds these lines.
fn api_with(lines: &[String], settings: &[(&str, &str)]) -> Api {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    fs::create_dir(folder.path().join(".misfire")).unwrap();
    fs::write(folder.path().join(".misfire/quarantine.jsonl"), lines.concat()).unwrap();
    Api::start_in(folder, settings)
}

/// The uuids that are in quarantine, the oldest first.
fn uuids(folder: &Path) -> Vec<String> {
    let list: Value = serde_json::from_str(&run(folder, &["quarantine", "list", "--json"])).unwrap();
    list.as_array().unwrap().iter().map(|event| event["uuid"].as_str().unwrap().to_owned()).collect()
}

fn retry(api: &Api, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command =
        command(api.folder.path(), &[&["quarantine", "retry", "--api", &api.process.addr], arguments].concat());
    command.envs(variables.iter().copied()).output().unwrap()
}

/// The status, and the counts: events, stored, stored before, erased, refused, without input, removed lines.
fn counts(api: &Api, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, [u64; 7]) {
    let output = retry(api, &[arguments, &["--json"]].concat(), variables);
    let counts: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let keys = ["events", "stored", "stored_before", "erased", "refused", "without_input", "removed_lines"];
    (output.status.code().unwrap(), keys.map(|key| counts[key].as_u64().unwrap()))
}

fn unusable(number: u32) -> Value {
    let mut event = event(number, "");
    event["event"]["properties"]["input_prompt"] = Value::Null;
    event
}

#[test]
fn the_list_tells_each_event_and_whether_it_can_be_retried() {
    let cut = "x".repeat(64 * 1024);
    let api = api_with(&[line(1, "a chair", "user_1"), line(2, &cut, "user_1")], &[]);
    let folder = api.folder.path();
    api.post(&unusable(3)).problem(422);
    let list = run(folder, &["quarantine", "list"]);
    let rows: Vec<_> = list.lines().collect();
    let first = format!("{}  {RECEIVED_AT}  generation_failed  whole_input  input_prompt must be a string", uuid(1));
    assert_eq!(rows[0], first);
    assert!(
        rows[1].contains("  cut_input    ") && rows[2].contains("  no_input     ") && rows[2].ends_with(" is null"),
        "{list}"
    );
    assert_eq!(rows[3..], ["3 events, 1 with a whole input"]);
    assert!(!list.contains("a chair"), "a list is short");

    assert_eq!(uuids(folder), [1, 2, 3].map(uuid));
    for (period, count) in [(["--until", "2025-12-01"], 2), (["--since", "1h"], 1), (["--until", "2025-11-30"], 0)] {
        let list = run(folder, &[&["quarantine", "list", "--json"], &period[..]].concat());
        assert_eq!(serde_json::from_str::<Value>(&list).unwrap().as_array().unwrap().len(), count, "{period:?}");
    }
    assert_eq!(run(folder, &["quarantine", "list", "--until", "2025-11-30"]), "nothing is in quarantine\n");
}

#[test]
fn an_event_is_shown_in_full() {
    let api = api_with(&[line(1, "a chair\nfor [EMAIL_1]", "user_1")], &[]);
    let folder = api.folder.path();
    let shown = run(folder, &["quarantine", "show", &uuid(1)]);
    for part in [
        &uuid(1),
        RECEIVED_AT,
        "user_1",
        "timeout",
        "input_prompt must be a string",
        "21 bytes\na chair\nfor [EMAIL_1]\n",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let json = run(folder, &["quarantine", "show", &uuid(1), "--json"]);
    assert_eq!(json, line(1, "a chair\nfor [EMAIL_1]", "user_1"));
    let missing = command(folder, &["quarantine", "show", &uuid(2)]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(String::from_utf8(missing.stderr).unwrap(), format!("{} is not in quarantine\n", uuid(2)));
    assert_eq!(command(folder, &["quarantine", "show", "7"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn what_is_whole_is_stored_once_and_leaves_the_quarantine_and_the_rest_stays() {
    let chat = r#"[{"role":"user","content":"write to [EMAIL_1]"}]"#;
    let api = api_with(
        &[
            line(1, "a chair", "user_1"),
            line(2, chat, "unknown"),
            line(1, "a chair", "user_1"),
            line(4, &"x".repeat(65_536), "u"),
        ],
        &[],
    );
    let folder = api.folder.path();
    api.post(&unusable(3)).problem(422);

    let looked = retry(&api, &["--dry-run"], &[]);
    assert!(String::from_utf8_lossy(&looked.stdout).contains("4 events: 2 would be posted"), "{looked:?}");
    assert!(api.lines().is_empty() && uuids(folder).len() == 5);

    let output = retry(&api, &[], &[]);
    let (said, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{said}{error}");
    assert_eq!(said, "4 events: 2 stored, 0 stored before, 2 left; lines removed from the quarantine: 3\n");
    assert!(error.contains(&format!("{} is left: there is no input", uuid(3))), "{error}");
    assert!(error.contains(&format!("{} is left: the input was cut", uuid(4))), "{error}");
    assert!(error.contains("misfire pull --since 2025-11-29"), "{error}");
    let mut stored: Vec<Value> = api.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    stored.sort_by_key(|line| line["uuid"].to_string());
    assert_eq!(
        stored[0],
        json!({"timestamp": RECEIVED_AT, "event": "generation_failed", "failure_reason": "timeout",
        "input_prompt": "a chair", "distinct_id": "user_1", "uuid": uuid(1)})
    );
    assert_eq!((&stored[1]["input_prompt"], &stored[1]["distinct_id"]), (&json!(chat), &json!("unknown")));
    assert_eq!(stored.len(), 2);
    assert_eq!(uuids(folder), [4, 3].map(uuid));

    // The API goes on with its quarantine, and an event that comes whole by another way clears its line away.
    api.post(&unusable(5)).problem(422);
    assert_eq!(api.post(&event(3, "here it is")).json()["status"], "stored");
    assert_eq!(counts(&api, &["--uuid", &uuid(3)], &[]), (0, [1, 0, 1, 0, 0, 0, 1]));
    assert_eq!(uuids(folder), [4, 5].map(uuid));
    assert_eq!(counts(&api, &["--since", "1h"], &[]), (1, [1, 0, 0, 0, 0, 1, 0]));
    assert_eq!(counts(&api, &["--uuid", &uuid(99)], &[]), (0, [0; 7]));
}

#[test]
fn it_authenticates_as_posthog_does_and_without_an_answer_nothing_is_lost() {
    for (name, value) in
        [("WEBHOOK_SECRET", "hunter2"), ("WEBHOOK_SIGNING_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    {
        let api = api_with(&[line(1, "a chair", "user_1")], &[(name, value)]);
        let unproven = retry(&api, &[], &[]);
        let error = String::from_utf8(unproven.stderr).unwrap();
        assert!(unproven.status.code() == Some(2) && error.contains("refuses the secret"), "{error}");
        let folder = Arc::clone(&api.folder);
        assert_eq!(uuids(folder.path()), [uuid(1)]);
        let proven = retry(&api, &[], &[(name, value)]);
        assert_eq!(proven.status.code(), Some(0), "{proven:?}");
        assert!(!format!("{proven:?}").contains(value));
        assert_eq!(uuids(folder.path()), [] as [String; 0]);
    }
    let api = api_with(&[line(1, "a chair", "user_1")], &[]);
    let nobody = retry(&api, &["--api", "127.0.0.1:9"], &[]);
    assert_eq!(nobody.status.code(), Some(2), "{nobody:?}");
    assert_eq!(uuids(api.folder.path()), [uuid(1)]);
}

#[test]
fn what_would_be_refused_again_is_not_posted() {
    let api = api_with(&[line(1, "a chair", "user_1")], &[]);
    let folder = api.folder.path();
    fs::write(folder.join("events.toml"), "[[events]]\nname = \"generation_failed\"\ninput = \"prompt\"\n").unwrap();
    let output = retry(&api, &["--events", "events.toml"], &[]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(1) && error.contains("is left: #/event/properties/prompt is missing"),
        "{error}"
    );
    assert_eq!((uuids(folder), api.lines().len()), (vec![uuid(1)], 0));
}

#[test]
fn an_event_of_somebody_who_was_erased_since_does_not_come_back() {
    let api = api_with(&[line(1, "a chair", "user_1"), line(2, "a table", "user_2")], &[]);
    let folder = api.folder.path();
    run(folder, &["forget", "--distinct-id", "user_1", "--yes"]);
    // A copy that somebody put back.
    fs::write(folder.join(".misfire/quarantine.000777.jsonl"), line(1, "a chair", "user_1")).unwrap();
    assert_eq!(counts(&api, &[], &[]), (0, [2, 1, 0, 1, 0, 0, 2]));
    assert!(uuids(folder).is_empty() && api.lines().len() == 1 && api.lines()[0].contains("a table"));
}

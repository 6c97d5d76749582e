//! `misfire forget`.

use std::{
    fs::{self, File},
    io::Write,
    process::Command,
};

use serde_json::{Value, json};

use crate::{
    files::{close, command, data_files, everything, fail, lines, misfire_file, run, succeeded, values},
    helpers::{Api, event, uuid},
};

fn of(distinct_id: &str, number: u32, prompt: &str) -> Value {
    let mut event = event(number, prompt);
    event["event"]["distinct_id"] = json!(distinct_id);
    event
}

fn at(time: &str, mut event: Value) -> Value {
    event["event"]["timestamp"] = json!(time);
    event
}

fn status(api: &Api, event: &Value) -> String {
    let answer = api.post(event);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["status"].as_str().unwrap().to_owned()
}

/// Three files: two closed ones and the live one, with `user_1`, `jane@example.com` and others in each; one in quarantine.
fn filled() -> Api {
    let api = Api::start();
    for file in 0..3 {
        for (n, id) in ["user_1", "user_10", "jane@example.com", "user_2"].into_iter().enumerate() {
            // Its id in another's prompt makes nobody another.
            api.post(&of(id, file * 10 + n as u32, &format!("{{\"distinct_id\":\"user_1\"}} of {id}")));
        }
        if file < 2 {
            close(&api);
        }
    }
    let mut unusable = of("user_1", 900, "x");
    unusable["event"]["properties"]["input_prompt"] = Value::Null;
    api.post(&unusable).problem(422);
    unusable["event"]["distinct_id"] = json!("user_2");
    api.post(&unusable).problem(422);
    api
}

#[test]
fn a_persons_lines_go_from_every_file_and_from_the_quarantine_and_no_other_line_changes() {
    let api = filled();
    let folder = api.folder.path();
    let others: Vec<_> =
        lines(folder).into_iter().filter(|line| !line.contains("\"distinct_id\":\"user_1\",\"uuid\"")).collect();
    let receipt: Value =
        serde_json::from_str(&run(folder, &["forget", "--yes", "--distinct-id", "user_1", "--json"])).unwrap();
    assert_eq!(lines(folder), others);
    assert_eq!((&receipt["lines"], &receipt["quarantine_lines"]), (&json!(3), &json!(1)), "{receipt}");
    assert_eq!(receipt["files"].as_array().unwrap().len(), 3);
    assert_eq!(quarantined(folder), ["user_2"]);
    // The receipt is kept, and it and the guard lead nobody back to the person.
    let kept = misfire_file(folder, "receipts.jsonl");
    let kept_receipts: Vec<Value> = kept.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((kept_receipts.len(), &kept_receipts[0]["state"]), (2, &json!("begun")));
    assert_eq!(kept_receipts[1], receipt);
    assert!(!kept.contains("user_1") && !misfire_file(folder, "forgotten").contains("user_1"));
    // What is noted of the files is what is in them.
    let catalog: Value = serde_json::from_str(&misfire_file(folder, "files.json")).unwrap();
    let closed = catalog["closed"].as_array().unwrap().iter();
    let noted = closed.filter(|file| file["file"].as_str().unwrap().starts_with("training_data"));
    assert_eq!(noted.map(|file| file["lines"].clone()).collect::<Vec<_>>(), [3, 3, 3]);
    // A second run finds nothing, and the API goes on.
    let second = command(folder, &["forget", "--yes", "--distinct-id", "user_1"]).output().unwrap();
    assert_eq!(second.status.code(), Some(1), "{second:?}");
    assert!(String::from_utf8_lossy(&second.stdout).starts_with("no line belongs to this person"), "{second:?}");
    assert_eq!(status(&api, &of("user_2", 100, "x")), "stored");
}

/// Whose events are in the quarantine, over all of its files.
fn quarantined(folder: &std::path::Path) -> Vec<String> {
    let files = fs::read_dir(folder.join(".misfire")).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("quarantine."));
    let lines = files.flat_map(|path| fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>());
    let id = |line: String| serde_json::from_str::<Value>(&line).unwrap()["distinct_id"].as_str().unwrap().to_owned();
    lines.map(id).collect()
}

#[test]
fn an_address_is_found_by_its_pseudonym_however_it_is_spelled() {
    let api = filled();
    let output =
        command(api.folder.path(), &["forget", "--yes", "--email", "Jane@Example.com", "--json"]).output().unwrap();
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("only lines whose distinct_id is the address itself are found")
    );
    let receipt: Value = serde_json::from_str(&succeeded(&output)).unwrap();
    assert_eq!(receipt["lines"], 3);
    assert!(values(api.folder.path(), "distinct_id").iter().all(|id| id.starts_with("user_")));
    // And by the pseudonym itself, which is what somebody who reads the data has.
    let pseudonym = "u_0123456789abcdef0123456789abcdef";
    let another = lines(api.folder.path()).into_iter().find(|line| line.contains("\"user_10\",")).unwrap();
    let copied = api.folder.path().join("training_data.000009.jsonl");
    fs::write(copied, another.replace("\"user_10\",", &format!("\"{pseudonym}\",")) + "\n").unwrap();
    drop(api.process);
    assert!(
        run(api.folder.path(), &["forget", "--yes", "--distinct-id", pseudonym])
            .contains("000009.jsonl: 1 line removed")
    );
}

#[test]
fn without_a_running_api_the_command_closes_the_file_itself() {
    let api = filled();
    let folder = api.folder.clone();
    drop(api.process);
    let receipt: Value =
        serde_json::from_str(&run(folder.path(), &["forget", "--yes", "--distinct-id", "user_1", "--json"])).unwrap();
    assert_eq!((&receipt["lines"], &receipt["quarantine_lines"]), (&json!(3), &json!(1)));
    assert!(!values(folder.path(), "distinct_id").contains(&"user_1".to_owned()));
    assert_eq!(quarantined(folder.path()), ["user_2"]);
    let api = Api::start_in(folder, &[]);
    assert_eq!(status(&api, &of("user_1", 0, "again")), "ignored");
}

#[test]
fn what_posthog_sends_again_does_not_come_back_and_newer_events_are_taken() {
    let api = filled();
    run(api.folder.path(), &["forget", "--yes", "--distinct-id", "user_1", "--email", "jane@example.com"]);
    let before = lines(api.folder.path());
    let again = |api: &Api| {
        let answer = api.post(&of("user_1", 0, "again"));
        let answer = answer.json();
        assert_eq!((&answer["status"], &answer["reason"]), (&json!("ignored"), &json!("forgotten")), "{answer}");
        assert_eq!(status(api, &of("Jane@example.com", 2, "again")), "ignored");
        // One that had never come, from before the erasure.
        assert_eq!(status(api, &of("user_1", 500, "late")), "ignored");
        let mut unusable = of("user_1", 501, "x");
        unusable["event"]["properties"]["input_prompt"] = Value::Null;
        assert_eq!(status(api, &unusable), "ignored");
    };
    again(&api);
    assert_eq!(status(&api, &of("user_2", 3, "a repetition of another's")), "duplicate");
    let api = api.restart();
    again(&api);
    assert_eq!(lines(api.folder.path()), before);
    assert_eq!(quarantined(api.folder.path()), ["user_2"]);
    let counted = api.process.get("/metrics", &[]).body;
    assert!(counted.contains("misfire_ignored_total{reason=\"forgotten\"} 4"), "{counted}");

    assert_eq!(status(&api, &at("2100-01-01T00:00:00Z", of("user_1", 502, "new"))), "stored");
    assert!(run(api.folder.path(), &["forget", "--yes", "--distinct-id", "user_1"]).contains("1 line removed"));
}

#[test]
fn a_person_may_be_made_nobody_instead() {
    let api = filled();
    let folder = api.folder.path();
    let prompts = values(folder, "input_prompt");
    let told = run(folder, &["forget", "--yes", "--distinct-id", "user_1", "--anonymise"]);
    assert!(told.contains("training_data.000001.jsonl: 1 line put under a fresh id"), "{told}");
    assert_eq!(values(folder, "input_prompt"), prompts);
    let ids = values(folder, "distinct_id");
    let fresh: std::collections::HashSet<_> = [&ids[0], &ids[4], &ids[8]].into();
    assert_eq!(fresh.len(), 1, "one person's lines stay together: {ids:?}");
    assert!(ids[0].starts_with("u_") && ids[0].len() == 34);
    assert!(!everything(folder).contains("\"distinct_id\":\"user_1\""));
    assert!(!values(folder, "uuid").contains(&uuid(0)), "the uuid leads to the person in PostHog");
    assert_eq!(status(&api, &of("user_1", 0, "again")), "ignored");
}

#[test]
fn a_file_that_has_no_line_left_goes() {
    let api = Api::start();
    api.post(&of("user_1", 1, "x"));
    run(api.folder.path(), &["forget", "--yes", "--distinct-id", "user_1"]);
    assert_eq!(data_files(api.folder.path()).len(), 0);
    api.post(&of("user_2", 2, "x"));
    close(&api);
    assert_eq!(values(api.folder.path(), "distinct_id"), ["user_2"]);
    let catalog: Value = serde_json::from_str(&misfire_file(api.folder.path(), "files.json")).unwrap();
    assert_eq!(catalog["closed"].as_array().unwrap().len(), 1, "{catalog}");
}

#[test]
fn a_torn_end_that_names_the_person_goes_too() {
    let api = filled();
    let folder = api.folder.path();
    let tail = |name: &str| folder.join(".misfire").join(name);
    fs::write(tail("tail-1.bin"), "\0\0,\"distinct_id\":\"user_1\",\"uu").unwrap();
    fs::write(tail("tail-2.bin"), "\0\0,\"distinct_id\":\"user_2\",\"uu").unwrap();
    assert!(run(folder, &["forget", "--yes", "--distinct-id", "user_1"]).contains("tail-….bin: 1 torn end"));
    assert!(!tail("tail-1.bin").exists() && tail("tail-2.bin").exists());
}

#[test]
fn another_key_than_the_apis_would_find_nobody_and_is_refused() {
    let api = filled();
    let mut other = command(api.folder.path(), &["forget", "--yes", "--email", "jane@example.com"]);
    let output = other.env("PSEUDONYM_KEY", "another key of enough bytes").output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not what the API runs with"), "{output:?}");
    assert_eq!(misfire_file(api.folder.path(), "forgotten"), "", "nothing was begun");
}

#[test]
fn only_the_process_that_holds_the_file_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".misfire")).unwrap();
    fs::write(folder.path().join(".misfire/pseudonym.key"), "0123456789abcdef").unwrap();
    let line = "{\"timestamp\":\"2025-11-30T16:38:21.968Z\",\"event\":\"generation_failed\",\"failure_reason\":\"timeout\",\
        \"input_prompt\":\"p\",\"distinct_id\":\"user_1\",\"uuid\":\"0193acb2-7d10-7b3e-9a55-000000000001\"}\n";
    fs::write(folder.path().join("training_data.jsonl"), line).unwrap();
    // The lock is held, and its file names a process that has nothing to do with it.
    let mut stranger = Command::new("sleep").arg("60").spawn().unwrap();
    let mut lock = File::create(folder.path().join(".misfire/lock")).unwrap();
    lock.try_lock().unwrap();
    writeln!(lock, "{}", stranger.id()).unwrap();
    let error = fail(folder.path(), &["forget", "--yes", "--distinct-id", "user_1"]);
    assert!(error.contains("cannot be seen from here"), "{error}");
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger was signalled");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn everybody_and_nobody_are_refused() {
    let api = filled();
    for (id, said) in [("unknown", "nobody's id"), (" ", "an id is empty")] {
        let error = fail(api.folder.path(), &["forget", "--yes", "--distinct-id", id]);
        assert!(error.contains(said), "{error}");
    }
    let output = command(api.folder.path(), &["forget"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let nowhere = tempfile::tempdir().unwrap();
    assert!(
        fail(nowhere.path(), &["forget", "--yes", "--distinct-id", "user_1"])
            .contains("is TRAINING_DATA where the API writes?")
    );
}

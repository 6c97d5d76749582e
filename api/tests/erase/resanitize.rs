//! `misfire resanitize`.

use std::fs;

use serde_json::{Value, json};

use crate::{
    files::{close, command, data_files, fail, lines, misfire_file, run},
    helpers::{Api, event},
};

/// A folder whose first file an older sanitizer wrote, and left an address and a number in.
fn old() -> Api {
    let api = Api::start();
    for number in 0..3 {
        api.post(&event(number, &format!("number {number}, write to jane{number}@example.com")));
    }
    api.post(&event(3, "nothing in it"));
    // Chat messages are JSON in the line, where keys tell what values are; and text may look like JSON.
    let mut chat = event(4, "");
    chat["event"]["properties"]["input_prompt"] =
        json!([{"role": "user", "password": "hunter2", "content": "write to jane@example.com"}]);
    api.post(&chat);
    api.post(&event(5, "{ \"mail\": \"jane@example.com\" }"));
    close(&api);
    let closed = &data_files(api.folder.path())[0];
    let text = fs::read_to_string(closed).unwrap().replacen("[EMAIL_1]", "joan@example.org, or [EMAIL_1]", 1);
    let text = text.replacen("1, write to [EMAIL_1]\"", "1, write to +1 415 555 0132\"", 1);
    fs::write(closed, text).unwrap();
    note_version(&api, 1);
    api
}

fn note_version(api: &Api, version: u32) {
    let path = api.folder.path().join(".misfire/files.json");
    let mut catalog: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    catalog["closed"][0]["sanitizer_version"] = version.into();
    fs::write(&path, catalog.to_string()).unwrap();
}

fn version(api: &Api) -> u64 {
    let catalog: Value = serde_json::from_str(&misfire_file(api.folder.path(), "files.json")).unwrap();
    catalog["closed"][0]["sanitizer_version"].as_u64().unwrap()
}

#[test]
fn old_files_become_what_todays_rules_make_of_them_after_a_look() {
    let api = old();
    let folder = api.folder.path();
    let before = lines(folder);
    let told = run(folder, &["resanitize", "--dry-run"]);
    assert!(
        told.contains(
            "@@ training_data.000001.jsonl, line 1, input_prompt @@\n-number 0, write to joan@example.org, or"
        ),
        "{told}"
    );
    assert!(told.contains("\n+number 0, write to [EMAIL_2], or"), "{told}");
    assert!(told.contains("2 of 6 lines change, in 1 of 1 file; new placeholders: 1 EMAIL, 1 PHONE"), "{told}");
    assert!(told.ends_with("nothing was changed\n"));
    assert!(fail(folder, &["resanitize"]).contains("pass --yes"));
    assert_eq!((lines(folder), version(&api)), (before.clone(), 1));

    run(folder, &["resanitize", "--yes"]);
    let after = lines(folder);
    assert_eq!(after[2..], before[2..], "clean lines stay as they are");
    assert!(after[0].contains("number 0, write to [EMAIL_2], or [EMAIL_1]"), "{}", after[0]);
    assert!(version(&api) > 1);
    let ids = |lines: &[String]| {
        lines.iter().map(|line| line[line.find("\"distinct_id\"").unwrap()..].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&after), ids(&before));

    // Once is enough: the second time there is nothing to look at, and with --all nothing to change.
    let again = run(folder, &["resanitize", "--yes"]);
    assert!(again.starts_with("nothing to do: no file is older than sanitizer version"), "{again}");
    let again = run(folder, &["resanitize", "--yes", "--json"]);
    assert!(again.starts_with("{\"files\":0,") && again.contains("\"swapped\":false"), "{again}");
    assert!(run(folder, &["resanitize", "--all", "--yes"]).starts_with("0 of 6 lines change"));
    assert_eq!(lines(folder), after);
}

#[test]
fn another_policy_is_applied_to_everything_and_the_running_api_goes_on() {
    let api = old();
    let folder = api.folder.path();
    api.post(&event(9, "about TICKET-123456"));
    fs::write(folder.join("policy.toml"), "[[own]]\nlabel = \"TICKET\"\npattern = 'TICKET-[0-9]{6}'\n").unwrap();
    let told = run(folder, &["resanitize", "--all", "--yes", "--policy", "policy.toml", "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (&told["files"], &told["placeholders"]["TICKET"], &told["swapped"]),
        (&2.into(), &1.into(), &true.into())
    );
    assert!(lines(folder).iter().any(|line| line.contains("about [TICKET_1]")));
    assert_eq!(api.post(&event(9, "again")).json()["status"], "duplicate");
    assert_eq!(api.post(&event(10, "new")).json()["status"], "stored");
}

/// Which policy a file was written under is not known, so with a policy every file is looked at, whatever version wrote it.
#[test]
fn verify_has_nothing_to_say_after_a_run_under_any_policy() {
    for policy in [
        "distinct_id = \"hash\"",
        "distinct_id = \"keep\"",
        "off = [\"EMAIL\"]",
        "allow = [\"example.com\"]",
        "[[own]]\nlabel = \"NUMBER\"\npattern = 'number [0-9]'",
    ] {
        let api = Api::start();
        (0..3)
            .for_each(|number| drop(api.post(&event(number, &format!("number {number}, write to jane@example.com")))));
        close(&api);
        let folder = api.folder.path();
        fs::write(folder.join("policy.toml"), policy).unwrap();
        run(folder, &["resanitize", "--yes", "--policy", "policy.toml"]);
        run(folder, &["verify", "--policy", "policy.toml", "training_data.jsonl"]);
        let again = run(folder, &["resanitize", "--yes", "--policy", "policy.toml"]);
        assert!(again.starts_with("0 of 3 lines change"), "{policy}: {again}");
    }
}

#[test]
fn what_an_ended_run_left_is_cleared_away() {
    let api = old();
    let left = api.folder.path().join(".misfire/training_data.000001.jsonl.rewrite");
    fs::write(&left, "half a fi").unwrap();
    let mut looked = command(api.folder.path(), &["resanitize", "--dry-run"]);
    assert!(looked.output().unwrap().status.success());
    assert!(!left.exists());
}

//! `misfire pull`: a period once, posted to a running API.

use std::{path::Path, process::Command, thread, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    files::{command, fail, lines, succeeded, values},
    helpers::{Api, Process, uuid},
    posthog::{PERSONAL_KEY, capture, start},
};

const SINCE: &str = "2025-11-30";

fn failure(number: u32, time: &str) -> Value {
    json!({"uuid": uuid(number), "event": "generation_failed", "distinct_id": "user_1", "timestamp": time,
        "properties": {"input_prompt": format!("prompt {number}"), "failure_reason": "timeout"}})
}

fn pull(folder: &Path, posthog: &Process, api: &Process, more: &[&str]) -> Command {
    let host = format!("http://{}", posthog.addr);
    let arguments = ["pull", "--host", &host, "--project", "1", "--since", SINCE, "--api", &api.addr, "--json"];
    let mut command = command(folder, &[&arguments[..], more].concat());
    command.env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY);
    command
}

/// Events, stored, duplicates, ignored and refused.
fn counts(mut command: Command) -> [u64; 5] {
    let counts: Value = serde_json::from_str(&succeeded(&command.output().unwrap())).unwrap();
    ["events", "stored", "duplicate", "ignored", "refused"].map(|key| counts[key].as_u64().unwrap())
}

#[test]
fn what_posthog_still_has_is_stored_once_however_often_it_is_asked() {
    let (posthog, api) = (start(), Api::start());
    // About three pages would need 1,000 and more; the borders of pages are tested where the pages are cut.
    let events: Vec<_> =
        (0..300).map(|n| failure(n, &format!("2025-11-30T16:{:02}:{:02}.{:03}Z", n / 60, n % 60, n % 3))).collect();
    capture(&posthog, &events);
    let mut used = failure(1_002, "2025-11-30T12:00:00Z");
    used["event"] = json!("feature_used");
    capture(&posthog, &[used]);
    // PostHog's own time counts: the clock of whoever sends an event may be wrong.
    thread::sleep(Duration::from_millis(20));
    let later = Timestamp::now().to_string();
    thread::sleep(Duration::from_millis(20));
    capture(&posthog, &[failure(1_000, "2025-11-29T23:59:59.999Z"), failure(1_001, "2038-01-01T00:00:00Z")]);
    // The API has one of them already.
    api.post(&json!({"event": events[7]}));
    let until = ["--until", &later];
    assert_eq!(counts(pull(api.folder.path(), &posthog, &api.process, &until)), [300, 299, 1, 0, 0]);
    let mut uuids = values(api.folder.path(), "uuid");
    uuids.sort();
    assert_eq!(uuids, (0..300).map(uuid).collect::<Vec<_>>());
    let first: Value = serde_json::from_str(&lines(api.folder.path())[1]).unwrap();
    assert!(first["timestamp"].as_str().unwrap().starts_with("2025-11-30T16:"), "{first}");

    let before = lines(api.folder.path());
    assert_eq!(counts(pull(api.folder.path(), &posthog, &api.process, &until)), [300, 0, 300, 0, 0]);
    assert_eq!(lines(api.folder.path()), before);
    // Until now, unless told otherwise. An event that its sender dates to the future is no reason to pass others by.
    assert_eq!(counts(pull(api.folder.path(), &posthog, &api.process, &[])), [302, 2, 300, 0, 0]);
}

#[test]
fn it_proves_itself_as_posthog_does_and_names_what_is_refused() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let posthog = start();
    let mut unusable = failure(2, "2025-11-30T16:00:00Z");
    unusable["properties"]["input_prompt"] = Value::Null;
    capture(&posthog, &[failure(1, "2025-11-30T16:00:00Z"), unusable]);
    for (name, value) in [("WEBHOOK_SIGNING_SECRET", secret), ("WEBHOOK_SECRET", "hunter2")] {
        let api = Api::start_with(&[(name, value)]);
        let folder = api.folder.path();
        let unproven = pull(folder, &posthog, &api.process, &[]).output().unwrap();
        assert!(String::from_utf8_lossy(&unproven.stderr).contains("refuses the secret"), "{unproven:?}");

        let proven = pull(folder, &posthog, &api.process, &[]).env(name, value).output().unwrap();
        assert_eq!(proven.status.code(), Some(1), "something was refused: {proven:?}");
        let (told, error) = (String::from_utf8_lossy(&proven.stdout), String::from_utf8_lossy(&proven.stderr));
        assert!(told.contains("\"stored\":1") && told.contains("\"refused\":1"), "{told}");
        assert!(error.contains(&uuid(2)) && error.contains("422"), "{error}");
        assert!(!format!("{told}{error}").contains(value));
    }
}

#[test]
fn a_wrong_key_or_host_is_told_in_posthogs_words() {
    let (posthog, api) = (start(), Api::start());
    let mut wrong = pull(api.folder.path(), &posthog, &api.process, &[]);
    let output = wrong.env("POSTHOG_PERSONAL_API_KEY", "phx_wrong").output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("401") && error.contains("invalid") && !error.contains("phx_wrong"), "{error}");
    posthog.signal(rustix::process::Signal::TERM);
    // The address is free now; nobody answers there.
    let error =
        fail(api.folder.path(), &["pull", "--host", "http://posthog.example", "--project", "1", "--since", SINCE]);
    assert!(error.contains("POSTHOG_PERSONAL_API_KEY is not set"), "{error}");
}

//! `misfire backfill`, and `misfire forget --email` with a PostHog to ask.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::{
    files::{command, lines, succeeded, values},
    helpers::{Api, Process, uuid},
    posthog::{PERSONAL_KEY, capture, start},
};

const SINCE: &str = "2025-11-30T00:00:00Z";

fn failure(number: u32, time: &str) -> Value {
    json!({"uuid": uuid(number), "event": "generation_failed", "distinct_id": "user_1", "timestamp": time,
        "properties": {"input_prompt": format!("prompt {number}"), "failure_reason": "timeout"}})
}

fn backfill(folder: &Path, posthog: &Process, api: &Process, more: &[&str]) -> Command {
    let (host, door) = (format!("http://{}", posthog.addr), format!("http://{}", api.addr));
    let arguments = ["backfill", "--host", &host, "--project", "1", "--since", SINCE, "--api", &door, "--json"];
    let mut command = command(folder, &[&arguments[..], more].concat());
    command.env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY);
    command
}

fn counts(mut command: Command) -> [u64; 5] {
    let counts: Value = serde_json::from_str(&succeeded(&command.output().unwrap())).unwrap();
    ["events", "stored", "duplicate", "ignored", "refused"].map(|key| counts[key].as_u64().unwrap())
}

#[test]
fn what_posthog_still_has_is_stored_once_however_often_it_is_asked() {
    let (posthog, api) = (start(), Api::start());
    // More of one millisecond than a page is long would need 1,000 and more; this is about three pages.
    let events: Vec<_> =
        (0..300).map(|n| failure(n, &format!("2025-11-30T16:{:02}:{:02}.{:03}Z", n / 60, n % 60, n % 3))).collect();
    capture(&posthog, &events);
    capture(&posthog, &[failure(1_000, "2025-11-29T23:59:59.999Z"), failure(1_001, "2025-12-01T00:00:00Z")]);
    let mut used = failure(1_002, "2025-11-30T12:00:00Z");
    used["event"] = json!("feature_used");
    capture(&posthog, &[used]);
    // The API has one of them already, and two persons' events would be lost otherwise.
    api.post(&json!({"event": events[7]}));
    let until = ["--until", "2025-12-01T00:00:00Z"];
    assert_eq!(counts(backfill(api.folder.path(), &posthog, &api.process, &until)), [300, 299, 1, 0, 0]);
    let mut uuids = values(api.folder.path(), "uuid");
    uuids.sort();
    assert_eq!(uuids, (0..300).map(uuid).collect::<Vec<_>>());
    let first: Value = serde_json::from_str(&crate::files::lines(api.folder.path())[1]).unwrap();
    assert!(first["timestamp"].as_str().unwrap().starts_with("2025-11-30T16:"), "{first}");

    let before = crate::files::lines(api.folder.path());
    assert_eq!(counts(backfill(api.folder.path(), &posthog, &api.process, &until)), [300, 0, 300, 0, 0]);
    assert_eq!(crate::files::lines(api.folder.path()), before);
    // Until now, unless told otherwise.
    assert_eq!(counts(backfill(api.folder.path(), &posthog, &api.process, &[])), [301, 1, 300, 0, 0]);
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
        let unproven = backfill(folder, &posthog, &api.process, &[]).output().unwrap();
        assert!(String::from_utf8_lossy(&unproven.stderr).contains("refuses the secret"), "{unproven:?}");

        let proven = backfill(folder, &posthog, &api.process, &[]).env(name, value).output().unwrap();
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
    let mut wrong = backfill(api.folder.path(), &posthog, &api.process, &[]);
    let output = wrong.env("POSTHOG_PERSONAL_API_KEY", "phx_wrong").output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("401") && error.contains("invalid") && !error.contains("phx_wrong"), "{error}");
    posthog.signal(rustix::process::Signal::TERM);
    // The address is free now; nobody answers there.
    let error = crate::files::fail(
        api.folder.path(),
        &["backfill", "--host", "http://posthog.example", "--project", "1", "--since", SINCE],
    );
    assert!(error.contains("POSTHOG_PERSONAL_API_KEY is not set"), "{error}");
}

#[test]
fn an_address_leads_to_all_ids_that_posthog_knows() {
    let (posthog, api) = (start(), Api::start());
    let mut identify =
        vec![json!({"event": "$identify", "distinct_id": "user_1", "$set": {"email": "jane@example.com"}})];
    identify.extend((0..12).map(
        |n| json!({"event": "$create_alias", "distinct_id": "user_1", "properties": {"alias": format!("device_{n}")}}),
    ));
    capture(&posthog, &identify);
    for (number, id) in ["user_1", "user_2", "device_0", "device_11", "jane@example.com"].into_iter().enumerate() {
        let mut event = failure(number as u32, "2025-11-30T16:00:00Z");
        event["distinct_id"] = json!(id);
        api.post(&json!({ "event": event }));
    }
    let host = format!("http://{}", posthog.addr);
    let mut forget = command(
        api.folder.path(),
        &["forget", "--yes", "--email", " Jane@example.com ", "--host", &host, "--project", "1", "--json"],
    );
    let output = forget.env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY).output().unwrap();
    let receipt: Value = serde_json::from_str(&succeeded(&output)).unwrap();
    assert_eq!(receipt["lines"], 4, "{receipt}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("PostHog knows 13 ids by that address"));
    assert_eq!(values(api.folder.path(), "distinct_id"), ["user_2"]);
    // What PostHog has of them is not brought back by a backfill.
    let mut again = failure(0, "2025-11-30T16:00:00Z");
    again["distinct_id"] = json!("user_1");
    capture(&posthog, &[again]);
    assert_eq!(counts(backfill(api.folder.path(), &posthog, &api.process, &[])), [1, 0, 0, 1, 0]);
    let nobody = command(api.folder.path(), &["forget", "--yes", "--distinct-id", "user_1"]).output().unwrap();
    assert!(nobody.status.code() == Some(1), "{nobody:?}");
    // PostHog takes an empty filter as no filter: everybody would be erased.
    let mut everybody =
        command(api.folder.path(), &["forget", "--yes", "--email", " ", "--host", &host, "--project", "1"]);
    let everybody = everybody.env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY).output().unwrap();
    let error = String::from_utf8_lossy(&everybody.stderr);
    assert!(everybody.status.code() == Some(2) && error.contains("--email is empty"), "{error}");
    assert!(!lines(api.folder.path()).is_empty());
}

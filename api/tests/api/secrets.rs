//! What must never show, and what counts as set.

use std::process::Stdio;

use rustix::process::Signal;
use serde_json::json;

use crate::helpers::{Api, event, misfire};

const SECRETS: [(&str, &str); 3] = [
    ("WEBHOOK_SECRET", "s3cr3t-shared"),
    ("WEBHOOK_SIGNING_SECRET", "whsec_c2lnbmluZy1zZWNyZXQtb2YtMzItYnl0ZXMtISEh"),
    ("PSEUDONYM_KEY", "s3cr3t-pseudonym-key"),
];

#[test]
fn no_help_shows_a_secrets_value() {
    for arguments in [&["--help"][..], &["serve", "--help"], &["web", "--help"], &["health", "--help"]] {
        let help = misfire().args(arguments).envs(SECRETS).env("POSTHOG_KEY", "phx_s3cr3t").output().unwrap();
        let help = String::from_utf8([help.stdout, help.stderr].concat()).unwrap();
        assert!(help.contains("Usage"), "{help}");
        for value in ["s3cr3t", "c2lnbmluZy"] {
            assert!(!help.contains(value), "{help}");
        }
    }
    let help = misfire().args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(SECRETS.iter().all(|(name, _)| help.contains(name)), "each secret stands in the help by its name");
}

/// Compose passes an unset variable on as an empty one, and so does a line `NAME=` of `.env`.
#[test]
fn an_empty_variable_counts_as_unset() {
    let names =
        ["EVENTS", "SANITIZER_POLICY", "ROTATE_BYTES", "PULL_SUCCESSES", "POSTHOG_PROJECT", "WEBHOOK_SECRET_FILE"];
    let api = Api::start_with(&names.map(|name| (name, "")));
    assert_eq!(api.post(&event(1, "x")).status, 200);
    let refused = Api::command(api.folder.path(), &[("EVENTS", " ")]).output().unwrap();
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && error.contains("EVENTS"), "a blank one is a wrong value: {error}");
}

#[test]
fn no_log_shows_a_secret_a_person_or_a_body() {
    let api = Api::start_with(&SECRETS);
    let mut jane = event(1, "prompt-of-jane");
    jane["event"]["distinct_id"] = json!("jane@example.com");
    let proof = [("x-webhook-secret", "s3cr3t-shared")];
    assert_eq!(api.post_with(&proof, &jane.to_string()).status, 200);
    assert_eq!(api.post_with(&proof, &jane.to_string()).status, 200);
    api.post_with(&[("x-webhook-secret", "guessed-value")], &jane.to_string()).problem(401);
    api.post_with(&proof, "prompt-of-jane").problem(400);
    jane["event"]["properties"]["input_prompt"] = json!(null);
    api.post_with(&proof, &jane.to_string()).problem(422);
    api.process.get("/users/jane", &[]).problem(404);

    let addr = api.process.addr.clone();
    let (_, log) = api.process.signal(Signal::TERM);
    assert!(log.contains("answered 422") && log.contains("refused: unauthenticated"), "{log}");
    for value in ["s3cr3t", "c2lnbmluZy", "guessed-value", "jane", "ada@", "timeout", "8.8.4.4"] {
        assert!(!log.contains(value), "{value} in {log}");
    }
    // The one address in the log is our own, not a peer's.
    assert_eq!(log.matches("127.0.0.1").count(), log.matches(&addr).count(), "{log}");
}

#[test]
fn an_open_address_wants_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let refused = Api::command(folder.path(), &[("API_ADDR", "0.0.0.0:0")]).stderr(Stdio::piped()).output().unwrap();
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && error.contains("WEBHOOK_SECRET"), "{error}");
    for lifted in [("WEBHOOK_SECRET", "s3cr3t"), ("ALLOW_UNAUTHENTICATED", "true")] {
        drop(Api::start_with(&[("API_ADDR", "0.0.0.0:0"), lifted]));
    }
}

#[test]
fn a_secret_may_come_from_a_file_and_from_nowhere_else_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let (file, empty) = (folder.path().join("secret"), folder.path().join("empty"));
    std::fs::write(&file, "from-a-file\n").unwrap();
    std::fs::write(&empty, "\n").unwrap();
    let api = Api::start_with(&[("WEBHOOK_SECRET_FILE", file.to_str().unwrap()), ("WEBHOOK_SECRET", "")]);
    assert_eq!(api.post_with(&[("x-webhook-secret", "from-a-file")], &event(1, "x").to_string()).status, 200);
    api.post(&event(2, "x")).problem(401);

    for settings in [
        [("WEBHOOK_SECRET_FILE", file.to_str().unwrap()), ("WEBHOOK_SECRET", "both")],
        [("WEBHOOK_SECRET_FILE", empty.to_str().unwrap()), ("WEBHOOK_SECRET", "")],
        [("WEBHOOK_SECRET_FILE", "/nonexistent"), ("WEBHOOK_SECRET", "")],
    ] {
        let refused = Api::command(folder.path(), &settings).output().unwrap();
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && error.contains("WEBHOOK_SECRET_FILE"), "{error}");
    }
}

#[test]
fn a_list_without_a_secret_in_it_is_refused_and_not_taken_for_none() {
    for name in ["WEBHOOK_SECRET", "WEBHOOK_SIGNING_SECRET", "PSEUDONYM_KEY"] {
        let folder = tempfile::tempdir().unwrap();
        let start = Api::command(folder.path(), &[(name, " , ")]).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(start.status.code(), Some(1));
        let error = String::from_utf8(start.stderr).unwrap();
        assert!(error.contains(&format!("{name} holds commas but no secret")), "{error}");
    }
}

//! `LOG_FORMAT`.

use std::process::{Command, Stdio};

use rustix::process::Signal;
use serde_json::Value;

use crate::{
    helpers::{Api, Process, event, misfire},
    posthog::binary,
};

/// Asserts that each line is a record, and gives the messages.
fn messages(log: &str) -> Vec<String> {
    let record = |line: &str| {
        let record: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        let keys: Vec<_> = record.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys.len(), 4, "{line}");
        for key in ["time", "level", "target", "message"] {
            assert!(record[key].is_string(), "{key} in {line}");
        }
        assert!(record["time"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{line}");
        record["message"].as_str().unwrap().to_owned()
    };
    log.lines().map(record).collect()
}

#[test]
fn each_record_is_a_line_of_json_from_the_first_to_the_last() {
    let api = Api::start_with(&[("LOG_FORMAT", "json"), ("WEBHOOK_SECRT", "s3cr3t")]);
    let addr = api.process.addr.trim_end_matches("\"}");
    let url = format!("http://{addr}/api/webhooks");
    assert_eq!(crate::helpers::agent().post(&url).send(event(1, "x").to_string()).unwrap().status(), 200);
    let (status, log) = api.process.signal(Signal::TERM);
    assert!(status.success());
    let messages = messages(&log);
    for part in [
        "data: ",
        "callers: anybody on this machine",
        "WEBHOOK_SECRT is set",
        "listening on http://",
        "answered 200",
        "stopped",
    ] {
        assert!(messages.iter().any(|message| message.contains(part)), "{part} in {messages:?}");
    }
    assert!(!log.contains("s3cr3t"));
}

#[test]
fn a_start_that_fails_says_so_in_the_same_form() {
    let folder = tempfile::tempdir().unwrap();
    for mut program in [misfire(), Command::new(binary("posthog-local"))] {
        let is_misfire = program.get_program().to_string_lossy().ends_with("misfire");
        if is_misfire {
            program.arg("serve");
        } else {
            program.env_clear();
        }
        // An address of documentation, which no machine has.
        program.envs([("API_ADDR", "192.0.2.1:1"), ("POSTHOG_LOCAL_ADDR", "192.0.2.1:1"), ("WEBHOOK_SECRET", "x")]);
        let output = program.current_dir(folder.path()).env("LOG_FORMAT", "json").output().unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{log}");
        assert!(messages(&log).last().unwrap().contains("192.0.2.1:1"), "{log}");
        let output = program.env("LOG_FORMAT", "logfmt").output().unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && log.ends_with("LOG_FORMAT must be text or json\n"), "{log}");
    }
}

#[test]
fn posthog_local_logs_in_the_same_form() {
    let mut command = Command::new(binary("posthog-local"));
    command.env_clear().env("POSTHOG_LOCAL_ADDR", "127.0.0.1:0").env("LOG_FORMAT", "json").stdin(Stdio::null());
    let (_, log) = Process::start(command).signal(Signal::TERM);
    assert!(messages(&log).iter().any(|message| message.starts_with("listening on http://")), "{log}");
}

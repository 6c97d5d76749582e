//! A posthog-local of one's own.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::helpers::{Process, agent};

pub(crate) const PERSONAL_KEY: &str = "phx_local";

/// Starts posthog-local; its webhooks go nowhere, as in an outage.
pub(crate) fn start() -> Process {
    let mut command = Command::new(binary("posthog-local"));
    command.env_clear().env("POSTHOG_LOCAL_ADDR", "127.0.0.1:0").env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY);
    command.env("WEBHOOK_URL", "http://127.0.0.1:9/");
    Process::start(command)
}

/// Captures events as an SDK does.
pub(crate) fn capture(posthog: &Process, events: &[Value]) {
    let body = json!({"api_key": "phc_local", "batch": events}).to_string();
    let answer = agent().post(format!("http://{}/batch/", posthog.addr)).send(body).unwrap();
    assert_eq!(answer.status(), 200);
}

/// Cargo builds a workspace's binaries two folders above its tests.
fn binary(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let path = test.parent().and_then(Path::parent).expect("a target folder").join(name);
    assert!(path.exists(), "{} is missing: run cargo build", path.display());
    path
}

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
    start_with(&[])
}

pub(crate) fn start_with(settings: &[(&str, &str)]) -> Process {
    let mut command = Command::new(binary("posthog-local"));
    command.env_clear().env("POSTHOG_LOCAL_ADDR", "127.0.0.1:0").env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY);
    command.env("WEBHOOK_URL", "http://127.0.0.1:9/");
    command.envs(settings.iter().copied());
    Process::start(command)
}

/// Captures events as an SDK does.
pub(crate) fn capture(posthog: &Process, events: &[Value]) {
    capture_text(posthog, &json!(events).to_string());
}

/// The same with the events as a JSON text, whose keys keep their order.
pub(crate) fn capture_text(posthog: &Process, events: &str) {
    let body = format!("{{\"api_key\":\"phc_local\",\"batch\":{events}}}");
    let answer = agent().post(format!("http://{}/batch/", posthog.addr)).send(body).unwrap();
    assert_eq!(answer.status(), 200);
}

/// Has it do something wrong, until it is told otherwise.
pub(crate) fn set_faults(posthog: &Process, faults: &Value) {
    let url = format!("http://{}/_local/faults", posthog.addr);
    let answer = agent().put(url).content_type("application/json").send(faults.to_string()).unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

/// Cargo builds a workspace's binaries two folders above its tests.
pub(crate) fn binary(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let path = test.parent().and_then(Path::parent).expect("a target folder").join(name);
    assert!(path.exists(), "{} is missing: run cargo build", path.display());
    path
}

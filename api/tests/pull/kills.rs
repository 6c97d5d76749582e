//! A kill at any moment of a pull: nothing is lost, and nothing is there twice.

use std::{
    env,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::json;

use crate::{
    files::{rows, values},
    helpers::{Api, uuid},
    posthog::{PERSONAL_KEY, capture, start_with},
};

const EVENTS: u32 = 2_000;

/// `PULL_KILLS` says how often it is killed (default 8; `scripts/test-crash` takes 100).
#[test]
fn a_pull_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    let kills: u32 = env::var("PULL_KILLS").map_or(8, |kills| kills.parse().expect("PULL_KILLS is a number"));
    let posthog = start_with(&[("POSTHOG_LOCAL_EVENTS_MAX", "10000"), ("POSTHOG_LOCAL_EVENTS_BYTES_MAX", "100000000")]);
    let event = |n: u32| {
        json!({"uuid": uuid(n), "event": "$ai_generation", "distinct_id": "user_1", "timestamp": "2026-01-02T12:00:00Z",
            "properties": {"$ai_is_error": true, "$ai_error": "429", "$ai_trace_id": format!("t-{}", n / 3),
                "$ai_input": [{"role": "user", "content": format!("prompt {n}")}], "$ai_output_choices": "half an ans"}})
    };
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let host = format!("http://{}", posthog.addr);
    let settings = [
        ("POSTHOG_APP_HOST", host.as_str()),
        ("POSTHOG_PROJECT", "1"),
        ("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY),
        ("PULL_INTERVAL_S", "1"),
        ("ROTATE_BYTES", "100000"),
    ];
    let per_kill = EVENTS / kills.max(1);
    for kill in 0..kills {
        // They arrive while others are pulled.
        let events: Vec<_> = (kill * per_kill..(kill + 1) * per_kill).map(event).collect();
        capture(&posthog, &events);
        let api = Api::start_in(Arc::clone(&folder), &settings);
        // From the first query to some way into the writing.
        thread::sleep(Duration::from_millis(u64::from(kill * 37 % 400)));
        api.process.signal(Signal::KILL);
    }
    let rest: Vec<_> = (kills * per_kill..EVENTS).map(event).collect();
    if !rest.is_empty() {
        capture(&posthog, &rest);
    }
    let api = Api::start_in(Arc::clone(&folder), &settings);
    let started = Instant::now();
    loop {
        let mut uuids = values(folder.path(), "uuid");
        uuids.sort();
        let lines = uuids.len();
        uuids.dedup();
        assert_eq!(uuids.len(), lines, "a line is there twice");
        if lines == EVENTS as usize {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{lines} lines: {}", api.process.log());
        thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(values(folder.path(), "uuid").len(), EVENTS as usize);
    let mut rows: Vec<_> = rows(folder.path()).iter().map(|row| row["uuid"].as_str().unwrap().to_owned()).collect();
    assert_eq!(rows.len(), EVENTS as usize, "each line has its row");
    rows.sort();
    rows.dedup();
    assert_eq!(rows.len(), EVENTS as usize, "a row is there twice");
}

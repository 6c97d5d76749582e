//! The pull inside `misfire serve`.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Map, Value, json};

use crate::{
    ai_rows::{KEY, assert_is_row},
    files::{lines, rows, run, values},
    helpers::{Api, Process, eventually, uuid},
    posthog::{PERSONAL_KEY, capture, capture_text, set_faults, start, start_with},
};

/// An API that pulls from this PostHog every second.
pub(crate) fn pulling(posthog: &Process, more: &[(&str, &str)]) -> Api {
    pulling_in(Arc::new(tempfile::tempdir().unwrap()), posthog, more)
}

fn pulling_in(folder: Arc<tempfile::TempDir>, posthog: &Process, more: &[(&str, &str)]) -> Api {
    let host = format!("http://{}", posthog.addr);
    let settings = [
        ("POSTHOG_APP_HOST", host.as_str()),
        ("POSTHOG_PROJECT", "1"),
        ("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY),
        ("PULL_INTERVAL_S", "1"),
    ];
    Api::start_in(folder, &[&settings[..], more].concat())
}

fn generation(number: u32, input: Value) -> Value {
    json!({"uuid": uuid(number), "event": "$ai_generation", "distinct_id": "user_1", "timestamp": "2026-01-02T12:00:00Z",
        "properties": {"$ai_is_error": true, "$ai_error": "429", "$ai_trace_id": format!("t-{}", number / 3), "$ai_input": input}})
}

#[derive(serde::Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    event: &'a serde_json::value::RawValue,
}

/// Waits until PostHog was asked again, and what is asked a second time would have come: a round takes two queries at least.
pub(crate) fn two_more_rounds(api: &Api) {
    let asked = metric(api, "misfire_pull_queries_total");
    eventually("two more rounds", || metric(api, "misfire_pull_queries_total") >= asked + 5);
}

pub(crate) fn metric(api: &Api, name: &str) -> u64 {
    let metrics = api.process.get("/metrics", &[]).body;
    let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
    value.unwrap_or(0.0) as u64
}

/// What becomes of the AI events of the SDKs once they are pulled (`tests/fixtures/posthog-ai`), from a PostHog that keeps content
/// apart and from one that does not.
#[test]
fn every_ai_fixture_gives_its_line_and_its_row_by_pull() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/posthog-ai");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    // As text: the keys keep their order.
    let event_of = |name: &str| serde_json::from_str::<Body>(&read(name)).unwrap().event.get().to_owned();
    let content = event_of("01_py_openai_429.json");
    let content = &content[content.find("\"$ai_input\"").unwrap()..content.find("\"$ai_output_choices\"").unwrap()];
    let expected: Map<String, Value> = serde_json::from_str(&read("expected.json")).unwrap();
    let mut lines_expected = BTreeMap::new();
    let mut events = Vec::new();
    for (name, expected) in &expected {
        // Of 06 the body is the webhook's, which has lost its content. PostHog has it.
        let properties = format!("\"properties\":{{{}", if name.starts_with("06_") { content } else { "" });
        events.push(event_of(name).replacen("\"properties\":{", &properties, 1));
        let line = ["line", "line_after_fetch", "line_after_join_with_09"].map(|key| &expected[key]);
        if let Some(line) = line.into_iter().find(|line| line.is_object()) {
            lines_expected.insert(line["uuid"].as_str().unwrap().to_owned(), line.clone());
        }
    }
    assert_eq!(lines_expected.len(), 9);
    let whole = tempfile::tempdir().unwrap();
    let project = whole.path().join("project.toml");
    let text = fs::read_to_string(folder.join("../../../../posthog-local/project.toml")).unwrap();
    let text: String =
        text.lines().filter(|line| !line.starts_with("ai_events")).map(|line| line.to_owned() + "\n").collect();
    fs::write(&project, format!("ai_events = \"whole\"\n{text}")).unwrap();
    let whole = || start_with(&[("POSTHOG_LOCAL_CONFIG", project.to_str().unwrap())]);
    for (posthog, successes) in [(start(), "true"), (whole(), "true"), (start(), "false")] {
        capture_text(&posthog, &format!("[{}]", events.join(",")));
        let table = folder.join("events.toml");
        let settings = [("EVENTS", table.to_str().unwrap()), ("PSEUDONYM_KEY", KEY), ("PULL_SUCCESSES", successes)];
        let api = pulling(&posthog, &settings);
        // A text to a verdict has a row alone; so have the two generations that went well. A refusal (14) did not.
        let stored = if successes == "true" { 12 } else { 10 };
        eventually("all lines are there", || api.lines().len() >= lines_expected.len());
        eventually("the pull is done", || metric(&api, "misfire_pull_events_total{outcome=\"stored\"}") == stored);
        for line in lines(api.folder.path()) {
            let line: Value = serde_json::from_str(&line).unwrap();
            assert_eq!(Some(&line), lines_expected.get(line["uuid"].as_str().unwrap()), "{line}");
        }
        assert_eq!(lines(api.folder.path()).len(), 9);
        let rows: BTreeMap<String, HashMap<String, String>> = rows(api.folder.path())
            .into_iter()
            .map(|row| (row["uuid"].as_str().unwrap().to_owned(), serde_json::from_value(row).unwrap()))
            .collect();
        assert_eq!(rows.len() as u64, stored);
        for (name, expected) in expected.iter().filter(|(_, expected)| expected["generation"].is_object()) {
            assert_is_row(name, &expected["generation"], &rows[expected["line"]["uuid"].as_str().unwrap()]);
        }
        let row = |number: &str| &rows[&format!("0199aa00-00{number}-7000-8000-0000000000{number}")];
        for (number, label) in [("0b", "bad"), ("0c", ""), ("0d", "bad")] {
            let row = row(number);
            assert_eq!((row["kind"].as_str(), row["label"].as_str()), ("verdict", label), "{number}");
            assert_eq!(row["about"], "0199aa00-0009-7000-8000-000000000009", "{number}");
            assert_eq!((row["distinct_id"].as_str(), row["model"].as_str()), ("user_2041", "gpt-5-mini"), "{number}");
            assert!(row["output"].contains("order A-17 is late by two days"), "{number}: {row:?}");
            assert_eq!(row["input_hash"], rows["0199aa00-0001-7000-8000-000000000001"]["input_hash"], "{number}");
        }
        assert_eq!(row("0b")["submission"], row("0c")["submission"]);
        assert!(row("0c")["feedback"].starts_with("It calls her [PERSON_"), "{:?}", row("0c"));
        if successes == "true" {
            assert_eq!((row("0a")["kind"].as_str(), row("09")["kind"].as_str()), ("success", "success"));
            assert_eq!(row("0a")["input_hash"], row("01")["input_hash"]);
            assert!(!rows.contains_key("0199aa00-000e-7000-8000-00000000000e"), "the model refused");
        }
        eventually("the round has ended", || api.process.get("/ready", &[]).json()["pull"]["status"] == "ok");
    }
}

#[test]
fn content_that_comes_later_is_waited_for_also_over_a_restart() {
    let posthog = start();
    set_faults(&posthog, &json!({"heavy_delay_ms": 3_600_000}));
    capture(&posthog, &[generation(1, json!("one")), generation(2, json!("two"))]);
    let mut without_trace = generation(3, json!("three"));
    without_trace["properties"]["$ai_trace_id"] = json!("");
    capture(&posthog, &[without_trace]);
    let api = pulling(&posthog, &[]);
    eventually("they wait", || metric(&api, "misfire_pull_waiting") == 3);
    assert!(metric(&api, "misfire_pull_events_total{outcome=\"no_content_yet\"}") >= 3);
    let position = fs::read_to_string(api.folder.path().join(".misfire/pull.json")).unwrap();
    assert!(position.contains(&uuid(3)) && !position.contains("user_1") && !position.contains("429"), "{position}");
    let folder = api.folder.clone();
    assert!(api.process.signal(rustix::process::Signal::TERM).0.success());
    set_faults(&posthog, &json!({}));
    let api = pulling_in(folder, &posthog, &[]);
    eventually("they are there", || api.lines().len() == 3);
    let mut prompts = values(api.folder.path(), "input_prompt");
    prompts.sort();
    assert_eq!(prompts, ["one", "three", "two"]);
    eventually("nothing waits", || metric(&api, "misfire_pull_waiting") == 0);
}

#[test]
fn what_has_no_content_anywhere_is_ignored_and_not_waited_for() {
    let posthog = start();
    let mut absent = generation(1, json!(null));
    absent["properties"].as_object_mut().unwrap().remove("$ai_input");
    capture(&posthog, &[absent, generation(2, json!(null)), generation(3, json!([]))]);
    let api = pulling(&posthog, &[]);
    eventually("all have their end", || {
        metric(&api, "misfire_pull_events_total{outcome=\"ignored\"}") == 2
            && metric(&api, "misfire_pull_events_total{outcome=\"refused\"}") == 1
    });
    assert_eq!(metric(&api, "misfire_ignored_total{reason=\"no_content\"}"), 1);
    assert_eq!(metric(&api, "misfire_ignored_total{reason=\"privacy_mode\"}"), 1);
    assert_eq!(metric(&api, "misfire_pull_waiting"), 0);
    assert!(!api.file().exists());
}

#[test]
fn an_outage_of_posthog_leaves_no_gap_and_ready_says_so() {
    let posthog = start();
    capture(&posthog, &[generation(1, json!("one"))]);
    let api = pulling(&posthog, &[]);
    eventually("the first is there", || api.lines().len() == 1);
    // 501 is a status that asking again does not help with; a PostHog that is away answers 5xx or nothing.
    set_faults(&posthog, &json!({"query_status": 503, "query_retry_after_s": 0}));
    let failing = || api.process.get("/ready", &[]).json()["pull"]["status"] == "failing";
    capture(&posthog, &[generation(2, json!("two"))]);
    let ready = || api.process.get("/ready", &[]);
    eventually("it is known", failing);
    assert_eq!(ready().status, 200, "a PostHog that is away is no reason to take no webhooks");
    assert!(metric(&api, "misfire_pull_failures_total") > 0);
    capture(&posthog, &[generation(3, json!("three"))]);
    set_faults(&posthog, &json!({}));
    eventually("the others are there", || api.lines().len() == 3);
    eventually("it is well again", || ready().json()["pull"]["status"] == "ok");
    assert!(metric(&api, "misfire_pull_lag_seconds") < 10);
}

#[test]
fn what_an_erased_person_did_is_not_pulled_back_in() {
    let posthog = start();
    capture(&posthog, &[generation(1, json!("one")), generation(2, json!("two"))]);
    let api = pulling(&posthog, &[]);
    eventually("both are there", || api.lines().len() == 2);
    run(api.folder.path(), &["forget", "--yes", "--distinct-id", "user_1"]);
    // Another pull of all, and a new one of the same person from before.
    capture(&posthog, &[generation(3, json!("three"))]);
    let folder = api.folder.clone();
    assert!(api.process.signal(rustix::process::Signal::TERM).0.success());
    let api = pulling_in(folder, &posthog, &[]);
    eventually("all are ignored", || metric(&api, "misfire_ignored_total{reason=\"forgotten\"}") == 3);
    assert_eq!(lines(api.folder.path()), Vec::<String>::new());
}

#[test]
fn what_is_sent_by_webhook_and_pulled_is_stored_once() {
    let posthog = start();
    let api = pulling(&posthog, &[]);
    let event = json!({"uuid": uuid(1), "event": "generation_failed", "distinct_id": "user_1",
        "timestamp": "2026-01-02T12:00:00Z", "properties": {"input_prompt": "one"}});
    api.post(&json!({ "event": event }));
    capture(&posthog, &[event]);
    eventually("it was pulled", || metric(&api, "misfire_pull_events_total{outcome=\"duplicate\"}") == 1);
    assert_eq!(api.lines().len(), 1);
    // What is known is not asked for again.
    two_more_rounds(&api);
    assert_eq!(metric(&api, "misfire_pull_events_total{outcome=\"duplicate\"}"), 1);
}

#[test]
fn settings_that_cannot_pull_stop_the_start() {
    let folder = tempfile::tempdir().unwrap();
    for (settings, said) in [
        (&[("POSTHOG_PROJECT", "1")][..], "POSTHOG_APP_HOST"),
        (&[("POSTHOG_APP_HOST", "https://eu.posthog.com")], "POSTHOG_PROJECT"),
        (&[("POSTHOG_PROJECT", "1"), ("POSTHOG_APP_HOST", "https://eu.posthog.com")], "POSTHOG_PERSONAL_API_KEY"),
        (
            &[
                ("POSTHOG_PROJECT", "1"),
                ("POSTHOG_APP_HOST", "https://eu.i.posthog.com"),
                ("POSTHOG_PERSONAL_API_KEY", "phx_x"),
            ],
            "ingestion host",
        ),
        (&[("PULL_SINCE", "yesterday")], "expected a day (2026-11-01"),
        (&[("EVENTS", "/nowhere")], "EVENTS"),
    ] {
        let log = Process::try_start(Api::command(folder.path(), settings)).err().unwrap();
        assert!(log.contains(said), "{settings:?}: {log}");
    }
}

/// `PULL_EVENTS` says how many events (default 5,000; the long proof takes 100,000).
#[test]
fn many_events_are_pulled_in_little_memory() {
    let events: u32 =
        std::env::var("PULL_EVENTS").map_or(5_000, |events| events.parse().expect("PULL_EVENTS is a number"));
    let posthog =
        start_with(&[("POSTHOG_LOCAL_EVENTS_MAX", "200000"), ("POSTHOG_LOCAL_EVENTS_BYTES_MAX", "4000000000")]);
    let text = "Write a letter about the order. ".repeat(30);
    for first in (0..events).step_by(500) {
        let batch: Vec<_> = (first..(first + 500).min(events))
            .map(|n| generation(n, json!([{"role": "user", "content": format!("{n} {text}")}])))
            .collect();
        capture(&posthog, &batch);
    }
    let api = pulling(&posthog, &[]);
    let started = Instant::now();
    let stored = || metric(&api, "misfire_pull_events_total{outcome=\"stored\"}") == u64::from(events);
    while !stored() {
        assert!(started.elapsed() < Duration::from_secs(600), "{}", api.process.log());
        thread::sleep(Duration::from_millis(100));
    }
    let status = fs::read_to_string(format!("/proc/{}/status", api.process.pid())).unwrap();
    let peak_kib: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().trim_end_matches(" kB").parse().ok())
        .unwrap();
    println!("{events} events in {:?}, {peak_kib} KiB", started.elapsed());
    assert!(peak_kib < 96 * 1_024, "{peak_kib} KiB");
    let mut uuids = values(api.folder.path(), "uuid");
    uuids.sort();
    uuids.dedup();
    assert_eq!(uuids.len(), events as usize);
}

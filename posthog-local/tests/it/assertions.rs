//! What a test can ask: which events arrived, and what became of them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Answer, Local, Options, Receiver, UUID, failure};

const OTHER: &str = "0193b2c8-77aa-7000-8000-000000000002";

fn names(answer: &Value) -> Vec<&str> {
    answer["events"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn events_are_found_by_name_person_time_and_state() {
    let local = Local::alone().await;
    local
        .capture(
            json!([{"event": "a", "distinct_id": "ada", "uuid": UUID}, {"event": "$$heatmap", "distinct_id": "ada"}]),
        )
        .await;
    let first = local.json("/_local/events").await["events"][0]["captured_at"].as_str().unwrap().to_owned();
    tokio::time::sleep(Duration::from_millis(5)).await;
    let between = jiff::Timestamp::now().to_string();
    local.capture(json!([{"event": "b", "distinct_id": "ada"}, {"event": "a", "distinct_id": "o'brien+1"}])).await;
    for (query, expected) in [
        ("", &["a", "b", "$$heatmap", "a"][..]),
        ("?event=a", &["a", "a"]),
        ("?event=A", &[]),
        ("?distinct_id=ada", &["b", "$$heatmap", "a"]),
        ("?distinct_id=o%27brien%2B1&event=a", &["a"]),
        (&format!("?uuid={UUID}"), &["a"]),
        (&format!("?since={between}"), &["a", "b"]),
        (&format!("?since={first}"), &["a", "b", "$$heatmap", "a"]),
        ("?state=dropped", &["$$heatmap"]),
        ("?state=captured", &["a", "b", "a"]),
        ("?state=delivered", &[]),
        ("?view=summary&event=b", &["b"]),
    ] {
        assert_eq!(names(&local.json(&format!("/_local/events{query}")).await), expected, "{query}");
    }
    let events = local.json("/_local/events").await;
    assert_eq!(
        (&events["events"][3]["states"], &events["events"][2]["states"]),
        (&json!(["captured", "settled"]), &json!(["dropped", "settled"]))
    );
    assert!(events["events"][2]["dropped"].as_str().unwrap().contains("heatmaps"));
    assert_eq!(local.json(&format!("/_local/events/{UUID}")).await["states"], json!(["captured", "settled"]));
}

#[actix_web::test]
async fn a_wrong_question_is_told_what_is_wrong_with_it() {
    let local = Local::alone().await;
    for (path, told) in [
        (
            "/_local/events?evnt=a",
            "there is no parameter \"evnt\"; there are event, distinct_id, uuid, since, state, view",
        ),
        ("/_local/events?timeout=5s", "there is no parameter \"timeout\""),
        ("/_local/events?event=a&event=b", "event: is given twice"),
        ("/_local/events?view=full", "view: there is no view \"full\"; there is summary"),
        (
            "/_local/wait?view=summary",
            "there is no parameter \"view\"; there are event, distinct_id, uuid, since, state, timeout",
        ),
        (
            "/_local/wait?state=sent",
            "state: there is no state \"sent\"; there are captured, dropped, delivered, failed, mailed, mail_failed, settled",
        ),
        ("/_local/wait?timeout=5", "timeout: \"\" is no unit; there are ms, s and m"),
        ("/_local/wait?timeout=5h", "timeout: \"h\" is no unit; there are ms, s and m"),
        ("/_local/wait?timeout=soon", "timeout: \"soon\" is no duration, such as 500ms, 5s or 1m"),
        ("/_local/wait?timeout=-1s", "timeout: \"-1s\" is no duration"),
        ("/_local/wait?timeout=1.5s", "timeout: \".5s\" is no unit"),
        ("/_local/wait?timeout=61s", "timeout: is at most 60 s"),
        ("/_local/wait?timeout=99999999999999999999s", "timeout: \"99999999999999999999s\" is no duration"),
        (
            "/_local/wait?since=yesterday",
            "since: \"yesterday\" is no time with an offset, such as 2026-03-02T10:15:30.123Z",
        ),
        ("/_local/wait?since=2026-03-02T10:15:30", "since: \"2026-03-02T10:15:30\" is no time with an offset"),
        (
            "/_local/wait?since=2026-03-02T10:15:30+00:00",
            "since: \"2026-03-02T10:15:30 00:00\" is no time with an offset, such as 2026-03-02T10:15:30.123Z; in a URL, + is written %2B",
        ),
        ("/_local/wait?uuid=1", "uuid: \"1\" is no UUID"),
    ] {
        let refused = local.get(path).send().await.unwrap();
        assert_eq!(refused.status(), 400, "{path}");
        let problem = refused.json::<Value>().await.unwrap()["error"].clone();
        assert!(problem.as_str().unwrap().starts_with(told), "{path}: {problem}");
    }
    assert_eq!(local.get("/_local/wait").header("origin", "http://localhost:4200").send().await.unwrap().status(), 403);
}

#[actix_web::test]
async fn a_test_waits_until_it_is_delivered_and_no_longer() {
    let (local, _receiver) = Local::with_receiver(vec![Answer::Status(503), Answer::Status(200)]).await;
    let path = format!("/_local/wait?uuid={UUID}&state=delivered&timeout=10s");
    let started = Instant::now();
    let (answer, ()) = tokio::join!(local.json(&path), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        local.capture(json!([{"event": "other", "distinct_id": "d"}, failure(OTHER), failure(UUID)])).await;
    });
    assert!(started.elapsed() < Duration::from_secs(9));
    assert_eq!((&answer["found"], names(&answer)), (&json!(true), vec!["generation_failed"]));
    let event = &answer["events"][0];
    assert_eq!((&event["uuid"], &event["states"]), (&json!(UUID), &json!(["captured", "delivered", "settled"])));
    // What is so already is told at once.
    assert_eq!(local.json("/_local/wait?event=other&state=settled&timeout=0ms").await["found"], true);
}

#[actix_web::test]
async fn what_does_not_come_is_no_error_and_shows_what_came() {
    let (local, _receiver) = Local::with_receiver(vec![Answer::Status(400)]).await;
    local.capture(json!([failure(UUID), {"event": "other", "distinct_id": "d"}])).await;
    let answer = local.json("/_local/wait?event=generation_failed&state=failed").await;
    assert_eq!(answer["events"][0]["states"], json!(["captured", "failed", "settled"]));
    let answer = local.json("/_local/wait?event=generation_failed&state=delivered&timeout=100ms").await;
    assert_eq!((&answer["found"], names(&answer)), (&json!(false), vec!["generation_failed"]));
    assert_eq!(answer["events"][0]["destinations"][0]["attempts"][0]["status"], 400);
    assert!(answer["waited_ms"].as_u64().unwrap() >= 100, "{answer}");
    let answer = local.json("/_local/wait?event=none&timeout=1ms").await;
    assert_eq!((&answer["found"], &answer["events"]), (&json!(false), &json!([])));
}

#[actix_web::test]
async fn a_mail_is_waited_for_and_so_is_one_that_could_not_be_sent() {
    let local = Local::alone().await;
    let used = |id: &str, email: &str| json!({"event": "feature_used", "distinct_id": id, "properties": {"total_usage_count": 5, "$set": {"email": email}}});
    local.capture(json!([used("ada", "ada@example.test"), used("bob", "no address")])).await;
    for (id, state, other) in [("ada", "mailed", "mail_failed"), ("bob", "mail_failed", "mailed")] {
        let answer = local.json(&format!("/_local/wait?distinct_id={id}&state={state}")).await;
        assert_eq!(
            (&answer["found"], &answer["events"][0]["states"]),
            (&json!(true), &json!(["captured", state, "settled"]))
        );
        assert_eq!(local.json(&format!("/_local/events?distinct_id={id}&state={other}")).await["events"], json!([]));
    }
}

#[actix_web::test]
async fn what_is_under_way_is_not_settled() {
    let receiver = Receiver::start(vec![Answer::Silence]).await;
    let local = Local::start(Options { webhook_url: Some(receiver.url.clone()), ..Options::default() }).await;
    local.capture(json!([failure(UUID)])).await;
    let answer = local.json("/_local/wait?state=settled&timeout=200ms").await;
    assert_eq!((&answer["found"], &answer["events"][0]["states"]), (&json!(false), &json!(["captured"])));
}

/// Item 10 of issue 18: each reason why nothing happened is a field of the event.
#[actix_web::test]
async fn each_reason_why_nothing_happened_is_on_the_event() {
    let local = Local::alone().await;
    for (event, r#type, told, dropped) in [
        (
            json!({"event": "$create_alias", "distinct_id": "john", "properties": {"alias": "jane"}}),
            "cannot_merge_already_identified",
            "already identified",
            false,
        ),
        (
            json!({"event": "$identify", "distinct_id": "john", "properties": {"$anon_distinct_id": "b", "$process_person_profile": false}}),
            "invalid_event_when_process_person_profile_is_false",
            "",
            true,
        ),
        (json!({"event": "x".repeat(201), "distinct_id": "john"}), "trimmed", "event is cut to 200 characters", false),
        (
            json!({"event": "e", "distinct_id": "x".repeat(201)}),
            "trimmed",
            "distinct_id is cut to 200 characters",
            false,
        ),
        (json!({"event": "e", "distinct_id": "john", "timestamp": "soon"}), "ignored_invalid_timestamp", "", false),
        (
            json!({"event": "e", "distinct_id": "john", "timestamp": "9999-01-01T00:00:00Z"}),
            "ignored_invalid_timestamp",
            "",
            false,
        ),
        (json!({"event": "e", "distinct_id": "john", "properties": {"$set": "x"}}), "ignored_property", "$set", false),
        (
            json!({"event": "e", "distinct_id": "john", "properties": {"$process_person_profile": "no"}}),
            "invalid_process_person_profile",
            "",
            false,
        ),
    ] {
        local.post("/_local/reset").send().await.unwrap();
        local
            .capture(json!([
                {"event": "e", "distinct_id": "john"},
                {"event": "$identify", "distinct_id": "jane", "properties": {"$anon_distinct_id": "anon"}},
            ]))
            .await;
        let mut event = event;
        event["uuid"] = UUID.into();
        local.capture(json!([event])).await;
        let stored = local.json(&format!("/_local/events/{UUID}")).await;
        let warnings = stored["warnings"].as_array().unwrap_or_else(|| panic!("no warnings: {stored}"));
        let warning =
            warnings.iter().find(|warning| warning["type"] == r#type).unwrap_or_else(|| panic!("{warnings:?}"));
        assert!(warning["why"].as_str().unwrap().contains(told) && warning["details"].is_object(), "{warning}");
        assert_eq!(stored["dropped"].is_string(), dropped, "{stored}");
    }
}

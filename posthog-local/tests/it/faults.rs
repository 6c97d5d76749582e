//! What goes wrong on purpose, and what comes back from a file.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use posthog_local::app::App;
use serde_json::{Value, json};

use crate::support::{Answer, Local, Options, Receiver, UUID, failure, secrets, settings, text};

async fn set(local: &Local, faults: Value) -> Value {
    let answer = local.client.put(format!("{}/_local/faults", local.url)).json(&faults).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn one() -> Value {
    json!({"event": "e", "token": "t", "distinct_id": "d"})
}

#[actix_web::test]
async fn the_capture_api_is_slow_refuses_or_hangs_up() {
    let local = Local::alone().await;
    for (status, expected) in
        [(429, "rate limited"), (500, "internal server error, on purpose"), (503, "transient error, please retry")]
    {
        set(&local, json!({"answer_status": status})).await;
        assert_eq!(text(local.post("/e/").json(&one()).send().await.unwrap()).await, (status, expected.to_owned()));
    }
    set(&local, json!({"drop_connections": true})).await;
    let dropped = local.post("/e/").json(&one()).send().await;
    assert!(dropped.is_err(), "{dropped:?}");
    assert_eq!(local.events().await.len(), 0, "none was taken");

    set(&local, json!({"answer_delay_ms": 300})).await;
    let started = Instant::now();
    assert_eq!(local.post("/e/").json(&one()).send().await.unwrap().status(), 200);
    assert!(started.elapsed() >= Duration::from_millis(300));

    local.post("/_local/reset").send().await.unwrap();
    assert_eq!(local.json("/_local/faults").await["on"], json!([]), "a reset turns them off");
}

#[actix_web::test]
async fn a_delivery_is_repeated_as_another_delivery() {
    let mut receiver = Receiver::start(vec![]).await;
    let local =
        Local::start(Options { webhook_url: Some(receiver.url.clone()), secrets: secrets(), ..Options::default() })
            .await;
    set(&local, json!({"duplicates": 2})).await;
    local.capture(json!([failure(UUID)])).await;
    let mut ids = HashSet::new();
    for _ in 0..3 {
        let webhook = receiver.next().await;
        assert_eq!(webhook.json()["event"]["uuid"], UUID);
        ids.insert(webhook.header("webhook-id").unwrap().to_owned());
    }
    assert_eq!(ids.len(), 3);
}

#[actix_web::test]
async fn a_lost_answer_makes_posthog_send_the_same_delivery_again() {
    let mut receiver = Receiver::start(vec![]).await;
    let local =
        Local::start(Options { webhook_url: Some(receiver.url.clone()), secrets: secrets(), ..Options::default() })
            .await;
    set(&local, json!({"lost_answers": 1})).await;
    local.capture(json!([failure(UUID)])).await;
    let both = [receiver.next().await, receiver.next().await];
    assert_eq!(both[0].header("webhook-id"), both[1].header("webhook-id"));
    let run = local.ended(UUID).await;
    assert_eq!(run["attempts"][0]["error"], "the answer was lost on purpose");
    assert_eq!((&run["attempts"][1]["status"], &run["state"]), (&json!(200), &json!("delivered")));
}

#[actix_web::test]
async fn deliveries_come_late_and_out_of_order() {
    let (local, mut receiver) = Local::with_receiver(vec![]).await;
    set(&local, json!({"delivery_delay_ms": 300})).await;
    let started = Instant::now();
    local.capture(json!([failure(UUID)])).await;
    receiver.next().await;
    assert!(started.elapsed() >= Duration::from_millis(300));

    set(&local, json!({"reordered": true})).await;
    let uuids: Vec<_> = (0..30).map(|n| format!("0193b2c8-77aa-7000-8000-{n:012}")).collect();
    local.capture(uuids.iter().map(|uuid| failure(uuid)).collect()).await;
    let mut arrived = Vec::new();
    for _ in &uuids {
        arrived.push(receiver.next().await.json()["event"]["uuid"].as_str().unwrap().to_owned());
    }
    assert_ne!(arrived, uuids);
    arrived.sort();
    assert_eq!(arrived, uuids);
}

#[actix_web::test]
async fn a_stopped_destination_delivers_nothing_and_says_so() {
    let (local, mut receiver) = Local::with_receiver(vec![]).await;
    let answer = set(&local, json!({"stopped": ["Store line"]})).await;
    assert_eq!(answer["on"], json!(["stopped: Store line"]));
    assert_eq!(answer["destinations"], json!(["Store line"]));
    local.capture(json!([failure(UUID)])).await;
    let run = local.events().await[0]["destinations"][0].clone();
    assert_eq!(run["state"], "stopped");
    assert_eq!(run["why"], "the event is generation_failed; but the destination is stopped");
    receiver.nothing_more();
}

#[actix_web::test]
async fn waits_are_as_long_as_the_time_scale_says() {
    let (local, _receiver) = Local::with_receiver(vec![Answer::Status(503)]).await;
    // The tests' own scale is a thousandth.
    set(&local, json!({"time_scale": 0.2})).await;
    let started = Instant::now();
    local.capture(json!([failure(UUID)])).await;
    local.ended(UUID).await;
    assert!(started.elapsed() >= Duration::from_millis(200));
}

#[actix_web::test]
async fn a_wrong_fault_is_refused_and_changes_nothing() {
    let local = Local::alone().await;
    set(&local, json!({"duplicates": 1})).await;
    for wrong in [json!({"duplicates": 11}), json!({"stopped": ["x"]}), json!({"dupes": 1}), json!(5)] {
        let answer = local.client.put(format!("{}/_local/faults", local.url)).json(&wrong).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{wrong}");
    }
    assert_eq!(local.json("/_local/faults").await["faults"]["duplicates"], 1);
}

#[actix_web::test]
async fn what_is_kept_goes_into_a_file_and_comes_back_without_being_sent() {
    let (local, _receiver) = Local::with_receiver(vec![]).await;
    local
        .capture(
            json!([{"event": "$identify", "distinct_id": "ada", "$set": {"email": "ada@example.test"}}, failure(UUID)]),
        )
        .await;
    local.ended(UUID).await;
    let file = local.get("/_local/state").send().await.unwrap();
    assert!(
        file.headers()["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"posthog-local-")
    );
    let file: Value = file.json().await.unwrap();
    assert!(!file.to_string().contains("api/webhooks"), "no destination is in it");

    let (other, mut receiver) = Local::with_receiver(vec![]).await;
    let put = |body: Value| other.client.put(format!("{}/_local/state", other.url)).json(&body).send();
    let answer: Value = put(file.clone()).await.unwrap().json().await.unwrap();
    assert_eq!(answer, json!({"events": 2, "persons": 2}));
    let event = &other.events().await[1];
    assert_eq!((&event["uuid"], &event["imported"], &event["destinations"]), (&json!(UUID), &json!(true), &json!([])));
    assert_eq!(event["properties"], file["events"][1]["properties"]);
    other
        .capture(json!([{"event": "feature_used", "distinct_id": "ada", "properties": {"total_usage_count": 5}}]))
        .await;
    assert_eq!(other.json("/_local/emails").await["emails"][0]["to"], "ada@example.test", "the person is known");
    receiver.nothing_more();

    for wrong in [json!({"posthog_local": 2}), json!({}), json!({"posthog_local": 1, "destinations": []})] {
        assert_eq!(put(wrong.clone()).await.unwrap().status(), 400, "{wrong}");
    }
}

#[actix_web::test]
async fn a_reset_goes_back_to_the_seed_and_sends_nothing() {
    let seed =
        "\n[[seed.persons]]\ndistinct_ids = [\"ada\", \"ada-2\"]\nproperties = { email = \"ada@example.test\" }\n";
    let project = Some(format!("{}{seed}", include_str!("../../project.toml")));
    let local = Local::start(Options { project, ..Options::default() }).await;
    let used = json!([{"event": "feature_used", "distinct_id": "ada-2", "properties": {"total_usage_count": 5}}]);
    for _ in 0..2 {
        assert_eq!(local.events().await, Vec::<Value>::new());
        local.capture(used.clone()).await;
        assert_eq!(local.json("/_local/emails").await["emails"][0]["to"], "ada@example.test");
        local.capture(json!([{"event": "e", "distinct_id": "ada", "$set": {"email": "new@example.test"}}])).await;
        local.post("/_local/reset").send().await.unwrap();
    }
}

#[actix_web::test]
async fn what_is_on_its_way_is_delivered_before_the_end() {
    let mut receiver = Receiver::start(vec![]).await;
    let app = App::build(settings(Some(receiver.url.clone()), None), secrets()).unwrap();
    let (url, client) = (app.url(), reqwest::Client::new());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = actix_web::rt::spawn(app.run_until(async { _ = stopped.await }));
    client.put(format!("{url}/_local/faults")).json(&json!({"delivery_delay_ms": 500})).send().await.unwrap();
    let body = json!({"api_key": "t", "batch": [failure(UUID)]});
    assert_eq!(client.post(format!("{url}/batch/")).json(&body).send().await.unwrap().status(), 200);
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
    assert_eq!(receiver.next().await.json()["event"]["uuid"], UUID);
}

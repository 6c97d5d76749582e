//! What goes out, and PostHog's patience with it.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::support::{Answer, Local, Options, Receiver, SECRET, SIGNING_SECRET, UUID, failure, secrets, text};

const PROJECT: &str = include_str!("../../project.toml");

#[actix_web::test]
async fn a_webhook_is_the_one_that_posthog_sends() {
    let (local, mut receiver) = Local::with_receiver(vec![]).await;
    local.capture(json!([{"event": "other", "distinct_id": "d"}, failure(UUID)])).await;
    let webhook = receiver.next().await;

    let mut names: Vec<_> = webhook.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "content-length", "content-type", "host", "prefer"]);
    assert_eq!(webhook.header("content-type"), Some("application/json"));
    assert_eq!(webhook.header("accept"), Some("application/json"));
    assert_eq!(webhook.header("prefer"), Some("return=representation"));

    let body = webhook.json();
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&body), "event person");
    assert_eq!(keys(&body["event"]), "uuid event elements_chain distinct_id properties timestamp captured_at url");
    assert_eq!(keys(&body["person"]), "id properties name url");
    assert_eq!(body["event"]["uuid"], UUID);
    assert_eq!(body["person"]["name"], "user_1007");
    assert_eq!(webhook.body, body.to_string(), "compact, on one line");

    // The event's URL leads to its page.
    let url = body["event"]["url"].as_str().unwrap();
    let page = local.client.get(url).send().await.unwrap();
    assert_eq!((page.url().path(), page.status().as_u16()), (format!("/events/{UUID}").as_str(), 200));

    assert_eq!(local.ended(UUID).await["why"], "the event is generation_failed");
    let other = local.events().await[0]["destinations"][0].clone();
    assert_eq!(other["state"], "not_matched");
    assert_eq!(other["why"], "the event must be generation_failed or $ai_generation or $ai_evaluation; it is other");
    receiver.nothing_more();
}

#[actix_web::test]
async fn headers_are_the_declared_ones_alone() {
    let mut receiver = Receiver::start(vec![]).await;
    let project =
        PROJECT.replace(r#"Accept = "application/json", "#, r#"X-Who = "{event.distinct_id}", webhook-id = "mine", "#);
    let local =
        Local::start(Options { webhook_url: Some(receiver.url.clone()), project: Some(project), secrets: secrets() })
            .await;
    local.capture(json!([failure(UUID)])).await;
    let webhook = receiver.next().await;
    assert_eq!(webhook.header("accept"), None);
    assert_eq!(webhook.header("user-agent"), None);
    assert_eq!(webhook.header("x-who"), Some("user_1007"));
    assert_eq!(webhook.header("x-webhook-secret"), Some(SECRET));
    assert_ne!(webhook.header("webhook-id"), Some("mine"));
}

#[actix_web::test]
async fn what_is_refused_for_now_is_sent_again_with_a_fresh_signature() {
    let mut receiver = Receiver::start(vec![Answer::Status(503), Answer::Status(500)]).await;
    let local =
        Local::start(Options { webhook_url: Some(receiver.url.clone()), secrets: secrets(), ..Options::default() })
            .await;
    local.capture(json!([failure(UUID)])).await;
    let attempts = [receiver.next().await, receiver.next().await, receiver.next().await];
    for attempt in &attempts {
        assert_eq!(attempt.body, attempts[0].body);
        assert_eq!(attempt.header("webhook-id"), attempts[0].header("webhook-id"));
        let key = STANDARD.decode(SIGNING_SECRET.trim_start_matches("whsec_")).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let [id, timestamp] = ["webhook-id", "webhook-timestamp"].map(|name| attempt.header(name).unwrap());
        mac.update(format!("{id}.{timestamp}.{}", attempt.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(attempt.header("webhook-signature"), Some(expected.as_str()));
    }
    let run = local.ended(UUID).await;
    assert_eq!(run["state"], "delivered");
    let statuses: Vec<_> = run["attempts"].as_array().unwrap().iter().map(|attempt| &attempt["status"]).collect();
    assert_eq!(statuses, [503, 500, 200]);

    local.capture(json!([failure(UUID)])).await;
    assert_ne!(receiver.next().await.header("webhook-id"), attempts[0].header("webhook-id"), "another delivery");
}

#[actix_web::test]
async fn posthog_gives_up_after_three_attempts_whatever_the_answer_asks_for() {
    let limited = Answer::With(429, &[("retry-after", "1")], String::new());
    let (local, mut receiver) = Local::with_receiver([vec![Answer::Status(504); 3], vec![limited; 3]].concat()).await;
    local.capture(json!([failure(UUID)])).await;
    let run = local.ended(UUID).await;
    assert_eq!((&run["state"], run["attempts"].as_array().unwrap().len()), (&json!("failed"), 3));
    for _ in 0..3 {
        receiver.next().await;
    }
    receiver.nothing_more();

    let other = "0193b2c8-77aa-7000-8000-000000000002";
    local.capture(json!([failure(other)])).await;
    let run = local.ended(other).await;
    assert_eq!((&run["state"], run["attempts"].as_array().unwrap().len()), (&json!("failed"), 3));
}

#[actix_web::test]
async fn what_a_retry_cannot_help_is_not_sent_again() {
    for status in [400, 401, 413, 422, 501] {
        let (local, mut receiver) =
            Local::with_receiver(vec![Answer::With(status, &[], "no <b>way</b>".to_owned())]).await;
        local.capture(json!([failure(UUID)])).await;
        let run = local.ended(UUID).await;
        assert_eq!((&run["state"], run["attempts"].as_array().unwrap().len()), (&json!("failed"), 1));
        assert_eq!(run["attempts"][0]["answer"], "no <b>way</b>");
        receiver.next().await;
        receiver.nothing_more();
    }
}

#[actix_web::test]
async fn a_redirect_is_not_followed() {
    let (local, mut receiver) =
        Local::with_receiver(vec![Answer::With(307, &[("location", "/elsewhere")], String::new())]).await;
    local.capture(json!([failure(UUID)])).await;
    assert_eq!(local.ended(UUID).await["state"], "failed");
    assert_eq!(receiver.next().await.path, "/api/webhooks");
    receiver.nothing_more();
}

#[actix_web::test]
async fn nobody_there_is_tried_three_times() {
    let local = Local::alone().await;
    local.capture(json!([failure(UUID)])).await;
    let run = local.ended(UUID).await;
    assert_eq!((&run["state"], run["attempts"].as_array().unwrap().len()), (&json!("failed"), 3));
    assert!(run["attempts"][0]["error"].as_str().unwrap().contains("refused"), "{run}");
}

#[actix_web::test]
async fn the_answer_does_not_wait_for_a_receiver_that_is_silent() {
    let (local, _receiver) = Local::with_receiver(vec![Answer::Silence]).await;
    let started = Instant::now();
    local.capture(json!([failure(UUID)])).await;
    assert!(started.elapsed() < Duration::from_secs(2));
    let run = local.ended(UUID).await;
    assert_eq!(run["attempts"][0]["error"], "no answer within 3 s");
    assert_eq!((&run["attempts"][1]["status"], &run["state"]), (&json!(200), &json!("delivered")));
}

#[actix_web::test]
async fn one_persons_events_arrive_in_order() {
    let (local, mut receiver) = Local::with_receiver(vec![]).await;
    let uuids: Vec<_> = (0..60).map(|n| format!("0193b2c8-77aa-7000-8000-{n:012}")).collect();
    for chunk in uuids.chunks(7) {
        local.capture(chunk.iter().map(|uuid| failure(uuid)).collect()).await;
    }
    for uuid in &uuids {
        assert_eq!(receiver.next().await.json()["event"]["uuid"], *uuid);
    }
}

#[actix_web::test]
async fn a_full_queue_asks_the_sender_to_try_again() {
    let (local, _receiver) = Local::with_receiver(vec![Answer::Silence; 1000]).await;
    let mut event = failure(UUID);
    event["properties"]["input_prompt"] = "x".repeat(900_000).into();
    event.as_object_mut().unwrap().remove("uuid");
    let batch = json!({"api_key": "t", "batch": vec![event; 20]}).to_string();
    for _ in 0..3 {
        assert_eq!(local.post("/batch/").body(batch.clone()).send().await.unwrap().status(), 200);
    }
    let before = local.events().await.len();
    let refused = local.post("/batch/").body(batch).send().await.unwrap();
    assert_eq!(text(refused).await, (503, "transient error, please retry".to_owned()));
    // And nothing of it was done.
    assert_eq!(local.events().await.len(), before);
}

#[actix_web::test]
async fn the_stored_line_is_kept_for_the_inspector() {
    let line = json!({"timestamp": "t", "event": "generation_failed", "failure_reason": "timeout",
        "input_prompt": format!("[EMAIL_1] {}", "x".repeat(12_000)), "distinct_id": "user_1007", "uuid": UUID});
    let answer = json!({"status": "stored", "uuid": UUID, "record": line}).to_string();
    let duplicate = json!({"status": "duplicate"}).to_string();
    let (local, _receiver) =
        Local::with_receiver(vec![Answer::With(200, &[], answer), Answer::With(200, &[], duplicate)]).await;
    local.capture(json!([failure(UUID)])).await;
    let run = local.ended(UUID).await;
    assert_eq!(run["stored"]["status"], "stored");
    let kept = run["stored"]["record"].as_object().unwrap();
    assert_eq!(kept.keys().collect::<Vec<_>>(), line.as_object().unwrap().keys().collect::<Vec<_>>());
    assert_eq!(kept["input_prompt"].as_str().unwrap().chars().count(), 10_001, "cut, with an ellipsis");
    assert_eq!(run["attempts"][0]["answer"].as_str().unwrap().chars().count(), 10_001);

    let other = "0193b2c8-77aa-7000-8000-000000000002";
    local.capture(json!([failure(other)])).await;
    assert_eq!(local.ended(other).await["stored"], json!({"status": "duplicate"}));
}

//! `$ai_` events on the paths of their own: batches, and the multipart form.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::support::{Local, UUID, gzip, text};

const BOUNDARY: &str = "misfire-boundary";

fn event() -> Value {
    json!({"uuid": UUID, "event": "$ai_generation", "distinct_id": "jane", "timestamp": "2026-01-02T12:00:00Z"})
}

fn properties() -> Value {
    json!({"$ai_model": "m", "$ai_trace_id": "t", "$ai_input": [{"role": "user", "content": "a chair"}]})
}

/// The body of a form with these parts.
fn form(parts: &[(&str, String)]) -> String {
    let part = |(name, content): &(&str, String)| {
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\nContent-Type: application/json\r\n\r\n\
             {content}\r\n"
        )
    };
    format!("{}--{BOUNDARY}--\r\n", parts.iter().map(part).collect::<String>())
}

fn post(local: &Local, path: &str) -> RequestBuilder {
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    local.post(path).bearer_auth("phc_local").header("content-type", content_type)
}

#[actix_web::test]
async fn a_batch_of_ai_events_may_be_larger_than_others() {
    let local = Local::alone().await;
    // As posthog-node sends it, with gzip; above the limit of other events.
    let large = json!({"uuid": UUID, "event": "$ai_generation", "distinct_id": "jane",
        "properties": {"$ai_input": "x".repeat(3_000_000), "$ai_trace_id": "t"}});
    let batch =
        |events: Value| json!({"api_key": "phc_local", "batch": events, "sent_at": "2026-01-02T12:00:00Z"}).to_string();
    let body = gzip(&batch(json!([large])));
    let request = local.post("/i/v0/ai/batch/").header("content-encoding", "gzip").body(body);
    assert_eq!(text(request.send().await.unwrap()).await, (200, r#"{"status":"Ok"}"#.to_owned()));
    assert_eq!(local.post("/batch/").body(batch(json!([large]))).send().await.unwrap().status(), 413);
    let stored = local.json(&format!("/_local/events/{UUID}")).await;
    assert_eq!(stored["heavy"]["$ai_input"].as_str().unwrap().len(), 3_000_000);

    // The other SDKs' plain body, without the slash; and no other events.
    assert_eq!(local.post("/i/v0/ai/batch").body(batch(json!([event()]))).send().await.unwrap().status(), 200);
    let other = json!({"event": "generation_failed", "distinct_id": "d"});
    let (status, told) =
        text(local.post("/i/v0/ai/batch").body(batch(json!([event(), other]))).send().await.unwrap()).await;
    assert_eq!(status, 400, "{told}");
    assert!(told.starts_with("failed to parse request: Event name must start with '$ai_'"), "{told}");
    assert_eq!(local.events().await.len(), 2, "all of a batch, or nothing");
    assert_eq!(local.get("/i/v0/ai/batch").send().await.unwrap().status(), 405);
}

#[actix_web::test]
async fn an_ai_event_is_taken_as_a_form() {
    let local = Local::alone().await;
    let apart = form(&[("event", event().to_string()), ("event.properties", properties().to_string())]);
    let mut whole = event();
    whole["properties"] = properties();
    let inside = form(&[("event", whole.to_string())]);
    for (path, request) in [
        ("/i/v0/ai", post(&local, "/i/v0/ai").body(apart.clone())),
        ("/i/v0/ai/", post(&local, "/i/v0/ai/").body(inside)),
        ("gzip", post(&local, "/i/v0/ai").header("content-encoding", "gzip").body(gzip(&apart))),
    ] {
        local.post("/_local/reset").send().await.unwrap();
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let told: Value = response.json().await.unwrap();
        let first = &told["accepted_parts"][0];
        assert_eq!((&first["name"], &first["content-type"]), (&json!("event"), &json!("application/json")), "{told}");
        assert_eq!(first["content-encoding"], Value::Null);
        let stored = local.json(&format!("/_local/events/{UUID}")).await;
        assert_eq!(stored["heavy"]["$ai_input"], properties()["$ai_input"], "{path}");
        assert_eq!(
            (&stored["distinct_id"], &stored["timestamp"]),
            (&json!("jane"), &json!("2026-01-02T12:00:00.000Z"))
        );
    }
    // Every page may send it, as everything that is captured.
    let preflight = local.client.request(reqwest::Method::OPTIONS, format!("{}/i/v0/ai", local.url));
    let preflight = preflight.header("origin", "http://page.test").send().await.unwrap();
    assert_eq!(preflight.headers()["access-control-allow-origin"], "http://page.test");
}

#[actix_web::test]
async fn every_refusal_of_a_form_has_posthogs_status_and_words() {
    let local = Local::alone().await;
    let with = |change: fn(&mut Value)| {
        let mut event = event();
        event["properties"] = properties();
        change(&mut event);
        form(&[("event", event.to_string())])
    };
    let (event, properties) = (event().to_string(), properties().to_string());
    let not_json = "failed to parse request: Event part must be valid JSON";
    for (body, status, expected) in [
        (String::new(), 400, "request missing data payload"),
        (form(&[]), 400, "failed to parse request: Missing required 'event' part in multipart data"),
        (
            form(&[("event.properties", properties.clone())]),
            400,
            "failed to parse request: First part must be 'event', got 'event.properties'",
        ),
        (
            form(&[("event", event.clone()), ("event", event.clone())]),
            400,
            "failed to parse request: Duplicate 'event' part found",
        ),
        (
            form(&[("event", event.clone()), ("event.properties.$ai_input", "x".to_owned())]),
            400,
            "failed to parse request: Unknown multipart field: 'event.properties.$ai_input'. Expected 'event' or 'event.properties'",
        ),
        (form(&[("event", "{".to_owned())]), 400, not_json),
        (form(&[("event", "5".to_owned())]), 400, "failed to parse request: Event must be a JSON object"),
        (
            form(&[("event", event.clone()), ("event.properties", "x".to_owned())]),
            400,
            "failed to parse request: Properties part must be valid JSON",
        ),
        (
            form(&[("event", r#"{"properties":{}}"#.to_owned()), ("event.properties", properties.clone())]),
            400,
            "failed to parse request: Event cannot have both embedded properties and a separate 'event.properties' part",
        ),
        (
            form(&[("event", format!("{event:32769}"))]),
            413,
            "maximum event size exceeded: Event part size (32769 bytes) exceeds maximum allowed size (32768 bytes)",
        ),
        (with(|event| event["event"] = json!(5)), 400, "failed to parse request: Event missing 'event' field"),
        (with(|event| event["event"] = json!("")), 400, "failed to parse request: Event name cannot be empty"),
        (
            with(|event| event["event"] = json!("e")),
            400,
            "failed to parse request: Event name must be one of: $ai_generation, $ai_trace, $ai_span, $ai_embedding, \
             $ai_metric, $ai_feedback, got 'e'",
        ),
        (
            with(|event| event["distinct_id"] = json!(5)),
            400,
            "failed to parse request: Event missing 'distinct_id' field",
        ),
        (with(|event| event["distinct_id"] = json!("")), 400, "failed to parse request: distinct_id cannot be empty"),
        (with(|event| event["uuid"] = Value::Null), 400, "failed to parse request: Event UUID is required"),
        (
            with(|event| event["properties"] = json!({})),
            400,
            "failed to parse request: Event properties must contain '$ai_model'",
        ),
        (
            with(|event| event["properties"]["$ai_model"] = json!(5)),
            400,
            "failed to parse request: $ai_model must be a string",
        ),
        (
            with(|event| event["properties"]["$ai_model"] = json!("")),
            400,
            "failed to parse request: $ai_model cannot be empty",
        ),
    ] {
        assert_eq!(
            text(post(&local, "/i/v0/ai").body(body).send().await.unwrap()).await,
            (status, expected.to_owned())
        );
    }
    let good = form(&[("event", event), ("event.properties", properties)]);
    let broken = post(&local, "/i/v0/ai").body(good.replace(BOUNDARY, "another"));
    assert_eq!(text(broken.send().await.unwrap()).await.0, 400);
    let bad_uuid = post(&local, "/i/v0/ai").body(good.replace(UUID, "no"));
    assert!(text(bad_uuid.send().await.unwrap()).await.1.starts_with("failed to parse request: Invalid UUID format: "));
    let json = local.post("/i/v0/ai").bearer_auth("phc_local").json(&json!({}));
    assert_eq!(
        text(json.send().await.unwrap()).await,
        (400, "failed to decode request: Content-Type must be multipart/form-data".to_owned())
    );
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let nobody = || local.post("/i/v0/ai").header("content-type", &content_type).body(good.clone());
    assert_eq!(text(nobody().send().await.unwrap()).await, (401, "event submitted without an api_key".to_owned()));
    let personal = nobody().bearer_auth("phx_1").send().await.unwrap();
    assert_eq!(text(personal).await, (401, "API key is not valid: personal_api_key".to_owned()));
    assert_eq!(local.events().await.len(), 0);
}

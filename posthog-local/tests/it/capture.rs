//! What comes in: every shape, every refusal, CORS and limits.

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Local, UUID, failure, gzip, text};

const FORM: &str = "application/x-www-form-urlencoded";
const OK: &str = r#"{"status":"Ok"}"#;

#[actix_web::test]
async fn every_shape_of_a_request_is_taken() {
    let local = Local::alone().await;
    let one = |name: &str| json!({"event": name, "token": "phc_1", "distinct_id": "d"}).to_string();
    let batch = |name: &str| json!({"api_key": "phc_1", "batch": [{"event": name, "properties": {"distinct_id": "d"}}], "sent_at": "2026-03-02T10:15:30.123Z"});
    let of_properties =
        |name: &str| json!({"event": name, "properties": {"token": "phc_1", "distinct_id": 23}}).to_string();
    let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();

    let mut names = Vec::new();
    for (name, request) in [
        ("single", local.post("/e/").body(one("single"))),
        ("no slash", local.post("/e").body(one("no slash"))),
        ("capture", local.post("/capture/").body(one("capture"))),
        ("i v0", local.post("/i/v0/e/").body(of_properties("i v0"))),
        ("track", local.post("/track").body(one("track"))),
        ("text", local.post("/e/").header("content-type", "text/plain").body(one("text"))),
        ("array", local.post("/e/").body(format!("[{}]", one("array")))),
        ("batch", local.post("/batch/").json(&batch("batch"))),
        ("batch to e", local.post("/i/v0/e").json(&batch("batch to e"))),
        (
            "gzip by magic",
            local.post("/e/").header("content-type", "text/plain").body(gzip(&batch("gzip by magic").to_string())),
        ),
        (
            "gzip by header",
            local.post("/batch").header("content-encoding", "gzip").body(gzip(&batch("gzip by header").to_string())),
        ),
        ("gzip by query", local.post("/batch?compression=gzip-js").body(gzip(&batch("gzip by query").to_string()))),
        ("base64", local.post("/e/").body(STANDARD.encode(one("base64")))),
        ("form", local.post("/e/").header("content-type", FORM).body(format!("data={}", percent(&one("form"))))),
        (
            "form base64",
            local
                .post("/e/")
                .header("content-type", FORM)
                .body(format!("data={}&compression=base64", percent(&STANDARD.encode(one("form base64"))))),
        ),
        (
            "form lz64",
            local
                .post("/e/")
                .header("content-type", FORM)
                .body(format!("compression=lz64&data={}", lz_str::compress_to_base64(&one("form lz64")))),
        ),
        (
            "lz64 by query",
            local.post("/e/?compression=lz-string").body(lz_str::compress_to_base64(&one("lz64 by query"))),
        ),
        (
            "query",
            local.get(&format!("/e/?data={}&ip=1&ver=1.2.3&_=1772446530123", percent(&STANDARD.encode(one("query"))))),
        ),
        (
            "aliases",
            local.post("/capture").body(r#"{"event":"aliases","$token":"phc_1","$distinct_id":"d","unknown":1}"#),
        ),
    ] {
        assert_eq!(text(request.send().await.unwrap()).await, (200, OK.to_owned()), "{name}");
        names.push(name);
    }
    let engage = json!({"token": "phc_1", "$distinct_id": "d", "$set": {"email": "d@example.test"}});
    assert_eq!(text(local.post("/engage/").json(&engage).send().await.unwrap()).await.0, 200);
    names.push("$identify");

    let events = local.events().await;
    let captured: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(captured, names);
    assert_eq!(events[3]["distinct_id"], "23");
    assert_eq!(events[7]["properties"]["$sent_at"], "2026-03-02T10:15:30.123Z");
}

#[actix_web::test]
async fn every_refusal_has_posthogs_status_and_words() {
    let local = Local::alone().await;
    let event = |more: &str| format!(r#"{{"event":"e","token":"t","distinct_id":"d"{more}}}"#);
    let no_variant = "failed to parse request: data did not match any variant of untagged enum RawRequest";
    let no_recording = "failed to parse request: data did not match any variant of untagged enum RecordingPayload";
    for (path, content_type, body, status, expected) in [
        ("/e/", "", String::new(), 400, "request missing data payload"),
        ("/e/?data=", "", String::new(), 400, "request missing data payload"),
        ("/e/", FORM, "data=&_=1".to_owned(), 400, "request missing data payload"),
        ("/batch/", "", r#"{"api_key":"t","batch":[]}"#.to_owned(), 400, "request holds no event"),
        ("/e/", "", "[]".to_owned(), 400, "request holds no event"),
        ("/e/?_=abc", "", event(""), 400, "Failed to deserialize query string: _: invalid digit found in string"),
        (
            "/e/?beacon=true",
            "",
            event(""),
            400,
            "Failed to deserialize query string: beacon: invalid digit found in string",
        ),
        (
            "/batch/",
            "",
            format!(r#"{{"api_key":"t","historical_migration":"yes","batch":[{}]}}"#, event("")),
            400,
            "failed to hydrate events from request: non-engage request missing event name attribute",
        ),
        ("/s/", "", "no recording".to_owned(), 400, "failed to parse request: expected ident at line 1 column 2"),
        ("/s/", "", "[]".to_owned(), 400, "request holds no event"),
        ("/s/", "", r#"[{"n":1}]"#.to_owned(), 400, no_recording),
        ("/s/", "", r#"{"event":"$snapshot","properties":{}}"#.to_owned(), 401, "event submitted without an api_key"),
        ("/e/", "", "{".to_owned(), 400, "failed to parse request: EOF while parsing an object at line 1 column 1"),
        ("/e/", "", "5".to_owned(), 400, no_variant),
        ("/e/", "", event(r#","uuid":"no""#), 400, no_variant),
        ("/e/", "", event(r#","timestamp":5"#), 400, no_variant),
        ("/e/", "", event(r#","properties":[]"#), 400, no_variant),
        (
            "/batch/",
            "",
            format!(r#"{{"api_key":"t","batch":[{},{{}}]}}"#, event("")),
            400,
            "failed to hydrate events from request: non-engage request missing event name attribute",
        ),
        ("/batch/?compression=gzip", "", event(""), 400, "failed to decode request: invalid GZIP data"),
        ("/e/", FORM, event(""), 400, "failed to decode request: expected form data in POST request payload"),
        (
            "/e/",
            "",
            r#"{"token":"t","distinct_id":"d"}"#.to_owned(),
            400,
            "failed to hydrate events from request: non-engage request missing event name attribute",
        ),
        (
            "/e/",
            "",
            r#"{"event":"","token":"t","distinct_id":"d"}"#.to_owned(),
            400,
            "event submitted with an empty event name",
        ),
        (
            "/e/",
            "",
            r#"{"event":"e","token":"t","distinct_id":" "}"#.to_owned(),
            400,
            "event submitted without a distinct_id",
        ),
        (
            "/e/",
            "",
            format!(r#"[{},{{"event":"e","token":"t"}}]"#, event("")),
            400,
            "event submitted without a distinct_id",
        ),
        (
            "/e/",
            "",
            event(r#","properties":{"$cookieless_mode":1}"#),
            400,
            "event submitted with invalid cookieless mode",
        ),
        ("/e/", "", r#"{"event":"e","distinct_id":"d"}"#.to_owned(), 401, "event submitted without an api_key"),
        (
            "/e/",
            "",
            format!(r#"[{},{{"event":"e","token":"u","distinct_id":"d"}}]"#, event("")),
            401,
            "batch submitted with inconsistent api_key values",
        ),
        (
            "/e/",
            "",
            r#"{"event":"e","token":"phx_1","distinct_id":"d"}"#.to_owned(),
            401,
            "API key is not valid: personal_api_key",
        ),
        ("/e/", "", r#"{"event":"e","token":"","distinct_id":"d"}"#.to_owned(), 401, "API key is not valid: empty"),
    ] {
        let mut request = local.post(path).body(body.clone());
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8", "{body}");
        assert_eq!(text(response).await, (status, expected.to_owned()), "{path} {body}");
    }
    let not_utf8 = local.post("/e/").body(vec![b'"', 0xff, b'"']).send().await.unwrap();
    assert_eq!(text(not_utf8).await, (400, "failed to decode request: invalid UTF8 in request payload".to_owned()));
    let broken_gzip = local.post("/e/").body(gzip("{}")[..12].to_vec()).send().await.unwrap();
    assert_eq!(text(broken_gzip).await, (400, "failed to decode request: invalid GZIP data".to_owned()));
    // A refused batch leaves nothing behind.
    assert_eq!(local.events().await, Vec::<serde_json::Value>::new());
}

#[actix_web::test]
async fn a_beacon_gets_204_and_other_methods_405() {
    let local = Local::alone().await;
    let event = json!({"event": "e", "token": "t", "distinct_id": "d"});
    let beacon = local.post("/e/?beacon=1").json(&event).send().await.unwrap();
    assert_eq!(text(beacon).await, (204, String::new()));
    let put = local.client.put(format!("{}/e/", local.url)).json(&event).send().await.unwrap();
    assert_eq!(put.status(), 405);
    let silent = json!({"event": "$performance_event", "token": "t", "distinct_id": "d"});
    assert_eq!(text(local.post("/e/").json(&silent).send().await.unwrap()).await, (200, OK.to_owned()));
    assert_eq!(local.events().await.len(), 1);
}

#[actix_web::test]
async fn bodies_are_taken_up_to_their_limits() {
    let local = Local::alone().await;
    for (path, max) in [("/e/", 2 * 1024 * 1024), ("/batch/", 20 * 1024 * 1024)] {
        let event = r#"{"event":"e","token":"t","distinct_id":"d"}"#;
        let padded = |size: usize| format!("{event}{}", " ".repeat(size - event.len()));
        assert_eq!(text(local.post(path).body(padded(max)).send().await.unwrap()).await, (200, OK.to_owned()));
        let refused = text(local.post(path).body(padded(max + 1)).send().await.unwrap()).await;
        assert_eq!(refused, (413, format!("maximum event size exceeded: the request is larger than {max} bytes")));
    }
    let large = json!({"event": "e", "token": "t", "distinct_id": "d", "properties": {"p": "x".repeat(1_000_000)}});
    let refused = text(local.post("/e/").json(&large).send().await.unwrap()).await;
    assert_eq!(refused, (413, "maximum event size exceeded: an event is larger than 1000000 bytes".to_owned()));
}

#[actix_web::test]
async fn every_page_may_send_events() {
    let local = Local::alone().await;
    let origin = "https://shop.example";
    for path in ["/e/", "/batch", "/i/v0/e", "/capture/"] {
        let preflight = local
            .client
            .request(Method::OPTIONS, format!("{}{path}", local.url))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type,x-anything")
            .send()
            .await
            .unwrap();
        let headers = preflight.headers().clone();
        assert_eq!(headers["access-control-allow-origin"], origin);
        assert_eq!(headers["access-control-allow-credentials"], "true");
        assert_eq!(headers["access-control-allow-methods"], "GET,POST,OPTIONS");
        assert_eq!(headers["access-control-allow-headers"], "content-type,x-anything");
        assert_eq!(text(preflight).await, (200, OK.to_owned()));

        // A refusal too must be readable for the page.
        let refused = local.post(path).header("origin", origin).send().await.unwrap();
        assert_eq!(refused.status(), 400);
        assert_eq!(refused.headers()["access-control-allow-origin"], origin);
        let no_page = local.post(path).send().await.unwrap();
        assert!(!no_page.headers().contains_key("access-control-allow-origin"));
    }
}

#[actix_web::test]
async fn half_a_surrogate_pair_does_not_lose_the_event() {
    let (local, mut receiver) = Local::with_receiver(vec![]).await;
    let body = r#"{"event":"generation_failed","token":"t","distinct_id":"d","properties":{"input_prompt":"a\ud800b\ud83d\ude00","k\udc00":1}}"#;
    assert_eq!(text(local.post("/e/").body(body).send().await.unwrap()).await, (200, OK.to_owned()));
    let properties = receiver.next().await.json()["event"]["properties"].clone();
    assert_eq!(properties["input_prompt"], "a\u{FFFD}b😀");
    assert_eq!(properties["k\u{FFFD}"], 1);
}

#[actix_web::test]
async fn a_wrong_clock_is_corrected_and_a_repeated_uuid_is_told() {
    let (local, mut receiver) = Local::with_receiver(vec![Answer::Status(200); 2]).await;
    let now = jiff::Timestamp::now();
    // The sender's clock is a day late, and the event happened an hour before it was sent.
    let hours_ago = |hours| (now - jiff::SignedDuration::from_hours(hours)).to_string();
    let mut event = failure(UUID);
    event["timestamp"] = hours_ago(25).into();
    let body = json!({"api_key": "t", "sent_at": hours_ago(24), "batch": [event]});
    for _ in 0..2 {
        assert_eq!(local.post("/batch/").json(&body).send().await.unwrap().status(), 200);
        let told: jiff::Timestamp =
            receiver.next().await.json()["event"]["timestamp"].as_str().unwrap().parse().unwrap();
        let off = told.duration_since(now - jiff::SignedDuration::from_hours(1)).abs();
        assert!(off < jiff::SignedDuration::from_secs(10), "{off}");
    }
    let repeated: Vec<_> = local.events().await.iter().map(|event| event["repeated"].clone()).collect();
    assert_eq!(repeated, [false, true]);
}

#[actix_web::test]
async fn posthog_js_gets_all_that_it_asks_for_at_its_start() {
    let local = Local::alone().await;
    let origin = "https://shop.example";
    let config: serde_json::Value =
        local.get("/array/phc_local/config").header("origin", origin).send().await.unwrap().json().await.unwrap();
    assert_eq!((&config["token"], &config["hasFeatureFlags"]), (&json!("phc_local"), &json!(false)));
    assert_eq!(config["analytics"]["endpoint"], "/i/v0/e/");

    let script = local.get("/array/phc_local/config.js").header("origin", origin).send().await.unwrap();
    assert_eq!(script.headers()["access-control-allow-origin"], origin);
    assert_eq!(script.headers()["content-type"], "application/javascript; charset=utf-8");
    let script = script.text().await.unwrap();
    assert!(script.contains(r#"_POSTHOG_REMOTE_CONFIG["phc_local"] = { config: {"token":"phc_local","#), "{script}");
    // The key is part of a script: it can be nothing but a string in it.
    let odd = local.get("/array/%22%5D%3Balert(1)%2F%2F/config.js").send().await.unwrap().text().await.unwrap();
    assert!(odd.contains(r#"_POSTHOG_REMOTE_CONFIG["\"];alert(1)//"]"#), "{odd}");
    let refused = local.get("/array/phx_secret/config.js").send().await.unwrap();
    assert_eq!(text(refused).await, (401, "API key is not valid: personal_api_key".to_owned()));

    let recording = json!([{"event": "$snapshot", "properties": {"token": "phc_local", "$snapshot_data": []}}]);
    let packed = local.post("/s/?compression=gzip-js").body(gzip(&recording.to_string()));
    assert_eq!(text(packed.send().await.unwrap()).await, (200, OK.to_owned()));
    assert_eq!(text(local.post("/s/").send().await.unwrap()).await, (400, "request missing data payload".to_owned()));
    assert_eq!(text(local.post("/test/black_hole").send().await.unwrap()).await, (200, OK.to_owned()));
    assert_eq!(local.get("/static/recorder.js?v=1").send().await.unwrap().status(), 404);
    assert_eq!(local.events().await, Vec::<serde_json::Value>::new());
}

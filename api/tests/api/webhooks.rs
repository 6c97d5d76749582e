//! Every row of the table of answers.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
};

use serde_json::json;

use crate::helpers::{Api, DEADLINE, event, uuid};

#[test]
fn an_event_is_a_line_of_six_keys_once_it_is_acknowledged() {
    let api = Api::start();
    let answer = api.post(&event(1, "write to jane@example.com, then to jane@example.com and bob@example.com"));
    assert_eq!((answer.status, answer.json()), (200, json!({"status": "stored", "uuid": uuid(1)})));
    assert_eq!(
        api.lines(),
        [format!(
            "{{\"timestamp\":\"2025-11-30T16:38:21.968Z\",\"event\":\"generation_failed\",\"failure_reason\":\"timeout\",\
             \"input_prompt\":\"write to [EMAIL_1], then to [EMAIL_1] and [EMAIL_2]\",\"distinct_id\":\"user_1007\",\
             \"uuid\":\"{}\"}}",
            uuid(1)
        )]
    );
}

#[test]
fn the_same_uuid_again_is_a_duplicate_without_a_line_also_after_a_restart() {
    let api = Api::start();
    api.post(&event(1, "first"));
    let again = api.post(&event(1, "second"));
    assert_eq!((again.status, again.json()), (200, json!({"status": "duplicate", "uuid": uuid(1)})));
    let api = api.restart();
    assert_eq!(api.post(&event(1, "third")).json()["status"], "duplicate");
    assert_eq!(api.post(&event(2, "other")).json()["status"], "stored");
    assert_eq!(api.lines().len(), 2);
}

#[test]
fn of_many_deliveries_in_flight_one_is_stored_and_the_others_wait_for_it() {
    let api = Api::start();
    let statuses: Vec<_> = thread::scope(|scope| {
        let deliver = |_| scope.spawn(|| api.post(&event(1, "once")).json()["status"].clone());
        let threads: Vec<_> = (0..32).map(deliver).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| *status == "stored").count(), 1);
    assert_eq!(statuses.iter().filter(|status| *status == "duplicate").count(), 31);
    assert_eq!(api.lines().len(), 1);
}

#[test]
fn another_event_is_ignored() {
    let api = Api::start();
    let mut other = event(1, "x");
    other["event"]["event"] = json!("feature_used");
    let answer = api.post(&other);
    let detail = "\"feature_used\" is not kept: the events table keeps \"generation_failed\", \"$ai_generation\", \
                  \"$ai_evaluation\". EVENTS can name a file with more entries";
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({"status": "ignored", "reason": "not_kept", "detail": detail}))
    );
    assert!(!api.file().exists());
    api.post(&other);
    let metrics = api.process.get("/metrics", &[]).body;
    assert!(metrics.contains("misfire_ignored_total{reason=\"not_kept\"} 2"), "{metrics}");
    assert_eq!(api.process.log().matches("\"feature_used\" is not kept").count(), 1);
}

#[test]
fn what_is_no_json_or_no_event_is_400_and_not_repeated() {
    let api = Api::start();
    for body in ["", "jane@example.com", "{\"event\":", "[]", "{\"text\":\"jane@example.com\"}"] {
        let answer = api.post_with(&[], body);
        answer.problem(400);
        assert!(!answer.body.contains("jane"), "{}", answer.body);
    }
}

#[test]
fn an_event_without_a_usable_prompt_is_422_and_quarantined() {
    let api = Api::start();
    let mut without = event(1, "x");
    without["event"]["distinct_id"] = json!("jane@example.com");
    without["event"]["properties"] = json!({"failure_reason": "bob@example.com said no", "other": "secret"});
    let blank = "must not be blank";
    for (number, (prompt, wrong)) in (1..).zip([
        (None, "is missing"),
        (Some(json!({})), blank),
        (Some(json!([])), blank),
        (Some(json!([{"role": "user", "content": " "}, {"role": "assistant", "content": null}])), blank),
        (Some(json!(null)), "is null"),
        (Some(json!("")), blank),
        (Some(json!("\u{0}")), blank),
        (Some(json!(" \n\t")), blank),
    ]) {
        without["event"]["uuid"] = json!(uuid(number));
        if let Some(prompt) = prompt {
            without["event"]["properties"]["input_prompt"] = prompt;
        }
        let problem = api.post(&without).problem(422);
        assert_eq!(problem["errors"], json!([{"pointer": "#/event/properties/input_prompt", "detail": wrong}]));
    }
    assert!(!api.file().exists());
    let quarantine = api.quarantine();
    assert_eq!(quarantine.len(), 8);
    let line = quarantine[0].as_object().unwrap();
    let keys: Vec<_> = line.keys().map(String::as_str).collect();
    assert_eq!(keys.len(), 7, "{keys:?}");
    assert_eq!(line["uuid"], uuid(1));
    assert_eq!(line["event"], "generation_failed");
    assert_eq!(line["reason"], "input_prompt is missing");
    assert_eq!(line["failure_reason"], "[EMAIL_1] said no");
    assert_eq!(line["input_prompt"], "");
    assert!(line["distinct_id"].as_str().unwrap().starts_with("u_"));
    assert!(line["received_at"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn a_prompt_may_have_262144_characters_and_no_more() {
    let api = Api::start_with(&[("BODY_BYTES_MAX", "2097152")]);
    let longest = "ä".repeat(262_144);
    assert_eq!(api.post(&event(1, &longest)).status, 200);
    assert_eq!(api.last_line()["input_prompt"], longest);
    api.post(&event(2, &(longest + "b"))).problem(422);
    assert_eq!(api.quarantine()[0]["input_prompt"].as_str().unwrap().len(), 64 * 1024);
}

#[test]
fn a_chat_of_more_than_a_megabyte_is_shortened_in_its_middle_and_stays_a_chat() {
    let api = Api::start();
    let mut long = event(1, "");
    let mut messages = vec![json!({"role": "system", "content": "You are the shop's assistant."})];
    messages.extend((0..1_300).map(|n| {
        let role = if n % 2 == 0 { "user" } else { "assistant" };
        json!({"role": role, "content": format!("{n} jane{n}@example.com {}", "word ".repeat(190))})
    }));
    long["event"]["event"] = json!("$ai_generation");
    long["event"]["properties"] = json!({"$ai_is_error": true, "$ai_error": "too long", "$ai_input": messages});
    assert!(long.to_string().len() > 1_300_000);
    assert_eq!(api.post(&long).json()["status"], "stored");
    let line = api.last_line();
    let prompt = line["input_prompt"].as_str().unwrap();
    assert!(prompt.chars().count() <= 262_144 && prompt.len() > 200_000, "{}", prompt.len());
    let chat: Vec<serde_json::Value> = serde_json::from_str(prompt).unwrap();
    assert_eq!(chat[0]["content"], "You are the shop's assistant.");
    assert!(chat.last().unwrap()["content"].as_str().unwrap().starts_with("1299 [EMAIL_"));
    assert!(!prompt.contains("@example.com"));
}

#[test]
fn of_a_base64_image_a_marker_stays_with_the_words_around_it() {
    let api = Api::start();
    let image = "iVBORw0KGgoAAAANSUhEUgAA".repeat(2_048);
    let mut chat = event(1, "");
    chat["event"]["properties"]["input_prompt"] = json!([{"role": "user", "content": [
        {"type": "text", "text": "What wood is this?"},
        {"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{image}")}}]}]);
    assert_eq!(api.post(&chat).json()["status"], "stored");
    let mut marked = chat["event"]["properties"]["input_prompt"].clone();
    marked[0]["content"][1]["image_url"]["url"] = json!("[image image/png, 37 kB]");
    assert_eq!(api.last_line()["input_prompt"], marked.to_string());
    let text = event(2, &format!("look: data:image/png;base64,{image} and answer"));
    assert_eq!(api.post(&text).json()["status"], "stored");
    assert_eq!(api.last_line()["input_prompt"], "look: [image image/png, 37 kB] and answer");
}

#[test]
fn a_failure_reason_is_cut_at_1024_characters_after_it_was_sanitized() {
    let api = Api::start();
    let mut long = event(1, "x");
    // The address straddles the border: cut first, its half would not be known as an address.
    long["event"]["properties"]["failure_reason"] =
        json!(format!("{} jane@example.com {}", "é".repeat(1_015), "z".repeat(500)));
    assert_eq!(api.post(&long).status, 200);
    assert_eq!(api.last_line()["failure_reason"], format!("{} [EMAIL_1", "é".repeat(1_015)));
    long["event"]["uuid"] = json!(uuid(2));
    long["event"]["properties"]["failure_reason"] = json!(null);
    assert_eq!(api.post(&long).status, 200);
    assert_eq!(api.last_line()["failure_reason"], "unknown");
}

#[test]
fn chat_prompts_are_kept_as_json_with_their_strings_sanitized() {
    let api = Api::start();
    let mut chat = event(1, "");
    chat["event"]["properties"]["input_prompt"] =
        json!([{"role": "user", "content": "I am jane@example.com", "card": 4111111111111111_u64}]);
    assert_eq!(api.post(&chat).status, 200);
    let prompt: serde_json::Value = serde_json::from_str(api.last_line()["input_prompt"].as_str().unwrap()).unwrap();
    assert_eq!(prompt, json!([{"role": "user", "content": "I am [EMAIL_1]", "card": "[CREDIT_CARD_1]"}]));
}

#[test]
fn lone_surrogates_in_values_and_names_are_stored() {
    let api = Api::start();
    let body = format!(
        r#"{{"event":{{"uuid":"{}","event":"generation_failed","distinct_id":"user_1","\udc00":1,
        "properties":{{"\ud800\ud800":"\ud800","input_prompt":"half \ud83e emoji","failure_reason":"\udfff"}}}}}}"#,
        uuid(1)
    );
    assert_eq!(api.post_with(&[], &body).json()["status"], "stored");
    assert_eq!(api.last_line()["input_prompt"], "half \u{FFFD} emoji");
}

#[test]
fn a_body_over_the_limit_is_413_with_and_without_a_length() {
    let api = Api::start_with(&[("BODY_BYTES_MAX", "2048")]);
    let body = |bytes: usize| {
        let empty = event(1, "").to_string().len();
        event(1, &"x".repeat(bytes - empty)).to_string()
    };
    api.post_with(&[], &body(2049)).problem(413);
    let chunk = format!("801\r\n{}\r\n0\r\n\r\n", body(2049));
    let answer =
        raw(&api, &format!("POST /api/webhooks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}"));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_eq!(api.post_with(&[], &body(2048)).status, 200);
}

#[test]
fn a_body_that_does_not_come_is_408() {
    let api = Api::start_with(&[("BODY_TIMEOUT_MS", "100")]);
    let answer = raw(&api, "POST /api/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn an_encoded_body_is_415() {
    let api = Api::start();
    for encoding in ["gzip", "identity", "br"] {
        api.post_with(&[("content-encoding", encoding)], &event(1, "x").to_string()).problem(415);
    }
}

#[test]
fn a_request_with_an_origin_is_403_whatever_the_origin() {
    let api = Api::start();
    for origin in ["http://localhost:4200", "null", "https://evil.example"] {
        api.post_with(&[("origin", origin)], &event(1, "x").to_string()).problem(403);
    }
    assert!(!api.file().exists());
}

#[test]
fn other_methods_and_addresses_are_told_apart() {
    let api = Api::start();
    let answer = api.process.get("/api/webhooks", &[]);
    answer.problem(405);
    assert_eq!(answer.header("allow"), Some("POST"));
    assert_eq!(api.process.post("/ready", &[], b"").header("allow"), Some("GET, HEAD"));
    api.process.get("/", &[]).problem(404);
    api.process.post("/health", &[], b"").problem(405);
}

#[test]
fn a_caller_needs_the_secret_when_one_is_set() {
    let api = Api::start_with(&[("WEBHOOK_SECRET", "old-secret, new-secret")]);
    let body = event(1, "x").to_string();
    let answer = api.post_with(&[], &body);
    answer.problem(401);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    api.post_with(&[("x-webhook-secret", "guess")], &body).problem(401);
    assert_eq!(api.post_with(&[("authorization", "Bearer old-secret")], &body).json()["status"], "stored");
    assert_eq!(api.post_with(&[("x-webhook-secret", "new-secret")], &body).json()["status"], "duplicate");
    assert_eq!(api.process.get("/ready", &[]).status, 200);
}

#[test]
fn the_stored_line_comes_back_only_to_who_prefers_it() {
    let api = Api::start();
    let prefer = [("prefer", "respond-async, return=representation; x=1")];
    let answer = api.post_with(&prefer, &event(1, "mail jane@example.com").to_string());
    assert_eq!(answer.header("preference-applied"), Some("return=representation"));
    assert_eq!(answer.json()["record"], api.last_line());
    assert_eq!(api.post_with(&prefer, &event(1, "again").to_string()).json().get("record"), None);
}

#[test]
fn an_answer_has_the_id_that_the_log_line_has() {
    let api = Api::start();
    let answer = api.post(&event(1, "x"));
    let id = answer.header("x-request-id").unwrap();
    crate::helpers::eventually("the log line", || {
        api.process.log().contains(&format!("request {id}: POST /api/webhooks answered 200"))
    });
}

/// Sends bytes as they are and reads to the end of the answer's head and what comes with it.
fn raw(api: &Api, request: &str) -> String {
    let mut stream = TcpStream::connect(&api.process.addr).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

#[test]
fn what_happens_is_counted() {
    let api = Api::start();
    api.post(&event(1, "jane@example.com, bob@example.com and Jane@example.com"));
    api.post(&event(1, "x"));
    api.post_with(&[("origin", "null")], "");
    api.post_with(&[], "{");
    let answer = api.process.get("/metrics", &[]);
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    for line in [
        "misfire_received_total 4",
        "misfire_events_total{outcome=\"stored\"} 1",
        "misfire_events_total{outcome=\"duplicate\"} 1",
        "misfire_refused_total{reason=\"origin-refused\"} 1",
        "misfire_refused_total{reason=\"not-json\"} 1",
        "misfire_redactions_total{type=\"EMAIL\"} 2",
        "misfire_queue_records 0",
        "misfire_queue_bytes 0",
        "misfire_commit_seconds_count 1",
        "misfire_recent_uuids 1",
    ] {
        assert!(answer.body.lines().any(|found| found == line), "{line} in {}", answer.body);
    }
}

#[test]
fn the_openapi_document_describes_every_answer() {
    let document = Api::start().process.get("/api/openapi.json", &[]).json();
    let responses = document["paths"]["/api/webhooks"]["post"]["responses"].as_object().unwrap();
    let statuses: Vec<_> = responses.keys().map(String::as_str).collect();
    assert_eq!(statuses, ["200", "400", "401", "403", "405", "408", "413", "415", "422", "429", "503"]);
    assert!(document["components"]["schemas"]["ProblemDetails"]["properties"]["detail"].is_object(), "{document}");
}

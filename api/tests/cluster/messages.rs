//! Messages that other versions wrote: an older sanitizer's are redacted again, and a newer one's stop the writer.

use async_nats::{HeaderMap, Request};
use rustix::process::Signal;
use serde_json::json;

use crate::{
    helpers::{eventually, uuid},
    servers::Servers,
    vocabulary::{Writer, settings},
};

/// Publishes a message as a node with another version would.
fn publish(servers: &Servers, number: u32, sanitizer: &str, prompt: &str) {
    let uuid = uuid(number);
    let line = json!({"timestamp": "2025-11-30T16:38:21.968Z", "event": "generation_failed", "failure_reason": "timeout",
                      "input_prompt": prompt, "distinct_id": "user_1007", "uuid": uuid});
    // The order of the keys is that of a line.
    let line = format!(
        "{{\"timestamp\":{},\"event\":{},\"failure_reason\":{},\"input_prompt\":{},\"distinct_id\":{},\"uuid\":{}}}",
        line["timestamp"],
        line["event"],
        line["failure_reason"],
        line["input_prompt"],
        line["distinct_id"],
        line["uuid"]
    );
    let head = json!({"ids": ["user_1007"], "time": "2025-11-30T16:38:21.968Z", "uuid": uuid, "about": null, "holds": ["line"]});
    let mut headers = HeaderMap::new();
    headers.insert("Nats-Msg-Id", uuid.as_str());
    headers.insert("Misfire-Form", "1");
    headers.insert("Misfire-Sanitizer", sanitizer);
    let payload = format!("{head}\n{line}\n");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = async_nats::connect(servers.urls()).await.unwrap();
        let request = Request::new().headers(headers).payload(payload.into());
        let answer = client.send_request("misfire.0.line", request).await.unwrap();
        assert!(!String::from_utf8_lossy(&answer.payload).contains("error"), "{answer:?}");
    });
}

#[test]
fn an_older_sanitizers_lines_are_redacted_again_and_a_newer_ones_stop_the_writer() {
    let Some(servers) = Servers::one() else { return };
    let mut writer = Writer::start(&settings(&servers));
    publish(&servers, 1, "1", "write to jane@example.com");
    publish(&servers, 2, "1", "say hello");
    writer.wait_until_all_is_read();
    let text = std::fs::read_to_string(writer.folder.path().join("training_data.jsonl")).unwrap();
    assert!(text.contains("write to [EMAIL_1]") && text.contains("say hello"), "{text}");

    publish(&servers, 3, "9999", "x");
    publish(&servers, 4, "1", "behind it");
    let process = writer.process.take().unwrap();
    eventually("a writer that stops reading", || process.get("/ready", &[]).status == 503);
    eventually("a word in the log", || process.log().contains("upgrade the writer first"));
    assert_eq!(writer.lines().len(), 2, "nothing is skipped");
    let (status, _) = process.signal(Signal::TERM);
    assert!(status.success());
    assert_eq!(writer.catalog()["streams"]["MISFIRE_0"]["sequence"], 2);
}

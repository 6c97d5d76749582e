//! The event that will be sent, opened, edited, and sent by hand.

use std::process::Command;

use serde_json::Value;

use crate::{page::Browser, stack::Stack};

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_event_is_checked_before_it_goes() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.click("show-payload").await;
    let long = "x".repeat(1_025);
    for (event, problem) in [
        (r#"{"event": "generation_failed",}"#, "This is not JSON: "),
        (r#"{"event":"feature_used","properties":{}}"#, r#"event must be "generation_failed"."#),
        (r#"{"event":"generation_failed","properties":{}}"#, "properties.input_prompt must be text."),
        (
            r#"{"event":"generation_failed","properties":{"input_prompt":"x","failure_reason":7}}"#,
            "properties.failure_reason must be text.",
        ),
        (
            r#"{"event":"generation_failed","properties":{"input_prompt":"x","failure_reason":"","model":"m"}}"#,
            "properties.model is no part of this event.",
        ),
        (r#"{"event":"generation_failed","uuid":"1","properties":{}}"#, "uuid is no part of this event."),
        (
            r#"{"event":"generation_failed","properties":{"input_prompt":"","failure_reason":""}}"#,
            "properties.input_prompt must not be blank.",
        ),
        (
            &format!(
                r#"{{"event":"generation_failed","properties":{{"input_prompt":"x","failure_reason":"{long}"}}}}"#
            ),
            "properties.failure_reason must have at most 1024 characters.",
        ),
    ] {
        browser.put_into("payload", event).await;
        browser.wait_for_text(problem).await;
        browser.click("fail-generation").await;
        assert!(!browser.is_enabled("copy-curl").await, "{event}");
    }
    assert_eq!(browser.items().await.len(), 0, "nothing of that was captured");

    // Editing the JSON fills the fields, and editing a field replaces the JSON.
    let event =
        r#"{"event":"generation_failed","properties":{"input_prompt":"Call jane@example.com","failure_reason":"r"}}"#;
    browser.put_into("payload", event).await;
    browser.wait_for("document.getElementById('prompt').value === 'Call jane@example.com'").await;
    browser.click("fail-generation").await;
    browser.wait_for_states(&["accepted"]).await;
    let record: Value = serde_json::from_str(&stack.wait_for_lines(1).await[0]).unwrap();
    assert_eq!((&record["input_prompt"], &record["failure_reason"]), (&"Call [EMAIL_1]".into(), &"r".into()));
    browser.type_into("reason", "another").await;
    browser
        .wait_for("JSON.parse(document.getElementById('payload').value).properties.failure_reason === 'another'")
        .await;
    browser.assert_quiet_and_close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_sends_the_event_of_the_form() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    // A browser without a window has no clipboard to speak of.
    browser.run("navigator.clipboard.writeText = async (text) => { window.copied = text }").await;
    browser.type_into("prompt", "it's $(not) run").await;
    browser.click("show-payload").await;
    browser.click("copy-curl").await;
    browser.wait_for("window.copied").await;
    let line = browser.run("return window.copied").await.as_str().unwrap().to_owned();
    if Command::new("curl").arg("--version").output().is_err() {
        return println!("skipped: there is no curl to run {line}");
    }
    let done = Command::new("sh").args(["-c", &line]).env("no_proxy", "*").output().unwrap();
    assert!(done.status.success(), "{line}: {done:?}");
    let event = stack.wait_for_events("generation_failed", 1).await.remove(0);
    assert_eq!(event["properties"]["input_prompt"], "it's $(not) run");
    browser.assert_quiet_and_close().await;
}

//! The event that will be sent, opened, edited, and sent by hand.

use std::process::Command;

use serde_json::{Value, json};

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
        (r#"{"event":"feature_used","properties":{}}"#, r#"event must be "generation_failed" or "$ai_generation"."#),
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
async fn an_edited_ai_generation_is_checked_and_keeps_what_the_fields_do_not_show() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.click("send-as-1").await;
    browser.click("show-payload").await;
    let shown = browser.run("return JSON.parse(document.getElementById('payload').value)").await;
    assert_eq!(shown["event"], "$ai_generation");
    let changed = |name: &str, value: Value| {
        let mut event = shown.clone();
        event["properties"][name] = value;
        event.to_string()
    };
    for (name, value, problem) in [
        ("$ai_model", json!(5), "properties.$ai_model must be text."),
        ("$ai_trace_id", json!(7), "properties.$ai_trace_id must be text."),
        ("$ai_input", json!("a chair"), "properties.$ai_input must be a list of messages."),
        ("$ai_input", json!([{"role": "user"}]), "properties.$ai_input[0].content must be text."),
        ("$ai_input", json!(["a chair"]), "properties.$ai_input[0].role must be text."),
        (
            "$ai_input",
            json!([{"role": "user", "content": "x"}, {"role": "user", "content": "x", "name": "ada"}]),
            "properties.$ai_input[1].name is no part of this event.",
        ),
        ("$ai_input", json!([]), "properties.$ai_input must not be blank."),
        ("$ai_input", json!([{"role": "user", "content": " \n"}]), "properties.$ai_input must not be blank."),
        ("$ai_output_choices", json!({}), "properties.$ai_output_choices must be a list of messages."),
        ("$ai_is_error", json!(false), "properties.$ai_is_error must be true."),
        ("$ai_error", json!("x".repeat(1_025)), "properties.$ai_error must have at most 1024 characters."),
        ("$ai_http_status", json!("429"), "properties.$ai_http_status must be a whole number from 0 to 999."),
        ("$ai_http_status", json!(-1), "properties.$ai_http_status must be a whole number from 0 to 999."),
        ("$ai_http_status", json!(4.5), "properties.$ai_http_status must be a whole number from 0 to 999."),
        ("$ai_latency", json!(-0.1), "properties.$ai_latency must be a number of seconds."),
        ("$ai_tools", json!([]), "properties.$ai_tools is no part of this event."),
    ] {
        browser.put_into("payload", &changed(name, value)).await;
        browser.wait_for_text(problem).await;
        browser.click("fail-generation").await;
        assert!(!browser.is_enabled("copy-curl").await, "{problem}");
    }
    assert_eq!(browser.items().await.len(), 0, "nothing of that was captured");

    // What the page shows can be read again as it is.
    browser.put_into("payload", &shown.to_string()).await;
    browser.wait_for("!document.getElementById('payload-error')").await;

    // The model and the chat are edited in the JSON, and the prompt then in its field.
    let mut event = shown.clone();
    event["properties"]["$ai_model"] = json!("claude-x");
    event["properties"]["$ai_trace_id"] = json!("trace-7");
    event["properties"]["$ai_latency"] = json!(1.84);
    event["properties"]["$ai_input"] =
        json!([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Call jane@example.com"}]);
    browser.put_into("payload", &event.to_string()).await;
    browser.wait_for("document.getElementById('prompt').value === 'Call jane@example.com'").await;
    browser.put_into("prompt", "Call omar@example.org").await;
    event["properties"]["$ai_input"][1]["content"] = json!("Call omar@example.org");
    browser
        .wait_for(&format!(
            "JSON.stringify(JSON.parse(document.getElementById('payload').value).properties.$ai_input) === \
         JSON.stringify({})",
            event["properties"]["$ai_input"]
        ))
        .await;
    browser.click("fail-generation").await;
    browser.wait_for_states(&["accepted"]).await;
    let properties = &stack.wait_for_events("$ai_generation", 1).await[0]["properties"];
    for name in ["$ai_model", "$ai_trace_id", "$ai_latency"] {
        assert_eq!(properties[name], event["properties"][name], "{name}");
    }
    stack.pull();
    let record: Value = serde_json::from_str(&stack.wait_for_lines(1).await[0]).unwrap();
    let chat = r#"[{"role":"system","content":"Be brief."},{"role":"user","content":"Call [EMAIL_1]"}]"#;
    assert_eq!(record["input_prompt"], chat);

    // The name of the event chooses its kind.
    let own = r#"{"event":"generation_failed","properties":{"input_prompt":"x","failure_reason":""}}"#;
    browser.put_into("payload", own).await;
    browser.wait_for("document.getElementById('send-as-0').checked").await;
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
    for (kind, name) in [("send-as-0", "generation_failed"), ("send-as-1", "$ai_generation")] {
        browser.click(kind).await;
        browser.run("delete window.copied").await;
        browser.click("copy-curl").await;
        browser.wait_for("window.copied").await;
        let line = browser.run("return window.copied").await.as_str().unwrap().to_owned();
        if Command::new("curl").arg("--version").output().is_err() {
            return println!("skipped: there is no curl to run {line}");
        }
        let done = Command::new("sh").args(["-c", &line]).env("no_proxy", "*").output().unwrap();
        assert!(done.status.success(), "{line}: {done:?}");
        stack.wait_for_events(name, 1).await;
    }
    stack.pull();
    let mut prompts: Vec<Value> = stack
        .wait_for_lines(2)
        .await
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["input_prompt"].take())
        .collect();
    prompts.sort_by_key(|prompt| prompt.to_string().len());
    assert_eq!(prompts, ["it's $(not) run", r#"[{"role":"user","content":"it's $(not) run"}]"#]);
    browser.assert_quiet_and_close().await;
}

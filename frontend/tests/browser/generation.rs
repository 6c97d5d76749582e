//! The failure as PostHog's SDKs send it, and what comes of it without a webhook.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{page::Browser, stack::Stack};

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_as_an_sdk_sends_it_becomes_a_line_by_pull() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.click("send-as-1").await;
    browser.type_into("prompt", "Write to jane.doe@example.com").await;
    browser.type_into("reason", "Error code: 429").await;
    browser.click("fail-generation").await;
    browser.click("fail-generation").await;
    browser.wait_for_states(&["accepted"; 2]).await;
    let uuid = browser.items().await[0].uuid.clone();
    let shown = browser.run(&format!("return document.querySelector('[data-uuid=\"{uuid}\"]').innerText")).await;
    assert!(shown.as_str().is_some_and(|row| row.contains("$ai_generation") && row.contains("Write to")), "{shown}");

    let events = stack.wait_for_events("$ai_generation", 2).await;
    let traces: Vec<Uuid> = events
        .iter()
        .map(|event| event["properties"]["$ai_trace_id"].as_str().and_then(|trace| trace.parse().ok()).expect("a uuid"))
        .collect();
    assert_ne!(traces[0], traces[1], "each failure has a trace of its own");
    let properties = &events[0]["properties"];
    assert_eq!(properties["$ai_is_error"], true);
    assert_eq!(properties["$ai_error"], "Error code: 429");
    assert!(properties.get("$ai_input").is_none(), "PostHog keeps the prompt from its webhooks: {properties}");

    stack.pull();
    let lines: Vec<Value> =
        stack.wait_for_lines(2).await.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["uuid"] == uuid.as_str()).expect("the line of the event");
    assert_eq!(line["event"], "generation_failed");
    assert_eq!(line["input_prompt"], r#"[{"role":"user","content":"Write to [EMAIL_1]"}]"#);
    assert_eq!(line["failure_reason"], "Error code: 429");

    // Only failures, and the link to this one.
    browser.run("document.getElementById('filter-2').click()").await;
    browser.wait_for_states(&["accepted"; 2]).await;
    browser.show(&format!("{}#/event/{uuid}", stack.page_url())).await;
    browser.wait_for_focus(&format!("[data-uuid='{uuid}'][aria-current=true]")).await;
    browser.assert_quiet_and_close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_for_posthog_like_any_event_and_keeps_its_trace() {
    let Some(driver) = Browser::driver() else { return };
    let mut stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    stack.stop_posthog().await;
    browser.click("send-as-1").await;
    browser.click("fail-generation").await;
    browser.wait_for_states(&["waiting"]).await;
    let queued = "return JSON.parse(JSON.parse(localStorage.getItem('misfire.outbox')).queue[0].json).properties";
    let properties = browser.run(queued).await;
    assert_eq!(properties["$ai_output_choices"], json!([]), "{properties}");
    browser.reload().await;
    browser.wait_for_states(&["waiting"]).await;
    assert_eq!(browser.run(queued).await, properties);
    stack.start_posthog().await;
    browser.wait_for_states(&["accepted"]).await;
    let event = stack.wait_for_events("$ai_generation", 1).await.remove(0);
    assert_eq!(event["properties"]["$ai_trace_id"], properties["$ai_trace_id"]);
    // The refused connections are in the browser's console, as they must be.
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blank_prompt_is_refused_at_its_field() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    for kind in ["send-as-0", "send-as-1"] {
        browser.click(kind).await;
        for blank in ["", " ", "\n\t \u{a0}\u{3000}"] {
            browser.put_into("prompt", blank).await;
            browser.click("fail-generation").await;
            browser.wait_for_focus("#prompt[aria-invalid=true][aria-describedby=prompt-error]").await;
            let error = browser.run("return document.getElementById('prompt-error').textContent").await;
            assert_eq!(error, "The prompt must not be blank.", "{kind}, {blank:?}");
            browser.put_into("prompt", ".").await;
            browser.wait_for("!document.getElementById('prompt-error')").await;
        }
    }
    assert_eq!(browser.items().await.len(), 0, "nothing of that was captured");
    browser.click("fail-generation").await;
    browser.wait_for_states(&["accepted"]).await;
    browser.assert_quiet_and_close().await;
}

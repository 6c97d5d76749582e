//! The whole way in a real browser: a person clicks on the page that `misfire web` serves, the events travel through
//! posthog-local to the API, and the line is on disk.
//!
//! It needs the built page (`scripts/build-page`), both servers (`cargo build`), Chromium and its driver
//! (`scripts/setup test`). Without a browser it says that it is skipped; under CI it fails.
#![cfg(not(target_arch = "wasm32"))]

mod driver;
mod first_visit;
mod generation;
mod keyboard;
mod links;
mod page;
mod payload;
mod speed;
mod stack;
mod states;

use std::collections::HashSet;

use page::Browser;
use serde_json::{Value, json};
use stack::Stack;

/// The events that posthog-local has, oldest first, by name.
async fn captured(stack: &Stack, name: &str) -> Vec<Value> {
    let mut events: Vec<Value> = stack.events().await.into_iter().filter(|event| event["event"] == name).collect();
    // A UUID v7 begins with its time, so this is the order in which they were made.
    events.sort_by_key(|event| event["uuid"].as_str().map(str::to_owned));
    events
}

fn counts(events: &[Value]) -> Vec<u64> {
    events.iter().map(|event| event["properties"]["total_usage_count"].as_u64().expect("a count")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_generation_becomes_a_sanitized_line() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.type_into("prompt", "Write to jane.doe@example.com about her invoice").await;
    browser.type_into("reason", "timeout after 30 s").await;
    browser.click("fail-generation").await;
    browser.wait_for_states(&["accepted"]).await;

    let line = stack.wait_for_lines(1).await.remove(0);
    let keys: Vec<_> = line.split("\",\"").map(|pair| pair.trim_start_matches("{\"").split('"').next()).collect();
    assert_eq!(
        keys,
        ["timestamp", "event", "failure_reason", "input_prompt", "distinct_id", "uuid"].map(Some),
        "the keys of {line}"
    );
    let record: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(record["input_prompt"], "Write to [EMAIL_1] about her invoice");
    assert_eq!(record["failure_reason"], "timeout after 30 s");
    assert_eq!(record["uuid"], browser.items().await[0].uuid.as_str());
    assert_eq!(record["uuid"], captured(&stack, "generation_failed").await[0]["uuid"]);
    browser.assert_quiet_and_close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_uses_mail_the_typed_address_once_at_the_fifth() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.type_into("email", "ada@example.org").await;
    browser.click("use-feature").await;
    for _ in 1..4 {
        browser.click("use-feature").await;
    }
    browser.wait_for_count(4).await;
    stack.wait_for_events("feature_used", 4).await;
    assert!(stack.emails().await.is_empty(), "no mail before the fifth use");

    browser.click("use-feature").await;
    stack.wait_for_emails(1).await;
    browser.click("use-feature").await;
    stack.wait_for_events("feature_used", 6).await;
    let emails = stack.emails().await;
    assert_eq!(emails.len(), 1, "no mail after the fifth use: {emails:?}");
    assert_eq!((&emails[0]["to"], &emails[0]["state"]), (&"ada@example.org".into(), &"sent".into()), "{emails:?}");
    let fifth = &captured(&stack, "feature_used").await[4];
    assert_eq!(emails[0]["event_uuid"], fifth["uuid"]);

    // Somebody else can see it again.
    browser.click("start-over").await;
    browser.wait_for_count(0).await;
    browser.click("use-feature").await;
    for _ in 1..5 {
        browser.click("use-feature").await;
    }
    let emails = stack.wait_for_emails(2).await;
    let unsent = emails.iter().find(|email| email["state"] == "not_sent").expect("a mail that has nowhere to go");
    assert!(unsent["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{unsent}");
    browser.assert_quiet_and_close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_waits_outlives_a_reload_and_arrives_in_order() {
    let Some(driver) = Browser::driver() else { return };
    let mut stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.click("use-feature").await;
    browser.wait_for_states(&["accepted"]).await;

    stack.stop_posthog().await;
    for _ in 0..3 {
        browser.click("use-feature").await;
    }
    browser.wait_for_states(&["waiting", "waiting", "waiting", "accepted"]).await;
    browser.reload().await;
    browser.wait_for_states(&["waiting", "waiting", "waiting", "accepted"]).await;
    browser.wait_for_count(4).await;

    stack.start_posthog().await;
    browser.wait_for_states(&["accepted"; 4]).await;
    stack.wait_for_events("feature_used", 3).await;
    let mut arrived = stack.events().await;
    arrived.retain(|event| event["event"] == "feature_used");
    arrived.reverse(); // the newest comes first
    assert_eq!(counts(&arrived), [2, 3, 4], "in the order in which they arrived");
    // The refused connections are in the browser's console, as they must be.
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_come_is_given_up_and_asked_for_again() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    stack.fault(&json!({ "answer_delay_ms": 60_000 })).await;
    browser.click("fail-generation").await;
    browser.wait_for_text("no answer within 10 s").await;
    browser.wait_for_states(&["waiting"]).await;
    stack.fault(&json!({})).await;
    browser.click("try-now").await;
    browser.wait_for_states(&["accepted"]).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_clicks_in_one_tick_count_from_1_to_20() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.click_many("use-feature", 20).await;
    browser.wait_for_count(20).await;
    stack.wait_for_events("feature_used", 20).await;
    let counted = counts(&captured(&stack, "feature_used").await);
    assert_eq!(counted, (1..=20).collect::<Vec<_>>());
    browser.assert_quiet_and_close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_clicks_in_each_of_two_tabs_count_from_1_to_10() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    let tabs = browser.open_second_tab(&stack.page_url()).await;
    for tab in &tabs {
        browser.switch_to(tab).await;
        browser.click_many_soon("use-feature", 5).await;
    }
    for tab in &tabs {
        browser.switch_to(tab).await;
        browser.wait_for_count(10).await;
    }
    stack.wait_for_events("feature_used", 10).await;
    let events = captured(&stack, "feature_used").await;
    let mut counted = counts(&events);
    counted.sort_unstable();
    assert_eq!(counted, (1..=10).collect::<Vec<_>>());
    let people: HashSet<_> = events.iter().map(|event| event["distinct_id"].to_string()).collect();
    assert_eq!(people.len(), 1, "both tabs are one person");
    browser.assert_quiet_and_close().await;
}

/// Not a check: `scripts/pictures` runs it to make the README's pictures anew.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "makes the README's pictures; run scripts/pictures"]
async fn pictures() {
    let driver = Browser::driver().expect("a browser");
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.type_into("email", "ada@example.org").await;
    browser.click("use-feature").await;
    browser.wait_for_count(1).await;
    browser.click("use-feature").await;
    browser.wait_for_count(2).await;
    browser.click("fail-generation").await;
    browser.wait_for_states(&["accepted"; 4]).await;
    browser.picture("page", 1_080).await;
    stack.wait_for_lines(1).await;
    let failed = browser.items().await[0].uuid.clone();
    browser.show(&stack.inspector_url(&failed)).await;
    browser.wait_for_text("[EMAIL_1]").await;
    browser.picture("inspector", 1_400).await;
    browser.close().await;
}

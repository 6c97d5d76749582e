//! What somebody meets who has never been here: no dialog, a field that can be left empty, and a way to the inspector.

use serde_json::{Value, json};

use crate::{captured, page::Browser, stack::Stack};

/// The most that 200 events may take of the page, in pixels.
const LIST_PX_MAX: u64 = 9_000;

#[tokio::test(flavor = "multi_thread")]
async fn the_first_click_opens_no_dialog_and_an_address_is_optional() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.wait_for_text("Simulate two events and watch PostHog handle them").await;
    browser.wait_for_text("E-mail (optional, for the workflow's message)").await;
    browser.click("use-feature").await;
    browser.wait_for_count(1).await;
    assert_eq!(browser.run("return document.querySelectorAll('dialog[open]').length").await, 0);
    browser.wait_for("document.getElementById('email')").await;

    // Skipped, it makes room, and comes back when it is asked for.
    browser.click("email-skip").await;
    browser.wait_for("!document.getElementById('email')").await;
    browser.click("email-ask").await;
    browser.type_into("email", "ada@").await;
    browser.click("use-feature").await;
    browser.wait_for_text("must be an e-mail address").await;
    browser.wait_for_focus("#email").await;
    browser.wait_for_count(1).await;
    // An address in the field goes out before the use that comes with it.
    browser.type_into("email", "ada@example.org").await;
    browser.click("use-feature").await;
    browser.wait_for_count(2).await;
    browser.wait_for("!document.getElementById('email')").await;
    browser.wait_for_states(&["accepted"; 3]).await;
    let identified = captured(&stack, "$identify").await;
    assert_eq!(identified[0]["properties"]["$set"]["email"], "ada@example.org");
    let used = captured(&stack, "feature_used").await;
    assert!(identified[0]["uuid"].as_str() < used[1]["uuid"].as_str(), "the address comes first");

    let inspector = browser.run("return document.getElementById('see-inspector').href").await;
    assert_eq!(Some(inspector.as_str().unwrap()), stack.inspector_url("").strip_suffix("events/"));
    browser.assert_quiet_and_close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blank_prompt_is_refused_whichever_event_it_is_for() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    for blank in ["", "  \n\t ", "\u{a0}\u{3000}"] {
        for kind in ["send-as-0", "send-as-1"] {
            browser.click(kind).await;
            browser.put_into("prompt", blank).await;
            browser.click("fail-generation").await;
            browser.wait_for_text("The prompt must not be blank.").await;
            browser.wait_for_focus("#prompt").await;
        }
        browser.put_into("prompt", "a chair").await;
        browser.wait_for("!document.getElementById('prompt-error')").await;
    }
    assert_eq!(browser.items().await.len(), 0, "nothing of that was captured");
    browser.assert_quiet_and_close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_events_are_rows() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    let at_ms = browser.run("return Date.now()").await;
    let sent: Vec<Value> = (0..200)
        .map(|number| {
            let detail = "Write a friendly launch e-mail for our new plan, under 120 words, and sign it.".repeat(2);
            json!({ "uuid": format!("{number}"), "event": "generation_failed", "detail": detail, "at_ms": at_ms, "json": "",
                    "refused": null })
        })
        .collect();
    browser.keep("misfire.sent", &json!(sent)).await;
    browser.wait_for_states(&["accepted"; 200]).await;
    let height = browser.run("return document.getElementById('sent-list').offsetHeight").await;
    assert!(height.as_u64().is_some_and(|px| (5_000..=LIST_PX_MAX).contains(&px)), "{height} px");
    browser.look("two-hundred-events").await;
    browser.assert_quiet_and_close().await;
}

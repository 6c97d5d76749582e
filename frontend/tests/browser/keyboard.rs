//! The whole flow without a mouse: each thing is reached with the keys that anybody would try.

use thirtyfour::Key;

use crate::{page::Browser, stack::Stack};

#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_done_by_keyboard_alone() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;

    // Give an address, wrongly and then rightly: the focus goes to the button, and that uses the feature.
    browser.tab_to("#email").await;
    browser.press("ada").await;
    browser.press(Key::Enter).await;
    browser.wait_for_text("must be an e-mail address").await;
    browser.wait_for_focus("#email").await;
    browser.press("@example.org").await;
    browser.press(Key::Enter).await;
    browser.wait_for_focus("#use-feature").await;
    browser.wait_for_text("You are ada@example.org").await;
    browser.press(Key::Enter).await;
    browser.wait_for_count(1).await;

    // Fail a generation with words of one's own.
    browser.tab_to("#example-0").await;
    browser.press(Key::Right).await;
    browser.wait_for_focus("#example-1").await;
    browser.tab_to("#prompt").await;
    browser.retype("Write to jane.doe@example.com").await;
    browser.tab_to("#reason").await;
    browser.retype("timeout").await;
    browser.press(Key::Enter).await;
    browser.wait_for_states(&["accepted"; 3]).await;

    // Edit the event itself, wrongly and then rightly.
    browser.tab_to("#show-payload").await;
    browser.press(Key::Enter).await;
    browser.tab_to("#payload").await;
    browser.retype("{").await;
    browser.wait_for_text("This is not JSON").await;
    browser.tab_to("#fail-generation").await;
    browser.press(Key::Space).await;
    browser.wait_for_focus("#payload").await;
    browser
        .retype(r#"{"event":"generation_failed","properties":{"input_prompt":"By hand","failure_reason":"none"}}"#)
        .await;
    browser.tab_to("#fail-generation").await;
    browser.press(Key::Space).await;
    browser.wait_for_states(&["accepted"; 4]).await;
    let lines = stack.wait_for_lines(2).await;
    assert!(lines[0].contains("Write to [EMAIL_1]") && lines[1].contains("By hand"), "{lines:?}");

    // And as PostHog's SDKs send it, and back.
    browser.tab_back_to("#send-as-0").await;
    browser.press(Key::Right).await;
    browser.wait_for_focus("#send-as-1:checked").await;
    browser.wait_for("JSON.parse(document.getElementById('payload').value).event === '$ai_generation'").await;
    browser.press(Key::Left).await;
    browser.wait_for_focus("#send-as-0:checked").await;

    // Only the failures, and the newest of them in the inspector.
    browser.tab_to("#filter-0").await;
    browser.press(Key::Right).await;
    browser.press(Key::Right).await;
    browser.wait_for_states(&["accepted"; 2]).await;
    let newest = browser.items().await[0].uuid.clone();
    browser.tab_to(".item-link").await;
    browser.press(Key::Enter).await;
    browser.see_new_tab(&stack.inspector_url(&newest)).await;

    // Single keys, and the panel that tells of them.
    browser.press("?").await;
    browser.wait_for_focus("#shortcuts-dialog *").await;
    browser.press(Key::Escape).await;
    browser.wait_for_focus(".item-link").await;
    browser.press("u").await;
    browser.wait_for_count(2).await;
    browser.press("p").await;
    browser.wait_for_focus("#prompt").await;
    browser.press("u").await;
    browser.press(Key::Tab).await;
    browser.wait_for_count(2).await;

    // Somebody else.
    browser.tab_back_to("#start-over").await;
    browser.press(Key::Enter).await;
    browser.wait_for_count(0).await;
    browser.wait_for_text("You are anonymous").await;
    browser.assert_quiet_and_close().await;
}

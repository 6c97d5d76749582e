//! Each state of the page, in light and dark, wide and narrow: it fits, and keeps nobody out.

use serde_json::json;

use crate::{
    page::Browser,
    stack::{Stack, StaticSite},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_state_fits_and_keeps_nobody_out_in_light_and_dark() {
    for is_dark in [false, true] {
        let Some(driver) = Browser::driver() else { return };
        let mut stack = Stack::start().await;
        let browser = if is_dark { driver.in_the_dark() } else { driver }.open(&stack.page_url()).await;
        assert_eq!(browser.is_dark().await, is_dark);
        browser.look("idle").await;
        browser.type_into("email", "nobody").await;
        browser.click("email-save").await;
        browser.look("email-with-error").await;
        browser.click("email-skip").await;
        browser.wait_for("document.getElementById('email-ask')").await;
        browser.look("email-skipped").await;
        browser.click("use-feature").await;
        browser.click("fail-generation").await;
        browser.wait_for_states(&["accepted"; 2]).await;
        browser.look("events").await;
        let linked = browser.items().await[1].uuid.clone();
        browser.show(&format!("{}#/event/{linked}", stack.page_url())).await;
        browser.wait_for_focus(&format!("[data-uuid='{linked}']")).await;
        browser.look("linked-event").await;
        browser.show(&format!("{}#/event/unknown", stack.page_url())).await;
        browser.wait_for_focus("#unknown-event").await;
        browser.look("unknown-event").await;
        browser.show(&format!("{}#", stack.page_url())).await;
        browser.click("send-as-1").await;
        browser.click("fail-generation").await;
        browser.wait_for_states(&["accepted"; 3]).await;
        browser.click("show-payload").await;
        browser.look("as-an-sdk").await;
        browser.click("show-payload").await;
        browser.type_into("prompt", " ").await;
        browser.type_into("reason", &"x".repeat(1_100)).await;
        browser.click("fail-generation").await;
        browser.look("form-with-error").await;
        browser.click("show-payload").await;
        browser.put_into("payload", "{").await;
        browser.wait_for_text("This is not JSON").await;
        browser.look("payload-with-error").await;
        browser.click("show-shortcuts").await;
        browser.look("shortcuts").await;
        browser.click("shortcuts-close").await;

        // PostHog refused one; then it is gone, and then so much waits that nothing more can.
        let at_ms = browser.run("return Date.now()").await;
        let refused = json!([{ "uuid": "0193", "event": "generation_failed", "detail": "Draft a reply", "at_ms": at_ms,
                               "json": "", "refused": "API key is not valid: personal_api_key (401)" }]);
        browser.keep("misfire.sent", &refused).await;
        browser.wait_for_states(&["refused"]).await;
        browser.look("refused").await;
        stack.stop_posthog().await;
        browser.click("use-feature").await;
        browser.wait_for_states(&["waiting", "refused"]).await;
        browser.look("waiting").await;
        let waiting = json!({ "uuid": "0194", "event": "feature_used", "detail": "use 2", "at_ms": at_ms, "json": "{}",
                              "refused": null });
        let outbox = json!({ "queue": vec![waiting; 500], "in_flight": 0, "alone": 0, "tries": 9,
                             "retry_at_ms": at_ms.as_u64().unwrap() + 3_600_000, "trouble": "PostHog cannot be reached" });
        browser.keep("misfire.outbox", &outbox).await;
        browser.wait_for_text("The queue is full").await;
        browser.click("use-feature").await;
        browser.wait_for_text("Not captured").await;
        browser.look("full").await;
        // The refused connections are in the browser's console, as they must be.
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_its_settings_says_what_to_do() {
    for is_dark in [false, true] {
        let Some(driver) = Browser::driver() else { return };
        let driver = if is_dark { driver.in_the_dark() } else { driver };
        let site = StaticSite::without("config.json");
        let browser = driver.open_unready(&site.url()).await;
        browser.wait_for_text("config.json").await;
        assert!(!browser.is_enabled("use-feature").await && !browser.is_enabled("fail-generation").await);
        browser.look("unconfigured").await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_program_does_not_come_says_so() {
    for is_dark in [false, true] {
        let Some(driver) = Browser::driver() else { return };
        let driver = if is_dark { driver.in_the_dark() } else { driver };
        let site = StaticSite::without(".wasm");
        let browser = driver.open_unready(&site.url()).await;
        browser.wait_for_text("The simulator could not be loaded").await;
        browser.look("not-loaded").await;
        browser.close().await;
    }
}

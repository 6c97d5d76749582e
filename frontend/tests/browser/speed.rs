//! How much the page asks of a browser, and how soon it answers.

use crate::{page::Browser, stack::Stack};

/// How many requests the first visit may take: the page, the program with its two scripts, the settings.
const REQUESTS_MAX: u64 = 5;
/// How long a click may take until its outcome has been painted.
const CLICK_MS_MAX: f64 = 100.0;

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_few_requests_and_nothing_jumps() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    let requests = browser.run("return 1 + performance.getEntriesByType('resource').length").await;
    assert!(requests.as_u64().is_some_and(|requests| requests <= REQUESTS_MAX), "{requests} requests");

    browser.click("use-feature").await;
    browser.click("fail-generation").await;
    browser.wait_for_states(&["accepted"; 2]).await;
    let shift = "const done = arguments[0]; let sum = 0; \
                 new PerformanceObserver((list) => { for (const { value, hadRecentInput } of list.getEntries()) \
                 if (!hadRecentInput) sum += value }).observe({ type: 'layout-shift', buffered: true }); \
                 setTimeout(() => done(sum), 500)";
    assert_eq!(browser.run_async(shift).await, 0, "cumulative layout shift");
    browser.assert_quiet_and_close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_is_seen_at_once() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    browser.click("use-feature").await;
    browser.wait_for_count(1).await;
    let click = "const done = arguments[0]; let start; \
                 new MutationObserver((_, watcher) => { watcher.disconnect(); \
                 requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))) }) \
                 .observe(document.getElementById('usage-count'), { childList: true, subtree: true, characterData: true }); \
                 start = performance.now(); document.getElementById('use-feature').click()";
    let mut waits_ms = Vec::new();
    for _ in 0..7 {
        waits_ms.push(browser.run_async(click).await.as_f64().unwrap());
    }
    waits_ms.sort_by(f64::total_cmp);
    assert!(waits_ms[3] <= CLICK_MS_MAX, "from the click to the new count, ms: {waits_ms:?}");
    browser.assert_quiet_and_close().await;
}

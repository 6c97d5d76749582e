//! Links to single events: `#/event/<uuid>`.

use crate::{page::Browser, stack::Stack};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_its_event_and_still_does_after_a_reload() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let browser = driver.open(&stack.page_url()).await;
    for count in 1..=3 {
        browser.click("fail-generation").await;
        browser.wait_for_states(&vec!["accepted"; count]).await;
    }
    let oldest = browser.items().await[2].uuid.clone();
    let line = format!("[data-uuid='{oldest}'][aria-current=true]");
    browser.run(&format!("document.querySelector('[data-uuid=\"{oldest}\"] .item-time').click()")).await;
    browser.wait_for_focus(&line).await;
    assert_eq!(browser.run("return location.hash").await, format!("#/event/{oldest}"));
    browser.reload().await;
    browser.wait_for_focus(&line).await;

    // A filter does not hide what a link asks for.
    let newest = browser.items().await[0].uuid.clone();
    browser.run("document.getElementById('filter-1').click()").await;
    browser.wait_for_states(&[]).await;
    browser.show(&format!("{}#/event/{newest}", stack.page_url())).await;
    browser.wait_for_focus(&format!("[data-uuid='{newest}'][aria-current=true]")).await;
    browser.wait_for_states(&["accepted"; 3]).await;
    browser.assert_quiet_and_close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_an_unknown_event_says_so_until_it_is_dismissed() {
    let Some(driver) = Browser::driver() else { return };
    let stack = Stack::start().await;
    let unknown = format!("{}#/event/01930000-0000-7000-8000-000000000000", stack.page_url());
    let browser = driver.open(&unknown).await;
    browser.wait_for_focus("#unknown-event").await;
    browser.wait_for_text("This event is not in the list").await;
    browser.run("document.querySelector('#unknown-event a').click()").await;
    browser.wait_for_focus("#sent-title").await;
    browser.wait_for("!document.getElementById('unknown-event')").await;
    browser.assert_quiet_and_close().await;
}

//! The lists of the inspector with as much in them as they hold: 1,000 events and 200 e-mails, by keyboard and by search.

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::{
    browser::Browser,
    support::{Local, eventually},
};

/// The most rows that are in the page at a time, of however many.
const ROWS_MAX: u64 = 80;
/// The longest that all rows may be together, in pixels: 1,000 of 36, and some room.
const HEIGHT_PX_MAX: u64 = 40_000;

fn used(number: usize, count: usize) -> Value {
    json!({"uuid": uuid(number), "event": "feature_used", "distinct_id": format!("user_{number}"),
        "properties": {"total_usage_count": count, "$set": {"email": format!("user{number}@example.org")}}})
}

fn uuid(number: usize) -> String {
    format!("0193b2c8-77aa-7000-8000-{number:012}")
}

async fn capture_many(local: &Local, events: usize, count: usize) {
    let events: Vec<_> = (0..events).map(|number| used(number, count)).collect();
    for batch in events.chunks(100) {
        local.capture(json!(batch)).await;
    }
}

/// The event whose row has the focus.
const FOCUSED: &str = "document.activeElement.closest('#events tr')?.dataset.key";

#[actix_web::test]
async fn a_thousand_events_are_rows_that_keys_walk_through() {
    let local = Local::alone().await;
    capture_many(&local, 1_000, 1).await;
    let Some(browser) = Browser::open(&local.url).await else { return };
    browser.until("document.getElementById('event-count').textContent === '1000'").await;
    let rows = browser.run("return document.querySelectorAll('#events tr').length").await.as_u64().unwrap();
    assert!((10..=ROWS_MAX).contains(&rows), "{rows} rows");
    let height = browser.run("return document.getElementById('events').offsetHeight").await.as_u64().unwrap();
    assert!((30_000..=HEIGHT_PX_MAX).contains(&height), "{height} px");
    let page = browser.run("return document.documentElement.scrollHeight - innerHeight").await;
    assert_eq!(page, 0, "the window does not scroll, the rows do");
    assert_eq!(browser.run("return document.getElementById('table').getAttribute('aria-rowcount')").await, "1001");
    browser.look("a thousand events").await;

    // The arrows work from the start, the end is one key away, and the rows there are drawn.
    browser.press(Key::Down).await;
    browser.until(&format!("{FOCUSED} === '999'")).await;
    browser.press(Key::Down).await;
    browser.until(&format!("{FOCUSED} === '998'")).await;
    browser.press("k").await;
    browser.until(&format!("{FOCUSED} === '999'")).await;
    browser.press(Key::End).await;
    browser.until(&format!("{FOCUSED} === '0'")).await;
    let rows = browser.run("return document.querySelectorAll('#events tr').length").await.as_u64().unwrap();
    assert!(rows <= ROWS_MAX, "{rows} rows at the end");
    // A new event moves neither the focus nor what is in sight.
    browser.press(Key::Home).await;
    for _ in 0..3 {
        browser.press(Key::PageDown).await;
    }
    let key = browser.run(&format!("return {FOCUSED}")).await.as_str().unwrap().parse::<usize>().unwrap();
    let place = "document.activeElement.closest('tr').getAttribute('aria-rowindex')";
    let index = browser.run(&format!("return Number({place})")).await.as_u64().unwrap();
    let top = "return document.activeElement.getBoundingClientRect().top";
    let before = browser.run(top).await;
    local.capture(json!([used(2_000, 1)])).await;
    browser.until(&format!("{place} === '{}'", index + 1)).await;
    browser.until(&format!("{FOCUSED} === '{key}'")).await;
    assert_eq!(browser.run(top).await, before);

    // Enter opens, Escape goes back to the same row.
    browser.press(Key::Enter).await;
    browser.until(&format!("location.pathname === '/events/{}'", uuid(key))).await;
    browser.until("document.querySelector('.branch')").await;
    browser.press(Key::Escape).await;
    browser.until("location.pathname === '/'").await;
    browser.until(&format!("{FOCUSED} === '{key}'")).await;

    // Search, and from it into the rows.
    browser.press("/").await;
    browser.until_focus("#filter-search").await;
    browser.press("user_77").await;
    browser.until("document.querySelectorAll('#events tr').length === 11").await;
    browser.press(Key::Down).await;
    browser.until_focus("#events .cover").await;
    browser.press("/").await;
    browser.press(Key::Escape).await;
    browser.until("document.getElementById('filter-search').value === ''").await;
    browser.press(Key::Escape).await;
    browser.press("?").await;
    browser.until("document.getElementById('keys-dialog').open").await;
    browser.look("the keys").await;
    browser.press(Key::Escape).await;
    browser.until("!document.getElementById('keys-dialog').open").await;

    // Who hits keys by accident turns them off; the arrows stay.
    browser.click("show-keys").await;
    browser.click("keys-on").await;
    browser.click("keys-close").await;
    browser.press("/").await;
    browser.press(Key::Down).await;
    browser.until_focus("#events .cover").await;
}

#[actix_web::test]
async fn two_hundred_e_mails_are_lines_that_are_unread_until_they_are_opened() {
    let project = include_str!("../../project.toml").replace(
        "subject = ",
        "replyTo = \"help@misfire.example\"\ncc = \"c@x.test\"\nbcc = \"d@x.test\"\npreheader = \"For {{ person.name }}\"\nsubject = ",
    );
    let webhook_url = Some("http://127.0.0.1:9/".to_owned());
    let options = crate::support::Options { webhook_url, project: Some(project), ..Default::default() };
    let local = Local::start(options).await;
    capture_many(&local, 200, 5).await;
    eventually("200 e-mails", || async {
        (local.json("/_local/emails").await["emails"].as_array()?.len() == 200).then_some(())
    })
    .await;
    let summary = local.json("/_local/emails?view=summary").await["emails"][0].clone();
    assert_eq!((&summary["html"], &summary["from"]), (&json!(""), &json!("Misfire <hello@misfire.example>")));

    let Some(browser) = Browser::open(&local.url).await else { return };
    browser.until("document.getElementById('unread').textContent === '200 unread'").await;
    browser.goto(&format!("{}/mailbox", local.url)).await;
    browser.until("document.getElementById('email-count').textContent === '200'").await;
    let rows = browser.run("return document.querySelectorAll('#emails tr').length").await.as_u64().unwrap();
    assert!((10..=ROWS_MAX).contains(&rows), "{rows} rows");
    assert_eq!(browser.run("return document.querySelectorAll('iframe').length").await, 0, "nothing is opened unasked");
    browser.look("two hundred e-mails").await;

    // One is opened, and is read from then on.
    browser.press(Key::Down).await;
    browser.press(Key::Down).await;
    browser.press(Key::Enter).await;
    browser.until_focus("#mail h2").await;
    browser.until("document.getElementById('unread').textContent === '199 unread'").await;
    browser.until("document.querySelector('#mail iframe[sandbox=\"\"]')").await;
    browser.look("an e-mail").await;
    assert!(browser.frame_has("h1").await && !browser.frame_has("script").await);
    browser.click("mail-tab-1").await;
    browser
        .until("document.querySelector('#mail pre').textContent.includes('you have used the feature 5 times')")
        .await;
    browser.click("mail-tab-2").await;
    let headers = "document.querySelector('#mail dl').textContent";
    for told in [
        "Misfire <hello@misfire.example>",
        "user198@example.org",
        "c@x.test",
        "d@x.test",
        "help@misfire.example",
        "For user198",
    ] {
        browser.until(&format!("{headers}.includes({})", json!(told))).await;
    }
    browser.look("the headers of an e-mail").await;
    browser.press(Key::Escape).await;
    browser.until_focus("#emails .cover").await;

    // Search, and the unread ones alone; a reload forgets nothing.
    browser.press("/").await;
    browser.press("user19").await;
    browser.until("document.querySelectorAll('#emails tr').length === 11").await;
    browser.click("filter-unread").await;
    browser.until("document.querySelectorAll('#emails tr').length === 10").await;
    browser.enter("filter-search", "nobody has written this").await;
    browser.until("!document.getElementById('no-match').hidden").await;
    browser.click("filter-clear").await;
    browser.goto(&format!("{}/mailbox", local.url)).await;
    browser.until("document.getElementById('unread').textContent === '199 unread'").await;
    browser.until("!document.getElementById('read-all').disabled").await;
    browser.click("read-all").await;
    browser.until("document.getElementById('unread').hidden").await;
}

#[actix_web::test]
async fn an_e_mail_that_was_not_sent_says_why_and_markup_in_it_stays_text() {
    let local = Local::alone().await;
    let Some(browser) = Browser::open(&format!("{}/mailbox", local.url)).await else { return };
    browser.until("!document.getElementById('no-emails').hidden").await;
    browser.look("the empty mailbox").await;
    let script = "<script>document.title = 'run'</script>";
    let mut event = used(1, 5);
    event["properties"]["$set"] = json!({"name": script});
    local.capture(json!([event])).await;
    browser.until("document.getElementById('emails').textContent.includes('not sent')").await;
    browser.run("document.querySelector('#emails .cover').click()").await;
    browser.until("document.getElementById('mail').textContent.includes('the person has no e-mail address')").await;
    browser.look("an e-mail that was not sent").await;
    event["uuid"] = json!(uuid(2));
    event["properties"]["$set"] = json!({"name": script, "email": "ada@example.test"});
    local.capture(json!([event])).await;
    browser.until("document.querySelectorAll('#emails tr').length === 2").await;
    browser.run("document.querySelector('#emails .cover').click()").await;
    browser.until("document.querySelector('#mail iframe')").await;
    assert!(browser.frame_has("h1").await && !browser.frame_has("script").await);
    assert_ne!(browser.run("return document.title").await, "run");
}

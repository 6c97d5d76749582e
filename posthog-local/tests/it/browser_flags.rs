//! The page of the feature flags: what it shows, and that a switch is answered to SDKs at once.

use serde_json::{Value, json};

use crate::{
    browser::Browser,
    support::{Local, Options},
};

const PROJECT: &str = r#"
[[flags]]
key = "new-checkout"
value = false
payload = { button = "Buy", note = "a payload that takes more than one line of a phone, and must not widen the page" }

[[flags]]
key = "colour"
value = "blue"

[[flags]]
key = "a-long-name-that-somebody-once-chose-for-the-onboarding-of-new-people"
value = true

[[flags]]
key = "limits"
value = true
payload = [1, 2]
remote_config = true
"#;

/// What an SDK is answered for a flag.
async fn answered(local: &Local, key: &str) -> Value {
    let body = json!({"api_key": "phc_local", "distinct_id": "ada"});
    let answer: Value = local.post("/flags/?v=2").json(&body).send().await.unwrap().json().await.unwrap();
    let flag = &answer["flags"][key];
    json!([flag["enabled"], flag["variant"]])
}

#[actix_web::test]
async fn a_flag_is_switched_and_goes_back_to_what_is_declared() {
    let local = Local::start(Options { project: Some(PROJECT.to_owned()), ..Options::default() }).await;
    let Some(browser) = Browser::open(&local.url).await else { return };
    browser.until("document.getElementById('to-flags').checkVisibility()").await;
    browser.goto(&format!("{}/feature_flags", local.url)).await;
    let row = |at: usize| format!("document.querySelectorAll('#flags li:not(.head)')[{at}]?.textContent");
    for (at, told) in [
        (0, "With the payload"),
        (1, "as in project.toml"),
        (2, "onboarding"),
        (3, "Remote config with the payload [1,2]"),
    ] {
        browser.until(&format!("{}?.includes({})", row(at), json!(told))).await;
    }
    browser.look("the flags as declared").await;

    browser.click("flag-0").await;
    browser.until(&format!("{}.includes('project.toml says off')", row(0))).await;
    assert_eq!(answered(&local, "new-checkout").await, json!([true, null]));
    browser.enter("flag-1", "red").await;
    browser.run("document.getElementById('flag-1').form.requestSubmit()").await;
    browser.until(&format!("{}.includes('project.toml says “blue”')", row(1))).await;
    assert_eq!(answered(&local, "colour").await, json!([true, "red"]));
    browser.look("flags that were changed").await;

    // Nothing in the field is off, and what is set elsewhere is shown at once.
    browser.enter("flag-1", "").await;
    browser.run("document.getElementById('flag-1').form.requestSubmit()").await;
    browser.until("document.getElementById('status').textContent === 'colour is off.'").await;
    assert_eq!(answered(&local, "colour").await, json!([false, null]));
    local.post("/_local/flags/colour").json(&json!({"value": "green"})).send().await.unwrap();
    browser.until("document.getElementById('flag-1').value === 'green'").await;
    local.post("/_local/flags/new-checkout").json(&json!({"value": false, "payload": 1})).send().await.unwrap();
    browser.until(&format!("{}.includes('another payload than in project.toml')", row(0))).await;

    // What is typed and not applied survives a change of another flag, but not a reset.
    browser.enter("flag-1", "yellow").await;
    browser.click("flag-2").await;
    browser.until(&format!("{}.includes('project.toml says on')", row(2))).await;
    assert_eq!(browser.run("return document.getElementById('flag-1').value").await, "yellow");

    browser.run("document.querySelectorAll('#flags button').forEach((button) => button.textContent.startsWith('Reset') && button.click())").await;
    browser.until("!document.getElementById('flags').textContent.includes('Reset')").await;
    browser.until("document.getElementById('flag-1').value === 'blue'").await;
    assert_eq!(answered(&local, "colour").await, json!([true, "blue"]));
}

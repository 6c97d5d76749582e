//! The inspector in a real browser, as a new user has it before them.
//!
//! Without ChromeDriver they are skipped, and say so; where `CI` is set they fail. With `AXE_JS` (axe-core's `axe.min.js`, from
//! `npm pack axe-core`) each page is also looked at for what keeps people out.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    mem::ManuallyDrop,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, prelude::*};

use crate::support::{Answer, Local, UUID, eventually, failure};

/// A running ChromeDriver.
struct Driver(Child);

pub(crate) struct Browser {
    /// Never dropped: it would wait for its driver's answer, on the runtime that it blocks by waiting. The session ends
    /// with the driver.
    window: ManuallyDrop<WebDriver>,
    /// Where ChromeDriver takes commands of the DevTools protocol.
    tools: String,
    _driver: Driver,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The group, for a browser outlives its driver.
        if let Some(group) = Pid::from_raw(self.0.id() as i32) {
            _ = kill_process_group(group, Signal::KILL);
        }
        _ = self.0.wait();
    }
}

impl Browser {
    pub(crate) async fn open(url: &str) -> Option<Self> {
        let started = Command::new("chromedriver")
            .arg("--port=0")
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut driver = match started {
            Ok(driver) => driver,
            Err(error) if env::var_os("CI").is_some() => panic!("there is no chromedriver: {error}"),
            Err(error) => {
                println!("skipped: there is no chromedriver: {error}");
                return None;
            }
        };
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            Some(line.split_once("started successfully on port ")?.1.trim_end_matches('.').to_owned())
        });
        let mut options = ChromeCapabilities::new();
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] {
            options.add_arg(argument).unwrap();
        }
        let server = format!("http://127.0.0.1:{}", port.unwrap());
        let window = WebDriver::new(&server, options).await.unwrap();
        let tools = format!("{server}/session/{}/goog/cdp/execute", window.session_id());
        let browser = Self { window: ManuallyDrop::new(window), tools, _driver: Driver(driver) };
        browser.goto(url).await;
        Some(browser)
    }

    pub(crate) async fn goto(&self, url: &str) {
        self.window.goto(url).await.unwrap();
        self.until("document.getElementById('live').dataset.state === 'on'").await;
    }

    pub(crate) async fn run(&self, script: &str) -> Value {
        self.window.execute(script, vec![]).await.unwrap().json().clone()
    }

    /// Runs a script that calls its only argument with an answer.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.window.execute_async(script, vec![]).await.unwrap().json().clone()
    }

    /// Waits until an expression holds.
    pub(crate) async fn until(&self, expression: &str) {
        let script = format!("return Boolean({expression})");
        let holds = || async { (self.run(&script).await == Value::Bool(true)).then_some(()) };
        eventually(expression, holds).await;
    }

    pub(crate) async fn click(&self, id: &str) {
        self.click_first(&format!("#{id}")).await;
    }

    /// Waits until the element is in sight: parts of the page come with an answer.
    async fn click_first(&self, selector: &str) {
        let element = format!("document.querySelector({})", json!(selector));
        self.until(&format!("{element}?.checkVisibility()")).await;
        self.run(&format!("{element}.click()")).await;
    }

    /// Presses a key where the focus is.
    pub(crate) async fn press(&self, key: impl Into<TypingData>) {
        // A dialog that was closed gives the focus back with the next frame.
        self.until("document.activeElement.checkVisibility()").await;
        self.window.active_element().await.unwrap().send_keys(key).await.unwrap();
    }

    /// Waits until what the selector names has the focus.
    pub(crate) async fn until_focus(&self, selector: &str) {
        self.until(&format!("document.activeElement.matches({})", json!(selector))).await;
    }

    /// Types a value, as a person's typing is heard.
    pub(crate) async fn enter(&self, id: &str, value: &str) {
        let value = json!(value);
        self.run(&format!(
            "const field = document.getElementById('{id}'); field.value = {value}; \
             field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
        ))
        .await;
    }

    /// Looks at the page as it is now, wide and narrow, light and dark, for what does not fit and what keeps people out.
    pub(crate) async fn look(&self, page: &str) {
        let axe = env::var_os("AXE_JS").map(|path| fs::read_to_string(path).unwrap());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        for (width, scheme) in [(1280, "light"), (360, "light"), (360, "dark"), (1280, "dark")] {
            self.window.set_window_rect(0, 0, width, 900).await.unwrap();
            let scheme_is = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
            let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": scheme_is});
            client.post(&self.tools).json(&command).send().await.unwrap().error_for_status().unwrap();
            let over =
                self.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
            assert!(over.as_i64().unwrap() <= 0, "{page} is {over} px too wide at {width}");
            let live = self
                .run("return ['status', 'alert'].map((role) => document.querySelectorAll(`[role=${role}]`).length)")
                .await;
            assert_eq!(live, json!([1, 1]), "{page} has one place for good news and one for bad");
            let Some(axe) = &axe else { continue };
            self.run(axe).await;
            // In the sandboxed frame of an e-mail nothing can be run, and what is in it is not ours.
            let script = "const done = arguments[0]; axe.run(document, { iframes: false }).then((found) => \
                          done(found.violations.map(({ id, nodes }) => [id, nodes[0].html])), (error) => done([String(error)]))";
            assert_eq!(self.ask(script).await, json!([]), "{page}, {scheme}, at {width}");
        }
    }

    /// Goes into the page's only frame, and says whether it holds this tag.
    pub(crate) async fn frame_has(&self, tag: &str) -> bool {
        self.window.enter_frame(0).await.unwrap();
        let has = self.window.find(By::Tag(tag)).await.is_ok();
        self.window.enter_default_frame().await.unwrap();
        has
    }
}

const SHOWN: &str = "document.querySelectorAll('#events tr').length";

#[actix_web::test]
async fn a_new_user_finds_their_way() {
    let line = json!({"input_prompt": "Write to [EMAIL_1], or [EMAIL_2]", "uuid": UUID});
    let stored = json!({"status": "stored", "record": line}).to_string();
    let duplicate = json!({"status": "duplicate"}).to_string();
    let (local, _receiver) =
        Local::with_receiver(vec![Answer::With(200, &[], stored), Answer::With(200, &[], duplicate)]).await;
    let Some(browser) = Browser::open(&local.url).await else { return };
    browser.until("!document.getElementById('no-events').hidden").await;
    browser.look("the empty list").await;

    // The list is live, and markup in any field stays text.
    let script = "<script>document.title = 'run'</script>";
    let mut failed = failure(UUID);
    failed["properties"]["input_prompt"] = json!("Write to jane@example.com, or joe@example.com");
    local
        .capture(json!([
            {"event": "$identify", "distinct_id": "user_1007", "$set": {"email": "ada@example.test", "name": script}},
            {"event": "feature_used", "distinct_id": "user_1007", "properties": {"total_usage_count": 5}},
            failed]))
        .await;
    browser.until(&format!("{SHOWN} === 3")).await;
    browser.until("document.getElementById('events').textContent.includes('Store line: stored')").await;
    browser.until("document.getElementById('events').textContent.includes('Upgrade e-mail: sent')").await;
    assert_eq!(
        browser.run("return document.getElementById('events').textContent.includes('not matched')").await,
        false
    );
    browser.look("the list").await;

    // Filters, which stand in the URL.
    browser.enter("filter-event", "feature_used").await;
    browser.until(&format!("{SHOWN} === 1 && location.search === '?event=feature_used'")).await;
    browser.enter("filter-state", "failed").await;
    browser.until(&format!("{SHOWN} === 0 && !document.getElementById('no-match').hidden")).await;
    browser.look("a filter that nothing passes").await;
    browser.click("filter-clear").await;
    browser.enter("filter-person", "ADA").await;
    browser.until(&format!("{SHOWN} === 3")).await;
    browser.enter("filter-search", "jane@example").await;
    browser.until(&format!("{SHOWN} === 1")).await;

    // The event, its text and the stored one side by side, with what was replaced marked in both.
    browser.goto(&format!("{}/events/{UUID}", local.url)).await;
    let marked = |side: &str| {
        format!(
            "[...document.querySelectorAll('.compare [data-side=\"{side}\"] mark')].map((mark) => mark.textContent).join()"
        )
    };
    browser.until(&format!("{} === 'jane@example.com,joe@example.com'", marked("As sent"))).await;
    browser.until(&format!("{} === '[EMAIL_1],[EMAIL_2]'", marked("As stored"))).await;
    browser.look("an event").await;
    browser.click("edit").await;
    browser.look("the editor").await;
    browser
        .run(
            "const field = document.getElementById('edit-json'); const event = JSON.parse(field.value); \
              event.properties.input_prompt = 'edited'; field.value = JSON.stringify(event); \
              document.querySelector('#edit-form [type=submit]').click()",
        )
        .await;
    browser.until("document.getElementById('status').textContent === 'Sent.'").await;
    assert_eq!(local.events().await[3]["properties"]["input_prompt"], "edited");
    browser.enter("replay-times", "3").await;
    browser.click_first("#replay-many-form button").await;
    browser.until("document.getElementById('status').textContent.startsWith('Sent 3 times')").await;
    assert_eq!(local.events().await.len(), 7);
    browser.until("document.title !== 'run'").await;
}

#[actix_web::test]
async fn a_replay_keeps_the_first_attempt_and_the_stored_line() {
    let line = json!({"input_prompt": "a chair", "failure_reason": "timeout", "uuid": UUID});
    let stored = json!({"status": "stored", "record": line}).to_string();
    let duplicate = json!({"status": "duplicate"}).to_string();
    let answers = vec![Answer::Status(503), Answer::With(200, &[], stored), Answer::With(200, &[], duplicate)];
    let (local, _receiver) = Local::with_receiver(answers).await;
    local.capture(json!([failure(UUID)])).await;
    local.ended(UUID).await;
    let Some(browser) = Browser::open(&format!("{}/events/{UUID}", local.url)).await else { return };
    browser.click("replay").await;
    browser.until("document.querySelectorAll('.capture').length === 2").await;
    browser.until("document.querySelector('.capture').textContent.includes('in the file already')").await;
    let first = "document.querySelectorAll('.capture')[1].textContent";
    for told in ["Captured at", "Attempt 1", "503", "Attempt 2", "stored, 200"] {
        browser.until(&format!("{first}.includes({})", json!(told))).await;
    }
    browser.until("document.querySelector('.compare').textContent.includes('a chair')").await;
    browser.look("a replayed event").await;
    let event = local.json(&format!("/_local/events/{UUID}")).await;
    assert_eq!(event["earlier"].as_array().unwrap().len(), 1);
    assert_eq!(event["earlier"][0]["destinations"][0]["attempts"].as_array().unwrap().len(), 2);
    assert_eq!(event["earlier"][0]["destinations"][0]["stored"]["record"]["uuid"], UUID);
}

#[actix_web::test]
async fn what_posthog_warns_of_is_told_in_plain_words_with_its_own() {
    let local = Local::alone().await;
    let (warned, dropped) = (UUID, "0193b2c8-77aa-7000-8000-000000000002");
    local
        .capture(json!([
            {"uuid": warned, "event": "$identify", "distinct_id": "ada.byron-lovelace@a-long-subdomain.example.org", "properties": {"$anon_distinct_id": "anonymous"}},
            {"uuid": dropped, "event": "$identify", "distinct_id": "joe", "properties": {"$process_person_profile": false}}]))
        .await;
    let Some(browser) = Browser::open(&local.url).await else { return };
    let list = "document.getElementById('events').textContent";
    browser.until(&format!("{list}.includes('dropped by PostHog') && {list}.includes('1 warning')")).await;
    browser.look("a list with warnings").await;
    for (uuid, words, wire) in [
        (warned, "Nobody was merged", "cannot_merge_with_illegal_distinct_id"),
        (dropped, "PostHog dropped this event", "invalid_event_when_process_person_profile_is_false"),
    ] {
        browser.goto(&format!("{}/events/{uuid}", local.url)).await;
        browser.until("document.querySelector('.warnings')").await;
        let told = browser.run("return document.querySelector('.warnings').textContent").await;
        let told = told.as_str().unwrap();
        assert!(told.contains(words) && told.contains(wire), "{told}");
        browser.look(words).await;
    }
}

#[actix_web::test]
async fn faults_are_set_shown_and_turned_off() {
    let local = Local::alone().await;
    let Some(browser) = Browser::open(&format!("{}/faults", local.url)).await else { return };
    browser.until("document.querySelector('#faults-stopped input')").await;
    browser.look("the faults").await;
    browser.enter("f-status", "429").await;
    browser.click_first("#faults-stopped input").await;
    browser.click_first("#faults-form [type=submit]").await;
    let told = "document.getElementById('faults-text').textContent";
    browser
        .until(&format!("{told} === 'Faults are on: capture takes no event and answers 429; stopped: Store line.'"))
        .await;
    browser.look("the faults that are on").await;
    assert_eq!(local.post("/e/").json(&failure(UUID)).send().await.unwrap().status(), 429);
    browser.goto(&local.url).await;
    browser.until("!document.getElementById('faults-on').hidden").await;
    browser.look("the list with faults").await;

    browser.click("faults-off").await;
    browser.until("document.getElementById('faults-on').hidden").await;
    // What is set elsewhere is shown at once.
    let stopped = json!({"stopped": ["Store line"]});
    local.client.put(format!("{}/_local/faults", local.url)).json(&stopped).send().await.unwrap();
    browser.until("!document.getElementById('faults-on').hidden").await;
    local.capture(json!([failure(UUID)])).await;
    browser.until("document.getElementById('events').textContent.includes('stopped on purpose')").await;
}

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
        let window = WebDriver::new(format!("http://127.0.0.1:{}", port.unwrap()), options).await.unwrap();
        let browser = Self { window: ManuallyDrop::new(window), _driver: Driver(driver) };
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

    /// Waits until an expression holds.
    pub(crate) async fn until(&self, expression: &str) {
        let script = format!("return Boolean({expression})");
        let holds = || async { (self.run(&script).await == Value::Bool(true)).then_some(()) };
        eventually(expression, holds).await;
    }

    pub(crate) async fn click(&self, id: &str) {
        self.click_first(&format!("#{id}")).await;
    }

    /// Waits for the element too: parts of the page come with an answer.
    async fn click_first(&self, selector: &str) {
        let element = format!("document.querySelector({})", json!(selector));
        self.until(&element).await;
        self.run(&format!("{element}.click()")).await;
    }

    /// Types a value, as a person's typing is heard.
    async fn enter(&self, id: &str, value: &str) {
        let value = json!(value);
        self.run(&format!(
            "const field = document.getElementById('{id}'); field.value = {value}; \
             field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
        ))
        .await;
    }

    /// Looks at the page as it is now, wide and narrow, for what does not fit and what keeps people out.
    pub(crate) async fn look(&self, page: &str) {
        let axe = env::var_os("AXE_JS").map(|path| fs::read_to_string(path).unwrap());
        for width in [1280, 360] {
            self.window.set_window_rect(0, 0, width, 900).await.unwrap();
            let over = self.run("return document.documentElement.scrollWidth - innerWidth").await;
            assert!(over.as_i64().unwrap() <= 0, "{page} is {over} px too wide at {width}");
            let Some(axe) = &axe else { continue };
            self.run(axe).await;
            // In the sandboxed frame of an e-mail nothing can be run, and what is in it is not ours.
            let script = "const done = arguments[0]; axe.run(document, { iframes: false }).then((found) => \
                          done(found.violations.map(({ id, nodes }) => [id, nodes[0].html])), (error) => done([String(error)]))";
            let violations = self.window.execute_async(script, vec![]).await.unwrap();
            assert_eq!(*violations.json(), json!([]), "{page} at {width}");
        }
    }
}

const SHOWN: &str = "document.querySelectorAll('#events > li:not([hidden])').length";

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
    local
        .capture(json!([
            {"event": "$identify", "distinct_id": "user_1007", "$set": {"email": "ada@example.test", "name": script}},
            {"event": "feature_used", "distinct_id": "user_1007", "properties": {"total_usage_count": 5}},
            failure(UUID)]))
        .await;
    browser.until(&format!("{SHOWN} === 3")).await;
    browser.until("document.getElementById('events').textContent.includes('stored, 200')").await;
    browser.look("the list").await;

    // Filters, which stand in the URL.
    browser.enter("filter-event", "feature_used").await;
    browser.until(&format!("{SHOWN} === 1 && location.search === '?event=feature_used'")).await;
    browser.enter("filter-state", "failed").await;
    browser.until(&format!("{SHOWN} === 0 && !document.getElementById('no-match').hidden")).await;
    browser.click("filter-clear").await;
    browser.enter("filter-person", "ADA").await;
    browser.until(&format!("{SHOWN} === 3")).await;
    browser.enter("filter-search", "a chair").await;
    browser.until(&format!("{SHOWN} === 1")).await;

    // The timeline, with the stored line and its placeholders.
    browser.goto(&format!("{}/events/{UUID}", local.url)).await;
    browser.until("document.querySelectorAll('mark').length === 2").await;
    browser.look("an event").await;
    browser.click("replay").await;
    browser.until("document.querySelector('.timeline').textContent.includes('in the file already')").await;
    browser.enter("replay-times", "3").await;
    browser.click_first("#replay-many-form button").await;
    browser.until("document.getElementById('action-result').textContent.startsWith('Sent 3 times')").await;
    assert_eq!(local.events().await.len(), 7);
    browser.click("edit").await;
    browser.look("the editor").await;
    browser
        .run(
            "const field = document.getElementById('edit-json'); const event = JSON.parse(field.value); \
              event.properties.input_prompt = 'edited'; field.value = JSON.stringify(event); \
              document.querySelector('#edit-form [type=submit]').click()",
        )
        .await;
    browser.until("document.getElementById('action-result').textContent === 'Sent.'").await;
    assert_eq!(local.events().await[7]["properties"]["input_prompt"], "edited");
    browser.until("document.title !== 'run'").await;

    // The e-mail, in its frame, with its looks and without a script.
    browser.goto(&local.url).await;
    browser.until("document.querySelector('#emails iframe[sandbox=\"\"]')").await;
    browser.look("the mailbox").await;
    browser.window.enter_frame(0).await.unwrap();
    browser.window.find(By::Tag("h1")).await.unwrap();
    assert!(browser.window.find(By::Tag("script")).await.is_err());
}

#[actix_web::test]
async fn faults_are_set_shown_and_turned_off() {
    let local = Local::alone().await;
    let Some(browser) = Browser::open(&local.url).await else { return };
    browser.click("faults").await;
    browser.until("document.getElementById('faults-dialog').open").await;
    browser.look("the faults").await;
    browser.enter("f-status", "429").await;
    browser.click_first("#faults-stopped input").await;
    browser.click_first("#faults-form [type=submit]").await;
    let told = "document.getElementById('faults-text').textContent";
    browser
        .until(&format!(
            "{told} === 'Faults are on: capture takes no event and answers 429; stopped: generation_failed.'"
        ))
        .await;
    browser.look("the list with faults").await;
    assert_eq!(local.post("/e/").json(&failure(UUID)).send().await.unwrap().status(), 429);

    browser.click("faults-off").await;
    browser.until("document.getElementById('faults-on').hidden").await;
    // What is set elsewhere is shown at once.
    let stopped = json!({"stopped": ["generation_failed"]});
    local.client.put(format!("{}/_local/faults", local.url)).json(&stopped).send().await.unwrap();
    browser.until("!document.getElementById('faults-on').hidden").await;
    local.capture(json!([failure(UUID)])).await;
    browser.until("document.getElementById('events').textContent.includes('stopped on purpose')").await;
}

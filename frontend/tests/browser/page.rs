//! The page, as a person has it before them.

use std::{env, path::Path};

use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::prelude::*;

use crate::{driver::Driver, stack::eventually};

pub(crate) struct Browser {
    pub(crate) window: WebDriver,
    pub(crate) _driver: Driver,
    pub(crate) _profile: TempDir,
}

/// An item of the list of what was sent.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) uuid: String,
    pub(crate) state: String,
}

impl Browser {
    pub(crate) async fn click(&self, id: &str) {
        eventually(&format!("#{id} to click on"), async || match self.window.find(By::Id(id)).await {
            Ok(element) => element.click().await.is_ok(),
            Err(_) => false,
        })
        .await;
    }

    pub(crate) async fn type_into(&self, id: &str, text: &str) {
        eventually(&format!("#{id} to type into"), async || match self.window.find(By::Id(id)).await {
            Ok(element) => element.is_displayed().await.unwrap_or(false),
            Err(_) => false,
        })
        .await;
        let field = self.window.find(By::Id(id)).await.unwrap();
        field.focus().await.unwrap();
        field.send_keys(Key::Control + "a").await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses a key, or types, where the focus is.
    pub(crate) async fn press(&self, keys: impl Into<TypingData>) {
        self.window.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Types over what stands where the focus is.
    pub(crate) async fn retype(&self, text: &str) {
        self.press(Key::Control + "a").await;
        self.press(text).await;
    }

    /// Presses Tab until the focus is on what the selector names.
    pub(crate) async fn tab_to(&self, selector: &str) {
        self.press_until_focus(&[Key::Tab], selector).await;
    }

    /// The same backwards.
    pub(crate) async fn tab_back_to(&self, selector: &str) {
        self.press_until_focus(&[Key::Shift, Key::Tab], selector).await;
    }

    async fn press_until_focus(&self, keys: &[Key], selector: &str) {
        let keys: String = keys.iter().map(Key::value).collect();
        for _ in 0..60 {
            if self.has_focus(selector).await {
                return;
            }
            self.press(keys.as_str()).await;
        }
        panic!("no number of tabs leads to {selector}");
    }

    async fn has_focus(&self, selector: &str) -> bool {
        self.run(&format!("return document.activeElement.matches(`{selector}`)")).await == Value::Bool(true)
    }

    pub(crate) async fn wait_for_focus(&self, selector: &str) {
        eventually(&format!("the focus on {selector}"), async || self.has_focus(selector).await).await;
    }

    /// Waits until this expression of JavaScript is true.
    pub(crate) async fn wait_for(&self, expression: &str) {
        eventually(expression, async || self.run(&format!("return !!({expression})")).await == Value::Bool(true)).await;
    }

    /// Looks at the tab that was just opened, closes it and goes back.
    pub(crate) async fn see_new_tab(&self, url: &str) {
        let here = self.window.window().await.unwrap();
        eventually("a second tab", async || self.window.windows().await.unwrap().len() == 2).await;
        let there = self.window.windows().await.unwrap().into_iter().find(|tab| *tab != here).unwrap();
        self.switch_to(&there).await;
        eventually(url, async || self.window.current_url().await.unwrap().as_str() == url).await;
        self.window.close_window().await.unwrap();
        self.switch_to(&here).await;
    }

    /// Replaces what stands in a field all at once, as pasting does.
    pub(crate) async fn put_into(&self, id: &str, text: &str) {
        let text = Value::from(text);
        self.run(&format!(
            "const field = document.getElementById('{id}'); field.value = {text}; \
             field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))"
        ))
        .await;
    }

    /// Puts something into the page's storage, as another tab would.
    pub(crate) async fn keep(&self, key: &str, value: &Value) {
        let text = Value::from(value.to_string());
        self.run(&format!("localStorage.setItem('{key}', {text}); dispatchEvent(new StorageEvent('storage'))")).await;
    }

    /// The clicks of a script, all in one turn of the event loop.
    pub(crate) async fn click_many(&self, id: &str, times: u32) {
        self.run(&format!("for (let n = 0; n < {times}; n++) document.getElementById('{id}').click()")).await;
    }

    /// The same, a moment later, so that another tab can be made to do so at the same time.
    pub(crate) async fn click_many_soon(&self, id: &str, times: u32) {
        self.run(&format!(
            "setTimeout(() => {{ for (let n = 0; n < {times}; n++) document.getElementById('{id}').click() }}, 300)"
        ))
        .await;
    }

    async fn count(&self) -> String {
        let count = self.run("return document.getElementById('usage-count').textContent.trim()").await;
        count.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn items(&self) -> Vec<Item> {
        let items = self
            .run("return [...document.querySelectorAll('#sent-list [data-uuid]')].map(item => [item.dataset.uuid, item.dataset.state])")
            .await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        items
            .as_array()
            .into_iter()
            .flatten()
            .map(|item| Item { uuid: text(&item[0]), state: text(&item[1]) })
            .collect()
    }

    /// Waits until the list, newest first, shows these states.
    pub(crate) async fn wait_for_states(&self, states: &[&str]) {
        eventually(&format!("the states {states:?}"), async || {
            self.items().await.iter().map(|item| item.state.as_str()).collect::<Vec<_>>() == states
        })
        .await;
    }

    pub(crate) async fn wait_for_count(&self, count: u32) {
        eventually(&format!("the count {count}"), async || self.count().await == count.to_string()).await;
    }

    pub(crate) async fn wait_for_text(&self, text: &str) {
        eventually(&format!("the text {text:?}"), async || {
            self.run("return document.body.innerText").await.as_str().is_some_and(|body| body.contains(text))
        })
        .await;
    }

    pub(crate) async fn is_dark(&self) -> bool {
        self.run("return matchMedia('(prefers-color-scheme: dark)').matches").await == Value::Bool(true)
    }

    pub(crate) async fn is_enabled(&self, id: &str) -> bool {
        self.window.find(By::Id(id)).await.unwrap().is_enabled().await.unwrap()
    }

    pub(crate) async fn reload(&self) {
        self.window.refresh().await.unwrap();
        self.wait_until_ready().await;
    }

    /// Opens a second tab of the page and gives both.
    pub(crate) async fn open_second_tab(&self, url: &str) -> [WindowHandle; 2] {
        let first = self.window.window().await.unwrap();
        let second = self.window.new_tab().await.unwrap();
        self.switch_to(&second).await;
        self.window.goto(url).await.unwrap();
        self.wait_until_ready().await;
        [first, second]
    }

    pub(crate) async fn switch_to(&self, tab: &WindowHandle) {
        self.window.switch_to_window(tab.clone()).await.unwrap();
    }

    pub(crate) async fn show(&self, url: &str) {
        self.window.goto(url).await.unwrap();
    }

    /// Looks at the page as it is now, wide and narrow, for what does not fit and, where `AXE_JS` names axe-core, for what
    /// keeps people out.
    pub(crate) async fn look(&self, state: &str) {
        let axe = env::var_os("AXE_JS").map(|path| std::fs::read_to_string(path).unwrap());
        for width in [1_280, 360] {
            self.window.set_window_rect(0, 0, width, 900).await.unwrap();
            let over =
                self.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
            assert!(over.as_i64().is_some_and(|pixels| pixels <= 0), "{state} is {over} px too wide at {width}");
            self.leave_picture(state, width).await;
            let Some(axe) = &axe else { continue };
            self.run(axe).await;
            let script = "const done = arguments[0]; axe.run().then((found) => \
                          done(found.violations.map(({ id, nodes }) => [id, nodes[0].html])), (error) => done([String(error)]))";
            assert_eq!(self.run_async(script).await, serde_json::json!([]), "{state} at {width}");
        }
    }

    /// Leaves a picture of all of the page in the folder that `LOOKS` names, for a person to look at.
    async fn leave_picture(&self, state: &str, width: u32) {
        let Some(folder) = env::var_os("LOOKS") else { return };
        let height = self.run("return document.documentElement.scrollHeight").await.as_u64().unwrap_or(900);
        self.window.set_window_rect(0, 0, width, height.clamp(900, 4_000) as u32 + 100).await.unwrap();
        let scheme = if self.is_dark().await { "dark" } else { "light" };
        let name = format!("{state}-{scheme}-{width}.png");
        std::fs::create_dir_all(&folder).unwrap();
        self.window.screenshot(&Path::new(&folder).join(name)).await.unwrap();
    }

    /// Takes a picture of the page from its top, for the README.
    pub(crate) async fn picture(&self, name: &str, height: u32) {
        self.window.set_window_rect(0, 0, 1_280, height).await.unwrap();
        self.run("window.scrollTo(0, 0); document.activeElement?.blur()").await;
        // The mouse is where it clicked last, and what is under it would look chosen.
        self.window.action_chain().move_to(1, 1).perform().await.unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures");
        std::fs::create_dir_all(&folder).unwrap();
        self.window.screenshot(&folder.join(format!("{name}.png"))).await.unwrap();
    }

    /// The console holds no error and no warning.
    pub(crate) async fn assert_quiet_and_close(self) {
        let said = self.window.browser_log().await.unwrap();
        let said: Vec<_> = said.iter().filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING").collect();
        assert!(said.is_empty(), "the console says {said:?}");
        self.close().await;
    }

    pub(crate) async fn close(self) {
        self.window.quit().await.unwrap();
    }

    pub(crate) async fn wait_until_ready(&self) {
        eventually("the page", async || {
            self.run("return document.getElementById('page')?.dataset.start === 'ready'").await == Value::Bool(true)
        })
        .await;
    }

    pub(crate) async fn run(&self, script: &str) -> Value {
        self.window.execute(script, Vec::<Value>::new()).await.unwrap().json().clone()
    }

    /// Runs a script that gives its outcome to the function `arguments[0]`.
    pub(crate) async fn run_async(&self, script: &str) -> Value {
        self.window.execute_async(script, Vec::<Value>::new()).await.unwrap().json().clone()
    }
}

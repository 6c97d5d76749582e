//! Starts a browser.

use std::{
    env,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rustix::process::{Pid, Signal, kill_process_group};
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel, prelude::*};

use crate::page::Browser;

/// One browser at a time: on a small machine two make each other slow.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A running ChromeDriver.
pub(crate) struct Driver {
    child: Child,
    port: u16,
    is_dark: bool,
    _turn: MutexGuard<'static, ()>,
}

impl Browser {
    /// Starts ChromeDriver; `None`, having said so, where there is no browser and it is not CI.
    pub(crate) fn driver() -> Option<Driver> {
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let started = Command::new("chromedriver")
            .arg("--port=0")
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = match started {
            Ok(child) => child,
            Err(error) if env::var_os("CI").is_some() => {
                panic!("there is no browser ({error}): run scripts/setup test")
            }
            Err(error) => {
                println!("skipped: there is no browser ({error}): run scripts/setup test");
                return None;
            }
        };
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines
            .into_iter()
            .find_map(|line| line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok());
        let port = port.expect("ChromeDriver tells its port");
        Some(Driver { child, port, is_dark: false, _turn: turn })
    }
}

impl Driver {
    /// In the dark, from the next browser on.
    pub(crate) fn in_the_dark(mut self) -> Self {
        self.is_dark = true;
        self
    }

    /// Opens the page and waits until it is ready.
    pub(crate) async fn open(self, url: &str) -> Browser {
        let browser = self.open_unready(url).await;
        browser.wait_until_ready().await;
        browser
    }

    pub(crate) async fn open_unready(self, url: &str) -> Browser {
        let profile = tempfile::tempdir().unwrap();
        let mut capabilities = ChromeCapabilities::new();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,1000",
            // Blink's PreferredColorScheme: 0 is dark, 1 is light.
            if self.is_dark {
                "--blink-settings=preferredColorScheme=0"
            } else {
                "--blink-settings=preferredColorScheme=1"
            },
            &format!("--user-data-dir={}", profile.path().display()),
        ] {
            capabilities.add_arg(argument).unwrap();
        }
        capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All).unwrap();
        let window = WebDriver::new(format!("http://127.0.0.1:{}", self.port), capabilities).await.unwrap();
        window.goto(url).await.unwrap();
        Browser { window, _driver: self, _profile: profile }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The group, for a browser outlives its driver.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

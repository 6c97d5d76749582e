//! The tests' vocabulary.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long anything may take before a test fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// A running `misfire`, ended by process id when it goes.
pub(crate) struct Process {
    child: Child,
    pub(crate) addr: String,
    log: Arc<Mutex<String>>,
}

/// A running `misfire serve` and its folder.
pub(crate) struct Api {
    pub(crate) process: Process,
    pub(crate) folder: Arc<TempDir>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

pub(crate) fn misfire() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_misfire"));
    // What the developer's shell has set is not what a test means.
    command.env_clear().env("RUST_LOG", "debug");
    command
}

/// A `generation_failed` event as PostHog's default template posts it.
pub(crate) fn event(uuid_end: u32, prompt: &str) -> Value {
    json!({
        "event": {
            "uuid": uuid(uuid_end),
            "event": "generation_failed",
            "distinct_id": "user_1007",
            "properties": {"input_prompt": prompt, "failure_reason": "timeout", "$ip": "8.8.4.4"},
            "timestamp": "2025-11-30T16:38:21.968Z",
        },
        "person": {"properties": {"email": "ada@example.test"}, "name": "ada@example.test"},
    })
}

pub(crate) fn uuid(end: u32) -> String {
    format!("0193acb2-7d10-7b3e-9a55-0000{end:08x}")
}

impl Process {
    /// Starts the command and waits until it says where it listens.
    pub(crate) fn start(command: Command) -> Self {
        Self::try_start(command).unwrap_or_else(|log| panic!("misfire did not start: {log}"))
    }

    /// The same; when the process ends before it listens, its log.
    pub(crate) fn try_start(mut command: Command) -> Result<Self, String> {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (told, addr) = std::sync::mpsc::channel();
        let kept = Arc::clone(&log);
        // The channel ends with the log, and the log with the process.
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if let Some((_, addr)) = line.split_once("listening on http://") {
                    let _ = told.send(addr.trim().to_owned());
                }
                kept.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        match addr.recv_timeout(DEADLINE) {
            Ok(addr) => Ok(Self { child, addr, log }),
            Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(log.lock().unwrap().clone())
            }
        }
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks for the file to be closed.
    pub(crate) fn hang_up(&self) {
        kill_process(Pid::from_child(&self.child), Signal::HUP).unwrap();
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn signal(mut self, signal: Signal) -> (ExitStatus, String) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        let status = wait(&mut self.child);
        (status, self.log())
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = agent().get(format!("http://{}{path}", self.addr));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Answer::of(request.call().unwrap())
    }

    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let request = agent().post(format!("http://{}{path}", self.addr));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Answer::of(request.send(body).unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Api {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_in(Arc::new(tempfile::tempdir().unwrap()), settings)
    }

    pub(crate) fn start_in(folder: Arc<TempDir>, settings: &[(&str, &str)]) -> Self {
        let command = Self::command(folder.path(), settings);
        Self { process: Process::start(command), folder }
    }

    pub(crate) fn command(folder: &Path, settings: &[(&str, &str)]) -> Command {
        let mut command = misfire();
        command.arg("serve").current_dir(folder).env("API_ADDR", "127.0.0.1:0").envs(settings.iter().copied());
        command
    }

    /// Stops it in good order and starts it anew on the same folder.
    pub(crate) fn restart(self) -> Self {
        let folder = Arc::clone(&self.folder);
        let (status, log) = self.process.signal(Signal::TERM);
        assert!(status.success(), "{log}");
        Self::start_in(folder, &[])
    }

    pub(crate) fn post(&self, body: &Value) -> Answer {
        self.post_with(&[], &body.to_string())
    }

    pub(crate) fn post_with(&self, headers: &[(&str, &str)], body: &str) -> Answer {
        self.process.post("/api/webhooks", headers, body.as_bytes())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("training_data.jsonl")
    }

    /// The lines of the file; none when there is no file.
    pub(crate) fn lines(&self) -> Vec<String> {
        fs::read_to_string(self.file()).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// The rows of generations.jsonl; none when there is no file.
    pub(crate) fn rows(&self) -> Vec<String> {
        let file = self.folder.path().join("generations.jsonl");
        fs::read_to_string(file).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    pub(crate) fn last_line(&self) -> Value {
        serde_json::from_str(self.lines().last().expect("there is no line")).unwrap()
    }

    pub(crate) fn quarantine(&self) -> Vec<Value> {
        let lines = fs::read_to_string(self.folder.path().join(".misfire/quarantine.jsonl")).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Answer {
    pub(crate) fn of(mut response: ureq::http::Response<ureq::Body>) -> Self {
        let headers = response.headers().iter();
        Self {
            status: response.status().as_u16(),
            headers: headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect(),
            body: response.body_mut().read_to_string().unwrap(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// Asserts an RFC 9457 problem of the given status.
    pub(crate) fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["status"], status);
        for member in ["type", "title", "detail"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        problem
    }
}

pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(DEADLINE))
        .proxy(None)
        .build()
        .new_agent()
}

/// Waits until the condition holds, or fails.
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < DEADLINE, "{what} did not come about");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Waits for a process to end, or fails.
pub(crate) fn wait(child: &mut Child) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if started.elapsed() > DEADLINE {
            let _ = child.kill();
            panic!("the process did not end");
        }
        thread::sleep(Duration::from_millis(10));
    }
}

//! What the tests of the cluster say.

use std::{collections::HashMap, fs, path::Path, process::Command, sync::Arc};

use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    helpers::{self, Process, eventually, misfire},
    servers::{Servers, streams_of},
};

pub(crate) const KEY: &str = "a key for the tests of the cluster";

/// What nodes and the writer are started with.
pub(crate) fn settings(servers: &Servers) -> Vec<(String, String)> {
    let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![
        of("NATS_URL", &servers.urls()),
        of("NATS_MONITOR", &servers.monitors()),
        of("NATS_REPLICAS_MIN", &servers.count().to_string()),
        of("NATS_MAX_BYTES", &(512 * 1024 * 1024).to_string()),
        of("PSEUDONYM_KEY", KEY),
        of("RUST_LOG", "info"),
    ]
}

pub(crate) fn with(settings: &[(String, String)], changed: &[(&str, &str)]) -> Vec<(String, String)> {
    let changed: Vec<_> = changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    settings.iter().cloned().chain(changed).collect()
}

/// The command of a node. It has no folder of data.
pub(crate) fn node_command(settings: &[(String, String)]) -> Command {
    let mut command = misfire();
    command.arg("serve").current_dir("/").env("API_ADDR", "127.0.0.1:0").envs(settings.iter().cloned());
    command
}

pub(crate) fn writer_command(folder: &Path, settings: &[(String, String)]) -> Command {
    let mut command = misfire();
    command.arg("write").current_dir(folder).env("WRITER_ADDR", "127.0.0.1:0").envs(settings.iter().cloned());
    command
}

pub(crate) fn node(settings: &[(String, String)]) -> Process {
    Process::start(node_command(settings))
}

/// A writer and its folder.
pub(crate) struct Writer {
    pub(crate) process: Option<Process>,
    pub(crate) folder: Arc<TempDir>,
    pub(crate) settings: Vec<(String, String)>,
}

impl Writer {
    pub(crate) fn start(settings: &[(String, String)]) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let process = Process::start(writer_command(folder.path(), settings));
        Self { process: Some(process), folder, settings: settings.to_vec() }
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.end(Signal::KILL);
    }

    /// Ends it in good order.
    pub(crate) fn stop(&mut self) {
        self.end(Signal::TERM);
    }

    fn end(&mut self, signal: Signal) {
        if let Some(process) = self.process.take() {
            process.signal(signal);
        }
    }

    pub(crate) fn launch(&mut self) {
        self.process = Some(Process::start(writer_command(self.folder.path(), &self.settings)));
    }

    pub(crate) fn metrics(&self) -> String {
        self.process.as_ref().unwrap().get("/metrics", &[]).body
    }

    /// Waits until everything is read that the streams had when it was asked, and that is noted.
    pub(crate) fn wait_until_all_is_read(&self) {
        let (_, monitors) = self.settings.iter().rev().find(|(name, _)| name == "NATS_MONITOR").unwrap();
        let mut last = HashMap::new();
        for stream in monitors.split(',').flat_map(streams_of) {
            let at = last.entry(stream["name"].as_str().unwrap().to_owned()).or_insert(0);
            *at = stream["state"]["last_seq"].as_u64().unwrap().max(*at);
        }
        assert_eq!(last.len(), 2, "{last:?}");
        eventually("that all is read", || {
            let noted = self.catalog()["streams"].clone();
            last.iter().all(|(name, last)| noted[name]["sequence"].as_u64().is_some_and(|sequence| sequence >= *last))
        });
    }

    /// How often each uuid stands in the files of lines; each line must be whole.
    pub(crate) fn lines(&self) -> HashMap<String, u32> {
        count(self.folder.path(), "training_data", 6)
    }

    pub(crate) fn rows(&self) -> HashMap<String, u32> {
        count(self.folder.path(), "generations", 18)
    }

    /// Runs a command of the command line on its files.
    pub(crate) fn command(&self, args: &[&str]) -> (bool, String) {
        let mut command = misfire();
        command.args(args).current_dir(self.folder.path()).env("PSEUDONYM_KEY", KEY).env("RUST_LOG", "warn");
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    }

    /// `.misfire/files.json`.
    pub(crate) fn catalog(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.folder.path().join(".misfire/files.json")).unwrap()).unwrap()
    }
}

/// How often each uuid stands in the files of one kind.
fn count(folder: &Path, stem: &str, keys: usize) -> HashMap<String, u32> {
    let mut seen = HashMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with(&format!("{stem}.")) || !name.ends_with(".jsonl") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.ends_with('\n'), "{name} is torn");
        for line in text.lines() {
            let record: HashMap<String, String> = serde_json::from_str(line).unwrap();
            assert_eq!(record.len(), keys, "{line}");
            *seen.entry(record["uuid"].clone()).or_default() += 1;
        }
    }
    seen
}

/// Every event that was acknowledged is a line, once, and nothing is there twice.
pub(crate) fn assert_each_once(lines: &HashMap<String, u32>, acknowledged: impl IntoIterator<Item = u32>) {
    for number in acknowledged {
        assert_eq!(lines.get(&helpers::uuid(number)), Some(&1), "event {number}");
    }
    assert!(lines.values().all(|times| *times == 1), "no line stands twice");
}

pub(crate) fn post(node: &Process, body: &Value) -> helpers::Answer {
    node.post("/api/webhooks", &[], body.to_string().as_bytes())
}

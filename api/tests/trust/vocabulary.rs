//! What the tests here say.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    sync::Arc,
};

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::helpers::{Api, Process, event, uuid};

/// Whether there is strace; says so where there is none.
pub(crate) fn has_strace() -> bool {
    let has = Command::new("strace").arg("-V").output().is_ok();
    assert!(has || std::env::var_os("CI").is_none(), "there is no strace: run scripts/setup test");
    if !has {
        println!("skipped: there is no strace: run scripts/setup test");
    }
    has
}

/// `misfire ARGUMENTS…` under strace, with these faults.
pub(crate) fn faulty(folder: &Path, faults: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new("strace");
    // -D: misfire itself is our child, so that a signal reaches it, and its status is what we see.
    command.args(["-D", "-f", "-qq", "-o", "/dev/null"]);
    for fault in faults {
        command.args(["-e", &format!("inject={fault}")]);
    }
    let calls: Vec<_> = faults.iter().map(|fault| fault.split(':').next().unwrap()).collect();
    command.args(["-e", &format!("trace={}", calls.join(","))]);
    command.arg(env!("CARGO_BIN_EXE_misfire")).args(arguments).current_dir(folder).env_clear();
    command.env("API_ADDR", "127.0.0.1:0").env("PATH", "/usr/bin:/bin");
    command
}

/// A running API under strace, with faults of the calls on one path only.
pub(crate) fn start_faulty_at(folder: &Arc<TempDir>, path: &Path, faults: &[&str]) -> Api {
    Api { process: Process::start(faulty_at(folder.path(), &[path], faults)), folder: Arc::clone(folder) }
}

/// `misfire serve` under strace, with faults of the calls on these paths only. A fault of every `write` would also stop the runtime,
/// which wakes its threads by one.
pub(crate) fn faulty_at(folder: &Path, paths: &[&Path], faults: &[&str]) -> Command {
    let command = faulty(folder, faults, &["serve"]);
    let mut at_paths = Command::new("strace");
    for path in paths {
        at_paths.arg("-P").arg(path);
    }
    at_paths.args(command.get_args()).current_dir(folder).env_clear();
    at_paths.env("API_ADDR", "127.0.0.1:0").env("PATH", "/usr/bin:/bin");
    at_paths.env("TRAINING_DATA", folder.join("training_data.jsonl"));
    at_paths
}

pub(crate) fn start_faulty(folder: &Arc<TempDir>, faults: &[&str]) -> Api {
    Api { process: Process::start(faulty(folder.path(), faults, &["serve"])), folder: Arc::clone(folder) }
}

pub(crate) fn new_folder() -> Arc<TempDir> {
    Arc::new(tempfile::tempdir().unwrap())
}

/// `misfire ARGUMENTS…` in a folder.
pub(crate) fn misfire(folder: &Path, arguments: &[&str]) -> Output {
    misfire_with(folder, arguments, &[])
}

pub(crate) fn misfire_with(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = crate::helpers::misfire();
    command.args(arguments).current_dir(folder).env("RUST_LOG", "warn").envs(settings.iter().copied());
    command.output().unwrap()
}

pub(crate) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Erases a person, expects this exit status, and gives what was said.
pub(crate) fn forget(folder: &Path, id: &str, status: i32) -> String {
    let output = misfire(folder, &["forget", "--distinct-id", id, "--yes"]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(status), "{said}");
    said
}

/// An event of somebody.
pub(crate) fn of(distinct_id: &str, number: u32) -> Value {
    let mut event = event(number, &format!("prompt {number}"));
    event["event"]["distinct_id"] = json!(distinct_id);
    event
}

pub(crate) fn status(api: &Api, event: &Value) -> String {
    let answer = api.post(event);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["status"].as_str().unwrap().to_owned()
}

/// Stores events with these numbers.
pub(crate) fn store(api: &Api, numbers: std::ops::Range<u32>) {
    for number in numbers {
        assert_eq!(status(api, &event(number, "x")), "stored");
    }
}

pub(crate) fn stop(api: Api) {
    let (status, log) = api.process.signal(Signal::TERM);
    assert!(status.success(), "{log}");
}

/// A whole line as the writer makes it.
pub(crate) fn line(number: u32, distinct_id: &str) -> String {
    format!(
        "{{\"timestamp\":\"2025-11-30T16:38:21.968Z\",\"event\":\"generation_failed\",\"failure_reason\":\"timeout\",\
         \"input_prompt\":\"p\",\"distinct_id\":\"{distinct_id}\",\"uuid\":\"{}\"}}\n",
        uuid(number)
    )
}

/// Every line of every `.jsonl` in the folder.
pub(crate) fn all_lines(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let files = files.iter().filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
    files.flat_map(|path| fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Asserts that each event with these numbers is in a line exactly once, whatever else is there.
pub(crate) fn assert_each_once(folder: &Path, numbers: std::ops::Range<u32>) {
    let lines = all_lines(folder);
    for line in &lines {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("torn: {line:?}"));
        assert_eq!(line.as_object().unwrap().len(), 6);
    }
    for number in numbers {
        let count = lines.iter().filter(|line| line.contains(&uuid(number))).count();
        assert_eq!(count, 1, "event {number}");
    }
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| !name.starts_with(".misfire")).collect();
    names.sort();
    names
}

//! Disks that fail, fill, stall and vanish, and callers that misbehave. Each time: the right answers during it, every
//! acknowledged line after it, and normal work again without a restart.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::json;

use crate::helpers::{Api, DEADLINE, Process, event, eventually};

/// Starts the API under strace, which makes system calls fail; `None`, having said so, where there is no strace.
pub(crate) fn start_with_fault(fault: &str, settings: &[(&str, &str)]) -> Option<Api> {
    if Command::new("strace").arg("-V").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "there is no strace: run scripts/setup test");
        println!("skipped: there is no strace: run scripts/setup test");
        return None;
    }
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut command = Command::new("strace");
    // -D: the API itself is our child, so that a signal reaches it.
    command.args([
        "-D",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=write,fdatasync",
        "-e",
        &format!("inject={fault}"),
    ]);
    command.args([env!("CARGO_BIN_EXE_misfire"), "serve"]).current_dir(folder.path()).env_clear();
    command.env("API_ADDR", "127.0.0.1:0").env("PATH", "/usr/bin:/bin").envs(settings.iter().copied());
    Some(Api { process: Process::start(command), folder })
}

/// Sends events, each again until it is taken; gives how many answers were 503.
fn deliver_all(api: &Api, count: u32) -> usize {
    let mut refused = 0;
    for number in 0..count {
        let started = Instant::now();
        while api.post(&event(number, "x")).status == 503 {
            refused += 1;
            assert!(started.elapsed() < DEADLINE, "event {number} is never taken");
        }
    }
    refused
}

fn assert_each_is_there_once(api: &Api, count: u32) {
    let mut uuids: Vec<String> = api
        .lines()
        .iter()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["uuid"].as_str().unwrap().to_owned())
        .collect();
    uuids.sort_unstable();
    assert_eq!(uuids, (0..count).map(crate::helpers::uuid).collect::<Vec<_>>());
}

#[test]
fn a_failing_sync_refuses_the_batch_and_no_more() {
    for error in ["EIO", "ENOSPC"] {
        // The third sync of each thread, and the fourth, when the file is cut back.
        let Some(api) = start_with_fault(&format!("fdatasync:error={error}:when=3..4"), &[]) else { return };
        let refused = deliver_all(&api, 6);
        assert!(refused >= 1, "a failed sync must not be acknowledged");
        assert_each_is_there_once(&api, 6);
        assert_eq!(api.process.get("/ready", &[]).status, 200);
    }
}

#[test]
fn the_first_sync_of_a_new_file_may_fail_too() {
    let Some(api) = start_with_fault("fdatasync:error=EIO:when=1", &[]) else { return };
    api.post(&event(0, "x")).problem(503);
    assert!(!api.file().exists(), "readers fail on an empty file");
    deliver_all(&api, 2);
    assert_each_is_there_once(&api, 2);
}

#[test]
fn a_slow_disk_is_503_in_time_and_the_retry_a_duplicate() {
    let Some(api) = start_with_fault("fdatasync:delay_enter=3500000:when=1", &[]) else { return };
    let started = Instant::now();
    let answer = api.post(&event(0, "x"));
    answer.problem(503);
    assert_eq!(answer.header("retry-after"), Some("2"));
    assert!(started.elapsed() < Duration::from_secs(3), "PostHog waits 3 s");
    eventually("the slow commit", || !api.lines().is_empty());
    assert_eq!(api.post(&event(0, "x")).json()["status"], "duplicate");
    assert_each_is_there_once(&api, 1);
}

#[test]
fn a_deleted_folder_is_503_until_it_is_there_again() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    fs::create_dir(&data).unwrap();
    let file = data.join("training_data.jsonl");
    let mut api = Api::start_with(&[("TRAINING_DATA", file.to_str().unwrap())]);
    assert_eq!(api.post(&event(0, "x")).json()["status"], "stored");
    fs::remove_dir_all(&data).unwrap();
    api.post(&event(1, "x")).problem(503);
    fs::create_dir(&data).unwrap();
    eventually("recovery", || api.post(&event(1, "x")).status == 200);
    let mut unusable = event(2, "x");
    unusable["event"]["properties"] = json!({});
    api.post(&unusable).problem(422);
    api.folder = Arc::new(parent);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 1);
    assert_eq!(fs::read_to_string(data.join(".misfire/quarantine.jsonl")).unwrap().lines().count(), 1);
}

#[test]
fn a_limit_on_the_files_size_is_503_and_not_the_end() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut command = Command::new("prlimit");
    command.args(["--fsize=4096", env!("CARGO_BIN_EXE_misfire"), "serve"]).current_dir(folder.path()).env_clear();
    command.env("API_ADDR", "127.0.0.1:0").env("PATH", "/usr/bin:/bin");
    let api = Api { process: Process::start(command), folder };
    let stored = (0..40).take_while(|number| api.post(&event(*number, "x")).status == 200).count() as u32;
    assert!((1..40).contains(&stored));
    api.post(&event(stored, "x")).problem(503);
    assert_each_is_there_once(&api, stored);
    // A closed file makes room.
    api.process.hang_up();
    eventually("recovery", || api.post(&event(stored, "x")).status == 200);
    assert_eq!(api.lines().len(), 1);
}

#[test]
fn a_thousand_pipelined_requests_are_all_answered() {
    let api = Api::start();
    let body = event(0, "x").to_string();
    let request = format!("POST /api/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let mut stream = TcpStream::connect(&api.process.addr).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let requests = request.repeat(1_000);
    let sending = std::thread::spawn(move || writer.write_all(requests.as_bytes()).unwrap());
    let (mut answers, mut buffer) = (String::new(), vec![0; 64 * 1024]);
    while answers.matches("\r\n\r\n{\"status\":").count() < 1_000 {
        let length = stream.read(&mut buffer).unwrap();
        assert!(length > 0, "the connection ended after {} answers", answers.matches("HTTP/1.1").count());
        answers.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
    sending.join().unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 1_000);
    assert_each_is_there_once(&api, 1);
}

#[test]
fn callers_that_hang_up_while_they_wait_leave_the_event_and_no_trace() {
    let api = Api::start();
    for number in 0..50 {
        let body = event(number, "x").to_string();
        let mut stream = TcpStream::connect(&api.process.addr).unwrap();
        let head = format!("POST /api/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", body.len());
        // The second half of them does not even finish the body.
        let sent = if number < 25 { body.as_str() } else { &body[..20] };
        stream.write_all((head + sent).as_bytes()).unwrap();
    }
    (0..50).for_each(|number| assert_eq!(api.post(&event(number, "x")).status, 200));
    assert_each_is_there_once(&api, 50);
    let metrics = api.process.get("/metrics", &[]).body;
    assert!(metrics.contains("misfire_queue_records 0\n"), "{metrics}");
}

#[test]
fn half_open_connections_up_to_the_limit_go_by_themselves() {
    let api = Api::start_with(&[("CONNECTIONS_MAX", "8")]);
    let _silent: Vec<_> = (0..30).map(|_| TcpStream::connect(&api.process.addr).unwrap()).collect();
    let mut slow = TcpStream::connect(&api.process.addr).unwrap();
    slow.write_all(b"POST /api/webhooks HTTP/1.1\r\nHost").unwrap();
    assert_eq!(api.post(&event(0, "x")).json()["status"], "stored");
    let (status, log) = api.process.signal(Signal::TERM);
    assert!(status.success(), "{log}");
}

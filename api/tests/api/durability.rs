//! What was acknowledged is on disk, once and whole, whatever happens to the process, the file and the disk.

use std::{fs, os::unix::fs::PermissionsExt, process::Stdio, sync::Arc};

use rustix::process::Signal;
use serde_json::json;

use crate::helpers::{Api, Process, event, eventually, misfire, uuid, wait};

#[test]
fn sigterm_and_ctrl_c_end_it_in_good_order() {
    for signal in [Signal::TERM, Signal::INT] {
        let api = Api::start();
        api.post(&event(1, "x"));
        let folder = Arc::clone(&api.folder);
        let (status, log) = api.process.signal(signal);
        assert_eq!(status.code(), Some(0), "{log}");
        assert_eq!(fs::read_to_string(folder.path().join("training_data.jsonl")).unwrap().lines().count(), 1);
    }
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let mut api = Api::start();
    for number in 0..5 {
        assert_eq!(api.post(&event(number, "x")).json()["status"], "stored");
        let folder = Arc::clone(&api.folder);
        let (status, _) = api.process.signal(Signal::KILL);
        assert!(!status.success());
        api = Api::start_in(folder, &[]);
        assert_eq!(api.post(&event(number, "again")).json()["status"], "duplicate");
    }
    assert_eq!(api.lines().len(), 5);
}

#[test]
fn a_torn_end_is_cut_off_and_kept() {
    let api = Api::start();
    api.post(&event(1, "x"));
    let file = api.file();
    let folder = Arc::clone(&api.folder);
    api.process.signal(Signal::TERM);
    let whole = fs::read(&file).unwrap();
    let torn = b"{\"timestamp\":\"2025\0\0\0".as_slice();
    fs::write(&file, [&whole, torn].concat()).unwrap();

    let api = Api::start_in(folder, &[]);
    assert_eq!(fs::read(&file).unwrap(), whole);
    assert_eq!(kept_tails(&api), [b"{\"timestamp\":\"2025"], "zeros at the end say nothing");
    assert_eq!(api.post(&event(1, "x")).json()["status"], "duplicate");
    api.post(&event(2, "y"));
    assert_eq!(api.lines().len(), 2);
}

#[test]
fn what_a_power_cut_left_between_whole_lines_is_taken_out() {
    let api = Api::start();
    (0..4).for_each(|number| assert_eq!(api.post(&event(number, "x")).status, 200));
    let (file, folder) = (api.file(), Arc::clone(&api.folder));
    api.process.signal(Signal::KILL);
    let mut lines: Vec<Vec<u8>> =
        fs::read(&file).unwrap().split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    // The third line's block never reached the disk, the fourth's did.
    let whole = lines[2].len() - 1;
    lines[2][..whole].fill(0);
    fs::write(&file, lines.concat()).unwrap();

    let api = Api::start_in(folder, &[]);
    assert_eq!(fs::read(&file).unwrap(), [&lines[0], &lines[1], &lines[3]].map(Vec::as_slice).concat());
    assert_eq!(kept_tails(&api), [lines[2].as_slice()]);
    let again: Vec<_> = (0..4).map(|number| api.post(&event(number, "x")).json()["status"].clone()).collect();
    assert_eq!(again, ["duplicate", "duplicate", "stored", "duplicate"]);
}

#[test]
fn a_file_that_is_nothing_but_a_torn_line_is_begun_anew() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    fs::write(folder.path().join("training_data.jsonl"), "{\"timesta").unwrap();
    let api = Api::start_in(folder, &[]);
    assert!(!api.file().exists(), "readers fail on an empty file");
    assert_eq!(kept_tails(&api), [b"{\"timesta"]);
    api.post(&event(1, "x"));
    assert_eq!(api.lines().len(), 1);
}

#[test]
fn a_file_with_other_keys_is_put_aside_untouched() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let five = "{\"timestamp\":\"2025-11-30T16:38:21.968Z\",\"event\":\"generation_failed\",\"failure_reason\":\"timeout\",\
                \"input_prompt\":\"x\",\"distinct_id\":\"user_1\"}";
    for found in [five.to_owned() + "\n", five.to_owned(), "hello\n".to_owned()] {
        fs::write(folder.path().join("training_data.jsonl"), &found).unwrap();
        let api = Api::start_in(Arc::clone(&folder), &[]);
        api.post(&event(1, "x"));
        assert_eq!(api.lines().len(), 1);
        let aside = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().contains(".aside-"))
            .unwrap();
        assert_eq!(fs::read_to_string(&aside).unwrap(), found);
        fs::remove_file(aside).unwrap();
    }
}

#[test]
fn a_second_process_on_the_same_file_refuses_to_start() {
    let api = Api::start();
    let second = Api::command(api.folder.path(), &[]).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let error = String::from_utf8(second.stderr).unwrap();
    assert!(error.contains(&format!("training_data.jsonl is written by process {}", api.process.pid())), "{error}");
}

#[test]
fn the_files_are_their_owners_alone() {
    let api = Api::start();
    api.post(&event(1, "x"));
    let mode = |name: &str| fs::metadata(api.folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("training_data.jsonl"), 0o600);
    assert_eq!(mode(".misfire"), 0o700);
    assert_eq!(mode(".misfire/pseudonym.key"), 0o600);
}

#[test]
fn one_persons_pseudonym_stays_over_a_restart_and_is_another_elsewhere() {
    let pseudonym = |api: &Api, number| {
        let mut jane = event(number, "x");
        jane["event"]["distinct_id"] = json!("jane@example.com");
        api.post(&jane);
        api.last_line()["distinct_id"].as_str().unwrap().to_owned()
    };
    let api = Api::start();
    let before = pseudonym(&api, 1);
    let api = api.restart();
    assert_eq!(pseudonym(&api, 2), before);
    assert_ne!(pseudonym(&Api::start(), 1), before);
}

#[test]
fn a_file_that_is_large_enough_is_closed_and_its_uuids_are_still_known() {
    let api = Api::start_with(&[("ROTATE_BYTES", "500")]);
    for number in 0..5 {
        assert_eq!(api.post(&event(number, "x")).json()["status"], "stored");
    }
    assert_eq!(api.post(&event(0, "again")).json()["status"], "duplicate");
    let lines = |name: &str| fs::read_to_string(api.folder.path().join(name)).unwrap().lines().count();
    assert_eq!((lines("training_data.000001.jsonl"), lines("training_data.jsonl")), (3, 2));
    let files: serde_json::Value =
        serde_json::from_slice(&fs::read(api.folder.path().join(".misfire/files.json")).unwrap()).unwrap();
    assert_eq!(
        files["closed"],
        json!([{
            "file": "training_data.000001.jsonl",
            "lines": 3,
            "first_timestamp": "2025-11-30T16:38:21.968Z",
            "last_timestamp": "2025-11-30T16:38:21.968Z",
            "sanitizer_version": misfire_sanitizer::SANITIZER_VERSION,
        }])
    );
    let api = api.restart();
    assert_eq!(api.post(&event(0, "again")).json()["status"], "duplicate");
    assert_eq!(api.post(&event(4, "again")).json()["status"], "duplicate");
}

#[test]
fn a_sighup_closes_the_file_and_never_writes_over_another() {
    let api = Api::start();
    fs::write(api.folder.path().join("training_data.000001.jsonl"), "somebody's").unwrap();
    api.post(&event(1, "x"));
    api.process.hang_up();
    eventually("the closed file", || api.folder.path().join("training_data.000002.jsonl").exists());
    assert_eq!(fs::read_to_string(api.folder.path().join("training_data.000001.jsonl")).unwrap(), "somebody's");
    api.process.hang_up(); // without a live file there is nothing to close
    assert_eq!(api.post(&event(1, "again")).json()["status"], "duplicate");
    assert_eq!(api.post(&event(2, "y")).json()["status"], "stored");
    assert_eq!(api.lines().len(), 1);
    assert!(!api.folder.path().join("training_data.000003.jsonl").exists());
}

#[test]
fn another_version_of_the_sanitizer_begins_another_file() {
    let api = Api::start();
    api.post(&event(1, "x"));
    let folder = Arc::clone(&api.folder);
    api.process.signal(Signal::TERM);
    let catalog = folder.path().join(".misfire/files.json");
    let noted = fs::read_to_string(&catalog).unwrap();
    let version = misfire_sanitizer::SANITIZER_VERSION.to_string();
    fs::write(&catalog, noted.replace(&format!("version\": {version}"), "version\": 999")).unwrap();
    let api = Api::start_in(folder, &[]);
    assert!(!api.file().exists());
    let files: serde_json::Value = serde_json::from_slice(&fs::read(&catalog).unwrap()).unwrap();
    assert_eq!(files["closed"][0]["sanitizer_version"], 999);
    assert_eq!(api.post(&event(1, "again")).json()["status"], "duplicate");
}

#[test]
fn a_closed_file_that_was_not_noted_yet_is_noted_at_the_next_start() {
    let api = Api::start();
    api.post(&event(1, "x"));
    let folder = Arc::clone(&api.folder);
    api.process.signal(Signal::TERM);
    // As if the process had ended between the rename and the note.
    fs::rename(folder.path().join("training_data.jsonl"), folder.path().join("training_data.000001.jsonl")).unwrap();
    let api = Api::start_in(folder, &[]);
    let catalog = api.folder.path().join(".misfire/files.json");
    let files: serde_json::Value = serde_json::from_slice(&fs::read(&catalog).unwrap()).unwrap();
    assert_eq!(files["closed"][0]["lines"], 1);
    assert_eq!(files["closed"][0]["sanitizer_version"], misfire_sanitizer::SANITIZER_VERSION);
    assert_eq!(api.post(&event(1, "again")).json()["status"], "duplicate");
}

#[test]
fn a_moved_file_is_noticed() {
    let api = Api::start();
    api.post(&event(1, "x"));
    fs::rename(api.file(), api.folder.path().join("moved")).unwrap();
    assert_eq!(api.post(&event(2, "y")).json()["status"], "stored");
    assert_eq!(api.lines().len(), 1);
    assert_eq!(api.last_line()["uuid"], uuid(2));
}

#[test]
fn health_says_whether_events_would_be_taken() {
    let api = Api::start();
    assert_eq!(api.process.get("/health", &[]).json(), json!({"status": "ok"}));
    assert_eq!(api.process.get("/ready", &[]).json(), json!({"status": "ready"}));
    let ask = |addr: &str| misfire().arg("health").env("API_ADDR", addr).output().unwrap().status.code();
    let addr = api.process.addr.clone();
    assert_eq!(ask(&addr), Some(0));
    drop(api);
    assert_eq!(ask(&addr), Some(1));
}

#[test]
fn a_full_disk_is_503_and_taken_up_again_when_there_is_room() {
    on_a_small_disk("0");
}

#[test]
fn a_disk_with_too_little_room_is_503_before_it_is_full() {
    on_a_small_disk("65536");
}

/// A disk of 256 KiB of which 128 are taken, in a mount namespace of the process's own.
fn on_a_small_disk(free_bytes_min: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]).arg(
        "mount -t tmpfs -o size=256k tmpfs . && cd \"$PWD\" && head -c 131072 /dev/zero >ballast && exec \"$0\" serve",
    );
    command.arg(env!("CARGO_BIN_EXE_misfire")).current_dir(folder.path());
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("API_ADDR", "127.0.0.1:0")
        .env("FREE_BYTES_MIN", free_bytes_min);
    let process = Process::start(command);
    let root = format!("/proc/{}/root{}", process.pid(), folder.path().display());
    let api = Api { process, folder: Arc::new(folder) };

    let prompt = "x".repeat(10_000);
    let mut stored = 0;
    let refused = loop {
        let answer = api.post(&event(stored, &prompt));
        if answer.status != 200 {
            break answer;
        }
        stored += 1;
        assert!(stored < 50, "the disk does not get full");
    };
    refused.problem(503);
    assert_eq!(refused.header("retry-after"), Some("2"));
    api.post(&event(stored, &prompt)).problem(503);

    fs::remove_file(format!("{root}/ballast")).unwrap();
    eventually("recovery", || api.process.get("/ready", &[]).status == 200);
    assert_eq!(api.post(&event(stored, &prompt)).json()["status"], "stored");
    assert_eq!(api.post(&event(0, &prompt)).json()["status"], "duplicate");
    let lines = fs::read_to_string(format!("{root}/training_data.jsonl")).unwrap();
    assert_eq!(lines.lines().count() as u32, stored + 1);
    assert!(lines.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[test]
fn a_bad_setting_stops_the_start_and_is_named() {
    for (name, value) in [
        ("API_ADDR", "nonsense"),
        ("BODY_BYTES_MAX", "1"),
        ("PSEUDONYM_KEY", "short"),
        ("WEBHOOK_SIGNING_SECRET", "short"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Api::command(folder.path(), &[(name, value)]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let status = wait(&mut child);
        let mut error = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut error).unwrap();
        assert!(!status.success() && error.contains(name), "{name}: {error}");
    }
}

fn kept_tails(api: &Api) -> Vec<Vec<u8>> {
    fs::read_dir(api.folder.path().join(".misfire"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("tail-"))
        .map(|path| fs::read(path).unwrap())
        .collect()
}

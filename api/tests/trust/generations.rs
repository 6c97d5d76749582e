//! The second file, `generations.jsonl`: the row of an event is on disk before its line. So whatever fails and wherever a kill falls,
//! there is at most a row without its line, which the event's next delivery completes, and never a line without its row.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    every_call::{CALLS, WHEN_MAX, all_names, copied, kill_at_every_call, serve_until_killed},
    helpers::{Api, Process, eventually, uuid},
    vocabulary::{faulty, faulty_at, has_strace, line, misfire, new_folder, start_faulty_at, status, stop, text},
};

/// A failed generation with a part of an answer, which has both a row and a line.
fn generation(number: u32, person: &str) -> Value {
    json!({"event": {"uuid": uuid(number), "event": "$ai_generation", "distinct_id": person, "timestamp": "2026-01-02T12:00:00Z",
        "properties": {"$ai_is_error": true, "$ai_error": "cut", "$ai_input": format!("prompt {number}"), "$ai_output_choices": "half an ans"}}})
}

fn row(number: u32, person: &str) -> String {
    format!(
        "{{\"timestamp\":\"2025-11-30T16:38:21.968Z\",\"kind\":\"failure\",\"uuid\":\"{}\",\"about\":\"\",\"submission\":\"\",\"trace_id\":\"\",\
         \"session_id\":\"\",\"distinct_id\":\"{person}\",\"model\":\"\",\"provider\":\"\",\"http_status\":\"\",\"failure_reason\":\"cut\",\
         \"input\":\"p\",\"input_hash\":\"{}\",\"output\":\"half\",\"tools\":\"\",\"feedback\":\"\",\"label\":\"\"}}\n",
        uuid(number),
        "a".repeat(64)
    )
}

/// How often each uuid is in the files of a stem. A line that a kill has torn is none; what stands before it must be whole.
fn counts(folder: &Path, stem: &str) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with(&format!("{stem}.")) || !name.ends_with(".jsonl") {
            continue;
        }
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            if let Ok(Value::Object(values)) = serde_json::from_str::<Value>(line) {
                *counts.entry(values["uuid"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
    }
    counts
}

fn assert_no_line_is_without_its_row(folder: &Path, what: &str) {
    let rows = counts(folder, "generations");
    for line in counts(folder, "training_data").keys() {
        assert!(rows.contains_key(line), "{what}: {line} is a line without a row");
    }
}

/// Each of these numbers stands once in each file.
fn assert_both_once(folder: &Path, numbers: impl Iterator<Item = u32>, what: &str) {
    let (rows, lines) = (counts(folder, "generations"), counts(folder, "training_data"));
    for number in numbers {
        let uuid = uuid(number);
        assert_eq!((rows.get(&uuid), lines.get(&uuid)), (Some(&1), Some(&1)), "{what}: event {number}");
    }
}

#[test]
fn a_kill_at_any_call_leaves_no_line_without_its_row_and_the_next_delivery_completes_both() {
    if !has_strace() {
        return;
    }
    // Both files need a repair: whole lines behind a broken one, and torn ends.
    let template = new_folder();
    let found = |of: fn(u32, &str) -> String| {
        of(0, "user_1") + &of(1, "user_1") + "# a note\n" + &of(2, "user_1") + "{\"timesta"
    };
    fs::create_dir(template.path().join(".misfire")).unwrap();
    fs::write(template.path().join("generations.jsonl"), found(row)).unwrap();
    fs::write(template.path().join("training_data.jsonl"), found(line)).unwrap();
    let mut kills = 0;
    for call in CALLS {
        for when in 1..WHEN_MAX {
            let folder = copied(template.path());
            let fault = format!("{call}:signal=SIGKILL:when={when}");
            let (acknowledged, was_killed) = serve_until_killed(&folder, &fault, |number| generation(number, "user_1"));
            kills += u32::from(was_killed);
            let text = all_names(folder.path());
            (0..3).for_each(|number| {
                assert_eq!(text.matches(&uuid(number)).count().min(2), 2, "{fault}: {number} is lost in a file");
            });
            // What was written by this start; the three that were found may be in a file that is being mended.
            let rows = counts(folder.path(), "generations");
            let lines = counts(folder.path(), "training_data");
            for number in 3..9 {
                assert!(
                    !lines.contains_key(&uuid(number)) || rows.contains_key(&uuid(number)),
                    "{fault}: {number} has no row"
                );
            }
            let api = Api::start_in(folder.clone(), &[]);
            assert_no_line_is_without_its_row(folder.path(), &fault);
            assert_both_once(folder.path(), (0..3).chain(acknowledged), &fault);
            for number in 3..9 {
                assert_eq!(api.post(&generation(number, "user_1")).status, 200, "{fault}");
            }
            assert_both_once(folder.path(), 0..9, &fault);
            if !was_killed {
                break;
            }
        }
    }
    assert!(kills > 40, "{kills}");
}

#[test]
fn a_call_that_fails_leaves_no_line_without_its_row_and_stores_each_once_in_the_end() {
    if !has_strace() {
        return;
    }
    for (call, error) in [
        ("write", "ENOSPC"),
        ("write", "EIO"),
        ("fdatasync", "EIO"),
        ("fsync", "EIO"),
        ("ftruncate", "EIO"),
        ("renameat2", "EIO"),
        ("unlink", "EIO"),
    ] {
        for when in 1..=6 {
            let folder = new_folder();
            let fault = format!("{call}:error={error}:when={when}..{}", when + 1);
            // A failed sync is cut back, so that the calls of a repair come, too.
            let failed_sync = "fdatasync:error=EIO:when=5";
            let faults = if call == "fdatasync" { vec![fault.as_str()] } else { vec![fault.as_str(), failed_sync] };
            let live = ["training_data.jsonl", "generations.jsonl"].map(|name| folder.path().join(name));
            let mut command = match call {
                "write" => faulty_at(folder.path(), &live.each_ref().map(|path| path.as_path()), &faults),
                _ => faulty(folder.path(), &faults, &["serve"]),
            };
            command.stdout(std::process::Stdio::null());
            // A start that the fault reaches ends with an error, and the next one goes on.
            let api = match Process::try_start(command) {
                Ok(process) => Api { process, folder: Arc::clone(&folder) },
                Err(_) => Api::start_in(folder.clone(), &[]),
            };
            for number in 1..7 {
                eventually("it is stored", || {
                    let status = api.post(&generation(number, "user_1")).status;
                    assert_no_line_is_without_its_row(folder.path(), &fault);
                    status == 200
                });
                if number == 3 {
                    api.process.hang_up();
                }
            }
            assert_both_once(folder.path(), 1..7, &fault);
        }
    }
}

#[test]
fn where_the_rows_cannot_be_written_nothing_is_acknowledged_and_no_line_is_written() {
    if !has_strace() {
        return;
    }
    let folder = new_folder();
    // The syncs of the rows alone fail.
    let api = start_faulty_at(&folder, &folder.path().join("generations.jsonl"), &["fdatasync:error=EIO:when=1..2"]);
    for _ in 0..2 {
        api.post(&generation(1, "user_1")).problem(503);
        assert_eq!(counts(folder.path(), "training_data"), BTreeMap::new());
    }
    eventually("it is stored", || api.post(&generation(1, "user_1")).status == 200);
    assert_both_once(folder.path(), 1..2, "");
    let (status, log) = api.process.signal(Signal::TERM);
    assert!(status.success(), "{log}");
}

#[test]
fn an_erasure_that_is_killed_anywhere_is_completed_by_the_next_in_both_files() {
    if !has_strace() {
        return;
    }
    let template = new_folder();
    let api = Api::start_in(template.clone(), &[]);
    let person = |number: u32| format!("user_{}", number % 3 + 1);
    for number in 0..12 {
        assert_eq!(status(&api, &generation(number, &person(number))), "stored");
        if number % 4 == 3 && number < 11 {
            api.process.hang_up();
            eventually("both files are closed", || {
                !api.file().exists() && !template.path().join("generations.jsonl").exists()
            });
        }
    }
    stop(api);
    let others = || (0..12).filter(|number| number % 3 != 0);
    let forget = ["forget", "--distinct-id", "user_1", "--guard", "--yes"];
    let kills = kill_at_every_call(template.path(), &forget, |folder, fault| {
        assert_both_once(folder.path(), others(), fault);
        let again = misfire(folder.path(), &forget);
        assert!(matches!(again.status.code(), Some(0 | 1)), "{fault}: {}", text(&again));
        for stem in ["generations", "training_data"] {
            let left = counts(folder.path(), stem);
            assert!((0..12).step_by(3).all(|number| !left.contains_key(&uuid(number))), "{fault}: {stem}");
        }
        assert_both_once(folder.path(), others(), fault);
        assert!(misfire(folder.path(), &["verify", "--no-sanitizer"]).status.success(), "{fault}");
    });
    assert!(kills > 30, "{kills}");
}

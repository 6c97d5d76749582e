//! A kill at every system call that changes a file, one after the other: in a start with its repair, in rotation and the catalog's
//! writes, in an erasure, in resanitizing. Each time nothing acknowledged is lost, doubled or torn, and nothing erased comes back.

use std::{fs, os::unix::process::ExitStatusExt, path::Path, process::Stdio, sync::Arc};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    helpers::{Api, Process, agent, event, uuid},
    vocabulary::{all_lines, assert_each_once, faulty, has_strace, line, misfire, new_folder, of, status, stop, text},
};

pub(crate) const CALLS: [&str; 15] = [
    "openat",
    "write",
    "pwrite64",
    "ftruncate",
    "fsync",
    "fdatasync",
    "rename",
    "renameat2",
    "link",
    "unlink",
    "mkdir",
    "chmod",
    "fchmod",
    "copy_file_range",
    "sendfile",
];
/// More calls of one kind than any run makes: the loops end by themselves before.
pub(crate) const WHEN_MAX: u32 = 400;

pub(crate) fn copied(folder: &Path) -> Arc<TempDir> {
    let copy = new_folder();
    for part in ["", ".misfire"] {
        fs::create_dir_all(copy.path().join(part)).unwrap();
        for entry in fs::read_dir(folder.join(part)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), copy.path().join(part).join(entry.file_name())).unwrap();
            }
        }
    }
    copy
}

/// Runs a command again and again on copies of a folder, killed at each call in turn, and has each copy checked; how many kills.
pub(crate) fn kill_at_every_call(template: &Path, arguments: &[&str], check: impl Fn(&Arc<TempDir>, &str)) -> u32 {
    let mut kills = 0;
    for call in CALLS {
        for when in 1..WHEN_MAX {
            let folder = copied(template);
            let fault = format!("{call}:signal=SIGKILL:when={when}");
            let output = faulty(folder.path(), &[&fault], arguments).output().unwrap();
            let was_killed = output.status.signal() == Some(9);
            check(&folder, &fault);
            if !was_killed {
                assert!(output.status.success(), "{fault}: {}", text(&output));
                break;
            }
            kills += 1;
        }
    }
    kills
}

/// Lines of `user_1` and of others in two closed files and a live one, one of theirs in quarantine, and a torn end.
fn filled() -> Arc<TempDir> {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    for number in 0..12 {
        assert_eq!(status(&api, &of(&format!("user_{}", number % 3 + 1), number)), "stored");
        if number % 4 == 3 && number < 11 {
            api.process.hang_up();
            crate::helpers::eventually("the file is closed", || !api.file().exists());
        }
    }
    let mut unusable = of("user_1", 50);
    unusable["event"]["properties"] = serde_json::json!({});
    api.post(&unusable).problem(422);
    stop(api);
    folder
}

fn assert_others_once(folder: &Path) {
    for number in (0..12).filter(|number| number % 3 != 0) {
        assert_each_once(folder, number..number + 1);
    }
}

#[test]
fn an_erasure_that_is_killed_anywhere_is_completed_by_the_next() {
    if !has_strace() {
        return;
    }
    let template = filled();
    let forget = ["forget", "--distinct-id", "user_1", "--guard", "--yes"];
    let kills = kill_at_every_call(template.path(), &forget, |folder, fault| {
        assert_others_once(folder.path());
        let again = misfire(folder.path(), &forget);
        assert!(matches!(again.status.code(), Some(0 | 1)), "{fault}: {}", text(&again));
        assert!(all_lines(folder.path()).iter().all(|line| !line.contains("\"user_1\"")), "{fault}");
        assert_others_once(folder.path());
        assert!(misfire(folder.path(), &["verify", "--no-sanitizer"]).status.success(), "{fault}");
    });
    assert!(kills > 20, "{kills}");
    // What PostHog sends again does not come back after the last of them.
    let folder = copied(template.path());
    assert!(misfire(folder.path(), &forget).status.success());
    let api = Api::start_in(folder, &[]);
    for number in 0..12 {
        let expected = if number % 3 == 0 { "ignored" } else { "duplicate" };
        assert_eq!(status(&api, &of(&format!("user_{}", number % 3 + 1), number)), expected);
    }
}

#[test]
fn resanitizing_that_is_killed_anywhere_loses_nothing() {
    if !has_strace() {
        return;
    }
    let template = filled();
    // What an older sanitizer left.
    let closed = template.path().join("training_data.000001.jsonl");
    fs::write(&closed, fs::read_to_string(&closed).unwrap().replace("prompt 1\"", "mail joan@example.com\"")).unwrap();
    let resanitize = ["resanitize", "--all", "--yes"];
    let kills = kill_at_every_call(template.path(), &resanitize, |folder, fault| {
        assert_each_once(folder.path(), 0..12);
        assert!(misfire(folder.path(), &resanitize).status.success(), "{fault}");
        assert_each_once(folder.path(), 0..12);
        assert!(all_lines(folder.path()).iter().all(|line| !line.contains("joan@")), "{fault}");
    });
    assert!(kills > 15, "{kills}");
}

#[test]
fn a_start_a_repair_and_a_rotation_that_are_killed_anywhere_lose_nothing_that_was_acknowledged() {
    if !has_strace() {
        return;
    }
    // Whole lines behind a broken one, and a torn end: the start rewrites the file.
    let template = new_folder();
    let found = line(0, "user_1") + &line(1, "user_1") + "# a note\n" + &line(2, "user_1") + "{\"timesta";
    fs::create_dir(template.path().join(".misfire")).unwrap();
    fs::write(template.path().join("training_data.jsonl"), found).unwrap();
    let mut kills = 0;
    for call in CALLS {
        for when in 1..WHEN_MAX {
            let folder = copied(template.path());
            let fault = format!("{call}:signal=SIGKILL:when={when}");
            let (acknowledged, was_killed) = serve_until_killed(&folder, &fault, |number| event(number, "x"));
            kills += u32::from(was_killed);
            let text: String = all_names(folder.path());
            (0..3).for_each(|number| assert!(text.contains(&uuid(number)), "{fault}: line {number} is in no file"));
            let api = Api::start_in(folder.clone(), &[]);
            assert_each_once(folder.path(), 0..3);
            for number in acknowledged {
                assert_each_once(folder.path(), number..number + 1);
            }
            // What was not acknowledged is sent again, and is there once.
            for number in 3..9 {
                assert_eq!(api.post(&event(number, "x")).status, 200, "{fault}");
            }
            assert_each_once(folder.path(), 0..9);
            if !was_killed {
                break;
            }
        }
    }
    assert!(kills > 30, "{kills}");
}

/// The text of all files in the folder, whatever they are called.
pub(crate) fn all_names(folder: &Path) -> String {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()).collect()
}

/// Posts events with a rotation after each two; the numbers that were acknowledged, and whether the kill came.
pub(crate) fn serve_until_killed(folder: &Arc<TempDir>, fault: &str, event: impl Fn(u32) -> Value) -> (Vec<u32>, bool) {
    let mut command = faulty(folder.path(), &[fault], &["serve"]);
    command.stdout(Stdio::null());
    let Ok(process) = Process::try_start(command) else { return (Vec::new(), true) };
    let agent = agent();
    let mut acknowledged = Vec::new();
    for number in 3..9 {
        let url = format!("http://{}/api/webhooks", process.addr);
        if agent.post(&url).send(event(number).to_string()).is_ok_and(|answer| answer.status() == 200) {
            acknowledged.push(number);
        }
        if number % 2 == 0
            && let Some(pid) = Pid::from_raw(process.pid().cast_signed())
        {
            let _ = kill_process(pid, Signal::HUP);
        }
    }
    let (status, _) = process.signal(Signal::TERM);
    (acknowledged, status.signal() == Some(9))
}

//! An acknowledged event is in a file at every moment, whoever else writes there and whatever fails.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::process::ExitStatusExt,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{
    helpers::{Api, event, eventually, uuid},
    vocabulary::{
        all_lines, assert_each_once, faulty, has_strace, line, misfire, names, new_folder, start_faulty,
        start_faulty_at, status, stop, store, text,
    },
};

#[test]
fn a_repair_that_fails_or_is_killed_loses_no_line() {
    if !has_strace() {
        return;
    }
    for call in ["copy_file_range", "sendfile", "write", "ftruncate", "fsync", "rename", "renameat2"] {
        for fault in ["signal=SIGKILL", "error=ENOSPC", "error=EIO"] {
            for when in 1..=4 {
                let folder = new_folder();
                let api = Api::start_in(folder.clone(), &[]);
                store(&api, 0..20);
                stop(api);
                let path = folder.path().join("training_data.jsonl");
                let mut lines: Vec<_> =
                    fs::read_to_string(&path).unwrap().lines().map(|line| format!("{line}\n")).collect();
                lines.insert(10, "# a note by somebody\n".into());
                fs::write(&path, lines.concat()).unwrap();

                let fault = format!("{call}:{fault}:when={when}");
                // A start that the fault does not reach goes on; its process is ended with the test.
                let mut child = faulty(folder.path(), &[&fault], &["serve"]).spawn().unwrap();
                let started = Instant::now();
                while child.try_wait().unwrap().is_none() && started.elapsed() < Duration::from_millis(300) {
                    std::thread::yield_now();
                }
                let _ = child.kill();
                let _ = child.wait();

                let text = fs::read_to_string(&path).unwrap();
                (0..20)
                    .for_each(|number| assert!(text.contains(&uuid(number)), "{fault}: event {number} is in no file"));
                let api = Api::start_in(folder.clone(), &[]);
                for number in 0..20 {
                    assert_eq!(status(&api, &event(number, "x")), "duplicate", "{fault}");
                }
                assert_each_once(folder.path(), 0..20);
            }
        }
    }
}

#[test]
fn a_line_that_somebody_appended_makes_a_failing_sync_cut_nothing_that_was_acknowledged() {
    if !has_strace() {
        return;
    }
    for appended in ["# x\n".to_owned(), line(99, "user_9")] {
        let folder = new_folder();
        let api = start_faulty(&folder, &["fdatasync:error=EIO:when=3"]);
        store(&api, 1..2);
        OpenOptions::new().append(true).open(api.file()).unwrap().write_all(appended.as_bytes()).unwrap();
        store(&api, 2..3);
        api.post(&event(3, "x")).problem(503);
        eventually("the disk is tried again", || api.post(&event(3, "x")).status == 200);
        store(&api, 4..5);
        assert_each_once(folder.path(), 1..5);
        let api = api.restart();
        assert_eq!(status(&api, &event(2, "x")), "duplicate");
    }
}

#[test]
fn a_backup_that_is_moved_in_while_the_disk_fails_is_not_cut() {
    if !has_strace() {
        return;
    }
    // The first line fails and its file cannot be removed; or a later sync fails and the file cannot be cut back.
    for faults in [
        ["fdatasync:error=EIO:when=1", "unlink:error=EROFS:when=1..3"],
        ["fdatasync:error=EIO:when=3", "ftruncate:error=EIO:when=1..3"],
    ] {
        let folder = new_folder();
        let api = start_faulty_at(&folder, &folder.path().join("training_data.jsonl"), &faults);
        (1..4).for_each(|number| drop(api.post(&event(number, "x"))));
        let backup = folder.path().join("backup");
        fs::write(&backup, (1000..1100).map(|number| line(number, "user_1")).collect::<String>()).unwrap();
        fs::rename(&backup, api.file()).unwrap();
        eventually("the disk takes events", || api.post(&event(10, "x")).status == 200);
        assert_each_once(folder.path(), 1000..1100);
        assert_each_once(folder.path(), 10..11);
    }
}

#[test]
fn a_file_that_is_cut_while_it_is_written_never_holds_zeros() {
    if !has_strace() {
        return;
    }
    let folder = new_folder();
    let api = start_faulty(&folder, &["fdatasync:error=EIO:when=5"]);
    store(&api, 0..3);
    File::options().write(true).open(api.file()).unwrap().set_len(0).unwrap();
    for number in 3..8 {
        eventually("it is stored", || api.post(&event(number, "x")).status == 200);
    }
    assert!(!fs::read(api.file()).unwrap().contains(&0));
    assert_each_once(folder.path(), 3..8);
}

#[test]
fn a_found_file_of_another_kind_is_put_aside_unchanged() {
    let noise: Vec<u8> = (0..12_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let zeros_then_newline = [b"SQLite format 3\0".as_slice(), &[0; 100], b"\n", &noise].concat();
    for (name, found) in
        [("noise", noise), ("a NUL in the first line", zeros_then_newline), ("notes", b"my notes".to_vec())]
    {
        let folder = new_folder();
        fs::write(folder.path().join("training_data.jsonl"), &found).unwrap();
        let api = Api::start_in(folder.clone(), &[]);
        store(&api, 1..2);
        assert!(fs::read(folder.path().join("training_data.jsonl.aside-000001")).unwrap() == found, "{name}");
        assert_eq!(names(folder.path()), ["training_data.jsonl", "training_data.jsonl.aside-000001"], "{name}");
    }
}

#[test]
fn other_line_ends_do_not_make_an_event_unknown() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    store(&api, 1..3);
    stop(api);
    let path = folder.path().join("training_data.jsonl");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace('\n', "\r\n")).unwrap();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(status(&api, &event(1, "x")), "duplicate");
    store(&api, 3..4);
    assert_eq!(all_lines(folder.path()).len(), 3);
}

#[test]
fn a_gigabyte_of_zeros_at_the_end_costs_no_memory() {
    let folder = new_folder();
    let path = folder.path().join("training_data.jsonl");
    fs::write(&path, (0..100).map(|number| line(number, "user_1")).collect::<String>()).unwrap();
    let whole = fs::read(&path).unwrap();
    File::options().write(true).open(&path).unwrap().set_len(whole.len() as u64 + (1 << 30)).unwrap();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(status(&api, &event(5, "x")), "duplicate");
    let peak = peak_memory_kib(&api);
    assert!(peak < 128 * 1024, "{peak} KiB");
    assert!(fs::read(folder.path().join("training_data.000001.jsonl")).unwrap() == whole);
}

fn peak_memory_kib(api: &Api) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", api.process.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_listing_that_fails_at_the_start_is_an_error_and_never_no_file() {
    if !has_strace() {
        return;
    }
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    store(&api, 1..2);
    api.process.hang_up();
    eventually("the file is closed", || !folder.path().join("training_data.jsonl").exists());
    stop(api);
    for when in 1..=6 {
        let fault = format!("getdents64:error=EIO:when={when}");
        let mut child =
            faulty(folder.path(), &[&fault], &["serve"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        // It refuses to start, or the fault does not reach the start: then it listens, and knows the event.
        let mut log = Vec::new();
        let started = Instant::now();
        let mut buffer = [0; 4096];
        while !String::from_utf8_lossy(&log).contains("listening") && started.elapsed() < Duration::from_secs(20) {
            match stderr.read(&mut buffer).unwrap() {
                0 => break,
                read => log.extend_from_slice(&buffer[..read]),
            }
        }
        let log = String::from_utf8(log).unwrap();
        if let Some((_, addr)) = log.split_once("listening on http://") {
            let addr = addr.lines().next().unwrap();
            let body = event(1, "x").to_string();
            let mut answer = crate::helpers::agent().post(format!("http://{addr}/api/webhooks")).send(body).unwrap();
            assert!(answer.body_mut().read_to_string().unwrap().contains("duplicate"), "{fault}: doubled");
        } else {
            assert!(log.contains("misfire: "), "{fault}: {log}");
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

#[test]
fn without_a_rename_that_never_replaces_files_are_closed_all_the_same() {
    if !has_strace() {
        return;
    }
    let folder = new_folder();
    let api = start_faulty(&folder, &["renameat2:error=EINVAL"]);
    for number in 0..3 {
        store(&api, number..number + 1);
        api.process.hang_up();
        eventually("the file is closed", || !api.file().exists());
    }
    let closed = ["training_data.000001.jsonl", "training_data.000002.jsonl", "training_data.000003.jsonl"];
    assert_eq!(names(folder.path()), closed);
    stop(api);
    // A kill between the two names of a file leaves both.
    fs::hard_link(folder.path().join(closed[2]), folder.path().join("training_data.jsonl")).unwrap();
    let api = Api::start_in(folder.clone(), &[]);
    assert_each_once(folder.path(), 0..3);
    assert_eq!(status(&api, &event(2, "x")), "duplicate");
}

#[test]
fn the_number_of_a_closed_file_that_is_gone_is_not_used_again() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    for (number, id) in [(1, "user_1"), (2, "user_2")] {
        assert_eq!(status(&api, &crate::vocabulary::of(id, number)), "stored");
        api.process.hang_up();
        eventually("the file is closed", || !api.file().exists());
    }
    crate::vocabulary::forget(folder.path(), "user_2", 0);
    store(&api, 3..4);
    api.process.hang_up();
    eventually("the file is closed", || !api.file().exists());
    assert_eq!(names(folder.path()), ["training_data.000001.jsonl", "training_data.000003.jsonl"]);
}

#[test]
fn a_command_that_is_stopped_within_the_catalogs_lock_does_not_stop_the_writer() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    let stopped =
        File::options().write(true).create(true).truncate(false).open(folder.path().join(".misfire/files.lock"));
    let stopped = stopped.unwrap();
    stopped.lock().unwrap();
    for number in 0..4 {
        store(&api, number..number + 1);
        api.process.hang_up();
        eventually("the file is closed", || !api.file().exists());
    }
    stopped.unlock().unwrap();
    stop(api);
    let catalog = fs::read_to_string(folder.path().join(".misfire/files.json")).unwrap();
    assert_eq!(catalog.matches("\"lines\": 1").count(), 4, "{catalog}");
}

#[test]
fn output_that_nobody_reads_ends_a_command_quietly() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    store(&api, 0..3);
    stop(api);
    let executable = env!("CARGO_BIN_EXE_misfire");
    for (command, status) in [("stats", 0), ("verify", 0), ("stats --json", 0), ("card", 0), ("--help", 0)] {
        // The reader is gone before anything is written.
        let script = format!("(sleep .1; exec {executable} {command}) | true; exit ${{PIPESTATUS[0]}}");
        let output =
            std::process::Command::new("bash").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
        assert_eq!((output.status.code(), text(&output).as_str()), (Some(status), ""), "{command}");
        assert_eq!(output.status.signal(), None);
    }
    assert!(misfire(folder.path(), &["verify"]).status.success());
}

#[test]
fn the_folders_that_are_made_are_durable() {
    if !has_strace() {
        return;
    }
    let folder = new_folder();
    let trace = folder.path().join("trace");
    let mut command = std::process::Command::new("strace");
    command.args(["-D", "-f", "-qq", "-y", "-e", "trace=mkdir,fsync", "-o"]).arg(&trace);
    command.args([env!("CARGO_BIN_EXE_misfire"), "serve"]).env_clear().current_dir(folder.path());
    command.env("API_ADDR", "127.0.0.1:0").env("TRAINING_DATA", folder.path().join("a/b/training_data.jsonl"));
    let process = crate::helpers::Process::start(command);
    process.signal(Signal::TERM);
    let trace = fs::read_to_string(trace).unwrap();
    for (made, synced) in [("/a\"", ""), ("/a/b\"", "/a"), ("/a/b/.misfire\"", "/a/b")] {
        let made =
            trace.find(&format!("{}{made}", folder.path().display())).unwrap_or_else(|| panic!("{made}: {trace}"));
        let synced = format!("{}{synced}>", folder.path().display());
        assert!(trace[made..].contains(&synced), "{synced} is not synced after its new folder: {trace}");
    }
}

//! Whose folder it is: one process, one live file, one file system.

use std::{
    fs,
    os::unix::{ffi::OsStrExt, fs::symlink},
    process::{Command, Stdio},
};

use crate::{
    helpers::{Api, Process, event, eventually},
    vocabulary::{assert_each_once, forget, misfire, misfire_with, names, new_folder, of, status, stop, store, text},
};

#[test]
fn a_deleted_lock_lets_no_second_process_in_and_no_command_take_over() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    store(&api, 1..2);
    for deleted in ["lock", ""] {
        let path = folder.path().join(".misfire").join(deleted);
        if deleted.is_empty() {
            fs::remove_dir_all(path).unwrap()
        } else {
            fs::remove_file(path).unwrap()
        }
        let second = Api::command(folder.path(), &[]).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(second.status.code(), Some(1), "{}", text(&second));
    }
    // The owner puts its lock back, and a command finds it.
    eventually("the lock is back", || folder.path().join(".misfire/lock").metadata().is_ok_and(|lock| lock.len() > 0));
    assert_eq!(status(&api, &event(1, "x")), "duplicate");
    assert_each_once(folder.path(), 1..2);
}

#[test]
fn a_folder_that_took_the_place_of_the_locked_one_has_one_writer_too() {
    let parent = new_folder();
    let (data, moved) = (parent.path().join("data"), parent.path().join("moved"));
    fs::create_dir(&data).unwrap();
    let file = data.join("training_data.jsonl").to_str().unwrap().to_owned();
    let start = || {
        let mut command = Api::command(parent.path(), &[("TRAINING_DATA", &file)]);
        command.stderr(Stdio::piped());
        command
    };
    let api = Api { process: Process::start(start()), folder: parent.clone() };
    assert_eq!(status(&api, &event(1, "x")), "stored");
    fs::rename(&data, &moved).unwrap();
    fs::create_dir(&data).unwrap();
    // The first process follows: the new folder is its own before a line is in it.
    assert_eq!(status(&api, &event(2, "x")), "stored");
    let second = start().output().unwrap();
    assert_eq!(second.status.code(), Some(1), "{}", text(&second));
    stop(api);

    // A second process was faster: the first one writes no more.
    let first = Api { process: Process::start(start()), folder: parent.clone() };
    assert_eq!(status(&first, &event(2, "x")), "duplicate");
    fs::rename(&data, parent.path().join("moved again")).unwrap();
    fs::create_dir(&data).unwrap();
    let second = Api { process: Process::start(start()), folder: parent.clone() };
    first.post(&event(3, "x")).problem(503);
    assert_eq!(status(&second, &event(3, "x")), "stored");
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 1);
}

#[test]
fn a_link_as_the_live_file_is_followed_once_and_for_all() {
    let folder = new_folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("volume")).unwrap();
    symlink("volume/data.jsonl", at("training_data.jsonl")).unwrap();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(api.process.get("/ready", &[]).status, 200);
    assert_eq!(status(&api, &of("user_1", 1)), "stored");
    assert_eq!(status(&api, &of("user_2", 2)), "stored");
    assert!(api.process.log().contains("training_data.jsonl is a link; the data is at"));
    assert_eq!(names(&at("volume")), ["data.jsonl"]);
    forget(folder.path(), "user_1", 0);
    assert_eq!(names(&at("volume")), ["data.000001.jsonl"]);
    assert!(!fs::read_to_string(at("volume/data.000001.jsonl")).unwrap().contains("user_1\""));
    assert!(text(&misfire(folder.path(), &["verify"])).contains("1 line: nothing wrong"));
}

#[test]
fn a_device_or_a_pipe_as_the_live_file_is_refused_and_stays() {
    let folder = new_folder();
    let pipe = folder.path().join("training_data.jsonl");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let start = Api::command(folder.path(), &[]).stderr(Stdio::piped()).output().unwrap();
    assert!(start.status.code() == Some(1) && text(&start).contains("is a device or a pipe"), "{}", text(&start));
    let output = misfire(folder.path(), &["verify"]);
    assert!(output.status.code() == Some(2) && text(&output).contains("is a device or a pipe"), "{}", text(&output));
    assert!(pipe.exists() && names(folder.path()) == ["training_data.jsonl"]);
}

#[test]
fn a_folder_for_misfire_on_another_file_system_is_refused() {
    let Ok(elsewhere) = tempfile::tempdir_in("/dev/shm") else { return };
    let folder = new_folder();
    symlink(elsewhere.path(), folder.path().join(".misfire")).unwrap();
    let start = Api::command(folder.path(), &[]).stderr(Stdio::piped()).output().unwrap();
    assert!(start.status.code() == Some(1) && text(&start).contains("on another file system"), "{}", text(&start));
    fs::write(folder.path().join(".misfire/pseudonym.key"), "0123456789abcdef").unwrap();
    assert!(forget(folder.path(), "user_1", 2).contains("on another file system"));
}

#[test]
fn a_command_that_is_told_another_live_file_than_the_apis_refuses() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[("TRAINING_DATA", "events.jsonl")]);
    assert_eq!(status(&api, &of("user_1", 1)), "stored");
    let refused = |arguments: &[&str]| {
        let output = misfire(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        assert!(text(&output).contains("belongs to events.jsonl"), "{}", text(&output));
    };
    refused(&["forget", "--distinct-id", "user_1", "--yes"]);
    refused(&["resanitize", "--yes"]);
    stop(api);
    refused(&["forget", "--distinct-id", "user_1", "--yes"]);
    let start = Api::command(folder.path(), &[]).stderr(Stdio::piped()).output().unwrap();
    assert!(text(&start).contains("belongs to events.jsonl"), "{}", text(&start));
    let output = misfire_with(
        folder.path(),
        &["forget", "--distinct-id", "user_1", "--yes"],
        &[("TRAINING_DATA", "events.jsonl")],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn a_name_that_is_no_utf_8_is_refused() {
    let folder = new_folder();
    let name = std::ffi::OsStr::from_bytes(b"d\xff.jsonl");
    for arguments in [&["serve"][..], &["forget", "--distinct-id", "user_1", "--yes"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_misfire"));
        command.args(arguments).env_clear().env("API_ADDR", "127.0.0.1:0").env("TRAINING_DATA", name);
        let output = command.current_dir(folder.path()).output().unwrap();
        assert!(!output.status.success() && text(&output).contains("no file name in UTF-8"), "{}", text(&output));
    }
}

#[test]
fn the_api_waits_for_a_command_that_closes_a_file() {
    let folder = new_folder();
    fs::create_dir(folder.path().join(".misfire")).unwrap();
    // A command holds the lock: its file says so by its third line.
    let lock = fs::File::create(folder.path().join(".misfire/lock")).unwrap();
    lock.lock().unwrap();
    fs::write(folder.path().join(".misfire/lock"), format!("{}\n\ncommand\n", std::process::id())).unwrap();
    let release = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(2_500));
        drop(lock);
    });
    let api = Api { process: Process::start(Api::command(folder.path(), &[])), folder };
    release.join().unwrap();
    store(&api, 1..2);
}

//! What was erased is gone, stays gone, and nothing else is called an erasure.

use std::{fs, os::unix::fs::symlink, thread, time::Duration};

use serde_json::{Value, json};

use crate::{
    helpers::{Api, event, eventually},
    vocabulary::{
        all_lines, faulty, forget, has_strace, line, misfire, misfire_with, new_folder, of, status, stop, store, text,
    },
};

/// Whether anything of the person is in the folder or in `.misfire/`, but for the guard and the receipts.
fn remains(folder: &std::path::Path, needle: &str) -> Vec<String> {
    let mut found = Vec::new();
    for folder in [folder.to_owned(), folder.join(".misfire")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(needle) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[test]
fn a_listing_that_fails_is_exit_2_and_never_a_receipt_over_lines_that_remain() {
    if !has_strace() {
        return;
    }
    for when in 1..=12 {
        let folder = new_folder();
        let api = Api::start_in(folder.clone(), &[]);
        for number in 0..3 {
            assert_eq!(status(&api, &of("user_9", number)), "stored");
            api.process.hang_up();
            eventually("the file is closed", || !api.file().exists());
        }
        stop(api);
        let fault = format!("getdents64:error=EIO:when={when}");
        let forget = ["forget", "--distinct-id", "user_9", "--yes"];
        let output = faulty(folder.path(), &[&fault], &forget).output().unwrap();
        let left = all_lines(folder.path()).len();
        assert!(output.status.code() == Some(2) || left == 0, "{fault}: {left} lines are left: {}", text(&output));
        let output = misfire(folder.path(), &forget);
        assert!(all_lines(folder.path()).is_empty(), "{fault}: {}", text(&output));
    }
}

#[test]
fn erasures_at_the_same_time_all_succeed() {
    let folder = new_folder();
    for round in 0..8 {
        let api = Api::start_in(folder.clone(), &[]);
        let people = round * 12..round * 12 + 12;
        for number in people.clone() {
            assert_eq!(status(&api, &of(&format!("user_{number}"), number)), "stored");
        }
        // Beside a running API, and without one.
        let api = (round % 2 == 0).then_some(api);
        thread::scope(|scope| {
            for number in people {
                let folder = &folder;
                scope.spawn(move || forget(folder.path(), &format!("user_{number}"), 0));
            }
        });
        assert!(all_lines(folder.path()).is_empty());
        if let Some(api) = api {
            stop(api);
        }
    }
}

#[test]
fn a_key_stays_needed_after_an_erasure_by_its_pseudonym() {
    let (old, new) = ("k".repeat(32), "n".repeat(32));
    let both = format!("{new},{old}");
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[("PSEUDONYM_KEY", &old)]);
    assert_eq!(status(&api, &of("bob@x.example", 1)), "stored");
    let stored: Value = serde_json::from_str(&all_lines(folder.path())[0]).unwrap();
    let pseudonym = stored["distinct_id"].as_str().unwrap();
    stop(api);
    let api = Api::start_in(folder.clone(), &[("PSEUDONYM_KEY", &both)]);
    let arguments = ["forget", "--distinct-id", pseudonym, "--yes"];
    // Half of the API's keys would find half of the lines.
    let output = misfire_with(folder.path(), &arguments, &[("PSEUDONYM_KEY", &new)]);
    assert!(output.status.code() == Some(2) && text(&output).contains("give all its keys"), "{}", text(&output));
    let output = misfire_with(folder.path(), &arguments, &[("PSEUDONYM_KEY", &both)]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert_eq!(status(&api, &of("bob@x.example", 2)), "ignored");
    stop(api);
    let start =
        Api::command(folder.path(), &[("PSEUDONYM_KEY", &new)]).stderr(std::process::Stdio::piped()).output().unwrap();
    assert!(start.status.code() == Some(1) && text(&start).contains("PSEUDONYM_KEY to the new key and the old one"));
    let api = Api::start_in(folder, &[("PSEUDONYM_KEY", &both)]);
    assert_eq!(status(&api, &of("bob@x.example", 3)), "ignored");
}

#[test]
fn a_run_after_a_kill_completes_the_receipt() {
    if !has_strace() {
        return;
    }
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(status(&api, &of("user_9", 1)), "stored");
    stop(api);
    let receipts = || fs::read_to_string(folder.path().join(".misfire/receipts.jsonl")).unwrap();
    // After the removal of the file, which had no other line.
    let forget_them = ["forget", "--distinct-id", "user_9", "--yes"];
    let killed = (1..9).any(|when| {
        let fault = format!("unlink:signal=KILL:when={when}");
        !faulty(folder.path(), &[&fault], &forget_them).status().unwrap().success()
            && all_lines(folder.path()).is_empty()
    });
    assert!(killed && !receipts().contains("done"), "{}", receipts());
    let told = forget(folder.path(), "user_9", 0);
    assert!(
        told.contains("the receipt is now complete") && receipts().lines().last().unwrap().contains("done"),
        "{told}"
    );
    forget(folder.path(), "user_9", 1);
}

#[test]
fn a_torn_end_of_a_closed_file_that_may_be_theirs_is_exit_2() {
    for name in ["training_data.000007.jsonl", ".misfire/quarantine.000007.jsonl"] {
        let folder = new_folder();
        let api = Api::start_in(folder.clone(), &[]);
        store(&api, 1..2);
        let path = folder.path().join(name);
        // Half of a copy, by somebody else.
        let torn = line(5, "user_9");
        fs::write(&path, line(4, "user_2") + &torn[..torn.len() - 20]).unwrap();
        let error = forget(folder.path(), "user_9", 2);
        assert!(error.contains("may be the person's") && path.exists(), "{error}");
        fs::write(&path, line(4, "user_2") + &torn).unwrap();
        forget(folder.path(), "user_9", 0);
        assert!(remains(folder.path(), "user_9").is_empty());
    }
}

#[test]
fn a_closed_file_that_is_a_link_is_exit_2_and_its_target_is_named() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(status(&api, &of("user_9", 1)), "stored");
    api.process.hang_up();
    eventually("the file is closed", || !api.file().exists());
    let (closed, elsewhere) = (folder.path().join("training_data.000001.jsonl"), folder.path().join("elsewhere"));
    fs::rename(&closed, &elsewhere).unwrap();
    symlink(&elsewhere, &closed).unwrap();
    let error = forget(folder.path(), "user_9", 2);
    assert!(error.contains("training_data.000001.jsonl is a link"), "{error}");
    fs::rename(&elsewhere, &closed).unwrap();
    forget(folder.path(), "user_9", 0);
}

#[test]
fn an_erasure_succeeds_while_the_api_is_killed() {
    for round in 0..24 {
        let folder = new_folder();
        let api = Api::start_in(folder.clone(), &[]);
        assert_eq!(status(&api, &of("user_9", 1)), "stored");
        thread::scope(|scope| {
            scope.spawn(|| forget(folder.path(), "user_9", 0));
            thread::sleep(Duration::from_micros(500 * round));
            // The process is killed, and leaves its lock and its process id behind.
            drop(api);
        });
        assert!(all_lines(folder.path()).is_empty());
    }
}

#[test]
fn an_erased_person_does_not_come_back_under_another_key() {
    let (old, new) = ("k".repeat(32), "n".repeat(32));
    let both = format!("{new},{old}");
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[("PSEUDONYM_KEY", &old)]);
    for (id, number) in [("user_1", 1), ("jane@example.com", 2), ("user_2", 3)] {
        assert_eq!(status(&api, &of(id, number)), "stored");
    }
    let arguments = ["forget", "--distinct-id", "user_1", "--distinct-id", "jane@example.com", "--yes"];
    let output = misfire_with(folder.path(), &arguments, &[("PSEUDONYM_KEY", &old)]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    stop(api);

    let start =
        Api::command(folder.path(), &[("PSEUDONYM_KEY", &new)]).stderr(std::process::Stdio::piped()).output().unwrap();
    assert!(start.status.code() == Some(1) && text(&start).contains("PSEUDONYM_KEY to the new key and the old one"));
    let api = Api::start_in(folder.clone(), &[("PSEUDONYM_KEY", &both)]);
    for (id, number) in [("user_1", 1), ("jane@example.com", 2), ("user_1", 11), ("Jane@example.com", 12)] {
        assert_eq!(status(&api, &of(id, number)), "ignored", "{id}");
    }
    // The first key writes: jane's new events have another pseudonym, and are found by either.
    let mut new_event = of("jane@example.com", 20);
    new_event["event"]["timestamp"] = json!("2100-01-01T00:00:00Z");
    assert_eq!(status(&api, &new_event), "stored");
    let output = misfire_with(folder.path(), &arguments, &[("PSEUDONYM_KEY", &both)]);
    assert!(text(&output).contains("1 line removed"), "{}", text(&output));
}

#[test]
fn an_event_without_a_time_or_with_a_time_to_come_does_not_come_back() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    let dated = |number: u32, time: Option<&str>| {
        let mut event = of("user_1", number);
        match time {
            Some(time) => event["event"]["timestamp"] = json!(time),
            None => drop(event["event"].as_object_mut().unwrap().remove("timestamp")),
        }
        event
    };
    let events = [dated(1, None), dated(2, Some("25/12/2025 10:00")), dated(3, Some("2199-01-01T00:00:00Z"))];
    events.iter().for_each(|event| assert_eq!(status(&api, event), "stored"));
    forget(folder.path(), "user_1", 0);
    let again = |api: &Api| events.iter().for_each(|event| assert_eq!(status(api, event), "ignored", "{event}"));
    again(&api);
    let api = api.restart();
    again(&api);
    assert!(all_lines(folder.path()).is_empty());
    // Without the guard of its uuid it would be another event.
    assert_eq!(status(&api, &dated(4, Some("2199-01-01T00:00:00Z"))), "stored");
}

#[test]
fn nothing_that_matches_is_exit_1_and_changes_nothing() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    store(&api, 1..2);
    assert!(forget(folder.path(), "nobody_1", 1).contains("no line belongs to this person; nothing was changed"));
    assert!(api.file().exists(), "no file is closed");
    assert!(
        !folder.path().join(".misfire/forgotten").exists() && !folder.path().join(".misfire/receipts.jsonl").exists()
    );
    let output = misfire(folder.path(), &["forget", "--distinct-id", "nobody_1", "--guard", "--yes"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    assert!(api.file().exists(), "no file is closed");
    assert_eq!(status(&api, &of("nobody_1", 2)), "ignored");
}

#[test]
fn it_looks_and_asks_before_it_removes() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(status(&api, &of("user_1", 1)), "stored");
    let dry = misfire(folder.path(), &["forget", "--distinct-id", "user_1", "--dry-run"]);
    assert_eq!(dry.status.code(), Some(0));
    assert!(text(&dry).contains("training_data.jsonl: 1 line would be removed"), "{}", text(&dry));
    let unasked = misfire(folder.path(), &["forget", "--distinct-id", "user_1"]);
    assert!(unasked.status.code() == Some(2) && text(&unasked).contains("not a terminal; pass --yes"));
    assert!(api.file().exists() && !folder.path().join(".misfire/forgotten").exists());
}

#[test]
fn a_receipt_that_cannot_be_kept_is_told_before_anything_is_removed() {
    if !has_strace() {
        return;
    }
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(status(&api, &of("user_1", 1)), "stored");
    let mut command = faulty(folder.path(), &["write:error=ENOSPC"], &["forget", "--distinct-id", "user_1", "--yes"]);
    // Only what goes to the receipts fails.
    let receipts = folder.path().join(".misfire/receipts.jsonl");
    fs::write(&receipts, "").unwrap();
    let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    command = std::process::Command::new("strace");
    command.arg("-P").arg(&receipts).args(arguments).current_dir(folder.path()).env_clear();
    let output = command.output().unwrap();
    assert!(
        output.status.code() == Some(2) && text(&output).contains("the receipt cannot be kept"),
        "{}",
        text(&output)
    );
    assert_eq!(all_lines(folder.path()).len(), 1);
    forget(folder.path(), "user_1", 0);
    let kept: Vec<Value> =
        fs::read_to_string(&receipts).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(kept.iter().map(|receipt| receipt["state"].as_str().unwrap()).collect::<Vec<_>>(), ["begun", "done"]);
    assert_eq!((&kept[0]["lines"], &kept[1]["lines"]), (&json!(1), &json!(1)));
}

#[test]
fn a_line_of_nine_megabytes_does_not_stop_an_erasure() {
    let folder = new_folder();
    let long = line(7, &"1".repeat(9_000_000));
    fs::write(folder.path().join("training_data.jsonl"), line(1, "user_1") + &long + &line(2, "user_2")).unwrap();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(status(&api, &event(7, "x")), "duplicate");
    assert!(forget(folder.path(), "user_1", 0).contains("1 line removed"));
    assert_eq!(all_lines(folder.path()).len(), 2);
    // A new id of that length becomes a pseudonym.
    let mut event = of("x", 8);
    event["event"]["distinct_id"] = json!("1".repeat(300_000));
    assert_eq!(status(&api, &event), "stored");
    assert!(all_lines(folder.path()).last().unwrap().contains("\"distinct_id\":\"u_"));
}

#[test]
fn a_torn_end_that_does_not_show_whose_it_is_goes_with_the_person() {
    let folder = new_folder();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(status(&api, &of("user_1", 1)), "stored");
    stop(api);
    let path = folder.path().join("training_data.jsonl");
    let torn = line(2, "user_1").replace("\"p\"", "\"my diary\"");
    let torn = &torn[..torn.find("user_1").unwrap() + 3];
    fs::write(&path, fs::read_to_string(&path).unwrap() + torn).unwrap();
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(remains(folder.path(), "my diary").len(), 1);
    let told = forget(folder.path(), "user_1", 0);
    assert!(told.contains("1 torn end"), "{told}");
    assert!(remains(folder.path(), "my diary").is_empty() && remains(folder.path(), "user_1").is_empty());
    drop(api);
}

#[test]
fn resanitize_reaches_the_quarantine_and_ids_and_joins_a_persons_lines() {
    let folder = new_folder();
    fs::create_dir(folder.path().join(".misfire")).unwrap();
    fs::write(folder.path().join(".misfire/pseudonym.key"), "k".repeat(64)).unwrap();
    let quarantined = "{\"received_at\":\"2025-11-30T16:38:21.968Z\",\"uuid\":\"0193acb2-7d10-7b3e-9a55-000000000009\",\
        \"event\":\"generation_failed\",\"reason\":\"r\",\"distinct_id\":\"user_2\",\"input_prompt\":\"\",\
        \"failure_reason\":\"no answer for joan@example.com\"}\n";
    fs::write(folder.path().join(".misfire/quarantine.jsonl"), quarantined).unwrap();
    fs::write(folder.path().join("training_data.jsonl"), line(1, "jane_smith_1987")).unwrap();
    let output = misfire(folder.path(), &["resanitize", "--all", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(remains(folder.path(), "joan@example.com").is_empty());
    let api = Api::start_in(folder.clone(), &[]);
    assert_eq!(status(&api, &of("jane_smith_1987", 2)), "stored");
    let ids: Vec<_> = all_lines(folder.path())
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["distinct_id"].as_str().unwrap().to_owned())
        .collect();
    assert!(ids.len() == 2 && ids[0] == ids[1] && ids[0].starts_with("u_"), "{ids:?}");
    assert!(text(&misfire(folder.path(), &["verify"])).contains("nothing wrong"));
}

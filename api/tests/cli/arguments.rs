//! Help, completions, manual pages, and one way to name the data and times.

use std::fs;

use crate::{
    files::{command, fail, run},
    helpers::{Api, event, misfire},
};

/// Every command, with one of the quarantine's.
const COMMANDS: [&[&str]; 15] = [
    &["serve"],
    &["web"],
    &["events"],
    &["sanitize"],
    &["verify"],
    &["stats"],
    &["card"],
    &["export"],
    &["forget"],
    &["resanitize"],
    &["pull"],
    &["quarantine", "retry"],
    &["health"],
    &["completions"],
    &["man"],
];

fn help(command: &[&str]) -> String {
    let output = misfire().args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "{command:?}");
    // However wide the lines are.
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_data_and_times_are_named_alike_by_every_command() {
    for command in COMMANDS {
        let help = help(command);
        let is_of_data = !["web", "events", "sanitize", "pull", "health", "completions", "man"].contains(&command[0]);
        assert_eq!(help.contains("[PATH]"), is_of_data, "{help}");
        assert_eq!(help.contains("[env: TRAINING_DATA=]"), is_of_data, "{help}");
        assert!(!help.contains("--training-data"), "{help}");
        let takes_times = ["stats", "export", "pull", "quarantine"].contains(&command[0]);
        assert_eq!(help.contains("--since <TIME>") && help.contains("--until <TIME>"), takes_times, "{help}");
        assert_eq!(help.contains("how long ago (2h, 3d)"), takes_times || command[0] == "serve", "{help}");
    }
    assert!(help(&["serve"]).contains("PULL_SINCE"));
}

#[test]
fn a_wrong_time_is_refused_in_the_same_words_everywhere() {
    let words = "expected a day (2026-11-01, from midnight UTC), a time (2026-11-01T12:00:00Z) or how long ago (90m, 2h, 3d, 1w)";
    for command in [&["stats"][..], &["export"], &["pull"], &["quarantine", "list"], &["quarantine", "retry"]] {
        for flag in ["--since", "--until"] {
            let output = misfire().args(command).args([flag, "yesterday"]).output().unwrap();
            let error = String::from_utf8(output.stderr).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(output.status.code() == Some(2) && error.contains(words), "{command:?}: {error}");
        }
    }
    let output = misfire().arg("serve").env("PULL_SINCE", "soon").output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("how long ago (90m, 2h, 3d, 1w)"));
}

#[test]
fn the_file_its_folder_and_the_old_flag_name_the_same_data() {
    let api = Api::start();
    (0..3).for_each(|number| drop(api.post(&event(number, &format!("prompt {number}")))));
    let (folder, elsewhere) = (api.folder.path(), tempfile::tempdir().unwrap());
    let file = api.file();
    let [folder, file] = [folder, &file].map(|path| path.to_str().unwrap());
    for path in [folder, file] {
        assert!(run(elsewhere.path(), &["stats", path]).starts_with("3 lines in 1 file"), "{path}");
        assert!(
            run(elsewhere.path(), &["forget", "--distinct-id", "user_1007", "--dry-run", path]).contains("3 lines")
        );
        assert!(run(elsewhere.path(), &["resanitize", "--dry-run", "--all", path]).contains("nothing to do"));
        assert_eq!(run(elsewhere.path(), &["quarantine", "list", path]), "nothing is in quarantine\n");
    }
    let old = ["forget", "--distinct-id", "user_1007", "--dry-run", "--training-data", file];
    assert!(run(elsewhere.path(), &old).contains("3 lines"));
    let mut by_variable = command(elsewhere.path(), &["forget", "--distinct-id", "user_1007", "--dry-run"]);
    let output = by_variable.env("TRAINING_DATA", folder).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("3 lines"));

    api.process.hang_up();
    let closed = format!("{folder}/training_data.000001.jsonl");
    crate::helpers::eventually("the file is closed", || fs::exists(&closed).unwrap());
    for command in [&["resanitize"][..], &["forget", "--distinct-id", "x"], &["quarantine", "list"]] {
        let error = fail(elsewhere.path(), &[command, &[closed.as_str()]].concat());
        assert!(error.contains("is a closed file; name the live file, or the folder"), "{error}");
    }
}

#[test]
fn serve_takes_a_folder_as_well_as_a_file() {
    for (path, file) in [("data", "data/training_data.jsonl"), ("data/mine.jsonl", "data/mine.jsonl")] {
        let folder = std::sync::Arc::new(tempfile::tempdir().unwrap());
        fs::create_dir(folder.path().join("data")).unwrap();
        let mut command = Api::command(folder.path(), &[]);
        command.arg(path);
        let api = Api { process: crate::helpers::Process::start(command), folder };
        assert_eq!(api.post(&event(1, "x")).status, 200);
        assert!(api.folder.path().join(file).exists(), "{path}");
    }
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let empty = [
        "ADMIN_ADDR",
        "SANITIZER_POLICY",
        "EVENTS",
        "POSTHOG_APP_HOST",
        "POSTHOG_PROJECT",
        "PULL_SINCE",
        "PULL_SUCCESSES",
        "BODY_BYTES_MAX",
        "TRAINING_DATA",
        "LOG_FORMAT",
        "CONNECTIONS_MAX",
    ];
    let api = Api::start_with(&empty.map(|name| (name, "")));
    assert_eq!(api.post(&event(1, "x")).status, 200);
    assert_eq!(api.lines().len(), 1);
}

#[test]
fn each_shell_has_completions_that_know_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = misfire().args(["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{shell}");
        for word in ["quarantine", "resanitize", "--dry-run"] {
            let word = if shell == "fish" { word.trim_start_matches('-') } else { word };
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(misfire().args(["completions", "tcsh"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn each_command_has_a_manual_page_without_a_value_of_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let man = folder.path().join("new/man");
    let mut command = misfire();
    command.arg("man").arg(&man).envs([
        ("POSTHOG_KEY", "phc_s3cr3t"),
        ("TRAINING_DATA", "/s3cr3t"),
        ("WEBHOOK_SECRET", "s3cr3t"),
    ]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    for command in COMMANDS
        .map(|command| command.join("-"))
        .iter()
        .map(|name| format!("misfire-{name}.1"))
        .chain(["misfire.1".into()])
    {
        let page = fs::read_to_string(man.join(&command)).unwrap_or_else(|_| panic!("{command} is missing"));
        assert!(page.contains(".SH NAME") && !page.contains("s3cr3t"), "{command}: {page}");
    }
    assert!(fs::read_to_string(man.join("misfire-serve.1")).unwrap().contains("ADMIN_ADDR"));
}

//! What `misfire serve` says at its start, and `misfire serve --check`.

use std::{fs, path::Path, process::Command};

use misfire_sanitizer::SANITIZER_VERSION;

use crate::{
    helpers::{Api, event, misfire},
    posthog::binary,
};

/// The status, what is said on standard output and on standard error.
fn check(folder: &Path, settings: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = Api::command(folder, settings);
    let output = command.arg("--check").env("RUST_LOG", "info").output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code().unwrap(), out, err)
}

const SIGNING: (&str, &str) = ("WEBHOOK_SIGNING_SECRET", "whsec_c2lnbmluZy1zZWNyZXQtb2YtMzItYnl0ZXMtISEh");
const PULL: [(&str, &str); 3] = [
    ("POSTHOG_APP_HOST", "https://eu.posthog.com"),
    ("POSTHOG_PROJECT", "12345"),
    ("POSTHOG_PERSONAL_API_KEY", "phx_s3cr3t"),
];

#[test]
fn the_settings_are_said_in_a_few_lines_the_same_by_a_check_and_by_a_start() {
    for (settings, lines) in [
        (
            vec![],
            vec![
                "/training_data.jsonl, with generations.jsonl beside it".to_owned(),
                "callers: anybody on this machine, for no secret is set".into(),
                format!("sanitizer: version {SANITIZER_VERSION}, the built-in rules"),
                "events: generation_failed, $ai_generation, $ai_evaluation (built in); nothing is pulled".into(),
            ],
        ),
        (
            vec![("WEBHOOK_SECRET", "s3cr3t-one,s3cr3t-two"), SIGNING],
            vec![
                "callers: must send the secret of WEBHOOK_SECRET (2 values) or a signature by WEBHOOK_SIGNING_SECRET\n"
                    .into(),
            ],
        ),
        (
            vec![("API_ADDR", "0.0.0.0:0"), ("ALLOW_UNAUTHENTICATED", "true")],
            vec!["callers: ANYBODY who can connect, for no secret is set (ALLOW_UNAUTHENTICATED)".into()],
        ),
        (
            vec![("SANITIZER_POLICY", "policy.toml"), ("EVENTS", "events.toml"), ("TRAINING_DATA", "mine.jsonl")],
            vec![
                "/mine.jsonl, with".into(),
                format!("sanitizer: version {SANITIZER_VERSION}, the policy policy.toml"),
                "events: chat_failed, generation_failed, $ai_generation, $ai_evaluation (events.toml)".into(),
            ],
        ),
    ] {
        let folder = std::sync::Arc::new(tempfile::tempdir().unwrap());
        fs::write(folder.path().join("policy.toml"), "off = [\"EMAIL\"]\n").unwrap();
        fs::write(folder.path().join("events.toml"), "[[events]]\nname = \"chat_failed\"\ninput = \"prompt\"\n")
            .unwrap();
        let (status, said, error) = check(folder.path(), &settings);
        assert_eq!((status, error.as_str()), (0, ""), "{said}");
        assert!(said.lines().count() <= 6, "{said}");
        let log = Api::start_in(folder, &settings).process.log();
        for line in &lines {
            assert!(said.contains(line), "{line}\n{said}");
            assert!(log.contains(line.trim_end()), "{line}\n{log}");
        }
        for secret in ["s3cr3t", "c2lnbmluZy"] {
            assert!(!said.contains(secret) && !log.contains(secret), "{said}{log}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (status, said, _) = check(folder.path(), &[&PULL[..], &[("ADMIN_ADDR", "127.0.0.1:9100")]].concat());
    assert_eq!(status, 0, "{said}");
    for part in [
        "pulled from https://eu.posthog.com/api/projects/12345/ every 300 s",
        "health and metrics: http://127.0.0.1:9100",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(!said.contains("s3cr3t"), "{said}");
}

#[test]
fn a_check_ends_with_1_where_a_start_would_and_names_the_setting() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.toml"), "off = [\"NOTHING\"]\n").unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    fs::create_dir(folder.path().join("erased")).unwrap();
    fs::create_dir(folder.path().join("erased/.misfire")).unwrap();
    let of_another_key = format!("key {}\n", "a".repeat(16));
    fs::write(folder.path().join("erased/.misfire/forgotten"), of_another_key).unwrap();
    for (setting, value, named) in [
        ("API_ADDR", "0.0.0.0:3000", "API_ADDR"),
        ("SANITIZER_POLICY", "bad.toml", "SANITIZER_POLICY"),
        ("EVENTS", "bad.toml", "EVENTS"),
        ("EVENTS", "missing.toml", "missing.toml"),
        ("WEBHOOK_SIGNING_SECRET", "no base64!", "WEBHOOK_SIGNING_SECRET"),
        ("PSEUDONYM_KEY", "short", "PSEUDONYM_KEY"),
        ("POSTHOG_PROJECT", "12345", "POSTHOG_APP_HOST"),
        ("POSTHOG_APP_HOST", "https://eu.posthog.com", "POSTHOG_PROJECT"),
        ("WEBHOOK_SECRET_FILE", "missing", "WEBHOOK_SECRET_FILE"),
        ("TRAINING_DATA", "file/training_data.jsonl", "file"),
        ("TRAINING_DATA", "erased/training_data.jsonl", "PSEUDONYM_KEY"),
        ("ADMIN_ADDR", "127.0.0.1", "--admin-addr"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT"),
    ] {
        let (status, _, error) = check(folder.path(), &[(setting, value)]);
        // A value that is none of its kind is clap's to refuse.
        let expected = if named.starts_with("--") { 2 } else { 1 };
        assert!(status == expected && error.contains(named), "{setting}={value}: {status}, {error}");
        let start = Api::command(folder.path(), &[(setting, value)]).output().unwrap();
        assert_eq!(start.status.code(), Some(expected), "{setting}={value} stops the start, too");
    }
}

#[test]
fn a_check_touches_nothing_and_a_running_api_does_not_disturb_it() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(check(folder.path(), &[("TRAINING_DATA", "new/data/training_data.jsonl")]).0, 0);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");

    let api = Api::start_with(&[]);
    api.post(&event(1, "x"));
    let before = crate::files::everything(api.folder.path());
    let addr = api.process.addr.clone();
    let (status, said, error) = check(api.folder.path(), &[("API_ADDR", addr.as_str())]);
    assert_eq!((status, error.as_str()), (0, ""), "{said}");
    assert_eq!(crate::files::everything(api.folder.path()), before);
    assert_eq!(api.post(&event(2, "x")).json()["status"], "stored");
}

#[test]
fn a_variable_that_is_no_setting_is_warned_of_and_others_are_not() {
    let folder = tempfile::tempdir().unwrap();
    for (name, hint) in [
        ("WEBHOOK_SECRT", "; did you mean WEBHOOK_SECRET?"),
        ("TRANING_DATA", "; did you mean TRAINING_DATA?"),
        ("POSTHOG_PERSONAL_KEY", "; did you mean POSTHOG_PERSONAL_API_KEY?"),
        ("SANITIZER_LANGUAGES_EXTRA", ""),
    ] {
        let (status, _, error) = check(folder.path(), &[(name, "s3cr3t")]);
        assert_eq!(status, 0);
        assert!(
            error.contains("WARN")
                && error.trim_end().ends_with(&format!("{name} is set, but there is no such setting{hint}")),
            "{error}"
        );
        assert!(!error.contains("s3cr3t"));
    }
    let quiet = [
        ("POSTHOG_API_KEY", "phc_x"),
        ("API_SERVICE_HOST", "10.0.0.1"),
        ("DATABASE_URL", "x"),
        ("SMTP_URL", "smtp://x"),
        ("WEBHOOK_URL", "http://x"),
        ("WEB_ROOT", "dist"),
        ("PULL_INTERVAL_S", "60"),
        ("LOG_FORMAT", "text"),
    ];
    assert_eq!(check(folder.path(), &quiet).2, "");
}

/// Both programs may have one environment, from one `.env`.
#[test]
fn the_settings_of_both_programs_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = std::collections::BTreeSet::new();
    for mut program in [misfire(), Command::new(binary("posthog-local"))] {
        let pages =
            [&["--help"][..], &["serve", "--help"], &["web", "--help"], &["pull", "--help"], &["provision", "--help"]];
        for arguments in pages {
            let mut program = Command::new(program.get_program());
            let help = String::from_utf8(program.env_clear().args(arguments).output().unwrap().stdout).unwrap();
            let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
            let variables = help.split("[env: ").skip(1).map(|rest| rest.split(['=', ']']).next().unwrap().to_owned());
            names.extend(variables);
        }
        program.env_clear();
    }
    assert!(names.len() > 25 && names.contains("POSTHOG_LOCAL_HOSTS") && names.contains("PULL_SUCCESSES"), "{names:?}");
    let set: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(check(folder.path(), &set).2, "");
}

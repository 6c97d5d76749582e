//! The binary itself: its settings, its first line, its end.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use posthog_local::{app::App, settings::Secrets};

use crate::support::{Answer, Receiver, UUID, failure, settings};

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_posthog-local"));
    command.env_clear().env("POSTHOG_LOCAL_ADDR", "127.0.0.1:0").stderr(Stdio::piped());
    command
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

#[test]
fn it_says_where_it_listens_answers_health_checks_and_ends_on_sigterm() {
    let secret = "hunter2-hunter2";
    let mut running = Running(binary().env("WEBHOOK_SECRET", secret).spawn().unwrap());
    let mut log = BufReader::new(running.0.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    let (_, addr) = line.trim_end().split_once("listening on http://").unwrap_or_else(|| panic!("{line}"));
    assert!(addr.starts_with("127.0.0.1:") && !addr.ends_with(":0"), "{line}");

    let health = |addr: &str| binary().args(["health", "--addr", addr]).output().unwrap().status.code();
    assert_eq!(health(addr), Some(0));
    assert_eq!(health("127.0.0.1:9"), Some(1));

    assert!(Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap().success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert!(!format!("{line}{rest}").contains(secret));
}

#[actix_web::test]
async fn what_could_not_be_delivered_before_the_end_is_counted() {
    let silent = Receiver::start(vec![Answer::Silence; 9]).await;
    let mut running = Running(binary().env("WEBHOOK_URL", &silent.url).spawn().unwrap());
    let mut log = BufReader::new(running.0.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    let (_, addr) = line.trim_end().split_once("listening on ").unwrap();
    let body = serde_json::json!({"api_key": "t", "batch": [failure(UUID)]});
    reqwest::Client::new().post(format!("{addr}/batch/")).json(&body).send().await.unwrap();
    assert!(Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("1 deliveries were dropped: they did not finish within 3 s"), "{rest}");
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
}

#[test]
fn help_names_every_setting_and_shows_no_secret() {
    let secrets =
        ["WEBHOOK_SECRET", "WEBHOOK_SIGNING_SECRET", "SMTP_URL", "POSTHOG_PERSONAL_API_KEY", "POSTHOG_SECRET_API_KEY"];
    let mut command = binary();
    command.arg("--help").envs(secrets.map(|name| (name, "hunter2"))).env("WEBHOOK_URL", "http://u:hunter2@x.test/");
    let help = String::from_utf8(command.output().unwrap().stdout).unwrap();
    for name in [
        "POSTHOG_LOCAL_ADDR",
        "127.0.0.1:8000",
        "WEBHOOK_URL",
        "http://localhost:3000/api/webhooks",
        "RUST_LOG",
        "POSTHOG_LOCAL_EVENTS_MAX",
        "16777216",
        "POSTHOG_LOCAL_HOSTS",
        "POSTHOG_LOCAL_TRUST_FORWARDED",
        "POSTHOG_LOCAL_RETRY_AFTER",
    ] {
        assert!(help.contains(name), "{help}");
    }
    assert!(secrets.iter().all(|name| help.contains(name)), "{help}");
    assert!(!help.contains("hunter2"), "{help}");
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let names =
        ["WEBHOOK_URL", "POSTHOG_LOCAL_CONFIG", "POSTHOG_LOCAL_EVENTS_MAX", "POSTHOG_LOCAL_RETRY_AFTER", "SMTP_URL"];
    let mut running = Running(binary().envs(names.map(|name| (name, ""))).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stderr.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("listening on "), "{line}");
}

#[test]
fn a_wrong_setting_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project.toml");
    let project = include_str!("../../project.toml").replace(r#"operator = "exact""#, r#"operator = "exakt""#);
    fs::write(&path, project).unwrap();
    let path = path.to_str().unwrap();
    let broken = folder.path().join("broken.toml");
    fs::write(&broken, "x = 1\n[[destinations\n").unwrap();
    let broken = broken.to_str().unwrap();
    for (name, value, expected) in [
        (
            "POSTHOG_LOCAL_CONFIG",
            path,
            r#"workflows[0].trigger.filters.events[0].properties[0].operator: unknown operator "exakt""#,
        ),
        ("POSTHOG_LOCAL_CONFIG", broken, "the file is not TOML: line 2, column "),
        ("POSTHOG_LOCAL_CONFIG", "/nowhere.toml", "cannot read /nowhere.toml"),
        ("POSTHOG_LOCAL_ADDR", "here", "POSTHOG_LOCAL_ADDR must be an IP address and a port"),
        ("WEBHOOK_URL", "ftp://x.test", "destinations[0].inputs.url: must be an http:// or https:// URL"),
        ("WEBHOOK_URL", "nope", "like http://localhost:3000/api/webhooks; set WEBHOOK_URL to such a value"),
        ("WEBHOOK_SIGNING_SECRET", "hunter2", "destinations[0].inputs.signing_secret: must be base64"),
        ("WEBHOOK_SIGNING_SECRET", "hunter2", "`openssl rand -base64 32` makes it; set WEBHOOK_SIGNING_SECRET"),
        ("WEBHOOK_SECRET", "hunter2\u{1}", "WEBHOOK_SECRET holds a line break or another control character"),
        ("POSTHOG_LOCAL_EVENTS_MAX", "0", "POSTHOG_LOCAL_EVENTS_MAX must be a whole number of at least 1"),
        ("POSTHOG_LOCAL_EVENTS_BYTES_MAX", "1 GiB", "POSTHOG_LOCAL_EVENTS_BYTES_MAX must be a whole number"),
        ("SMTP_URL", "hunter2", "SMTP_URL must be like smtp://"),
        ("SMTP_URL_FILE", "/nowhere", "SMTP_URL_FILE: the file cannot be read"),
        ("WEBHOOK_SECRET", ",", "WEBHOOK_SECRET holds commas but no secret"),
    ] {
        let output = binary().env(name, value).env("RUST_BACKTRACE", "1").output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(expected), "{name}={value}: {told}");
        assert!(!told.contains("hunter2"), "{told}");
        // clap's own errors have a line of help each.
        assert!(told.trim_end().lines().count() == 1 || told.starts_with("error:"), "{told}");
    }
}

#[actix_web::test]
async fn a_taken_port_is_named_with_the_variable_that_moves_it() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut settings = settings(None, None);
    settings.addr = taken.local_addr().unwrap();
    let error = App::build(settings, Secrets::default()).err().unwrap().to_string();
    assert!(error.contains("POSTHOG_LOCAL_ADDR"), "{error}");
}

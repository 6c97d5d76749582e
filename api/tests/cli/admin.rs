//! `ADMIN_ADDR`, and the metric that says which build this is.

use misfire_sanitizer::SANITIZER_VERSION;
use rustix::process::Signal;

use crate::{
    helpers::{Answer, Api, agent, event, eventually, misfire},
    posthog::binary,
};

fn admin_of(api: &Api) -> String {
    let log = api.process.log();
    let (_, rest) = log.split_once("health and metrics on http://").expect("it says where");
    rest.lines().next().unwrap().trim().to_owned()
}

fn get(addr: &str, path: &str) -> Answer {
    Answer::of(agent().get(format!("http://{addr}{path}")).call().unwrap())
}

#[test]
fn health_and_metrics_move_to_an_address_of_their_own() {
    let api = Api::start_with(&[("ADMIN_ADDR", "127.0.0.1:0")]);
    let admin = admin_of(&api);
    assert_ne!(admin, api.process.addr);
    for path in ["/health", "/ready", "/metrics"] {
        assert_eq!(get(&admin, path).status, 200, "{path}");
        api.process.get(path, &[]).problem(404);
        assert_eq!(agent().post(format!("http://{admin}{path}")).send("").unwrap().status(), 405, "{path}");
        let from_a_page =
            agent().get(format!("http://{admin}{path}")).header("origin", "https://x.test").call().unwrap();
        assert_eq!(from_a_page.status(), 403, "{path}");
    }
    for path in ["/api/webhooks", "/api/openapi.json", "/"] {
        assert_eq!(get(&admin, path).status, 404, "{path}");
    }
    assert_eq!(api.post(&event(1, "x")).status, 200);
    assert!(get(&admin, "/metrics").body.contains("misfire_events_total{outcome=\"stored\"} 1"));
    // What a health check in the same container has in its environment leads it there.
    let health = |variables: &[(&str, &str)]| {
        misfire().arg("health").envs(variables.iter().copied()).output().unwrap().status.success()
    };
    assert!(health(&[("API_ADDR", &api.process.addr), ("ADMIN_ADDR", &admin)]));
    assert!(!health(&[("API_ADDR", &api.process.addr)]));
    let (status, log) = api.process.signal(Signal::TERM);
    assert!(status.success(), "{log}");
    assert!(agent().get(format!("http://{admin}/health")).call().is_err(), "it is gone with the API");
}

#[test]
fn without_it_they_stay_where_the_api_is() {
    for empty in [&[][..], &[("ADMIN_ADDR", "")]] {
        let api = Api::start_with(empty);
        for path in ["/health", "/ready", "/metrics"] {
            assert_eq!(api.process.get(path, &[]).status, 200, "{path}");
        }
    }
}

#[test]
fn two_servers_do_not_share_an_address() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Api::command(folder.path(), &[("API_ADDR", "127.0.0.1:3999"), ("ADMIN_ADDR", "127.0.0.1:3999")]);
    let output = command.output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && error.contains("ADMIN_ADDR and API_ADDR are both"), "{error}");
}

#[test]
fn a_metric_and_the_version_say_which_build_this_is() {
    let said = |program: &mut std::process::Command| {
        String::from_utf8(program.arg("--version").output().unwrap().stdout).unwrap().trim().to_owned()
    };
    let version = said(&mut misfire());
    let release = env!("CARGO_PKG_VERSION");
    let inner = version.strip_prefix(&format!("misfire {release} (")).and_then(|rest| rest.strip_suffix(')')).unwrap();
    // Built from a tarball there is no commit.
    let (commit, sanitizer) = match inner.split_once(", ") {
        Some((commit, sanitizer)) => (commit.strip_prefix("commit ").unwrap(), sanitizer),
        None => ("unknown", inner),
    };
    assert!(commit == "unknown" || commit.len() == 12, "{version}");
    assert_eq!(sanitizer, format!("sanitizer {SANITIZER_VERSION}"));

    let local = said(&mut std::process::Command::new(binary("posthog-local")));
    // It may be of another commit, if only one of the two was built since.
    let its_commit =
        local.strip_prefix(&format!("posthog-local {release} (commit ")).and_then(|rest| rest.strip_suffix(')'));
    assert!(commit == "unknown" || its_commit.is_some_and(|its| its.len() == commit.len()), "{local}");

    let api = Api::start();
    let expected = format!(
        "misfire_build_info{{version=\"{release}\",commit=\"{commit}\",sanitizer_version=\"{SANITIZER_VERSION}\"}} 1"
    );
    eventually("the metric is there", || api.process.get("/metrics", &[]).body.contains(&expected));
}

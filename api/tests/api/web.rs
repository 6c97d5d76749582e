//! `misfire web`: the page as a browser gets it.

use std::{fs, path::Path, process::Stdio};

use serde_json::json;

use crate::helpers::{Process, misfire};

fn site(root: &Path, settings: &[(&str, &str)]) -> Process {
    fs::write(root.join("index.html"), "<!doctype html><script type=\"module\">alert(1)</script>").unwrap();
    fs::write(root.join("page-0123456789abcdef.js"), "let plain").unwrap();
    fs::write(root.join("page-0123456789abcdef.js.br"), "brotli").unwrap();
    let mut command = misfire();
    command.arg("web").env("WEB_ADDR", "127.0.0.1:0").env("WEB_ROOT", root).envs(settings.iter().copied());
    Process::start(command)
}

#[test]
fn the_page_comes_with_a_strict_policy_and_is_asked_for_anew() {
    let root = tempfile::tempdir().unwrap();
    let site = site(root.path(), &[]);
    let page = site.get("/", &[]);
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("'wasm-unsafe-eval' 'sha256-"), "{policy}");
    assert!(policy.contains("connect-src 'self' http://localhost:8000;"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn files_with_a_hash_are_cached_for_good_and_sent_as_they_were_compressed() {
    let root = tempfile::tempdir().unwrap();
    let site = site(root.path(), &[]);
    let plain = site.get("/page-0123456789abcdef.js", &[("accept-encoding", "identity")]);
    assert_eq!((plain.body.as_str(), plain.header("content-encoding")), ("let plain", None));
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let brotli = site.get("/page-0123456789abcdef.js", &[("accept-encoding", "br, gzip")]);
    assert_eq!((brotli.body.as_str(), brotli.header("content-encoding")), ("brotli", Some("br")));
    assert!(brotli.header("content-type").unwrap().starts_with("text/javascript"));
    assert_eq!(site.get("/page-fedcba9876543210.js", &[]).status, 404);
    assert_eq!(site.get("/page-fedcba9876543210.js", &[]).header("cache-control"), Some("no-cache"));
}

#[test]
fn config_json_tells_where_posthog_is_and_nothing_secret() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("config.json"), "{\"posthog_host\":\"the one that trunk wrote\"}").unwrap();
    let settings =
        [("POSTHOG_HOST", "https://eu.i.posthog.com/"), ("POSTHOG_KEY", "phc_abc"), ("WEBHOOK_SECRET", "s3cr3t")];
    let config = site(root.path(), &settings).get("/config.json", &[]);
    assert_eq!(
        config.json(),
        json!({"posthog_host": "https://eu.i.posthog.com", "posthog_key": "phc_abc", "inspector_url": null})
    );
    assert_eq!(config.header("cache-control"), Some("no-cache"));
}

#[test]
fn a_personal_key_and_a_page_that_is_not_built_stop_the_start() {
    let root = tempfile::tempdir().unwrap();
    let refused = |settings: &[(&str, &str)]| {
        let mut command = misfire();
        command.arg("web").env("WEB_ADDR", "127.0.0.1:0").env("WEB_ROOT", root.path()).envs(settings.iter().copied());
        let output = command.stderr(Stdio::piped()).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&[]).contains("scripts/build-page"));
    fs::write(root.path().join("index.html"), "").unwrap();
    let error = refused(&[("POSTHOG_KEY", "phx_s3cr3t")]);
    assert!(error.contains("POSTHOG_KEY") && !error.contains("s3cr3t"), "{error}");
}

//! What is refused at the start, by real servers: each message says what to change.

use async_nats::Request;
use serde_json::{Value, json};

use crate::{
    helpers::Process,
    servers::{Options, Servers},
    vocabulary::{Writer, node_command, settings, with, writer_command},
};

/// Asks JetStream's API.
fn ask(servers: &Servers, subject: &str, body: &Value) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = async_nats::connect(servers.urls()).await.unwrap();
        let request = Request::new().payload(body.to_string().into());
        let answer = client.send_request(subject.to_owned(), request).await.unwrap();
        serde_json::from_slice(&answer.payload).unwrap()
    })
}

/// A stream as the writer makes it, changed.
fn make_stream(servers: &Servers, changes: &Value) {
    let mut config = json!({"name": "MISFIRE_0", "subjects": ["misfire.0.*"], "retention": "limits", "storage": "file",
        "discard": "new", "num_replicas": 1, "max_bytes": 1 << 24, "max_msgs": -1, "max_msgs_per_subject": -1,
        "duplicate_window": 600_000_000_000_u64, "allow_direct": true});
    for (key, value) in changes.as_object().unwrap() {
        config[key] = value.clone();
    }
    ask(servers, "$JS.API.STREAM.DELETE.MISFIRE_0", &json!({}));
    let made = ask(servers, "$JS.API.STREAM.CREATE.MISFIRE_0", &config);
    assert!(made["error"].is_null(), "{made}");
}

fn refused(command: std::process::Command) -> String {
    match Process::try_start(command) {
        Ok(process) => panic!("it started: {}", process.log()),
        Err(log) => log,
    }
}

#[test]
fn a_stream_that_would_lose_events_is_refused_by_the_writer_and_by_nodes() {
    let Some(servers) = Servers::one() else { return };
    let settings = settings(&servers);
    let folder = tempfile::tempdir().unwrap();
    for (changes, said) in [
        (json!({"storage": "memory"}), "in memory"),
        (json!({"retention": "interest"}), "interest"),
        (json!({"retention": "workqueue"}), "workqueue"),
        (json!({"discard": "old"}), "--discard new"),
        (json!({"max_age": 3_600_000_000_000_u64}), "--max-age 0"),
        (json!({"duplicate_window": 60_000_000_000_u64}), "--dupe-window 10m"),
        (json!({"persist_mode": "async"}), "persist_mode async"),
        (json!({"deny_purge": true}), "may not be purged"),
        (json!({"no_ack": true}), "no_ack"),
        (json!({"allow_direct": false}), "--allow-direct"),
        (json!({"subjects": ["misfire.0.line", "misfire.0.quarantine"]}), "misfire.0.*"),
        (json!({"metadata": {"misfire_pseudonym_keys": "0123456789abcdef"}}), "PSEUDONYM_KEY"),
    ] {
        make_stream(&servers, &changes);
        for command in [writer_command(folder.path(), &settings), node_command(&settings)] {
            let log = refused(command);
            assert!(log.contains(said) && log.contains("MISFIRE_0"), "{changes}: {log}");
        }
    }
    // A stream of somebody who had no keys yet is taken over by the writer.
    make_stream(&servers, &json!({"metadata": {"misfire_pseudonym_keys": ""}}));
    let log = refused(node_command(&settings));
    assert!(log.contains("PSEUDONYM_KEY"), "{log}");
}

#[test]
fn too_few_replicas_another_key_and_streams_that_were_made_anew_are_refused() {
    let Some(servers) = Servers::one() else { return };
    let settings = settings(&servers);
    let log = refused(node_command(&settings));
    assert!(log.contains("start `misfire write` first"), "{log}");
    let mut writer = Writer::start(&settings);
    let log = refused(node_command(&with(&settings, &[("NATS_REPLICAS_MIN", "3"), ("NATS_MONITOR", "")])));
    assert!(log.contains("--replicas 3"), "{log}");
    let other = [("PSEUDONYM_KEY", "another key of sixteen bytes")];
    let log = refused(node_command(&with(&settings, &other)));
    assert!(log.contains("another PSEUDONYM_KEY"), "{log}");
    let log = refused(node_command(&with(&settings, &[("PSEUDONYM_KEY", "")])));
    assert!(log.contains("PSEUDONYM_KEY is not set"), "{log}");
    let folder = tempfile::tempdir().unwrap();
    let log = refused(writer_command(folder.path(), &with(&settings, &[("PSEUDONYM_KEY", "")])));
    assert!(log.contains("PSEUDONYM_KEY is not set"), "{log}");
    let log = refused(writer_command(folder.path(), &with(&settings, &[("NATS_URL", "")])));
    assert!(log.contains("NATS_URL is not set"), "{log}");
    // The second writer on the same folder waits for the first, and gives up.
    let log = refused(writer_command(writer.folder.path(), &settings));
    assert!(log.contains("is written by process"), "{log}");

    // A key is changed by giving the writer both first; then nodes with either are fine.
    writer.stop();
    let both = format!("{},{}", other[0].1, crate::vocabulary::KEY);
    writer.settings = with(&settings, &[("PSEUDONYM_KEY", &both)]);
    writer.launch();
    drop(Process::start(node_command(&settings)));
    drop(Process::start(node_command(&with(&settings, &[("PSEUDONYM_KEY", &both)]))));

    writer.stop();
    for stream in ["MISFIRE_0", "MISFIRE_1"] {
        ask(&servers, &format!("$JS.API.STREAM.DELETE.{stream}"), &json!({}));
    }
    let log = refused(writer_command(writer.folder.path(), &writer.settings));
    assert!(log.contains("--new-streams"), "{log}");
    let mut anew = writer_command(writer.folder.path(), &writer.settings);
    anew.arg("--new-streams");
    drop(Process::start(anew));
}

#[test]
fn servers_that_take_small_messages_or_sync_late_are_refused() {
    let Some(servers) = Servers::start(Options { max_payload: "1MB", ..Options::default() }) else { return };
    let log = refused(writer_command(tempfile::tempdir().unwrap().path(), &settings(&servers)));
    assert!(log.contains("max_payload to 6291456"), "{log}");

    let Some(servers) = Servers::start(Options { sync: "2m", ..Options::default() }) else { return };
    let settings = settings(&servers);
    let folder = tempfile::tempdir().unwrap();
    let log = refused(writer_command(folder.path(), &settings));
    assert!(log.contains("sync_interval: always") && log.contains("server n1"), "{log}");
    for allowed in [("NATS_ALLOW_LAZY_SYNC", "true"), ("NATS_MONITOR", "")] {
        let writer = Process::start(writer_command(folder.path(), &with(&settings, &[allowed])));
        assert!(writer.log().contains("WARN"), "it is said loudly: {}", writer.log());
    }
    let writer = Process::start(writer_command(folder.path(), &with(&settings, &[("NATS_MONITOR", "")])));
    assert!(writer.get("/metrics", &[]).body.contains("misfire_sync_unseen 1\n"));
}

//! An event's way through a cluster, and what each part answers.

use std::fs;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    helpers::{event, eventually, uuid},
    servers::{Servers, streams_of},
    vocabulary::{Writer, assert_each_once, node, post, settings, with},
};

#[test]
fn events_pass_from_any_node_to_the_files_and_each_answer_is_that_of_one_machine() {
    let Some(servers) = Servers::one() else { return };
    let settings = settings(&servers);
    let mut writer = Writer::start(&settings);
    let nodes = [node(&settings), node(&settings)];

    let mut unusable = event(50, "x");
    unusable["event"]["properties"] = json!({});
    let mut with_row = event(51, "where is order 17?");
    with_row["event"]["event"] = "$ai_generation".into();
    with_row["event"]["properties"] = json!({"$ai_is_error": true, "$ai_input": "where is order 17?", "$ai_output_choices": "half", "$ai_error": "timeout"});
    for number in 0..40 {
        let answer = post(&nodes[number as usize % 2], &event(number, "mail jane@example.com"));
        assert_eq!(answer.json()["status"], "stored", "{}", answer.body);
    }
    assert_eq!(post(&nodes[1], &event(0, "again")).json()["status"], "duplicate");
    assert_eq!(post(&nodes[0], &with_row).json()["status"], "stored");
    post(&nodes[1], &unusable).problem(422);
    let answer =
        nodes[0].post("/api/webhooks", &[("prefer", "return=representation")], event(52, "y").to_string().as_bytes());
    assert_eq!(answer.json()["record"]["input_prompt"], "y");

    writer.wait_until_all_is_read();
    let lines = writer.lines();
    assert_each_once(&lines, (0..40).chain([51, 52]));
    assert_eq!((lines.len(), writer.rows().len()), (42, 1));
    let text = fs::read_to_string(writer.folder.path().join("training_data.jsonl")).unwrap();
    assert!(text.contains("mail [EMAIL_1]") && !text.contains("jane@"));
    let quarantine = fs::read_to_string(writer.folder.path().join(".misfire/quarantine.jsonl")).unwrap();
    assert_eq!(quarantine.lines().count(), 1);
    assert!(quarantine.contains(&uuid(50)));

    // The positions are noted, and the streams emptied up to them.
    eventually("noted positions", || {
        let streams = writer.catalog()["streams"].clone();
        let read = |name: &str| (streams[name]["sequence"].as_u64(), streams[name]["last"].as_u64());
        matches!((read("MISFIRE_0"), read("MISFIRE_1")), ((Some(a), Some(b)), (Some(c), Some(d))) if a + c == 43 && a == b && c == d)
    });
    let (is_fine, said) = writer.command(&["verify"]);
    assert!(is_fine && said.contains("nothing wrong"), "{said}");

    for node in &nodes {
        assert_eq!(node.get("/ready", &[]).status, 200);
        let metrics = node.get("/metrics", &[]).body;
        assert!(
            metrics.contains("misfire_publish_seconds_count") && metrics.contains("misfire_hedged_total 0"),
            "{metrics}"
        );
    }
    assert!(writer.metrics().contains("misfire_lag_records 0\n"));
    assert!(writer.metrics().contains("misfire_sync_unseen 0\n"), "all servers are monitored");
    for node in nodes {
        let (status, log) = node.signal(Signal::TERM);
        assert!(status.success() && !log.contains("ERROR"), "{log}");
    }
    writer.stop();
    writer.launch();
    writer.wait_until_all_is_read();
    assert_eq!(writer.lines().len(), 42);
}

#[test]
fn without_a_cluster_its_metrics_are_not_shown() {
    let api = crate::helpers::Api::start();
    let metrics = api.process.get("/metrics", &[]).body;
    for name in ["lag_records", "publish_seconds", "hedged", "sync_unseen"] {
        assert!(!metrics.contains(name), "{metrics}");
    }
}

#[test]
fn what_was_purged_and_comes_again_after_a_restart_of_the_servers_is_one_line() {
    let Some(mut servers) = Servers::one() else { return };
    let settings = settings(&servers);
    let writer = Writer::start(&settings);
    let node = node(&settings);
    for number in 0..20 {
        assert_eq!(post(&node, &event(number, "x")).status, 200);
    }
    writer.wait_until_all_is_read();
    eventually("a purge", || {
        let streams = writer.catalog()["streams"].clone();
        ["MISFIRE_0", "MISFIRE_1"].iter().filter_map(|name| streams[name]["sequence"].as_u64()).sum::<u64>() == 20
    });
    eventually("the streams to be empty", || messages_in_streams(&servers) == 0);
    servers.kill(0);
    post(&node, &event(20, "x")).problem(429);
    assert_eq!(node.get("/ready", &[]).status, 503);
    servers.launch(0);
    servers.wait_until_healthy();
    eventually("the node to be ready again", || node.get("/ready", &[]).status == 200);
    // JetStream has forgotten the ids of purged messages; the files have not forgotten their uuids.
    for number in 0..21 {
        let answer: Value = post(&node, &event(number, "x")).json();
        assert_ne!(answer["status"], "ignored");
    }
    writer.wait_until_all_is_read();
    assert_each_once(&writer.lines(), 0..21);
}

#[test]
fn two_writers_are_two_full_copies_and_nothing_is_removed_before_both_have_it() {
    let Some(servers) = Servers::one() else { return };
    let settings = with(&settings(&servers), &[("NATS_WRITERS", "2")]);
    let first = Writer::start(&settings);
    let mut second = Writer::start(&settings);
    let node = node(&settings);
    for number in 0..10 {
        assert_eq!(post(&node, &event(number, "x")).status, 200);
    }
    [&first, &second].into_iter().for_each(Writer::wait_until_all_is_read);
    eventually("a purge", || messages_in_streams(&servers) == 0);
    second.kill();
    for number in 10..20 {
        assert_eq!(post(&node, &event(number, "x")).status, 200);
    }
    first.wait_until_all_is_read();
    // The dead one counts as there for ten seconds, but its position does not move.
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(messages_in_streams(&servers), 10);
    second.launch();
    second.wait_until_all_is_read();
    eventually("a purge", || messages_in_streams(&servers) == 0);
    assert_each_once(&first.lines(), 0..20);
    assert_eq!(first.lines(), second.lines());
}

fn messages_in_streams(servers: &Servers) -> u64 {
    streams_of(&servers.monitors()).iter().filter_map(|stream| stream["state"]["messages"].as_u64()).sum()
}

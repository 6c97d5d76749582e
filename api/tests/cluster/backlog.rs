//! What waits in the streams while the writer is away.

use std::{env, fs, thread};

use serde_json::Value;

use crate::{
    helpers::{event, eventually, uuid},
    servers::Servers,
    vocabulary::{Writer, assert_each_once, node, post, settings, with},
};

/// How many messages of a person wait; `scripts/test-cluster` has 10,000.
fn waiting() -> u32 {
    if env::var_os("CLUSTER_FAULTS").is_some() { 10_000 } else { 600 }
}

#[test]
fn nothing_of_a_person_who_is_erased_comes_out_of_the_streams() {
    let Some(servers) = Servers::one() else { return };
    let settings = settings(&servers);
    let mut writer = Writer::start(&settings);
    let node = node(&settings);
    assert_eq!(post(&node, &event(0, "before")).status, 200);
    writer.wait_until_all_is_read();
    writer.kill();

    let count = waiting();
    thread::scope(|scope| {
        for client in 0..8 {
            let node = &node;
            scope.spawn(move || {
                for number in (1..=count).filter(|number| number % 8 == client) {
                    let mut body = event(number, "of a person");
                    // Every hundredth is another person's.
                    if number % 100 == 0 {
                        body["event"]["distinct_id"] = "user_1008".into();
                    }
                    assert_eq!(post(node, &body).status, 200);
                }
            });
        }
    });
    // The erasure may come while the writer is away, and while it takes what waits.
    let (is_done, said) = writer.command(&["forget", "--distinct-id", "user_1007", "--yes"]);
    assert!(is_done && said.contains("streams"), "{said}");
    writer.launch();
    writer.wait_until_all_is_read();
    let lines = writer.lines();
    assert_eq!(lines.len() as u32, count / 100);
    assert_each_once(&lines, (1..=count).filter(|number| number % 100 == 0));
    let receipts = fs::read_to_string(writer.folder.path().join(".misfire/receipts.jsonl")).unwrap();
    let receipt: Value = serde_json::from_str(receipts.lines().last().unwrap()).unwrap();
    assert!(receipt["in_streams"]["messages"].is_u64(), "{receipt}");

    // Beside a running writer with messages on their way.
    for number in 20_000..20_200 {
        let mut body = event(number, "again");
        body["event"]["distinct_id"] = "user_1008".into();
        assert_eq!(post(&node, &body).status, 200);
    }
    let (is_done, said) = writer.command(&["forget", "--distinct-id", "user_1008", "--yes"]);
    assert!(is_done, "{said}");
    writer.wait_until_all_is_read();
    assert_eq!(writer.lines().len(), 0);
    // A later delivery of an erased event: the node cannot know, and the writer drops it.
    assert_eq!(post(&node, &event(30_000, "older than the erasure")).json()["status"], "stored");
    writer.wait_until_all_is_read();
    assert!(!writer.lines().contains_key(&uuid(30_000)));
}

#[test]
fn full_streams_are_503_until_the_writer_has_emptied_them_and_nothing_is_lost() {
    let Some(servers) = Servers::one() else { return };
    let settings = with(&settings(&servers), &[("NATS_MAX_BYTES", "33554432")]);
    let mut writer = Writer::start(&settings);
    let node = node(&settings);
    writer.stop();
    let prompt = "many words ".repeat(20_000);
    let mut acknowledged = Vec::new();
    let mut refused = None;
    for number in 0..600 {
        let answer = post(&node, &event(number, &prompt));
        if answer.status != 200 {
            refused = Some((number, answer));
            break;
        }
        acknowledged.push(number);
    }
    let (number, answer) = refused.expect("the streams are never full");
    let problem = answer.problem(503);
    assert_eq!(problem["type"], "urn:misfire:problem:cluster-full");
    assert_eq!(node.get("/ready", &[]).status, 503);
    assert!(acknowledged.len() > 200, "both streams were filled: {}", acknowledged.len());
    writer.launch();
    writer.wait_until_all_is_read();
    eventually("a node that is ready again", || node.get("/ready", &[]).status == 200);
    eventually("room", || post(&node, &event(number, &prompt)).status == 200);
    writer.wait_until_all_is_read();
    acknowledged.push(number);
    let lines = writer.lines();
    assert_each_once(&lines, acknowledged.iter().copied());
    assert_eq!(lines.len(), acknowledged.len());
}

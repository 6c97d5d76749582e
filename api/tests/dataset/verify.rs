//! `misfire verify`: each thing that can be wrong is found and its place named, and what the API writes is right.

use std::fs;

use serde_json::json;

use crate::helpers::{Data, Event, misfire, uuid};

const HOSTILE: [&str; 7] = [
    "a\u{85}b\u{2028}c\u{2029}d\r\n\t\0\u{7}\u{FEFF}",
    "write to jane@example.com, card 4111 1111 1111 1111, or call +1 415 555 0132",
    "{\"fake\":\"json\"}\n{\"line\":2}",
    "椅子 🪑 \u{202E}override\u{202C} \\ \"quoted\" </script>",
    "[EMAIL_1] and [EMAIL_65535] and [NOT_A_LABEL]",
    "Authorization: Bearer abcdef0123456789abcdef",
    "my password is hunter2, and postgres://app:hunter2@db.example.org/x",
];

fn hostile(from: u32) -> Vec<Event> {
    let chats = [
        json!([{"role": "user", "content": "I am jane@example.com"}, {"role": "assistant", "content": "Hi \u{2028} Jane Doe"}]),
        json!({"password": "hunter2", "messages": ["call +1 415 555 0132"]}),
        json!("x".repeat(262_144)),
    ];
    let prompts = HOSTILE.iter().map(|prompt| json!(prompt)).chain(chats);
    let mut events: Vec<_> = (from..)
        .zip(prompts)
        .map(|(number, prompt)| Event { reason: HOSTILE[1], ..Event::new(number, prompt) })
        .collect();
    for (event, user) in
        events.iter_mut().zip(["jane@example.com", "Jane Doe", "user_1007", "", "u_12", "4111111111111111"])
    {
        event.user = user.into();
    }
    events
}

#[test]
fn what_the_api_writes_is_right() {
    let data = Data::of_files(&[&hostile(0), &hostile(100), &hostile(200)]);
    let said = data.misfire("verify", &[]).fine();
    assert!(said.contains("training_data.000001.jsonl: 10 lines") && said.contains("sanitizer"), "{said}");
    assert!(said.ends_with("30 lines: nothing wrong\n"), "{said}");
    let report = data.misfire("verify", &["--json"]).json();
    assert_eq!((&report["ok"], &report["lines"], &report["problems"]), (&json!(true), &json!(30), &json!({})));
    assert_eq!(report["files"][2]["file"], "training_data.jsonl");
}

/// What is done to the second of three sound lines, or to the file, and what is found where.
#[test]
fn each_thing_that_is_wrong_is_found_with_its_line() {
    let sound = Data::of(&[Event::new(1, "a chair"), Event::new(2, "a table 椅"), Event::new(3, "a lamp")]).text();
    let lines: Vec<_> = sound.lines().collect();
    let second =
        |change: &dyn Fn(&str) -> String| format!("{}\n{}\n{}\n", lines[0], change(lines[1]), lines[2]).into_bytes();
    let replaced = |from: &'static str, to: &str| {
        assert!(lines[1].contains(from), "{from}");
        second(&|line| line.replace(from, to))
    };
    let long = "x".repeat(262_145);
    let longer_reason = "y".repeat(1_025);
    let cases: Vec<(&str, u64, Vec<u8>)> = vec![
        ("empty-file", 0, Vec::new()),
        ("no-newline", 3, sound.trim_end().into()),
        ("byte-order-mark", 1, format!("\u{FEFF}{sound}").into()),
        ("carriage-return", 2, second(&|line| format!("{line}\r"))),
        ("blank-line", 2, second(&|_| String::new())),
        ("blank-line", 2, second(&|_| " \t ".into())),
        ("too-long", 2, second(&|line| line.replace("a table", &"z".repeat(21 << 20)))),
        (
            "not-utf-8",
            2,
            second(&|line| line.replace('椅', "?"))
                .iter()
                .map(|byte| if *byte == b'?' { 0xFF } else { *byte })
                .collect(),
        ),
        ("nul-bytes", 2, replaced("a table", "a \0table")),
        ("not-json", 2, replaced("{", "")),
        ("not-json", 2, replaced("a table", "a \"table\"")),
        ("not-json", 2, second(&|line| format!("{line}{line}"))),
        ("keys", 2, replaced("\"timeout\"", "null")),
        ("keys", 2, replaced("\"timeout\"", "7")),
        ("keys", 2, replaced("\"event\":\"generation_failed\",", "")),
        ("keys", 2, replaced("\"}", "\",\"model\":\"m\"}")),
        ("keys", 2, second(&|line| line.replace("\"event\":", "\"Event\":"))),
        ("keys", 2, second(&|_| "[1]".into())),
        ("surrogate", 2, replaced("a table", "a \\ud800 table")),
        ("surrogate", 2, replaced("a table", "a \\uDC00\\uD800 table")),
        ("line-separator", 2, replaced("a table", "a\u{2028}table")),
        ("line-separator", 2, replaced("a table", "a\u{85}table")),
        ("control", 2, replaced("a table", "a\\u0000table")),
        ("control", 2, replaced("a table", "a\u{9F}table")),
        ("control", 2, replaced("a table", "a\u{FEFF}table")),
        ("control", 2, replaced("timeout", "time\\rout")),
        ("timestamp", 2, replaced("30.123Z", "30Z")),
        ("timestamp", 2, replaced("2026-03-02", "2026-02-30")),
        ("timestamp", 2, replaced(".123Z", ".123+00:00")),
        ("event", 2, replaced("generation_failed", "feature_used")),
        ("length", 2, replaced("a table 椅", "")),
        ("length", 2, replaced("a table 椅", &long)),
        ("length", 2, replaced("timeout", &longer_reason)),
        ("length", 2, replaced("user_2", "")),
        ("uuid", 2, replaced("0193acb2", "0193ACB2")),
        ("uuid", 2, replaced("0193acb2-", "")),
        ("repeated-uuid", 3, second(&|line| line.replace(&uuid(2), &uuid(3)))),
        ("finding", 2, replaced("a table", "jane@example.com wants a table")),
        ("finding", 2, replaced("timeout", "no such user: jane@example.com")),
        (
            "finding",
            2,
            replaced("a table 椅", "[{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"jane@example.com\\\"}]"),
        ),
        ("finding", 2, replaced("user_2", "jane@example.com")),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("training_data.jsonl");
    for (problem, line, text) in cases {
        fs::write(&path, &text).unwrap();
        let said = misfire("verify", &path, &["--json"]);
        let report = said.json();
        let shown = String::from_utf8_lossy(&text[..text.len().min(900)]).into_owned();
        assert_eq!(said.status, 1, "{problem}: {shown}");
        assert_eq!(report["problems"], json!({problem: 1}), "{shown}");
        assert_eq!((&report["places"][0]["line"], &report["ok"]), (&json!(line), &json!(false)), "{shown}");
        let text = misfire("verify", &path, &[]);
        assert!(text.status == 1 && text.out.contains(&format!("{problem} (1): ")), "{}", text.out);
        assert!(!text.out.contains("jane"), "a report never repeats what was found: {}", text.out);
    }
}

#[test]
fn a_uuid_that_repeats_in_another_file_is_told_with_both_places() {
    let data = Data::of_files(&[&[Event::new(1, "a"), Event::new(2, "b")], &[Event::new(3, "c")]]);
    let again = fs::read_to_string(data.path("training_data.000001.jsonl")).unwrap();
    fs::write(data.live(), data.text() + again.lines().last().unwrap() + "\n").unwrap();
    let report = data.misfire("verify", &["--json"]).json();
    assert_eq!(
        report["places"],
        json!([{"file": "training_data.jsonl", "line": 2, "problem": "repeated-uuid",
                "detail": "line 2 of training_data.000001.jsonl has it too"}])
    );
}

#[test]
fn only_the_first_places_are_named_and_all_are_counted() {
    let data = Data::of(&[Event::new(1, "a")]);
    fs::write(data.live(), data.text() + &"\n".repeat(1_000)).unwrap();
    let said = data.misfire("verify", &["--places", "3"]);
    assert!(said.out.contains("blank-line (1,000)") && said.out.contains("and 997 more"), "{}", said.out);
    assert_eq!(said.out.matches("training_data.jsonl line").count(), 3);
}

#[test]
fn the_sanitizer_can_be_left_out_and_is_the_policys_otherwise() {
    let data = Data::of(&[Event::new(1, "a")]);
    fs::write(data.live(), data.text().replace("\"a\"", "\"jane@example.com\"")).unwrap();
    assert_eq!(data.misfire("verify", &[]).status, 1);
    assert!(data.misfire("verify", &["--no-sanitizer"]).fine().contains("the sanitizer was left out"));
    let policy = data.path("policy.toml");
    fs::write(&policy, "off = [\"EMAIL\"]").unwrap();
    data.misfire("verify", &["--policy", policy.to_str().unwrap()]).fine();
}

#[test]
fn without_data_it_says_so_with_another_status() {
    let folder = tempfile::tempdir().unwrap();
    let said = misfire("verify", folder.path(), &[]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("there is no data"), "{}", said.err);
    assert_eq!(misfire("verify", folder.path(), &["--no-such-flag"]).status, 2);
}

/// What is done to the second of three sound rows, and what is found.
#[test]
fn each_thing_that_is_wrong_with_a_row_is_found_with_its_line() {
    let hash = "a".repeat(64);
    let row = |number: u32| {
        let values = [
            ("timestamp", "2026-03-02T10:15:30.123Z".to_owned()),
            ("kind", "verdict".into()),
            ("uuid", uuid(number)),
            ("about", uuid(900)),
            ("submission", String::new()),
            ("trace_id", "trace_7".into()),
            ("session_id", String::new()),
            ("distinct_id", "user_2".into()),
            ("model", "gpt-5".into()),
            ("provider", "openai".into()),
            ("http_status", "200".into()),
            ("failure_reason", "rude".into()),
            ("input", "a table".into()),
            ("input_hash", hash.clone()),
            ("output", "no".into()),
            ("tools", "[]".into()),
            ("feedback", "bah".into()),
            ("label", "bad".into()),
        ];
        let members: Vec<_> = values.iter().map(|(key, value)| format!("\"{key}\":{}", json!(value))).collect();
        format!("{{{}}}", members.join(","))
    };
    let folder = tempfile::tempdir().unwrap();
    let data = Data::of(&[Event::new(1, "a chair")]);
    fs::copy(data.live(), folder.path().join("training_data.jsonl")).unwrap();
    let (live, path) = (folder.path().join("training_data.jsonl"), folder.path().join("generations.jsonl"));
    let write = |second: &str| fs::write(&path, format!("{}\n{second}\n{}\n", row(1), row(3))).unwrap();
    write(&row(2));
    // The uuid of a line is that of its row as well.
    assert!(misfire("verify", &live, &[]).fine().ends_with("4 lines: nothing wrong\n"));
    assert!(misfire("verify", &path, &[]).fine().ends_with("3 lines: nothing wrong\n"));
    let long = "x".repeat(262_145);
    for (problem, from, to) in [
        ("keys", "\"label\"", "\"labels\""),
        ("timestamp", "30.123Z", "30Z"),
        ("kind", "\"verdict\"", "\"opinion\""),
        ("kind", "\"verdict\"", "\"failure\""),
        ("kind", "\"verdict\"", "\"success\""),
        ("kind", "\"bad\"", "\"poor\""),
        ("kind", "\"rude\"", "\"\""),
        ("uuid", "0193acb2", "0193ACB2"),
        ("uuid", &uuid(900), "900"),
        ("http-status", "\"200\"", "\"0\""),
        ("http-status", "\"200\"", "\"ok\""),
        ("input-hash", "aaaa", "AAAA"),
        ("tools", "\"[]\"", "\"{}\""),
        ("length", "a table", ""),
        ("length", "a table", &long),
        ("length", "\"no\"", &format!("\"{long}\"")),
        ("length", "bah", &long[..4_097]),
        ("length", "gpt-5", &long[..201]),
        ("control", "bah", "b\\u0000h"),
        ("finding", "\"no\"", "\"write to jane@example.com\""),
        ("finding", "bah", "ask jane@example.com"),
        ("finding", "trace_7", "jane@example.com"),
        ("repeated-uuid", &uuid(2), &uuid(1)),
    ] {
        assert!(row(2).contains(from), "{from}");
        write(&row(2).replacen(from, to, 1));
        let report = misfire("verify", &live, &["--json"]).json();
        let counted = report["problems"][problem].as_u64().unwrap_or_default();
        assert!(counted >= 1 && report["problems"].as_object().unwrap().len() == 1, "{from}: {}", report["problems"]);
        assert_eq!(
            (&report["places"][0]["line"], &report["places"][0]["file"]),
            (&json!(2), &json!("generations.jsonl"))
        );
    }
}

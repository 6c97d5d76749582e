//! `misfire export`: rows, choices, and that no file is lost to it.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::helpers::{Data, Event, Said, uuid};

fn export(data: &Data, arguments: &[&str]) -> (Said, std::path::PathBuf) {
    let folder = data.path("out");
    let output = ["--output", folder.to_str().unwrap()];
    (data.misfire("export", &[&output[..], arguments].concat()), folder)
}

fn rows(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn many() -> Data {
    let events: Vec<_> = (0..400)
        .map(|number| Event { user: format!("user_{}", number % 40), ..Event::new(number, format!("prompt {number}")) })
        .collect();
    Data::of_files(&[&events[..150], &events[150..]])
}

/// The chat of the next test as one text.
const CHAT_TEXT: &str = concat!(
    r#"[{"role":"system","content":"be brief"},{"role":"user","content":"a chair\n[image]"},"#,
    r#"{"role":"assistant","content":"I look.","tool_calls":[{"id":"t1","type":"function","#,
    r#""function":{"name":"find","arguments":"{\"what\":\"chair\"}"}}]},{"role":"tool","content":"none","tool_call_id":"t1"}]"#
);

#[test]
fn each_format_has_its_rows() {
    // As Anthropic's SDK has it, and as every format has it.
    let sent = json!([
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": [{"type": "text", "text": "a chair"}, {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}]},
        {"role": "assistant", "content": [{"type": "text", "text": "I look."}, {"type": "tool_use", "id": "t1", "name": "find", "input": {"what": "chair"}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "none"}]},
    ]);
    let chat = json!([
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "a chair\n[image]"},
        {"role": "assistant", "content": "I look.", "tool_calls": [
            {"id": "t1", "type": "function", "function": {"name": "find", "arguments": "{\"what\":\"chair\"}"}},
        ]},
        {"role": "tool", "content": "none", "tool_call_id": "t1"},
    ]);
    let data = Data::of(&[
        Event { reason: "failed after 3 s", ..Event::new(1, "say \"a, b\"\nand {{ c }}") },
        Event::new(2, sent),
    ]);
    let said = |content: &str| json!([{"role": "user", "content": content}]);
    for (format, file, expected) in [
        ("prompts", "data.jsonl", vec![json!({"prompt": said("say \"a, b\"\nand {{ c }}")}), json!({"prompt": chat})]),
        (
            "classification",
            "data.jsonl",
            vec![
                json!({"text": "say \"a, b\"\nand {{ c }}", "label": "failed after <n> s"}),
                json!({"text": CHAT_TEXT, "label": "timeout"}),
            ],
        ),
        (
            "evals-promptfoo",
            "data.jsonl",
            vec![
                json!({"vars": {"row": {"messages": said("say \"a, b\"\nand {{ c }}")}},
                       "metadata": {"failure": "failed after <n> s", "uuid": uuid(1)}}),
                json!({"vars": {"row": {"messages": chat}}, "metadata": {"failure": "timeout", "uuid": uuid(2)}}),
            ],
        ),
        (
            "evals-openai",
            "data/misfire/data.jsonl",
            vec![json!({"input": said("say \"a, b\"\nand {{ c }}")}), json!({"input": chat})],
        ),
    ] {
        let (said, folder) = export(&data, &["--format", format]);
        said.fine();
        assert_eq!(rows(&folder.join(file)), expected, "{format}");
        fs::remove_dir_all(&folder).unwrap();
    }
}

#[test]
fn prompts_that_are_no_chats_are_counted() {
    let left_out =
        json!([{"role": "system", "content": "[12 messages left out]"}, {"role": "user", "content": "a chair"}]);
    let data = Data::of(&[
        Event::new(1, json!({"q": "Where?"})),
        Event::new(2, json!([{"role": "root", "content": "x"}])),
        Event::new(3, left_out),
        Event::new(4, "words"),
    ]);
    for (format, file) in [("prompts", "data.jsonl"), ("evals-openai", "data/misfire/data.jsonl")] {
        let (said, folder) = export(&data, &["--format", format]);
        let out = said.fine();
        assert!(out.contains("2 rows: the prompt is JSON but no chat"), "{out}");
        assert!(out.contains("1 row: the chat was too long"), "{out}");
        assert!(fs::read_to_string(folder.join(file)).unwrap().lines().all(|row| row.contains(r#""role":"user""#)));
        fs::remove_dir_all(&folder).unwrap();
    }
    let (said, folder) = export(&data, &["--format", "classification", "--json"]);
    let done = said.json();
    assert_eq!((&done["no_chats"], &done["shortened_chats"]), (&json!(2), &json!(1)));
    fs::remove_dir_all(&folder).unwrap();
    let out = export(&data, &["--format", "csv"]).0.fine();
    assert!(!out.contains("no chat"), "{out}");
}

#[test]
fn the_types_of_messages_stand_beside_prompts() {
    let tool = json!([{"role": "tool", "tool_call_id": "c1", "content": "x"}]);
    for (events, has_tools) in
        [(vec![Event::new(1, "a")], false), (vec![Event::new(1, "a"), Event::new(2, tool)], true)]
    {
        let data = Data::of(&events);
        let (said, folder) = export(&data, &["--format", "prompts", "--split", "99/1"]);
        said.fine();
        let card = fs::read_to_string(folder.join("README.md")).unwrap();
        assert!(card.contains("path: train.jsonl") && !card.contains("test.jsonl"), "{card}");
        assert_eq!(card.contains("name: tool_call_id"), has_tools, "{card}");
    }
}

#[test]
fn tables_hold_the_six_columns() {
    let data = Data::of(&[Event::new(1, "say \"a, b\"\nand c"), Event::new(2, "椅子")]);
    let (said, folder) = export(&data, &["--format", "csv"]);
    said.fine();
    assert_eq!(
        fs::read_to_string(folder.join("data.csv")).unwrap(),
        format!(
            "timestamp,event,failure_reason,input_prompt,distinct_id,uuid\n\
             2026-03-02T10:15:30.123Z,generation_failed,timeout,\"say \"\"a, b\"\"\nand c\",user_1,{}\n\
             2026-03-02T10:15:30.123Z,generation_failed,timeout,椅子,user_2,{}\n",
            uuid(1),
            uuid(2)
        )
    );
    let (said, folder) = export(&data, &["--format", "parquet"]);
    said.fine();
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::RowAccessor,
    };
    let file = SerializedFileReader::new(fs::File::open(folder.join("data.parquet")).unwrap()).unwrap();
    let found: Vec<Vec<String>> = file
        .get_row_iter(None)
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            (0..6).map(|column| row.get_string(column).unwrap().clone()).collect()
        })
        .collect();
    let written: Vec<Vec<String>> = data
        .text()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| journal::TRAINING_DATA.keys.iter().map(|key| line[*key].as_str().unwrap().to_owned()).collect())
        .collect();
    assert_eq!(found, written);
}

#[test]
fn nobody_is_on_both_sides_of_a_split_and_nobody_is_missing() {
    let data = many();
    let (said, folder) = export(&data, &["--format", "csv", "--split", "75/25", "--json"]);
    let done = said.json();
    let users = |name: &str| -> Vec<String> {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        text.lines().skip(1).map(|line| line.split(',').nth(4).unwrap().to_owned()).collect()
    };
    let (train, test) = (users("train.csv"), users("test.csv"));
    assert_eq!(train.len() + test.len(), 400);
    let distinct = |users: &[String]| users.iter().cloned().collect::<BTreeSet<_>>();
    assert!(distinct(&train).is_disjoint(&distinct(&test)));
    assert!((24..=36).contains(&distinct(&train).len()), "{}", distinct(&train).len());
    assert_eq!(
        done["files"],
        json!([{"file": "train.csv", "rows": train.len()}, {"file": "test.csv", "rows": test.len()}])
    );
}

#[test]
fn repeated_prompts_are_left_out_when_asked() {
    let words = (0..60).map(|word| format!("w{}", word * 7919)).collect::<Vec<_>>().join(" ");
    let first = [Event::new(1, words.clone()), Event::new(2, "another")];
    let second = [Event::new(3, words.clone()), Event::new(4, words + " please")];
    let data = Data::of_files(&[&first, &second]);
    let kept = |arguments: &[&str]| {
        let (said, folder) = export(&data, &[&["--format", "evals-promptfoo", "--force"], arguments].concat());
        said.fine();
        rows(&folder.join("data.jsonl"))
            .iter()
            .map(|row| row["metadata"]["uuid"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(kept(&[]), [1, 2, 3, 4].map(uuid));
    assert_eq!(kept(&["--dedupe", "exact"]), [1, 2, 4].map(uuid));
    assert_eq!(kept(&["--dedupe", "near"]), [1, 2].map(uuid));
    // What is not chosen does not make what is chosen a repetition.
    assert_eq!(kept(&["--dedupe", "near", "--sample", "100", "--reason", "TIME"]), [1, 2].map(uuid));
}

#[test]
fn lines_are_chosen_by_time_reason_and_sample() {
    let data = Data::of(&[
        Event { time: "2026-03-01T23:59:59.999Z", ..Event::new(1, "a") },
        Event { time: "2026-03-02T00:00:00Z", reason: "quota exceeded for org-Ab12cd34", ..Event::new(2, "b") },
        Event { time: "2026-03-02T23:59:59.999Z", ..Event::new(3, "c") },
        Event { time: "2026-03-03T00:00:00Z", ..Event::new(4, "d") },
    ]);
    let chosen = |arguments: &[&str]| {
        let (said, folder) = export(&data, &[&["--format", "evals-promptfoo", "--force"], arguments].concat());
        said.fine();
        rows(&folder.join("data.jsonl"))
            .iter()
            .map(|row| row["metadata"]["uuid"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(chosen(&["--since", "2026-03-02"]), [2, 3, 4].map(uuid));
    assert_eq!(chosen(&["--until", "2026-03-02"]), [1].map(uuid));
    assert_eq!(chosen(&["--since", "2026-03-02", "--until", "2026-03-03"]), [2, 3].map(uuid));
    assert_eq!(chosen(&["--reason", "Quota"]), [2].map(uuid));
    assert_eq!(chosen(&["--reason", "for <id>"]), [2].map(uuid));

    let data = many();
    let sampled = || {
        let (said, folder) = export(&data, &["--format", "prompts", "--force", "--sample", "25"]);
        said.fine();
        rows(&folder.join("data.jsonl"))
    };
    let first = sampled();
    assert!((70..130).contains(&first.len()), "{}", first.len());
    assert_eq!(first, sampled());
}

#[test]
fn formats_that_need_an_answer_are_refused_with_what_is_missing() {
    let data = Data::of(&[Event::new(1, "a")]);
    // sft and dpo learn from successes, kto from verdicts.
    for (format, brings) in
        [("sft", "PULL_SUCCESSES=true"), ("dpo", "PULL_SUCCESSES=true"), ("kto", "EVENTS=events.toml")]
    {
        let (said, folder) = export(&data, &["--format", format]);
        assert_eq!(said.status, 2);
        for part in ["no generations.jsonl", "POSTHOG_PROJECT=", brings, "--format prompts"] {
            assert!(said.err.contains(part), "{part}: {}", said.err);
        }
        assert!(!folder.exists());
    }
}

#[test]
fn nothing_is_overwritten_unasked_and_nothing_half_done_is_left() {
    let data = Data::of(&[Event::new(1, "a")]);
    let (said, folder) = export(&data, &["--format", "evals-promptfoo"]);
    said.fine();
    let names = || {
        let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["data.jsonl", "promptfooconfig.yaml"]);
    fs::write(folder.join("data.jsonl"), "mine").unwrap();
    assert_eq!(export(&data, &["--format", "evals-promptfoo"]).0.status, 2);
    fs::remove_file(folder.join("data.jsonl")).unwrap();
    assert_eq!(export(&data, &["--format", "evals-promptfoo"]).0.status, 2, "the configuration is there still");
    assert_eq!(names(), ["promptfooconfig.yaml"]);

    let (said, _) = export(&data, &["--format", "csv", "--reason", "nothing has this"]);
    assert!(said.status == 2 && said.err.contains("none of 1 line matches the options"), "{}", said.err);
    fs::write(data.live(), data.text() + "{}\n").unwrap();
    let (said, _) = export(&data, &["--format", "csv"]);
    assert!(said.status == 2 && said.err.contains("line 2 of training_data.jsonl"), "{}", said.err);
    assert_eq!(names(), ["promptfooconfig.yaml"]);
}

#[test]
fn an_empty_side_of_a_split_is_no_file() {
    let data = Data::of(&[Event::new(1, "a")]);
    let (said, folder) = export(&data, &["--format", "evals-promptfoo", "--split", "99/1"]);
    said.fine();
    assert!(folder.join("train.jsonl").exists() && !folder.join("test.jsonl").exists());
    assert!(fs::read_to_string(folder.join("promptfooconfig.yaml")).unwrap().contains("file://train.jsonl"));
}

//! `misfire export` in sft, dpo and kto: which generations belong together.

use serde_json::{Value, json};

use crate::generations::{Row, data_of, exported, said};

const HOUR: i64 = 3_600;

/// The last words of each row's answer.
fn answers(data: &crate::helpers::Data, format: &str, column: &str) -> Vec<String> {
    let last = |row: Value| row[column].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned();
    exported(data, format, &["--one-sided"][..usize::from(format == "kto")])
        .unwrap_or_default()
        .into_iter()
        .map(last)
        .collect()
}

#[test]
fn a_success_is_paired_with_what_it_answers_and_with_nothing_else() {
    let success = |at| Row::success(2, at);
    for (what, after, expected) in [
        ("within the hour", vec![success(60)], &["answer 2"][..]),
        ("after an hour to the second", vec![success(HOUR)], &["answer 2"]),
        ("after 61 minutes", vec![success(HOUR + 60)], &[]),
        ("before", vec![success(-60)], &[]),
        ("at the same time", vec![success(0)], &[]),
        // One character of the input makes another hash, and so do other tools.
        ("another input that looks the same", vec![Row { hash: "ab", ..success(60) }], &[]),
        ("other tools", vec![Row { hash: "ac", tools: json!([{"type": "function"}]), ..success(60) }], &[]),
        ("no hash", vec![Row { hash: "", ..success(60) }], &[]),
        ("another person with the same input", vec![Row { user: "user_2", ..success(60) }], &[]),
        ("two retries", vec![success(60), Row::success(3, 120)], &["answer 2"]),
        ("another trace", vec![Row { trace: "trace_2", ..success(60) }], &["answer 2"]),
        ("another session", vec![Row { session: "session_2", trace: "", ..success(60) }], &["answer 2"]),
        ("judged bad", vec![success(60), Row::verdict(9, 90, "bad", &success(60))], &[]),
        (
            "the first judged bad, the second not",
            vec![success(60), Row::verdict(9, 90, "bad", &success(60)), Row::success(3, 120)],
            &["answer 3"],
        ),
        (
            "judged bad by one and good by another",
            vec![success(60), Row::verdict(9, 90, "bad", &success(60)), Row::verdict(10, 95, "good", &success(60))],
            &[],
        ),
        ("empty", vec![Row { output: said("assistant", " "), ..success(60) }, Row::success(3, 120)], &["answer 3"]),
        ("no answer at all", vec![Row { output: Value::Null, ..success(60) }], &[]),
    ] {
        // The same after a failure in sft, and after an answer that was judged bad in dpo.
        let data = data_of(&[&[Row::failure(1, 0)], &after[..]].concat());
        assert_eq!(answers(&data, "sft", "messages"), expected, "sft: {what}");
        let rejected = Row::success(1, 0);
        let verdict = Row::verdict(20, 5, "bad", &rejected);
        let data = data_of(&[&[rejected, verdict], &after[..]].concat());
        let dpo = if what == "at the same time" { &[] } else { expected };
        // What was judged bad above is rejected, too, where something comes after it.
        let first = answers(&data, "dpo", "chosen").into_iter().take(expected.len().max(1)).collect::<Vec<_>>();
        assert_eq!(first, dpo, "dpo: {what}");
    }
}

#[test]
fn rows_of_unknown_persons_and_two_persons_with_the_same_redacted_prompt_are_never_paired() {
    let mine = said("user", "write to [EMAIL_1]");
    for (one, other, hashes) in [("user_1", "user_2", ["aa", "bb"]), ("unknown", "unknown", ["aa", "aa"])] {
        let data = data_of(&[
            Row { user: one, hash: hashes[0], input: mine.clone(), ..Row::failure(1, 0) },
            Row { user: other, hash: hashes[1], input: mine.clone(), ..Row::success(2, 60) },
        ]);
        assert_eq!(exported(&data, "sft", &[]).unwrap_err().status, 2);
    }
}

#[test]
fn an_image_is_a_pair_and_its_marker_stays() {
    let input = said("user", "what is it?\n[image image/png, 48 kB]");
    let data = data_of(&[
        Row { input: input.clone(), ..Row::failure(1, 0) },
        Row { input: input.clone(), ..Row::success(2, 60) },
    ]);
    let rows = exported(&data, "sft", &[]).unwrap();
    assert_eq!(rows[0]["messages"][0], input[0]);
}

#[test]
fn what_is_flattened_or_left_out_is_counted_in_every_format() {
    let image = said("user", "what is it?\n[image image/png, 48 kB]");
    let choices = json!([{"role": "assistant", "content": "one"}, {"role": "assistant", "content": "two"}]);
    let call = json!([
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c", "content": "12"},
    ]);
    let cut_tools = json!("[{\"type\":\"func");
    let with = |row: Row| Row { input: image.clone(), output: choices.clone(), tools: cut_tools.clone(), ..row };
    let other = |row: Row| Row { hash: "bb", user: "user_2", ..row };
    let failures = [with(Row::failure(1, 0)), other(Row::failure(2, 0))];
    let data = data_of(
        &[&failures[..], &[with(Row::success(3, 60)), other(Row { output: call.clone(), ..Row::success(4, 60) })]]
            .concat(),
    );
    let rejected = [with(Row::success(5, 0)), other(Row::success(6, 0))];
    let judged = data_of(&[
        Row::verdict(7, 1, "bad", &rejected[0]),
        Row::verdict(8, 1, "bad", &rejected[1]),
        rejected[0].clone(),
        rejected[1].clone(),
        Row { output: call, ..with(Row::success(9, 60)) },
        other(Row { output: said("assistant", "better"), ..Row::success(10, 60) }),
    ]);
    for (data, format, more, counts) in [
        (&data, "prompts", &[][..], [1, 0, 0, 0]),
        (&data, "classification", &[], [1, 0, 0, 2]),
        (&data, "evals-promptfoo", &[], [1, 2, 0, 0]),
        (&data, "evals-openai", &[], [1, 2, 0, 0]),
        (&data, "sft", &[], [1, 2, 1, 0]),
        (&judged, "dpo", &[], [1, 1, 1, 0]),
        (&judged, "kto", &["--one-sided"], [1, 1, 1, 0]),
        (&data, "csv", &[], [0; 4]),
        (&data, "parquet", &["--generations"], [0; 4]),
    ] {
        let folder = data.path(format);
        let to = ["--format", format, "--output", folder.to_str().unwrap()];
        let done = data.misfire("export", &[&to[..], more, &["--json"]].concat()).json();
        let keys = ["with_media", "shortened_answers", "tools_left_out", "chats_as_text"];
        assert_eq!(keys.map(|key| done[key].as_u64().unwrap()), counts, "{format}");
        let said = data.misfire("export", &[&to[..], more, &["--force"]].concat()).fine();
        for (count, words) in counts.iter().zip([
            "is a marker in the text",
            "only the first choice",
            "left out: the tools",
            "written as the JSON",
        ]) {
            assert_eq!(said.contains(words), *count > 0, "{format}: {words}\n{said}");
        }
    }
}

#[test]
fn rows_have_openai_s_shape_and_no_tools_where_there_are_none() {
    let tools = json!([{"type": "function", "function": {"name": "find", "parameters": {"type": "object", "properties": {"n": {"type": "integer"}}}}}]);
    let call = json!([{"role": "assistant", "content": "", "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "find", "arguments": "{\"n\":1}"}},
    ]}]);
    let with_tools = |row: Row| Row { tools: tools.clone(), output: call.clone(), hash: "bb", ..row };
    let data = data_of(&[
        Row { hash: "bb", tools: tools.clone(), ..Row::failure(1, 0) },
        with_tools(Row::success(2, 60)),
        Row { input: json!("plain words"), ..Row::failure(3, 100) },
        Row { input: json!("plain words"), output: json!("{\"title\":1}"), ..Row::success(4, 160) },
    ]);
    let rows = exported(&data, "sft", &[]).unwrap();
    assert_eq!(
        rows,
        [
            json!({"messages": [{"role": "user", "content": "a chair"}, call[0]], "tools": tools}),
            json!({"messages": [{"role": "user", "content": "plain words"}, {"role": "assistant", "content": "{\"title\":1}"}]}),
        ]
    );
    let rejected = with_tools(Row::success(1, 0));
    let chosen = Row { output: said("assistant", "None."), ..with_tools(Row::success(2, 60)) };
    let data =
        data_of(&[Row::verdict(3, 10, "bad", &rejected), rejected, Row::verdict(4, 70, "good", &chosen), chosen]);
    let prompt = said("user", "a chair");
    assert_eq!(
        exported(&data, "dpo", &[]).unwrap(),
        [json!({"prompt": prompt, "chosen": said("assistant", "None."), "rejected": call, "tools": tools})]
    );
    assert_eq!(
        exported(&data, "kto", &[]).unwrap(),
        [
            json!({"prompt": prompt, "completion": call, "label": false, "tools": tools}),
            json!({"prompt": prompt, "completion": said("assistant", "None."), "label": true, "tools": tools}),
        ]
    );
    // Without the row of the rejected answer, its verdict says what it was, and when.
    let verdict = Row::verdict(3, 10, "bad", &with_tools(Row::success(1, 0)));
    let data = data_of(&[verdict, Row { output: said("assistant", "None."), ..with_tools(Row::success(2, 60)) }]);
    assert_eq!(exported(&data, "dpo", &[]).unwrap().len(), 1);
}

#[test]
fn a_success_judged_good_is_an_answer_without_a_failure_and_also_where_only_its_verdict_was_pulled() {
    let good = Row { hash: "bb", ..Row::success(3, 0) };
    let verdict = Row::verdict(4, 5, "good", &good);
    for rows in [vec![good.clone(), verdict.clone()], vec![verdict.clone()]] {
        let data = data_of(&rows);
        assert_eq!(answers(&data, "sft", "messages"), ["answer 3"]);
    }
    let data = data_of(&[Row::failure(1, 0), Row::success(2, 60), good, verdict]);
    let out = data.misfire("export", &["--format", "sft", "--output", data.path("out").to_str().unwrap()]).fine();
    assert!(out.contains("1 of 2 rows (50.0 %): the answer was judged good"), "{out}");
    assert!(std::fs::read_to_string(data.path("out/README.md")).unwrap().contains("1 of 2 rows (50.0 %)"));
}

#[test]
fn labels_come_from_verdicts_about_whole_answers() {
    let cut = Row { output: said("assistant", "half an ans"), status: "", ..Row::failure(1, 0) };
    let refused = Row { status: "500", ..Row::success(2, 0) };
    let [bad, good, both] = [3, 4, 5].map(|number| Row::success(number, 0));
    let data = data_of(&[
        cut.clone(),
        Row::verdict(11, 10, "bad", &cut),
        Row { status: "500", ..Row::verdict(12, 10, "bad", &refused) },
        Row::verdict(13, 10, "bad", &bad),
        // Thumb and text of one survey answer are two rows about one generation.
        Row::verdict(23, 20, "bad", &bad),
        Row::verdict(14, 10, "good", &good),
        Row::verdict(15, 10, "good", &both),
        Row::verdict(25, 20, "bad", &both),
        Row::verdict(16, 10, "", &good),
    ]);
    let labels: Vec<_> = exported(&data, "kto", &[])
        .unwrap()
        .into_iter()
        .map(|row| (row["completion"][0]["content"].as_str().unwrap().to_owned(), row["label"].as_bool().unwrap()))
        .collect();
    assert_eq!(labels, [("answer 3".into(), false), ("answer 4".into(), true), ("answer 5".into(), false)]);

    for (label, side) in [("bad", "labels are bad"), ("good", "labels are good")] {
        let data = data_of(&[Row::verdict(11, 10, label, &bad), Row::verdict(12, 10, label, &good)]);
        let refused = exported(&data, "kto", &[]).unwrap_err();
        assert!(refused.err.contains(side) && refused.err.contains("--one-sided"), "{}", refused.err);
        assert_eq!(exported(&data, "kto", &["--one-sided"]).unwrap().len(), 2);
    }
}

#[test]
fn a_placeholder_that_the_prompt_does_not_have_is_apart_from_the_same_one_of_another_event() {
    let input = said("user", "write to [EMAIL_1]");
    let row = |number, at, answer| Row {
        input: input.clone(),
        output: said("assistant", answer),
        ..Row::success(number, at)
    };
    let rejected = row(1, 0, "[EMAIL_1] and [EMAIL_2]");
    let data = data_of(&[rejected.clone(), Row::verdict(3, 5, "bad", &rejected), row(2, 60, "[EMAIL_1], [EMAIL_2]")]);
    let rows = exported(&data, "dpo", &[]).unwrap();
    assert_eq!(rows[0]["rejected"], said("assistant", "[EMAIL_1] and [EMAIL_2]"));
    assert_eq!(rows[0]["chosen"], said("assistant", "[EMAIL_1], [EMAIL_3]"));
    let done =
        data.misfire("export", &["--format", "dpo", "--output", data.path("out").to_str().unwrap(), "--json"]).json();
    assert_eq!((&done["renumbered"], &done["files"][0]["rows"]), (&json!(1), &json!(1)));

    // Prompts with the same hash that read differently were redacted by different rules.
    let other = Row { input: said("user", "write to [SECRET_1]"), ..row(2, 60, "[EMAIL_1]") };
    let data = data_of(&[rejected.clone(), Row::verdict(3, 5, "bad", &rejected), other]);
    assert_eq!(exported(&data, "dpo", &[]).unwrap()[0]["chosen"], said("assistant", "[EMAIL_3]"));
}

#[test]
fn the_same_answer_twice_is_no_pair() {
    let rejected = Row::success(1, 0);
    let again = Row { output: rejected.output.clone(), ..Row::success(2, 60) };
    let data = data_of(&[rejected.clone(), Row::verdict(3, 5, "bad", &rejected), again]);
    assert_eq!(exported(&data, "dpo", &[]).unwrap_err().status, 2);
}

#[test]
fn a_failure_whose_line_is_missing_is_left_out_until_it_comes() {
    let failure = Row::failure(1, 0);
    let rows =
        |has_line| [Row { has_line, ..failure.clone() }, Row::success(2, 60), Row { hash: "bb", ..Row::failure(3, 0) }];
    assert_eq!(exported(&data_of(&rows(false)), "sft", &[]).unwrap_err().status, 2);
    assert_eq!(exported(&data_of(&rows(true)), "sft", &[]).unwrap().len(), 1);
    let kinds = |has_line| {
        let data = data_of(&rows(has_line));
        let said = data.misfire("export", &["--format", "csv", "--generations", "--output", "-"]);
        said.out.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(true), ["failure", "success", "failure"]);
    assert_eq!(kinds(false), ["success", "failure"]);
    // What is bad is bad, whatever became of the line.
    let good = Row::success(5, 0);
    let bad = Row { has_line: false, ..Row::verdict(7, 9, "bad", &good) };
    let data = data_of(&[failure, Row::verdict(6, 5, "good", &good), bad, good]);
    assert_eq!(exported(&data, "sft", &[]).unwrap_err().status, 2);
}

#[test]
fn options_choose_rows_and_verdicts_outside_of_the_choice_still_count() {
    let turns = json!([
        {"role": "user", "content": "a chair"}, {"role": "assistant", "content": "Which?"}, {"role": "user", "content": "red"},
    ]);
    let day = 24 * HOUR;
    let success = Row::success(2, 60);
    let late = Row { model: "GPT-5-mini", input: turns.clone(), ..Row::success(4, day + 60) };
    let data = data_of(&[
        Row::failure(1, 0),
        success.clone(),
        Row { input: turns, reason: "timeout", ..Row::failure(3, day) },
        late.clone(),
        Row { user: "user_9", ..Row::failure(5, day) },
        Row { user: "user_9", ..Row::success(6, day + 60) },
        Row { user: "user_9", ..Row::verdict(7, -day, "bad", &Row::success(6, 0)) },
    ]);
    let chosen = |arguments: &[&str]| -> Vec<String> {
        let rows = exported(&data, "sft", arguments).unwrap_or_default();
        rows.iter()
            .map(|row| row["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().into())
            .collect()
    };
    assert_eq!(chosen(&[]), ["answer 2", "answer 4"]);
    assert_eq!(chosen(&["--since", "2026-03-03"]), ["answer 4"]);
    assert_eq!(chosen(&["--until", "2026-03-03"]), ["answer 2"]);
    assert_eq!(chosen(&["--reason", "TIME"]), ["answer 4"]);
    assert_eq!(chosen(&["--model", "gpt-5"]), ["answer 2"]);
    assert_eq!(chosen(&["--model", "gpt-5", "--model", "gpt-5-mini"]), ["answer 2", "answer 4"]);
    assert_eq!(chosen(&["--min-turns", "2"]), ["answer 4"]);
    let prompts = exported(&data, "prompts", &["--model", "gpt-5", "--min-turns", "2"]).unwrap();
    assert_eq!(prompts.len(), 1, "the failure had the model that the row says");

    let data = data_of(&[
        Row::failure(1, 0),
        Row::success(2, 60),
        Row { hash: "bb", ..Row::failure(3, 0) },
        Row { hash: "bb", ..Row::success(4, 60) },
    ]);
    assert_eq!(exported(&data, "sft", &["--dedupe", "exact"]).unwrap().len(), 1);
}

#[test]
fn persons_who_share_a_trace_are_on_one_side() {
    let users: [&'static str; 12] = std::array::from_fn(|user| &*format!("user_{user}").leak());
    let rows: Vec<_> = (0..12)
        .flat_map(|user: u32| {
            let row = |row| Row { user: users[user as usize], trace: "shared", ..row };
            [row(Row::failure(user * 2, 0)), row(Row::success(user * 2 + 1, 60))]
        })
        .collect();
    let data = data_of(&rows);
    for format in ["sft", "prompts"] {
        let done = data.misfire(
            "export",
            &["--format", format, "--split", "50/50", "--json", "--output", data.path(format).to_str().unwrap()],
        );
        let files = done.json()["files"].clone();
        assert_eq!((files.as_array().unwrap().len(), &files[0]["rows"]), (1, &json!(12)), "{format}");
    }
}

#[test]
fn evals_carry_the_answer_that_came_later() {
    let rejected = Row { hash: "bb", ..Row::success(3, 0) };
    let data = data_of(&[
        Row::failure(1, 0),
        Row::success(2, 60),
        Row::verdict(5, 10, "bad", &rejected),
        rejected.clone(),
        Row { output: said("assistant", "[EMAIL_1]"), hash: "bb", ..Row::success(4, 60) },
        Row { hash: "cc", ..Row::failure(6, 0) },
    ]);
    for (format, file, path) in [
        ("evals-openai", "data/misfire/data.jsonl", "/ideal"),
        ("evals-promptfoo", "data.jsonl", "/vars/row/reference"),
    ] {
        let out = data.path(format);
        let said = data.misfire("export", &["--format", format, "--output", out.to_str().unwrap()]).fine();
        assert!(said.contains("2 rows: the good answer that came later"), "{said}");
        let text = std::fs::read_to_string(out.join(file)).unwrap();
        let found: Vec<_> =
            text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap().pointer(path).cloned()).collect();
        assert_eq!(found, [Some(json!("answer 2")), Some(json!("[EMAIL_1]")), None], "{format}");
    }
}

#[test]
fn a_refusal_says_what_is_missing_and_the_configuration_that_brings_it() {
    let good = Row::success(1, 0);
    for (format, rows, missing, configuration) in [
        ("sft", vec![Row::failure(1, 0)], "no successful generations were pulled", "PULL_SUCCESSES=true"),
        ("dpo", vec![Row::failure(1, 0), Row::success(2, 60)], "answers that somebody called bad", "EVENTS="),
        ("dpo", vec![Row::verdict(2, 5, "bad", &good)], "no successful generations were pulled", "PULL_SUCCESSES=true"),
        ("kto", vec![Row::failure(1, 0), Row::success(2, 60)], "kto needs verdicts", "EVENTS="),
    ] {
        let refused = exported(&data_of(&rows), format, &[]).unwrap_err();
        assert_eq!(refused.status, 2);
        for part in [missing, "POSTHOG_PROJECT=", configuration] {
            assert!(refused.err.contains(part), "{part}: {}", refused.err);
        }
    }
    let lines_alone = crate::helpers::Data::of(&[crate::helpers::Event::new(1, "a chair")]);
    for (format, configuration) in [("sft", "PULL_SUCCESSES=true"), ("dpo", "PULL_SUCCESSES=true"), ("kto", "EVENTS=")]
    {
        let refused = exported(&lines_alone, format, &[]).unwrap_err().err;
        assert!(refused.contains("no generations.jsonl") && refused.contains(configuration), "{format}: {refused}");
    }
    let refused =
        exported(&data_of(&[Row { hash: "bb", ..Row::failure(1, 0) }, Row::success(2, 60)]), "sft", &[]).unwrap_err();
    assert!(refused.err.contains("with the same input within an hour"), "{}", refused.err);
}

#[test]
fn standard_output_holds_rows_and_nothing_else_and_takes_one_file() {
    let data = data_of(&[Row::failure(1, 0), Row::success(2, 60), Row::verdict(3, 70, "good", &Row::success(2, 60))]);
    for format in ["sft", "prompts", "classification", "csv", "parquet"] {
        let said = std::process::Command::new(env!("CARGO_BIN_EXE_misfire"))
            .env_clear()
            .current_dir(data.folder.path())
            .args(["export", "--format", format, "-o", "-"])
            .output()
            .unwrap();
        assert!(said.status.success() && !said.stdout.is_empty(), "{format}");
        let has_summary = |bytes: &[u8]| bytes.windows(8).any(|part| part == b" chosen\n");
        assert!(has_summary(&said.stderr) && !has_summary(&said.stdout), "{format}");
    }
    assert!(!data.path("README.md").exists() && !data.path("-").exists());
    for arguments in [&["--format", "evals-openai"][..], &["--format", "sft", "--split", "90/10"]] {
        let said = data.misfire("export", &[arguments, &["-o", "-"]].concat());
        assert!(said.status == 2 && said.err.contains("standard output takes one"), "{}", said.err);
    }
    for (arguments, why) in [
        (&["--format", "sft", "--generations"][..], "parquet and csv"),
        (&["--format", "sft", "--one-sided"], "is for kto"),
    ] {
        let said = data.misfire("export", &[arguments, &["-o", "-"]].concat());
        assert!(said.status == 2 && said.err.contains(why), "{}", said.err);
    }
}

#[test]
fn tables_of_generations_have_eighteen_columns() {
    let data = data_of(&[Row::failure(1, 0), Row::success(2, 60)]);
    let said = data.misfire("export", &["--format", "csv", "--generations", "-o", "-"]);
    assert_eq!(said.out.lines().next().unwrap(), journal::GENERATIONS.keys.join(","));
    let out = data.path("out");
    data.misfire("export", &["--format", "parquet", "--generations", "-o", out.to_str().unwrap()]).fine();
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::RowAccessor,
    };
    let file = SerializedFileReader::new(std::fs::File::open(out.join("data.parquet")).unwrap()).unwrap();
    let kinds: Vec<_> =
        file.get_row_iter(None).unwrap().map(|row| row.unwrap().get_string(1).unwrap().clone()).collect();
    assert_eq!(kinds, ["failure", "success"]);
}

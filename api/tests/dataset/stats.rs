//! `misfire stats`.

use std::fs;

use serde_json::json;

use crate::{
    generations::{Row, data_of},
    helpers::{Data, Event, misfire},
};

fn words(from: u32) -> String {
    (from..from + 60).map(|word| format!("w{}", word * 7919)).collect::<Vec<_>>().join(" ")
}

fn data() -> Data {
    let first = [
        Event::new(1, words(0)),
        Event::new(2, words(0)),
        Event { time: "2026-03-04T00:00:00Z", ..Event::new(3, words(0) + " please") },
        Event { reason: "Request req_011CSHoEeqs5 timed out after 30000 ms", ..Event::new(4, words(1_000)) },
    ];
    let second = [
        Event { reason: "Request req_9F1CSHoEeqs7 timed out after 10 ms", ..Event::new(5, words(2_000)) },
        Event { reason: "<b>bad</b>", ..Event::new(11, "write to jane@example.com and bob@example.com") },
    ];
    Data::of_files(&[&first, &second])
}

#[test]
fn everything_is_counted() {
    let stats = data().misfire("stats", &["--json"]).json();
    assert_eq!((&stats["lines"], &stats["files"], &stats["unreadable_lines"]), (&json!(6), &json!(2), &json!(0)));
    assert_eq!(stats["days"], json!({"2026-03-02": 5, "2026-03-04": 1}));
    assert_eq!(
        stats["failures"],
        json!([
            {"name": "timeout", "lines": 3},
            {"name": "request <id> timed out after <n> ms", "lines": 2},
            {"name": "<b>bad</b>", "lines": 1},
        ])
    );
    // user_1 has two lines.
    assert_eq!(stats["users"], json!({"count": 5, "lines_median": 1, "lines_p90": 2, "lines_max": 2}));
    assert_eq!(stats["duplicates"], json!({"exact": 1, "near": 1}));
    assert_eq!(stats["placeholders"], json!({"lines": 1, "types": [{"name": "EMAIL", "lines": 2}]}));
    assert_eq!(stats["prompt_length"]["median"], words(0).len());
}

#[test]
fn the_terminal_shows_bars_and_the_days_without_lines() {
    let said = data().misfire("stats", &[]).fine();
    for line in [
        "6 lines in 2 files, ",
        "  2026-03-02  5  ██████████████████████████████\n  2026-03-03  0\n  2026-03-04  1  ██████\n",
        "  timeout                              3   50.0 %  ██",
        "Prompts that came before: 1 exactly (16.7 %), 1 more nearly (16.7 %)",
        "Placeholders, in 1 line (16.7 %)\n  EMAIL  2  ██",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}

#[test]
fn the_page_is_one_file_that_fetches_nothing_and_trusts_no_text() {
    let data = data();
    let page = data.path("stats.html");
    let arguments = ["--html", page.to_str().unwrap()];
    data.misfire("stats", &arguments).fine();
    let html = fs::read_to_string(&page).unwrap();
    assert!(html.contains("&lt;b&gt;bad&lt;/b&gt;") && !html.contains("<b>bad"));
    assert!(html.contains("<svg") && html.contains("2026-03-03"));
    for fetched in ["http:", "https:", "src=", "href=", "@import", "url(", "<script"] {
        assert!(!html.contains(fetched), "{fetched}");
    }
    assert_eq!(data.misfire("stats", &arguments).status, 2, "it is there already");
    data.misfire("stats", &[&arguments[..], &["--force"]].concat()).fine();
}

#[test]
fn what_is_no_record_is_counted_apart_and_a_torn_tail_is_nothing() {
    let data = Data::of(&[Event::new(1, "a")]);
    fs::write(data.live(), data.text() + "{}\n\n" + &data.text().replace("2026-", "?") + "{\"timestamp\":\"20")
        .unwrap();
    let stats = data.misfire("stats", &["--json"]).json();
    assert_eq!((&stats["lines"], &stats["unreadable_lines"]), (&json!(1), &json!(3)));
    assert!(data.misfire("stats", &[]).fine().contains("3 more lines cannot be read; `misfire verify` lists them"));
}

#[test]
fn the_status_tells_an_empty_file_from_one_without_a_good_line() {
    for (text, status, said) in [
        ("", 0, "no lines yet\n"),
        ("{\"half\":", 0, "no lines yet\n"),
        ("{}\n", 1, "1 line, and none of them can be read; `misfire verify` says what is wrong\n"),
        ("{}\nx\n\n", 1, "3 lines, and none of them can be read; `misfire verify` says what is wrong\n"),
    ] {
        let data = Data::of(&[]);
        fs::write(data.live(), text).unwrap();
        let stats = data.misfire("stats", &[]);
        assert_eq!((stats.status, stats.out.as_str(), stats.err.as_str()), (status, said, ""), "{text:?}");
        assert_eq!(data.misfire("stats", &["--json"]).status, status, "{text:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let nowhere = misfire("stats", folder.path(), &[]);
    assert!(nowhere.status == 2 && nowhere.err.contains("there is no data at"), "{nowhere:?}");
}

#[test]
fn a_period_leaves_out_lines_and_rows() {
    let data = data();
    for (period, lines, left_out) in [
        (&["--since", "2026-03-03"][..], 1, 5),
        (&["--until", "2026-03-03"], 5, 1),
        (&["--since", "2026-03-02T10:15:30.123Z", "--until", "2026-03-02T10:15:30.124Z"], 5, 1),
        (&["--until", "2026-03-02T10:15:30.123Z"], 0, 6),
        (&["--since", "52000w"], 6, 0),
    ] {
        let stats = data.misfire("stats", &[period, &["--json"]].concat()).json();
        assert_eq!((&stats["lines"], &stats["lines_left_out"]), (&json!(lines), &json!(left_out)), "{period:?}");
        assert_eq!(data.misfire("stats", period).status, 0, "{period:?}");
    }
    let none = data.misfire("stats", &["--since", "1s"]).fine();
    assert_eq!(none, "none of 6 lines is between --since and --until\n");
    let turned = data.misfire("stats", &["--since", "1h", "--until", "2h"]);
    assert!(turned.status == 2 && turned.err.contains("--since must be before --until"), "{turned:?}");

    let rows = data_of(&[Row::failure(1, 0), Row { hash: "bb", ..Row::failure(2, 1_800) }, Row::success(3, 1_900)]);
    let of = |arguments: &[&str]| {
        let stats = rows.misfire("stats", &[arguments, &["--json"]].concat()).json()["generations"].clone();
        ["rows", "failures", "successes", "retried"].map(|key| stats[key].as_u64().unwrap())
    };
    assert_eq!(of(&[]), [3, 2, 1, 1]);
    assert_eq!(of(&["--until", "2026-03-02T10:30:00Z"]), [1, 1, 0, 1]);
    assert_eq!(of(&["--since", "2026-03-02T10:30:00Z"]), [2, 1, 1, 0]);
}

#[test]
fn the_page_can_be_all_that_standard_output_gets() {
    let said = data().misfire("stats", &["--html", "-"]);
    assert!(said.status == 0 && said.out.starts_with("<!doctype html>") && said.out.ends_with("</html>\n"));
    assert!(said.err.starts_with("6 lines in 2 files, "), "{}", said.err);
}

#[test]
fn generations_are_counted_by_model_retry_verdict_and_export() {
    let [rejected, good] = [5, 6].map(|number| Row { hash: "cc", ..Row::success(number, 0) });
    let data = data_of(&[
        Row::failure(1, 0),
        Row { model: "<b>m", ..Row::failure(2, 30) },
        Row { status: "200", ..Row::success(3, 60) },
        Row { hash: "bb", status: "429", ..Row::failure(4, 0) },
        rejected.clone(),
        Row::verdict(7, 5, "bad", &rejected),
        Row { reason: "evaluation \"tone\"", ..Row::verdict(8, 5, "good", &good) },
        Row { hash: "cc", ..Row::success(9, 60) },
    ]);
    let stats = data.misfire("stats", &["--json"]).json()["generations"].clone();
    assert_eq!((&stats["rows"], &stats["failures"], &stats["successes"]), (&json!(8), &json!(3), &json!(3)));
    assert_eq!(stats["failures_by_model"], json!([{"name": "gpt-5", "lines": 2}, {"name": "<b>m", "lines": 1}]));
    assert_eq!(stats["failures_by_status"], json!([{"name": "503", "lines": 2}, {"name": "429", "lines": 1}]));
    assert_eq!((&stats["retried"], &stats["retried_and_succeeded"]), (&json!(2), &json!(2)));
    assert_eq!(stats["verdicts"], json!([{"name": "evaluation \"tone\"", "good": 1, "bad": 1, "other": 0}]));
    assert_eq!(stats["exports"], json!({"sft": 2, "dpo": 1, "kto_good": 1, "kto_bad": 1}));
    let said = data.misfire("stats", &[]).fine();
    for line in [
        "generations.jsonl: 8 rows in 2 files, ",
        "Tried again within an hour: 2 (66.7 % of failures), of which 2 succeeded (100.0 %)",
        "  evaluation \"tone\", bad   1",
        "  dpo               1",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let page = data.path("stats.html");
    data.misfire("stats", &["--html", page.to_str().unwrap()]).fine();
    let html = fs::read_to_string(&page).unwrap();
    assert!(html.contains("Failures by model") && html.contains("&lt;b&gt;m") && !html.contains("<b>m"));
    // Where there is no such file, nothing is said about it.
    let stats = Data::of(&[Event::new(1, "a")]).misfire("stats", &["--json"]).json();
    assert_eq!(stats.get("generations"), None);
}

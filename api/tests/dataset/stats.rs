//! `misfire stats`.

use std::fs;

use serde_json::json;

use crate::helpers::{Data, Event};

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
}

//! Rows of `generations.jsonl` for tests, written by hand, with the lines that belong to them.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use journal::{GENERATIONS, TRAINING_DATA};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::helpers::{Data, Said, uuid};

/// A row; what a test does not care about is filled in. All rows are of one person, one prompt and one day.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) number: u32,
    pub(crate) kind: &'static str,
    /// In seconds.
    pub(crate) at: i64,
    pub(crate) about: Option<u32>,
    pub(crate) label: &'static str,
    pub(crate) user: &'static str,
    pub(crate) trace: &'static str,
    pub(crate) session: &'static str,
    pub(crate) model: &'static str,
    pub(crate) status: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) input: Value,
    pub(crate) hash: &'static str,
    pub(crate) output: Value,
    pub(crate) tools: Value,
    pub(crate) has_line: bool,
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

pub(crate) fn said(role: &str, content: &str) -> Value {
    json!([{ "role": role, "content": content }])
}

/// A line with these keys in their order, which `json!` does not keep.
fn line(keys: &[&str], values: &Value) -> String {
    let pairs: Vec<_> = keys.iter().map(|key| format!("\"{key}\":{}", values[*key])).collect();
    format!("{{{}}}", pairs.join(","))
}

impl Row {
    fn new(number: u32, kind: &'static str, at: i64) -> Self {
        Self {
            number,
            kind,
            at,
            about: None,
            label: "",
            user: "user_1",
            trace: "trace_1",
            session: "session_1",
            model: "gpt-5",
            status: "",
            reason: "",
            input: said("user", "a chair"),
            hash: "aa",
            output: Value::Null,
            tools: Value::Null,
            has_line: false,
        }
    }

    pub(crate) fn failure(number: u32, at: i64) -> Self {
        Self { status: "503", reason: "overloaded", has_line: true, ..Self::new(number, "failure", at) }
    }

    pub(crate) fn success(number: u32, at: i64) -> Self {
        Self {
            status: "200",
            output: said("assistant", &format!("answer {number}")),
            ..Self::new(number, "success", at)
        }
    }

    /// A verdict about a generation, with what it judges.
    pub(crate) fn verdict(number: u32, at: i64, label: &'static str, about: &Self) -> Self {
        let reason = if label == "bad" { "evaluation \"tone\": rude" } else { "" };
        Self {
            number,
            kind: "verdict",
            at,
            about: Some(about.number),
            label,
            status: "",
            reason,
            has_line: label == "bad",
            ..about.clone()
        }
    }

    fn time(&self) -> String {
        let start: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        format!("{:.3}", start + SignedDuration::from_secs(self.at))
    }

    fn line(&self) -> String {
        let values = json!({
            "timestamp": self.time(), "kind": self.kind, "uuid": uuid(self.number), "submission": "", "trace_id": self.trace,
            "about": self.about.map(uuid).unwrap_or_default(), "session_id": self.session, "distinct_id": self.user,
            "model": self.model, "provider": "openai", "http_status": self.status, "failure_reason": self.reason,
            "input": text(&self.input), "input_hash": self.hash, "output": text(&self.output), "tools": text(&self.tools),
            "feedback": "", "label": self.label,
        });
        line(GENERATIONS.keys, &values)
    }

    fn training_line(&self) -> String {
        let values = json!({
            "timestamp": self.time(), "event": "generation_failed", "failure_reason": self.reason, "uuid": uuid(self.number),
            "input_prompt": text(&self.input), "distinct_id": self.user,
        });
        line(TRAINING_DATA.keys, &values)
    }
}

/// A folder with these rows, the first half of them in a closed file, and the lines of those that have one.
pub(crate) fn data_of(rows: &[Row]) -> Data {
    let data = Data { folder: TempDir::new().unwrap() };
    let lines = |rows: &[Row]| rows.iter().map(|row| row.line() + "\n").collect::<String>();
    let (closed, live) = rows.split_at(rows.len() / 2);
    for (name, text) in [
        ("generations.000001.jsonl", lines(closed)),
        ("generations.jsonl", lines(live)),
        ("training_data.jsonl", rows.iter().filter(|row| row.has_line).map(|row| row.training_line() + "\n").collect()),
    ] {
        if !text.is_empty() {
            fs::write(data.path(name), text).unwrap();
        }
    }
    data
}

/// The rows of an export, or why there are none.
pub(crate) fn exported(data: &Data, format: &str, arguments: &[&str]) -> Result<Vec<Value>, Said> {
    let said = data.misfire("export", &[&["--format", format, "--output", "-"], arguments].concat());
    if said.status != 0 {
        assert_eq!(said.out, "");
        return Err(said);
    }
    Ok(said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

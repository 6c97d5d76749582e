//! Measures what a row costs beside its line: the CPU time of an event with both against that of its line alone.
//! `cargo run --release -p journal --example row_speed`

use std::{sync::Arc, time::Instant};

use journal::{Details, Event, RedactedEvent, Sanitizer, TrainingRecord, What};
use misfire_sanitizer::{Input, PseudonymKey};
use uuid::Uuid;

fn main() {
    let key = PseudonymKey::new(*b"0123456789abcdef").expect("the key is long enough");
    let sanitizer = Sanitizer::new(key.into(), Arc::default());
    let turn = |n: usize| {
        format!(
            r#"{{"role":"user","content":"Where is order A-{n}? Write to jane{n}@example.com, she is waiting for the chair since Monday."}},{{"role":"assistant","content":[{{"type":"text","text":"The order is on its way, and I have told her so. It will be there within two days."}}]}}"#
        )
    };
    let tools = r#"[{"name":"get_order","description":"Reads an order","input_schema":{"type":"object","properties":{"order_id":{"type":"string"}}}}]"#;
    let output = r#"[{"role":"assistant","content":[{"type":"text","text":"Dear Ms Doe, your order A-17 is late by two days. I am sorry, and I have told the carrier to hur"}]}]"#;
    for turns in [1, 4, 20, 200] {
        let input = format!("[{}]", (0..turns).map(turn).collect::<Vec<_>>().join(","));
        let event = |has_row: bool| Event {
            uuid: Uuid::from_u128(7),
            time: jiff::Timestamp::UNIX_EPOCH,
            distinct_id: Some("user_1007"),
            input_prompt: Some(Input::Json(&input)),
            failure_reason: Some(Input::Plain("Connection error.".into())),
            details: has_row.then_some(Details {
                what: What::Failure,
                trace_id: Some("conv-1a2b3c4d"),
                session_id: Some("sess-1a2b3c4d"),
                model: Some("gpt-5-mini"),
                provider: Some("openai"),
                http_status: Some("500"),
                output: Some(Input::Json(output)),
                tools: Some(Input::Json(tools)),
            }),
        };
        let rounds = 20_000 / turns;
        let timed = |one: &dyn Fn() -> usize| {
            let started = Instant::now();
            let bytes: usize = (0..rounds).map(|_| one()).sum();
            (started.elapsed() / rounds as u32, bytes / rounds)
        };
        let (line, line_bytes) =
            timed(&|| TrainingRecord::new(&event(false), &sanitizer).map_or(0, |record| record.to_line().len()));
        let (both, both_bytes) = timed(&|| {
            RedactedEvent::new(&event(true), &sanitizer).map_or(0, |both| {
                let row = both.row().map_or(0, |row| row.to_line().len());
                row + both.line().map_or(0, |line| line.to_line().len())
            })
        });
        println!(
            "input {} B: line {line:?} ({line_bytes} B), line and row {both:?} ({both_bytes} B), {:.2} times",
            input.len(),
            both.as_secs_f64() / line.as_secs_f64()
        );
    }
}

//! Finds what is personal or secret in `{"id","text"}` lines, and writes where it stands: `{"id","spans":[{"start","end","type"}]}`,
//! in Unicode code points.
//!
//! `echo '{"id":1,"text":"write to jane@example.com"}' | cargo run -p misfire-sanitizer --example spans`

use std::{
    borrow::Cow,
    io::{self, BufRead, BufWriter, Write},
};

use misfire_sanitizer::{Scope, find};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct InputRecord<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

#[derive(Serialize)]
struct OutputRecord<'a> {
    id: &'a RawValue,
    spans: Vec<OutputSpan<'a>>,
}

/// Where a value stands, in Unicode code points.
#[derive(Serialize)]
struct OutputSpan<'a> {
    start: usize,
    end: usize,
    r#type: &'a str,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut output = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let given: InputRecord = serde_json::from_str(&line)?;
        let spans = find(&given.text, Scope::Text);
        let (mut bytes, mut chars) = (0, 0);
        // The spans are in order, so each part of the text is counted once.
        let mut chars_until = |at: usize| {
            chars += given.text[bytes..at].chars().count();
            bytes = at;
            chars
        };
        let place = spans.iter().map(|span| OutputSpan {
            start: chars_until(span.range.start),
            end: chars_until(span.range.end),
            r#type: span.kind.label(),
        });
        serde_json::to_writer(&mut output, &OutputRecord { id: given.id, spans: place.collect() })?;
        output.write_all(b"\n")?;
    }
    Ok(output.flush()?)
}

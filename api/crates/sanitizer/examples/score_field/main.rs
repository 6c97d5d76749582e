//! Scores the sanitizer, or another tool, on the labelled cases of `tests/field`. `scripts/score` and `scripts/score-peers` run it.
//!
//! `cargo run -p misfire-sanitizer --example score_field -- [--json] [--spans SPANS] CASES…`
//!
//! Without `--spans` the sanitizer's own spans are scored. SPANS holds another tool's: `{"id","spans":[{"start","end"}]}` lines, in
//! Unicode code points, as `misfire sanitize --spans` writes them. Several `--spans` are scored together, as if one tool had
//! found all. With `--json` the counts are an object, a key for each file of cases.

// The code of the field test: what is not used here is used there.
#[allow(dead_code, reason = "the test reads the faults")]
#[path = "../../tests/field/score.rs"]
mod score;

use std::{collections::HashMap, env, error::Error, fs, ops::Range, path::Path};

use misfire_sanitizer::{Scope, find};
use serde::Deserialize;

use self::score::{Case, Score};

/// What a tool found in a case, in code points.
#[derive(Deserialize)]
struct Found {
    id: String,
    spans: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    start: usize,
    end: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut as_json, mut found, mut files) = (false, None::<HashMap<_, Vec<_>>>, Vec::new());
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => as_json = true,
            "--spans" => {
                let file = arguments.next().ok_or("--spans needs a file")?;
                let found = found.get_or_insert_default();
                for line in fs::read_to_string(file)?.lines() {
                    let Found { id, spans } = serde_json::from_str(line)?;
                    found.entry(id).or_default().extend(spans);
                }
            }
            _ => files.push(argument),
        }
    }
    if files.is_empty() {
        return Err("usage: score_field [--json] [--spans SPANS] CASES…".into());
    }
    let mut scores = serde_json::Map::new();
    for file in files {
        let cases = Case::all_of(&fs::read_to_string(&file)?);
        let score = match &found {
            None => {
                Score::of(&cases, |case| find(&case.text, Scope::Text).into_iter().map(|span| span.range).collect())
            }
            Some(found) => {
                Score::of(&cases, |case| in_bytes(&case.text, found.get(&case.id).map_or(&[], Vec::as_slice)))
            }
        };
        let name = Path::new(&file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if as_json {
            scores.insert(name, serde_json::to_value(&score)?);
        } else {
            println!("{}\n", score.table(&name));
        }
    }
    if as_json {
        println!("{}", serde_json::to_string(&scores)?);
    }
    Ok(())
}

/// Places in bytes. A place beyond the end of the text is cut there.
fn in_bytes(text: &str, places: &[Place]) -> Vec<Range<usize>> {
    let starts: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |at: usize| starts[at.min(starts.len() - 1)];
    places.iter().map(|place| byte(place.start)..byte(place.end.max(place.start))).collect()
}

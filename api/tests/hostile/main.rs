//! Hostile bodies: whatever is posted, the parser does not panic, gives one of its two errors or an event, and what is
//! kept of an event is a line that every reader takes.
//!
//! Bodies of the corpus are cut, joined, repeated and peppered with what parsers stumble over. `FUZZ_SECONDS` says for how long
//! (default 3); `scripts/test-hostile` does it for ten minutes. The seed is printed, and `FUZZ_SEED` repeats its bodies.

use std::{
    env, fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use journal::{GENERATIONS, RedactedEvent, Sanitizer, TRAINING_DATA, quarantine, rules};
use misfire::{
    event::{self, BodyError},
    events_table::{EventsTable, Mapped},
};
use misfire_sanitizer::PseudonymKey;
use uuid::Uuid;

/// What parsers stumble over.
const PEPPER: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b":",
    b",",
    b"null",
    b"true",
    b"-",
    b"1e999",
    b"0.0",
    b"\\u0000",
    b"\\ud800",
    b"\\udc00",
    b"\\ud83e\\ude91",
    b"\\u2028",
    b"\xE2\x80\xA8",
    b"\xEF\xBB\xBF",
    b"\xFF",
    b"\0",
    b"\n",
    b"event",
    b"properties",
    b"data",
    b"input_prompt",
    b"\"uuid\":",
    b"\"event\":\"generation_failed\"",
    b"jane@example.com",
    b"[EMAIL_1]",
    b"[EMAIL_65535]",
    b"-----BEGIN PRIVATE KEY-----",
    b"://a:b@",
    b"4111111111111111",
    b"9999-12-31T23:59:60Z",
    b"0000-00-00",
];

#[test]
fn no_body_breaks_the_parser_or_the_line() {
    let seconds = env::var("FUZZ_SECONDS").map_or(3, |seconds| seconds.parse().expect("FUZZ_SECONDS is a number"));
    let seed = match env::var("FUZZ_SEED") {
        Ok(seed) => seed.parse().expect("FUZZ_SEED is a number"),
        Err(_) => Timestamp::now().as_nanosecond() as u64 | 1,
    };
    println!("FUZZ_SEED={seed} repeats these bodies");
    let mut random = Random(seed);
    let corpus = corpus();
    let keys = PseudonymKey::new(*b"0123456789abcdef").unwrap().into();
    let sanitizer = Sanitizer::new(keys, Arc::default());
    let table = EventsTable::built_in();
    let now = Timestamp::now();
    let started = Instant::now();
    let (mut bodies, mut events, mut rows) = (0_u64, 0_u64, 0_u64);
    while started.elapsed() < Duration::from_secs(seconds) {
        let body = mutated(&corpus, &mut random);
        bodies += 1;
        let is_json = serde_json::from_slice::<serde_json::Value>(&body).is_ok();
        let parsed = event::parse(&body, None, || Uuid::from_u128(7));
        match &parsed {
            Err(BodyError::NotJson) => assert!(!is_json, "refused as no JSON: {}", body.escape_ascii()),
            Err(BodyError::NoEvent) => {}
            Ok(event) => {
                events += 1;
                let Mapped::Kept(kept) = table.map(event) else { continue };
                match RedactedEvent::new(&kept.to_plain(event, now), &sanitizer) {
                    Ok(redacted) => {
                        if let Some(line) = redacted.line() {
                            assert_is_a_line(&line.to_line(), TRAINING_DATA.keys, &body);
                        }
                        if let Some(row) = redacted.row() {
                            rows += 1;
                            assert_is_a_line(&row.to_line(), GENERATIONS.keys, &body);
                            let broken = |rule| panic!("{rule:?} in {row:?} from {}", body.escape_ascii());
                            rules::check_generation(row.values(), broken);
                        }
                    }
                    Err(rejection) => {
                        assert_is_a_line(&quarantine::to_line(&rejection, now), quarantine::QUARANTINE.keys, &body)
                    }
                }
            }
        }
    }
    println!("{bodies} bodies, {events} of them events, {rows} with a row");
    assert!(rows > 0 && events > 0 && events < bodies, "the mutations must be neither too wild nor too tame");
}

fn assert_is_a_line(line: &[u8], keys: &[&str], body: &[u8]) {
    let said = || format!("{} from {}", line.escape_ascii(), body.escape_ascii());
    let text = std::str::from_utf8(line).unwrap_or_else(|_| panic!("{}", said()));
    let inner = text.strip_suffix('\n').unwrap_or_else(|| panic!("{}", said()));
    assert!(
        !inner.contains(|c: char| c.is_control() || ['\u{2028}', '\u{2029}', '\u{FEFF}'].contains(&c)),
        "{}",
        said()
    );
    let record: Vec<(String, String)> = match serde_json::from_str::<serde_json::Value>(inner) {
        Ok(serde_json::Value::Object(record)) => {
            record.into_iter().map(|(key, value)| (key, value.as_str().expect("a string").to_owned())).collect()
        }
        _ => panic!("{}", said()),
    };
    assert_eq!(record.len(), keys.len(), "{}", said());
    assert!(keys.iter().all(|key| record.iter().any(|(found, _)| found == key)), "{}", said());
}

fn corpus() -> Vec<Vec<u8>> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folders = ["hostile/corpus", "fixtures/posthog-ai"].map(|folder| fs::read_dir(tests.join(folder)).unwrap());
    let paths = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths
        .filter(|path| {
            !path.ends_with("expected.json") && path.extension().is_none_or(|end| end != "md" && end != "toml")
        })
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn mutated(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut body = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(body.len() + 1);
        let end = (at + random.below(40)).min(body.len());
        match random.below(7) {
            0 => drop(body.drain(at..end)),
            1 => body.truncate(at.max(1)),
            2 => body.splice(at..at, PEPPER[random.below(PEPPER.len())].iter().copied()).for_each(drop),
            3 => body.splice(at..end, PEPPER[random.below(PEPPER.len())].iter().copied()).for_each(drop),
            4 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len());
                let piece = other[from..(from + random.below(80)).min(other.len())].to_vec();
                body.splice(at..end, piece).for_each(drop);
            }
            5 => {
                let piece = body[at..end].repeat(random.below(200));
                body.splice(at..at, piece).for_each(drop);
            }
            _ => {
                if let Some(byte) = body.get_mut(at) {
                    *byte = random.below(256) as u8;
                }
            }
        }
        if body.is_empty() {
            return body;
        }
    }
    body
}

/// Xorshift (Marsaglia, 2003): small, and the same from the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

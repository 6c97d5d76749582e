//! The output of each version of the sanitizer for a fixed corpus, as a hash.
//!
//! Whoever stores redacted text also stores `SANITIZER_VERSION`, and reads the text again when the version is raised. A change of the
//! output without a new version would leave old leaks in place. So this test fails until both are changed together.
//!
//! The corpus is `values.txt`, each value in each of the carriers below, and `texts.txt`. A text added to the corpus changes the
//! hash, too: add it in a commit that changes no rule, and replace the hash of the current version.

use std::{collections::BTreeSet, fmt::Write as _};

use misfire_sanitizer::{
    Input, Kind, Policy, PseudonymKey, Redactor, SANITIZER_VERSION, Scope, distinct_id, find,
    stored::{as_received, found_in_text},
};
use sha2::{Digest, Sha256};

/// Each version with the first 128 bits, in hex, of SHA-256 over its output.
const OUTPUTS: &[(u32, &str)] = &[
    (4, "77f6bb795e30f632085f1ebd5debe7aa"),
    (5, "6a92fe89531ed9066ca82a281ec310b4"),
    (6, "08c37add390018bde28dbcddd8972f42"),
    (7, "e0ea0b02ee09338d8d1fb9fafe783da3"),
];

const CARRIERS: [&str; 10] = [
    "Please look into it: the WORDS is VALUE, as the customer says.",
    "{\"KEY\": \"VALUE\", \"n\": 1}",
    "entry:\n  KEY: VALUE\n  other: 1\n",
    "let KEY = \"VALUE\";",
    "2026-03-02T10:15:30Z INFO worker: KEY=VALUE in 12 ms",
    "https://example.com/x?KEY=VALUE&y=1",
    "* **WORDS**: `VALUE`",
    "| WORDS | VALUE |",
    "値 WORDS: VALUE です。Привет!",
    // Alone: no word announces it.
    "VALUE",
];

const DISTINCT_IDS: [&str; 14] = [
    "user_1007",
    "worker:job-88213",
    "node-1a2b3c4d",
    "23",
    "01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "auth|5f7c8ec7c33c6c004bbafe82",
    "jane@example.com",
    "jdoe",
    "Jane Doe",
    "usér_1",
    "tel-415-555-0123",
    "123-45-6789",
    "card_4111111111111111",
];

/// Replaces `{36}` and the like by something that looks like a key. It is generated, so that no line of this repository holds one.
fn with_keys(template: &str) -> String {
    let from = |alphabet: &str, length: usize| alphabet.chars().cycle().take(length).collect::<String>();
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, end) = after.split_once('}').unwrap_or((after, ""));
        let value = match name {
            "UPPER16" => Some("QZ7XW5T2LM9RP4HV".to_owned()),
            "HEX32" => Some(from("3f9a07c1d48be265", 32)),
            "JWT" => Some(["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJlc2lnbmF0dXJl"].join(".")),
            "KEYWORD" => Some("KEY".to_owned()),
            "NUL" => Some("\0".to_owned()),
            "BELL" => Some("\x07".to_owned()),
            length => length.parse().ok().map(|length| from("a7Bq9Zk2Lm4Xw8Rt3Vn6Pc5Hd1Jf", length)),
        };
        rest = match value {
            Some(value) => {
                text.push_str(&value);
                end
            }
            None => {
                text.push('{');
                after
            }
        };
    }
    text + rest
}

fn corpus() -> Vec<String> {
    let values = include_str!("values.txt").lines().filter(|line| !line.starts_with('#'));
    let in_carriers = values.flat_map(|line| {
        let mut columns = line.splitn(3, '|');
        let mut next = || columns.next().expect("a line has three columns");
        let (key, words, value) = (next(), next(), with_keys(next()));
        CARRIERS.map(|carrier| carrier.replace("KEY", key).replace("WORDS", words).replace("VALUE", &value))
    });
    let texts = include_str!("texts.txt").trim_end().split("\n----\n").map(with_keys);
    in_carriers.chain(texts).collect()
}

/// All that the sanitizer makes of the corpus.
fn output() -> String {
    let policy = Policy::default();
    let mut output = String::new();
    for text in corpus() {
        for scope in [Scope::Text, Scope::Field] {
            for span in find(&text, scope) {
                write!(output, "{:?} {} ", span.range, span.kind.label()).unwrap();
            }
        }
        let mut redactor = Redactor::new(&policy);
        redactor.reserve_numbers_of(&text);
        let redacted = redactor.redact_input(&as_received(&text));
        let as_text = redactor.redact_input(&Input::Plain(text.as_str().into()));
        let left = found_in_text(&redacted, &policy);
        writeln!(output, "\n{redacted}\n{as_text}\n{:?} {left:?}", redactor.counts()).unwrap();
    }
    let key = PseudonymKey::new(*b"a key for a test").unwrap();
    for id in DISTINCT_IDS {
        writeln!(output, "{}", distinct_id::sanitize(id, &key, &policy)).unwrap();
    }
    output
}

#[test]
fn the_output_changes_only_with_the_version() {
    let hash = Sha256::digest(output());
    let hash = hash[..16].iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let &(version, recorded) = OUTPUTS.last().expect("the table has a line");
    assert!(
        version == SANITIZER_VERSION && recorded == hash,
        "The output for tests/golden is not that of version {version}. If this is intended, raise SANITIZER_VERSION ({SANITIZER_VERSION} \
         now) and add ({}, \"{hash}\") to OUTPUTS.",
        version + 1
    );
}

#[test]
fn each_version_has_an_output_of_its_own() {
    assert!(OUTPUTS.is_sorted_by(|one, next| one.0 < next.0));
    let hashes: BTreeSet<_> = OUTPUTS.iter().map(|(_, hash)| hash).collect();
    assert_eq!(hashes.len(), OUTPUTS.len());
}

#[test]
fn the_corpus_holds_every_kind() {
    let found: BTreeSet<Kind> =
        corpus().iter().flat_map(|text| find(text, Scope::Text)).map(|span| span.kind).collect();
    assert_eq!(found, Kind::ALL.iter().cloned().collect());
}

//! How fast the sanitizer reads: ordinary prompts, records full of personal data, and hostile input. With ../shared beside the
//! project, also the prompts and the records that `scripts/score` reads, without their JSON.
//!
//! `cargo bench -p misfire-sanitizer --bench sanitize`

use std::{fs::File, hint::black_box, io, path::Path, time::Duration};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flate2::read::GzDecoder;
use misfire_sanitizer::{Scope, find};
use serde::Deserialize;

const PROMPT: &str = "Write a Python function that merges two sorted lists without using the sort method. It should handle empty \
    lists and lists of different lengths, and it should run in linear time. Please explain each step, and add a few tests \
    with assert. Here is what I have so far:\n\ndef merge(a, b):\n    result = []\n    i = j = 0\n    while i < len(a) and j < len(b):\n        \
    if a[i] <= b[j]:\n            result.append(a[i])\n            i += 1\n        else:\n            result.append(b[j])\n            j += 1\n    \
    return result + a[i:] + b[j:]\n\nIt fails with `IndexError: list index out of range` on Monday's data, version 1.2.3 of the parser.\n\n";

const RECORD: &str = "Customer: Mary Sample, SSN 219-09-9999, DOB: 1984-02-29, Phone: +1 (415) 555-0132\nEmail: mary.sample@example.com\n\
    Address: 12 Harbour Street, Springfield, IL 62704\nCard 4111 1111 1111 1111, IBAN GB82 WEST 1234 5698 7654 32, from 8.8.8.8\n";

fn sized(text: &str, bytes: usize) -> String {
    text.repeat(bytes / text.len() + 1)
}

/// The texts of a family of labelled ones, if they are there.
fn labelled(family: &str) -> io::Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Labelled {
        text: String,
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/pii/dev");
    let lines = GzDecoder::new(File::open(folder.join(format!("{family}.jsonl.gz")))?);
    let labelled = serde_json::Deserializer::from_reader(io::BufReader::new(lines)).into_iter::<Labelled>();
    Ok(labelled.collect::<Result<Vec<_>, _>>()?.into_iter().map(|labelled| labelled.text).collect())
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("find");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for family in ["benign", "piianon", "secrets"] {
        let Ok(texts) = labelled(family) else {
            println!("{family}: skipped, for ../shared/pii is absent");
            continue;
        };
        group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
        group.bench_function(family, |bencher| {
            bencher.iter(|| texts.iter().map(|text| find(black_box(text), Scope::Text).len()).sum::<usize>());
        });
    }
    let mut measure = |name: &str, text: String| {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| find(black_box(&text), Scope::Text)));
    };
    measure("one prompt", PROMPT.to_owned());
    measure("one record", RECORD.to_owned());
    measure("64 KiB of prompts", sized(PROMPT, 64 << 10));
    measure("64 KiB of records", sized(RECORD, 64 << 10));
    for (name, unit) in [
        ("digits", "4"),
        ("at signs", "@"),
        ("dotted at signs", "a@b."),
        ("quotes", "\"'"),
        ("jwt heads", "eyJ"),
        ("url heads", "://"),
        ("key heads", "sk-"),
        ("begin lines", "-----BEGIN PRIVATE KEY-----"),
        ("passwords", "password="),
        ("names", "Mary "),
        ("curls", "curl -u "),
        ("spaced digits", "4 "),
        ("dates", "7 Jan 2020 "),
        ("versions", "1.1.1.1 "),
        ("streets", "12 rue "),
        ("colons", "a:"),
        ("brackets", "[EMAIL_"),
        ("suites", "Suite 1 "),
        ("dollars", "$6$"),
        ("keys given keys", "key=key="),
        ("open quotes", "password=\""),
        ("values of elements", "value="),
        ("secrets said", "password is "),
        ("begins", "-----BEGIN "),
        ("hex", "deadbeef01"),
        ("base 64", "aB3/"),
        ("hyphens", "a1-"),
        ("marks", "1Q~"),
        ("parameters", "?token=a&"),
        ("seed words", "abandon "),
    ] {
        measure(&format!("1 MiB of {name}"), sized(unit, 1 << 20));
    }
    group.finish();
}

criterion_group!(sanitize, benches);
criterion_main!(sanitize);

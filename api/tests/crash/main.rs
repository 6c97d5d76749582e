//! Kills the API at random moments while events come in. Afterwards every line that was acknowledged is there, once and
//! whole, over all files. `CRASH_KILLS` says how often (default 100); `scripts/test-crash` does it 1,000 times.

#[path = "../api/helpers.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which this one needs a part")]
mod helpers;

use std::{
    collections::HashMap,
    env, fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use helpers::{Api, agent, event, eventually};
use rustix::process::Signal;
use serde_json::json;

/// Small, so that kills fall into the closing of files too.
const SETTINGS: [(&str, &str); 2] = [("ROTATE_BYTES", "20000"), ("RUST_LOG", "info")];
const CLIENTS: u32 = 4;

#[test]
fn no_kill_loses_doubles_or_tears_an_acknowledged_line() {
    let kills: u64 = env::var("CRASH_KILLS").map_or(100, |kills| kills.parse().expect("CRASH_KILLS is a number"));
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let next = AtomicU32::new(0);
    // An event that was not acknowledged is sent again, as PostHog would.
    let mut acknowledged = Vec::new();
    let mut unanswered = Vec::new();

    for kill in 0..kills {
        let api = Api::start_in(Arc::clone(&folder), &SETTINGS);
        let url = format!("http://{}/api/webhooks", api.process.addr);
        let is_over = AtomicBool::new(false);
        let answered = AtomicU32::new(0);
        let retries: Vec<Vec<u32>> =
            (0..CLIENTS).map(|client| unanswered.iter().copied().filter(|n| n % CLIENTS == client).collect()).collect();
        unanswered.clear();
        thread::scope(|scope| {
            let clients: Vec<_> = retries
                .into_iter()
                .map(|retries| scope.spawn(|| deliver_until_over(&url, retries, &next, &answered, &is_over)))
                .collect();
            // From right away to well into the traffic; a different moment each time. On a busy machine the first answer takes long, so
            // every second kill waits for it.
            if kill % 2 == 1 {
                eventually("an event is answered", || answered.load(Ordering::Relaxed) > 0);
            }
            thread::sleep(Duration::from_micros(kill * 7_919 % 200_000));
            api.process.signal(Signal::KILL);
            is_over.store(true, Ordering::Relaxed);
            for client in clients {
                let (acked, lost) = client.join().unwrap();
                acknowledged.extend(acked);
                unanswered.extend(lost);
            }
        });
    }

    // The last start mends what the last kill left.
    Api::start_in(Arc::clone(&folder), &SETTINGS).process.signal(Signal::TERM);
    let (seen, files) = count_lines(folder.path(), "training_data", 6);
    let (rows, files_of_rows) = count_lines(folder.path(), "generations", 18);
    println!(
        "{kills} kills, {} acknowledged, {} lines in {files} files, {} rows in {files_of_rows} files",
        acknowledged.len(),
        seen.len(),
        rows.len()
    );
    assert!(acknowledged.len() > kills as usize, "the test must have sent something");
    for number in &acknowledged {
        assert_eq!(seen.get(&helpers::uuid(*number)), Some(&1), "event {number}");
    }
    assert!(seen.values().all(|times| *times == 1), "no line stands twice");
    assert!(rows.values().all(|times| *times == 1), "no row stands twice");
    for number in acknowledged.iter().filter(|number| has_row(**number)) {
        assert_eq!(rows.get(&helpers::uuid(*number)), Some(&1), "the row of event {number}");
    }
    let with_row: Vec<_> = (0..next.into_inner()).filter(|number| has_row(*number)).map(helpers::uuid).collect();
    assert!(
        with_row.iter().all(|uuid| rows.contains_key(uuid) || !seen.contains_key(uuid)),
        "no line is without its row"
    );
    // What was not answered was sent again, but for the last ones.
    let without_line = rows.keys().filter(|uuid| !seen.contains_key(*uuid)).count();
    assert!(without_line <= CLIENTS as usize, "{without_line} rows without a line");
}

/// Every second event has a row besides its line.
fn has_row(number: u32) -> bool {
    number.is_multiple_of(2)
}

/// Sends events one after the other until the server is gone; gives the numbers that were acknowledged, and the one
/// that was not.
fn deliver_until_over(
    url: &str,
    retries: Vec<u32>,
    next: &AtomicU32,
    answered: &AtomicU32,
    is_over: &AtomicBool,
) -> (Vec<u32>, Vec<u32>) {
    let agent = agent();
    let mut acknowledged = Vec::new();
    let mut retries = retries.into_iter();
    while !is_over.load(Ordering::Relaxed) {
        let number = retries.next().unwrap_or_else(|| next.fetch_add(1, Ordering::Relaxed));
        let prompt = "a prompt of jane@example.com ".repeat(number as usize % 20 + 1);
        let mut body = event(number, &prompt);
        if has_row(number) {
            body["event"]["event"] = "$ai_generation".into();
            body["event"]["properties"] = json!({"$ai_is_error": true, "$ai_input": prompt, "$ai_output_choices": "half an ans", "$ai_error": "timeout"});
        }
        let body = body.to_string();
        match agent.post(url).send(&body) {
            Ok(response) if response.status() == 200 => {
                answered.fetch_add(1, Ordering::Relaxed);
                acknowledged.push(number);
            }
            Ok(response) => panic!("event {number} was answered {}", response.status()),
            Err(_) => return (acknowledged, std::iter::once(number).chain(retries).collect()),
        }
    }
    (acknowledged, retries.collect())
}

/// How often each uuid stands in the files; every line must be whole.
fn count_lines(folder: &Path, stem: &str, keys: usize) -> (HashMap<String, u32>, usize) {
    let mut seen = HashMap::new();
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_asked = path.file_name().unwrap().to_string_lossy().starts_with(&format!("{stem}."));
        if !is_asked || path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        files += 1;
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.ends_with('\n'), "{} is torn", path.display());
        for line in text.lines() {
            let record: HashMap<String, String> = serde_json::from_str(line).unwrap();
            assert_eq!(record.len(), keys, "{line}");
            *seen.entry(record["uuid"].clone()).or_default() += 1;
        }
    }
    (seen, files)
}

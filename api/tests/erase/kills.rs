//! Kills `misfire forget` at random moments, and the API now and then, while events come in. After a second run nothing of the
//! person is left, nothing came back, and no line of anybody else is lost, doubled or torn. `FORGET_KILLS` says how often
//! (default 50); `scripts/test-crash` does it 200 times.

use std::{
    collections::HashMap,
    env,
    path::Path,
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    files::{command, everything, lines, rows},
    helpers::{Api, DEADLINE, agent, event, uuid},
};

const CLIENTS: u32 = 3;
/// How many of the next persons to be erased send events already.
const AHEAD: u32 = 4;
/// Each so many kills of the command the API is killed too.
const API_KILL_EVERY: u32 = 10;

/// What the clients share.
struct Load {
    url: String,
    /// Who is being erased.
    person: AtomicU32,
    next: AtomicU32,
    is_over: AtomicBool,
    /// Events of others that were acknowledged as stored, and those of persons to be erased, by number.
    stored: Mutex<HashMap<u32, Option<u32>>>,
}

#[test]
fn no_kill_of_an_erasure_leaves_a_line_of_the_person_or_takes_one_of_another() {
    let kills: u32 = env::var("FORGET_KILLS").map_or(50, |kills| kills.parse().expect("FORGET_KILLS is a number"));
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let first = Api::start_in(Arc::clone(&folder), &[]);
    let addr = first.process.addr.clone();
    drop(first);
    let settings = [("ROTATE_BYTES", "100000"), ("RUST_LOG", "info"), ("API_ADDR", addr.as_str())];
    let mut api = Some(Api::start_in(Arc::clone(&folder), &settings));
    let load = Load {
        url: format!("http://{addr}/api/webhooks"),
        person: AtomicU32::new(0),
        next: AtomicU32::new(0),
        is_over: AtomicBool::new(false),
        stored: Mutex::default(),
    };
    // How long an erasure takes that nobody ends: a kill falls somewhere into it.
    let mut whole = Duration::from_millis(100);
    let mut ended_in_time = 0;

    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| send(&load));
        }
        // Also when something here fails, or the clients would go on for ever.
        let over = OnDrop(&load.is_over);
        for kill in 0..kills {
            load.person.store(kill, Ordering::Relaxed);
            let person = name(kill);
            let mut erasure = command(folder.path(), &["forget", "--yes", "--guard", "--distinct-id", &person])
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            thread::sleep(whole * (kill * 7_919 % 1_000) / 900);
            if kill % API_KILL_EVERY == API_KILL_EVERY - 1 {
                api.take().unwrap().process.signal(Signal::KILL);
                api = Some(Api::start_in(Arc::clone(&folder), &settings));
            }
            ended_in_time += u32::from(erasure.try_wait().unwrap().is_some());
            erasure.kill().unwrap();
            erasure.wait().unwrap();
            let started = Instant::now();
            // The status is 1 where the killed run had removed everything.
            let second =
                command(folder.path(), &["forget", "--yes", "--guard", "--distinct-id", &person]).output().unwrap();
            assert!(matches!(second.status.code(), Some(0 | 1)), "{second:?}");
            whole = started.elapsed();
            let left = lines(folder.path()).iter().filter(|line| line.contains(&format!("\"{person}\""))).count();
            assert_eq!(left, 0, "lines of {person} after kill {kill}");
            let left = rows(folder.path()).iter().filter(|row| row["distinct_id"] == person.as_str()).count();
            assert_eq!(left, 0, "rows of {person} after kill {kill}");
        }
        drop(over);
    });
    api.unwrap().process.signal(Signal::TERM);
    let stored = load.stored.into_inner().unwrap();
    let found = uuids(folder.path());
    let (others, persons): (Vec<_>, Vec<_>) = stored.iter().partition(|(_, person)| person.is_none());
    println!(
        "{kills} kills ({ended_in_time} came too late), {} lines of others, {} of the erased; {whole:?} for an erasure",
        others.len(),
        persons.len()
    );
    assert!(others.len() > kills as usize && persons.len() > kills as usize, "the test must have sent something");
    assert!(ended_in_time < kills / 2 + 5, "the kills must fall into the erasure");
    for (number, _) in others {
        assert_eq!(found.get(&uuid(*number)), Some(&1), "event {number}");
    }
    assert!(found.values().all(|times| *times == 1), "no line stands twice");
    let mut rows: Vec<_> = rows(folder.path()).iter().map(|row| row["uuid"].as_str().unwrap().to_owned()).collect();
    let count = rows.len();
    rows.sort();
    rows.dedup();
    assert!(count == rows.len() && count > kills as usize, "no row stands twice: {count}");
    for (number, _) in stored.iter().filter(|(number, _)| has_row(**number)) {
        let has = |all: bool| all == rows.binary_search(&uuid(*number)).is_ok();
        assert!(has(found.contains_key(&uuid(*number))), "event {number} has line and row, or neither");
    }
    let left = persons.iter().filter(|(number, person)| person.unwrap() < kills && found.contains_key(&uuid(**number)));
    assert_eq!(left.count(), 0);
    let everything = everything(folder.path());
    for person in 0..kills {
        assert!(!everything.contains(&format!("\"{}\"", name(person))), "{} is named", name(person));
    }
}

struct OnDrop<'a>(&'a AtomicBool);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn name(person: u32) -> String {
    format!("erased_{person}")
}

/// A third of the events has a row besides its line.
fn has_row(number: u32) -> bool {
    number.is_multiple_of(3)
}

/// Sends events one after the other; one that was not answered is sent again, as PostHog would. Half of them are of those who are
/// being erased, or will be soon; some of these have no prompt.
fn send(load: &Load) {
    let agent = agent();
    while !load.is_over.load(Ordering::Relaxed) {
        let number = load.next.fetch_add(1, Ordering::Relaxed);
        let person = number.is_multiple_of(2).then(|| load.person.load(Ordering::Relaxed) + number / 2 % AHEAD);
        let mut body = event(number, &"a prompt ".repeat(number as usize % 20 + 1));
        body["event"]["distinct_id"] = json!(person.map_or_else(|| format!("other_{number}"), name));
        if has_row(number) {
            body["event"]["event"] = "$ai_generation".into();
            body["event"]["properties"] = json!({"$ai_is_error": true, "$ai_input": "a prompt", "$ai_output_choices": "half an ans", "$ai_error": "timeout"});
        }
        let is_unusable = person.is_some() && !has_row(number) && number.is_multiple_of(7);
        if is_unusable {
            body["event"]["properties"]["input_prompt"] = Value::Null;
        }
        let started = Instant::now();
        loop {
            assert!(started.elapsed() < DEADLINE, "event {number} is not taken");
            let Ok(mut answer) = agent.post(&load.url).send(body.to_string()) else {
                thread::sleep(Duration::from_millis(5));
                continue;
            };
            let status = answer.status().as_u16();
            let text = answer.body_mut().read_to_string().unwrap_or_default();
            if status == 200 && (text.contains("\"stored\"") || text.contains("\"duplicate\"")) {
                load.stored.lock().unwrap().insert(number, person);
            } else if status != 503 {
                let is_ignored = status == 200 && text.contains("\"forgotten\"") && person.is_some();
                assert!(is_ignored || status == 422 && is_unusable, "event {number}: {status} {text}");
            }
            if status != 503 {
                break;
            }
        }
    }
}

/// How often each uuid stands in the files.
fn uuids(folder: &Path) -> HashMap<String, u32> {
    let mut found = HashMap::new();
    for line in lines(folder) {
        let record: HashMap<String, String> = serde_json::from_str(&line).unwrap();
        assert_eq!(record.len(), 6, "{line}");
        *found.entry(record["uuid"].clone()).or_default() += 1;
    }
    found
}

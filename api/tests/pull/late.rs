//! What PostHog's tables show late: an event may have been taken before the last one that was pulled.
//!
//! posthog-local shows events at once, so a small server plays PostHog here.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    background::two_more_rounds,
    files::values,
    helpers::{Api, eventually, uuid},
};

/// An event and when PostHog took it.
type Shown = Arc<Mutex<Vec<(u32, Timestamp)>>>;

fn row(number: u32, created_at: Timestamp, columns: &str) -> Value {
    let timestamp = "2026-01-02T12:00:00Z";
    let properties = json!({"input_prompt": format!("prompt {number}"), "failure_reason": "timeout"}).to_string();
    match columns {
        "uuid, timestamp" => json!([uuid(number), timestamp]),
        "uuid, event, distinct_id, timestamp, created_at, properties" => {
            json!([uuid(number), "generation_failed", "user_1", timestamp, created_at.to_string(), properties])
        }
        columns => panic!("{columns}"),
    }
}

/// Answers the queries of a pull, as far as they are asked here.
fn rows(query: &str, values: &Value, shown: &Shown) -> Vec<Value> {
    let columns = query.strip_prefix("SELECT ").unwrap().split(" FROM ").next().unwrap();
    let time = |key: &str| values[key].as_str().map(|time| time.parse::<Timestamp>().unwrap());
    let has =
        |list: &str, number: u32| values[list].as_array().is_some_and(|uuids| uuids.contains(&json!(uuid(number))));
    let is_wanted = |(number, created_at): &(u32, Timestamp)| match query.contains("uuid IN {uuids}") {
        true => has("uuids", *number),
        false => {
            time("since").unwrap() <= *created_at && *created_at < time("until").unwrap() && !has("given", *number)
        }
    };
    let mut found: Vec<_> = shown.lock().unwrap().iter().copied().filter(is_wanted).collect();
    found.sort_by_key(|(_, created_at)| *created_at);
    found.into_iter().map(|(number, created_at)| row(number, created_at, columns)).collect()
}

fn answer(mut stream: TcpStream, shown: &Shown) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut length = 0;
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        if length == 0 {
            return Ok(());
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let body: Value = serde_json::from_slice(&body).unwrap();
        let rows = rows(body["query"]["query"].as_str().unwrap(), &body["query"]["values"], shown);
        let text = json!({ "results": rows }).to_string();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
            text.len()
        )?;
    }
}

#[test]
fn an_event_that_is_shown_late_is_found_within_the_overlap() {
    let shown = Shown::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("http://{}", listener.local_addr().unwrap());
    let served = Arc::clone(&shown);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let shown = Arc::clone(&served);
            thread::spawn(move || answer(stream, &shown));
        }
    });
    let ago = |minutes| Timestamp::now() - SignedDuration::from_mins(minutes);
    shown.lock().unwrap().extend([(1, ago(40)), (2, ago(10))]);
    let api = Api::start_with(&[
        ("POSTHOG_APP_HOST", &host),
        ("POSTHOG_PROJECT", "1"),
        ("POSTHOG_PERSONAL_API_KEY", "phx_x"),
        ("PULL_INTERVAL_S", "1"),
    ]);
    eventually("both are there", || api.lines().len() == 2);
    // Before the position, and then one after it.
    shown.lock().unwrap().push((3, ago(30)));
    eventually("the late one is there", || api.lines().len() == 3);
    shown.lock().unwrap().push((4, ago(0)));
    eventually("the new one is there", || api.lines().len() == 4);
    two_more_rounds(&api);
    assert_eq!(values(api.folder.path(), "uuid"), [1, 2, 3, 4].map(uuid));
}

//! How fast it is: figures, not a verdict, for a busy machine says more about itself. Of a release build:
//!
//! `cargo build --release -p posthog-local && POSTHOG_LOCAL_BIN=target/release/posthog-local cargo test -p posthog-local
//! --test it speed -- --ignored --nocapture`

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

const EVENTS_ONE_BY_ONE: usize = 500;
const EVENTS_PER_S: usize = 2_000;
const BATCH: usize = 100;
const LOAD_S: usize = 10;
const FLAGS: usize = 20;

/// The least of a receiver: it tells when each webhook was there, and says 200.
async fn receiver() -> (String, mpsc::UnboundedReceiver<Instant>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (sender, received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, sender.clone()));
        }
    });
    (url, received)
}

async fn serve(mut stream: TcpStream, received: mpsc::UnboundedSender<Instant>) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::new();
    loop {
        let head = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n").map(|at| at + 4);
        let complete = head.and_then(|head| {
            let text = std::str::from_utf8(&buffer[..head]).unwrap().to_ascii_lowercase();
            let length: usize = text.split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
            (buffer.len() >= head + length).then_some(head + length)
        });
        if let Some(end) = complete {
            _ = received.send(Instant::now());
            buffer.drain(..end);
            if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.is_err() {
                return;
            }
        } else if stream.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
            return;
        }
    }
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

impl Running {
    /// `VmRSS` or `VmHWM` (the most so far), in MiB.
    fn memory(&self, field: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<f64>().unwrap() / 1024.0
    }
}

/// The shipped project, with flags.
fn project() -> String {
    let flags =
        (0..FLAGS).map(|n| format!("\n[[flags]]\nkey = \"flag-{n}\"\nvalue = \"blue\"\npayload = {{ n = {n} }}\n"));
    format!("{}{}", include_str!("../../project.toml"), flags.collect::<String>())
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn failure() -> Value {
    json!({"event": "generation_failed", "distinct_id": format!("user_{}", fastrand::u32(..1_000)),
        "properties": {"input_prompt": "generate a marketing email for new users", "failure_reason": "timeout"}})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "figures, for a machine that does nothing else"]
async fn figures() {
    let (webhook_url, mut received) = receiver().await;
    let binary = std::env::var("POSTHOG_LOCAL_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_posthog-local").to_owned());
    let started = Instant::now();
    let mut command = Command::new(&binary);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("project.toml");
    fs::write(&config, project()).unwrap();
    command.env_clear().env("POSTHOG_LOCAL_ADDR", "127.0.0.1:0").env("WEBHOOK_URL", webhook_url);
    command.env("POSTHOG_LOCAL_CONFIG", &config);
    let mut running = Running(command.stderr(Stdio::piped()).spawn().unwrap());
    let mut log = BufReader::new(running.0.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    let url = line.trim_end().split_once("listening on ").unwrap().1.to_owned();
    std::thread::spawn(move || _ = log.read_to_string(&mut String::new()));
    let client = reqwest::Client::new();
    while !client.get(format!("{url}/_readiness")).send().await.is_ok_and(|answer| answer.status() == 200) {}
    println!("{binary}");
    println!("start to ready: {:.0} ms", millis(started.elapsed()));
    println!("idle memory: {:.1} MiB", running.memory("VmRSS:"));

    let capture = |events: Vec<Value>| {
        client.post(format!("{url}/batch/")).json(&json!({"api_key": "phc_local", "batch": events})).send()
    };
    let mut waits = Vec::new();
    for _ in 0..EVENTS_ONE_BY_ONE {
        let sent = Instant::now();
        assert_eq!(capture(vec![failure()]).await.unwrap().status(), 200);
        waits.push(millis(received.recv().await.unwrap() - sent));
    }
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| waits[(waits.len() as f64 * share) as usize];
    println!("capture to webhook, one by one: median {:.2} ms, p99 {:.2} ms", at(0.5), at(0.99));

    let mut tick = tokio::time::interval(Duration::from_secs(1) * BATCH as u32 / EVENTS_PER_S as u32);
    let started = Instant::now();
    let (mut sent, mut refused, mut arrived) = (0, 0, 0);
    let mut flag_waits = Vec::new();
    for _ in 0..EVENTS_PER_S * LOAD_S / BATCH {
        tick.tick().await;
        match capture((0..BATCH).map(|_| failure()).collect()).await.unwrap().status().as_u16() {
            200 => sent += BATCH,
            _ => refused += BATCH,
        }
        // With each batch somebody asks for flags.
        let asked = Instant::now();
        let person = json!({"token": "phc_local", "distinct_id": "user_1"});
        let answer = client.post(format!("{url}/flags/?v=2")).json(&person).send().await.unwrap();
        let flags: Value = answer.json().await.unwrap();
        assert_eq!(flags["flags"].as_object().unwrap().len(), FLAGS);
        flag_waits.push(millis(asked.elapsed()));
        while received.try_recv().is_ok() {
            arrived += 1;
        }
    }
    let (offered, behind) = (started.elapsed(), sent - arrived);
    while arrived < sent {
        tokio::time::timeout(Duration::from_secs(30), received.recv()).await.expect("all arrive").unwrap();
        arrived += 1;
    }
    println!(
        "load: {sent} events in {:.1} s ({:.0}/s), {refused} refused; {behind} behind at the end, all there {:.0} ms later",
        offered.as_secs_f64(),
        sent as f64 / offered.as_secs_f64(),
        millis(started.elapsed() - offered),
    );
    flag_waits.sort_by(f64::total_cmp);
    let at = |share: f64| flag_waits[(flag_waits.len() as f64 * share) as usize];
    println!(
        "{} times /flags with {FLAGS} flags meanwhile: median {:.2} ms, p99 {:.2} ms",
        flag_waits.len(),
        at(0.5),
        at(0.99)
    );
    println!("memory after it: {:.1} MiB, at most {:.1} MiB", running.memory("VmRSS:"), running.memory("VmHWM:"));
}

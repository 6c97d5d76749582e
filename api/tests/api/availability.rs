//! One caller cannot stop the rest.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    faults::start_with_fault,
    helpers::{Api, DEADLINE, Process, event, eventually, misfire},
};

const SIGNING: (&str, &str) = ("WEBHOOK_SIGNING_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

/// Sends a request and gives all that comes back until the server closes the connection, or `None` if it does not within 2 s.
fn answer_and_end(addr: &str, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok().map(|_| answer)
}

fn webhook(headers: &str, body: &str) -> String {
    format!("POST /api/webhooks HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn only_a_caller_whose_webhook_was_taken_keeps_its_connection() {
    let api = Api::start_with(&[("WEBHOOK_SECRET", "s3cret")]);
    let addr = &api.process.addr;
    let body = event(1, "x").to_string();
    for refused in [
        "GET /health HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        webhook("", &body),
        webhook("X-Webhook-Secret: guess\r\n", &body),
        webhook("Origin: http://x\r\n", &body),
    ] {
        assert!(answer_and_end(addr, &refused).is_some(), "{refused}");
    }
    for taken in [body, event(2, "").to_string(), "{".to_owned()] {
        assert!(answer_and_end(addr, &webhook("X-Webhook-Secret: s3cret\r\n", &taken)).is_none(), "{taken}");
    }
}

#[test]
fn more_silent_connections_than_may_be_open_do_not_stop_a_new_caller() {
    let api = Api::start_with(&[("CONNECTIONS_MAX", "32"), ("WEBHOOK_SECRET", "s3cret")]);
    let _silent: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(&api.process.addr).unwrap();
            stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            stream
        })
        .collect();
    let started = Instant::now();
    let answer = api.post_with(&[("x-webhook-secret", "s3cret")], &event(1, "x").to_string());
    assert_eq!(answer.status, 200);
    assert!(started.elapsed() < Duration::from_millis(2_500), "PostHog waits 3 s: {:?}", started.elapsed());
}

#[test]
fn connections_that_stay_open_leave_room_for_a_new_caller() {
    let api = Api::start_with(&[("CONNECTIONS_MAX", "16")]);
    let mut staying = Vec::new();
    for number in 1..=16 {
        let mut stream = TcpStream::connect(&api.process.addr).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.write_all(webhook("", &event(number, "x").to_string()).as_bytes()).unwrap();
        assert!(stream.read(&mut [0; 4_096]).unwrap() > 0);
        staying.push(stream);
    }
    let started = Instant::now();
    assert_eq!(api.post(&event(17, "x")).status, 200);
    assert!(started.elapsed() < Duration::from_millis(2_500), "PostHog waits 3 s: {:?}", started.elapsed());
    let mut byte = [0];
    staying.iter_mut().for_each(|stream| stream.set_nonblocking(true).unwrap());
    let open = staying.iter_mut().filter_map(|stream| stream.read(&mut byte).err()).count();
    assert_eq!(open, 14, "all but two stay");
}

#[test]
fn files_have_descriptors_whatever_connections_take() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let start = |soft_and_hard: &str, settings: &[(&str, &str)]| {
        let mut command = Command::new("prlimit");
        command.args([&format!("--nofile={soft_and_hard}"), env!("CARGO_BIN_EXE_misfire"), "serve"]);
        command.current_dir(folder.path()).env_clear().env("API_ADDR", "127.0.0.1:0").envs(settings.iter().copied());
        command
    };
    let refused = start("256:256", &[("CONNECTIONS_MAX", "193")]).stderr(Stdio::piped()).output().unwrap();
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(error.contains("set CONNECTIONS_MAX to at most 192"), "{error}");

    let api = Api { process: Process::start(start("256:256", &[])), folder: Arc::clone(&folder) };
    let _held: Vec<_> = (0..300).map(|_| TcpStream::connect(&api.process.addr).unwrap()).collect();
    // Silent connections are ended after 5 s; then the caller has its turn, and there is a descriptor for a new file.
    assert_eq!(api.post(&event(1, "x")).status, 200);
    api.process.hang_up();
    eventually("the file is closed", || !api.file().exists());
    drop(api);

    // A low soft limit is raised to the hard one.
    let api = Api { process: Process::start(start("128:4096", &[])), folder };
    let limits = fs::read_to_string(format!("/proc/{}/limits", api.process.pid())).unwrap();
    let open_files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    assert_eq!(open_files.split_whitespace().nth(3), Some("4096"), "{open_files}");
}

#[test]
fn bodies_of_callers_that_are_not_verified_are_bounded_together() {
    let api = Api::start_with(&[SIGNING]);
    let now = jiff::Timestamp::now().as_second();
    let head = format!(
        "POST /api/webhooks HTTP/1.1\r\nHost: x\r\nwebhook-id: a\r\nwebhook-timestamp: {now}\r\nwebhook-signature: v1,AAAA\r\n\
         Content-Length: 1048576\r\n\r\n{{"
    );
    // Each announces a MiB and holds it back.
    let mut held: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(&api.process.addr).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let refused = held
        .iter_mut()
        .map(|stream| {
            let mut answer = [0; 12];
            stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
            stream.read_exact(&mut answer).is_ok() && &answer == b"HTTP/1.1 429"
        })
        .filter(|is_refused| *is_refused)
        .count();
    assert_eq!(refused, 40 - 32, "32 MiB fit");
    drop(held);
    eventually("the room is free again", || {
        let answer = api.post_with(
            &[("webhook-id", "a"), ("webhook-timestamp", &now.to_string()), ("webhook-signature", "v1,AAAA")],
            &"x".repeat(1 << 20),
        );
        answer.status == 401
    });
}

#[test]
fn too_much_at_once_is_429_with_retry_after() {
    // The first event is being written, the second waits, and the third is one too many.
    let settings = [("QUEUE_RECORDS_MAX", "1")];
    let Some(api) = start_with_fault("fdatasync:delay_enter=2000000:when=1", &settings) else { return };
    thread::scope(|scope| {
        let first = scope.spawn(|| api.post(&event(1, "x")));
        eventually("the first is being written", || api.file().metadata().is_ok_and(|file| file.len() > 0));
        let second = scope.spawn(|| api.post(&event(2, "x")));
        let waiting = || api.process.get("/metrics", &[]).body.contains("misfire_queue_records 1\n");
        eventually("the second waits", waiting);
        let third = api.post(&event(3, "x"));
        third.problem(429);
        assert_eq!(third.header("retry-after"), Some("2"));
        assert_eq!((first.join().unwrap().status, second.join().unwrap().status), (200, 200));
    });
    assert_eq!(api.post(&event(3, "x")).json()["status"], "stored");
}

#[test]
fn a_queue_that_no_line_fits_into_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let start = Api::command(folder.path(), &[("QUEUE_BYTES_MAX", "1024")]).stderr(Stdio::piped()).output().unwrap();
    let error = String::from_utf8(start.stderr).unwrap();
    assert!(start.status.code() == Some(2) && error.contains("8388608"), "{error}");
}

#[test]
fn ready_says_so_when_the_first_event_would_be_refused() {
    let api = Api::start_with(&[("FREE_BYTES_MIN", "1000000000000000")]);
    eventually("it is known", || api.process.get("/ready", &[]).status == 503);
    api.post(&event(1, "x")).problem(503);
}

#[test]
fn refusals_of_strangers_do_not_fill_the_log() {
    let api = Api::start_with(&[("WEBHOOK_SECRET", "s3cret"), ("RUST_LOG", "info")]);
    for _ in 0..100 {
        api.post_with(&[("x-webhook-secret", "guess")], "{}").problem(401);
    }
    assert_eq!(api.process.log().matches("unauthenticated").count(), 1, "{}", api.process.log());
    let metrics = api.process.get("/metrics", &[]).body;
    assert!(metrics.contains("misfire_refused_total{reason=\"unauthenticated\"} 100"), "{metrics}");
}

#[test]
fn head_is_answered_as_get_without_the_body() {
    let api = Api::start();
    for path in ["/health", "/ready", "/metrics"] {
        let answer = answer_and_end(&api.process.addr, &format!("HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n")).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("\r\n\r\n"), "{path}: {answer}");
    }
}

#[test]
fn a_right_header_after_a_wrong_one_authenticates() {
    let api = Api::start_with(&[("WEBHOOK_SECRET", "s3cret")]);
    let body = event(1, "x").to_string();
    let headers = "Authorization: Bearer no\r\nAuthorization: Bearer s3cret\r\nConnection: close\r\n";
    let answer = answer_and_end(&api.process.addr, &webhook(headers, &body)).unwrap();
    assert!(answer.contains("\"stored\""), "{answer}");
}

#[test]
fn no_level_of_the_log_shows_the_key_or_an_address() {
    let folder = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("http://{}", listener.local_addr().unwrap());
    let answering = thread::spawn(move || {
        for stream in listener.incoming().take(4) {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(DEADLINE)).unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        }
    });
    for arguments in [
        vec!["pull", "--host", &host, "--project", "1", "--since", "2026-01-01T00:00:00Z"],
        vec!["forget", "--email", "jane@example.com", "--host", &host, "--project", "1"],
    ] {
        for level in ["trace", "ureq=trace,ureq_proto=trace,rustls=trace"] {
            let mut command = misfire();
            command.args(&arguments).current_dir(folder.path());
            command.env("POSTHOG_PERSONAL_API_KEY", "phx_topsecret123").env("RUST_LOG", level);
            let output = command.output().unwrap();
            let log = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(log.contains("PostHog answered 401"), "{log}");
            for secret in ["topsecret", "jane", "%6A%61%6E%65"] {
                assert!(!log.contains(secret), "{arguments:?} at {level} shows {secret}: {log}");
            }
        }
    }
    answering.join().unwrap();
}

#[test]
fn a_stranger_is_not_invited_to_send_a_body() {
    let api = Api::start_with(&[("WEBHOOK_SECRET", "s3cret")]);
    let body = event(1, "x").to_string();
    let head = |secret: &str| {
        let length = body.len();
        format!(
            "POST /api/webhooks HTTP/1.1\r\nHost: x\r\nX-Webhook-Secret: {secret}\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let answer = answer_and_end(&api.process.addr, &head("guess")).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("unauthenticated"), "{answer}");

    let mut stream = TcpStream::connect(&api.process.addr).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(head("s3cret").as_bytes()).unwrap();
    let mut invitation = [0; 25];
    stream.read_exact(&mut invitation).unwrap();
    assert_eq!(&invitation, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 200");
}

/// Sends `request` again and again without ever reading, until the connection is ended; gives the bytes that were taken.
fn sent_without_reading(addr: &str, request: &str, deadline: Instant) -> Option<usize> {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    let requests = request.repeat(1_000);
    let mut sent = 0;
    while Instant::now() < deadline {
        match stream.write(requests.as_bytes()) {
            Ok(taken) => sent += taken,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(_) => return Some(sent),
        }
    }
    None
}

/// The most memory that a process has held, in KiB.
fn peak_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// The processor time that a process has used, in hundredths of a second.
fn processor_time(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<_> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn a_stranger_who_sends_many_requests_and_never_reads_is_cut_off() {
    let api = Api::start_with(&[("WEBHOOK_SECRET", "s3cret")]);
    for request in ["GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let before = processor_time(api.process.pid());
        let ended = sent_without_reading(&api.process.addr, request, Instant::now() + Duration::from_secs(3));
        assert!(ended.is_some(), "the connection is still open: {request}");
        let used = processor_time(api.process.pid()) - before;
        assert!(used < 50, "{used} hundredths of a second for {request}");
    }
}

#[test]
fn many_strangers_who_never_read_do_not_stop_a_webhook() {
    let api = Api::start_with(&[("WEBHOOK_SECRET", "s3cret"), ("CONNECTIONS_MAX", "16")]);
    let memory = peak_kib(api.process.pid());
    let requests = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(4_000);
    let _strangers: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(&api.process.addr).unwrap();
            stream.set_write_timeout(Some(Duration::from_millis(20))).unwrap();
            let _ = stream.write_all(requests.as_bytes());
            stream
        })
        .collect();
    let started = Instant::now();
    let answer = api.post_with(&[("x-webhook-secret", "s3cret")], &event(1, "x").to_string());
    assert_eq!(answer.status, 200);
    assert!(started.elapsed() < Duration::from_millis(2_500), "PostHog waits 3 s: {:?}", started.elapsed());
    let grown = peak_kib(api.process.pid()) - memory;
    assert!(grown < 32 * 1_024, "{grown} KiB more");
}

#[test]
fn a_caller_who_is_taken_and_never_reads_is_dropped_in_the_end() {
    let api = Api::start();
    let request = webhook("", &event(1, "x").to_string());
    assert!(
        sent_without_reading(&api.process.addr, &request, Instant::now() + 3 * DEADLINE).is_some(),
        "the connection is still open"
    );
    assert_eq!(api.post(&event(2, "x")).status, 200);
}

#[test]
fn requests_that_are_no_http_do_not_fill_the_log() {
    let api = Api::start();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(&api.process.addr).unwrap();
        stream.write_all(b"\x16\x03\x01 no HTTP\r\n\r\n").unwrap();
        let _ = stream.read(&mut [0; 512]);
    }
    assert_eq!(api.process.get("/health", &[]).status, 200);
    let log = api.process.log();
    assert!(log.matches("stream error").count() == 0, "{log}");
}

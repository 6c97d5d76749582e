//! Who is mailed, and when.

use credentials::Secret;
use posthog_local::settings::Secrets;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::support::{Local, Options, eventually};

fn identify(distinct_id: &str, email: &str) -> Value {
    json!({"event": "$identify", "distinct_id": distinct_id, "properties": {"$set": {"email": email}}})
}

fn used(distinct_id: &str, count: u32) -> Value {
    json!({"event": "feature_used", "distinct_id": distinct_id, "properties": {"total_usage_count": count}})
}

async fn emails(local: &Local) -> Vec<Value> {
    local.json("/_local/emails").await["emails"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn the_person_is_mailed_at_exactly_the_fifth_use() {
    let local = Local::alone().await;
    local.capture(json!([identify("user_1007", "ada@example.test")])).await;
    for count in 1..=10 {
        local.capture(json!([used("user_1007", count)])).await;
        assert_eq!(emails(&local).await.len(), usize::from(count >= 5), "after use {count}");
    }
    let email = &emails(&local).await[0];
    let fifth = &local.events().await[5];
    assert_eq!(email["to"], "ada@example.test");
    assert_eq!(email["state"], "sent");
    assert_eq!(email["event_uuid"], fifth["uuid"]);
    assert_eq!(email["subject"], "5 times already: you seem to like it");
    assert!(email["html"].as_str().unwrap().contains("<strong>5 times</strong>"));
    assert!(email["text"].as_str().unwrap().starts_with("Hello,"), "no name is no gap");
    assert!(email["sent_at"].is_string());

    assert_eq!(fifth["workflows"][0]["why"], r#"the event is feature_used, and total_usage_count exact "5": it is 5"#);
    assert_eq!(fifth["workflows"][0]["emails"], json!([{"id": email["id"], "state": "sent"}]));
    let fourth = &local.events().await[4]["workflows"][0];
    assert_eq!(fourth["matched"], false);
    assert_eq!(fourth["why"], r#"total_usage_count exact "5" does not hold: it is 4"#);
}

#[actix_web::test]
async fn each_matching_event_starts_a_run() {
    let local = Local::alone().await;
    local.capture(json!([identify("a", "a@example.test"), used("a", 5), used("a", 5)])).await;
    assert_eq!(emails(&local).await.len(), 2);
}

#[actix_web::test]
async fn a_masked_trigger_starts_one_run_for_a_person_and_says_so() {
    let project = include_str!("../../project.toml").replace(
        "[workflows.trigger]",
        "[workflows.trigger_masking]\nhash = \"{person.id}\"\nttl = 3600\n\n[workflows.trigger]",
    );
    let local = Local::start(Options { project: Some(project), ..Options::default() }).await;
    local
        .capture(json!([
            identify("a", "a@example.test"),
            used("a", 5),
            used("a", 5),
            identify("b", "b@x.test"),
            used("b", 5)
        ]))
        .await;
    assert_eq!(emails(&local).await.len(), 2);
    let repeated = &local.events().await[2]["workflows"][0];
    assert_eq!(
        (&repeated["matched"], &repeated["masked"], &repeated["emails"]),
        (&json!(true), &json!(true), &json!([]))
    );
    assert!(repeated["why"].as_str().unwrap().contains("; but masked: it ran for "), "{repeated}");
    local.post("/_local/reset").send().await.unwrap();
    local.capture(json!([identify("a", "a@example.test"), used("a", 5)])).await;
    assert_eq!(emails(&local).await.len(), 1, "a reset forgets it");
}

#[actix_web::test]
async fn who_has_no_address_is_not_mailed_and_the_reason_is_shown() {
    let local = Local::alone().await;
    local.capture(json!([used("nobody", 5), identify("odd", "not an address"), used("odd", 5)])).await;
    let emails = emails(&local).await;
    let told: Vec<_> = emails.iter().rev().map(|email| [&email["state"], &email["reason"], &email["to"]]).collect();
    assert_eq!(told[0], [&json!("not_sent"), &json!("the person has no e-mail address"), &json!(null)]);
    assert_eq!(told[1][1], r#""not an address" is not an e-mail address"#);
    let run = &local.events().await[0]["workflows"][0];
    assert_eq!((&run["matched"], &run["emails"][0]["state"]), (&json!(true), &json!("not_sent")));
}

#[actix_web::test]
async fn the_anonymous_uses_belong_to_the_person_who_identifies() {
    let local = Local::alone().await;
    local.capture(json!([used("anon", 4)])).await;
    local
        .capture(json!([{"event": "$identify", "distinct_id": "user_1007",
            "properties": {"$anon_distinct_id": "anon"}, "$set": {"email": "ada@example.test"}}]))
        .await;
    local.capture(json!([used("anon", 5)])).await;
    assert_eq!(emails(&local).await[0]["to"], "ada@example.test");
}

#[actix_web::test]
async fn the_threshold_is_one_line_of_the_declaration() {
    let project = include_str!("../../project.toml");
    let line = r#"{ key = "total_usage_count", operator = "exact", value = "5", type = "event" }"#;
    assert_eq!(project.matches(line).count(), 1);
    let project = project.replace(line, &line.replace("\"5\"", "\"10\""));
    let local = Local::start(Options { project: Some(project), ..Options::default() }).await;
    local.capture(json!([identify("a", "a@example.test"), used("a", 5)])).await;
    assert_eq!(emails(&local).await.len(), 0);
    local.capture(json!([used("a", 10)])).await;
    assert_eq!(emails(&local).await.len(), 1);
}

/// The least of an SMTP server: says yes to everything, and keeps what it was told.
async fn smtp_server() -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let told = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(socket);
        let mut told = String::new();
        say(&mut stream, "220 here").await;
        let mut in_data = false;
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            told.push_str(&line);
            match line.trim_end() {
                "." if in_data => {
                    say(&mut stream, "250 taken").await;
                    return told;
                }
                _ if in_data => {}
                "DATA" => {
                    in_data = true;
                    say(&mut stream, "354 go on").await;
                }
                _ => say(&mut stream, "250 yes").await,
            }
        }
    });
    (url, told)
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) {
    stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
}

#[actix_web::test]
async fn with_an_smtp_server_the_mail_also_goes_there() {
    let (url, told) = smtp_server().await;
    let secrets = Secrets { smtp_url: Some(Secret::new(&url)), ..Secrets::default() };
    let local = Local::start(Options { secrets, ..Options::default() }).await;
    local.capture(json!([identify("a", "a@example.test"), used("a", 5)])).await;
    let message = told.await.unwrap();
    for line in
        ["RCPT TO:<a@example.test>", "Auto-Submitted: auto-generated", "Subject: 5 times already: you seem to like it"]
    {
        assert!(message.contains(line), "{message}");
    }
    eventually("the e-mail is sent", || async { (emails(&local).await[0]["state"] == "sent").then_some(()) }).await;
    assert_eq!(local.events().await[1]["workflows"][0]["emails"][0]["state"], "sent");
}

#[actix_web::test]
async fn a_dead_smtp_server_is_a_reason() {
    let secrets = Secrets { smtp_url: Some(Secret::new("smtp://user:hunter2@127.0.0.1:9")), ..Secrets::default() };
    let local = Local::start(Options { secrets, ..Options::default() }).await;
    local.capture(json!([identify("a", "a@example.test"), used("a", 5)])).await;
    let email = eventually("the e-mail has ended", || async {
        emails(&local).await.into_iter().find(|email| email["state"] != "sending")
    })
    .await;
    assert_eq!(email["state"], "not_sent");
    assert!(email["reason"].as_str().unwrap().contains("refused"), "{email}");
    assert!(!email.to_string().contains("hunter2"));
}

//! Who may look, and what they never see.

use serde_json::json;

use crate::support::{Answer, DEADLINE, Local, Options, Receiver, SECRET, SIGNING_SECRET, UUID, failure, secrets};

const OWN: [&str; 15] = [
    "/mailbox",
    "/faults",
    "/feature_flags",
    "/_local/flags",
    "/_local/wait?timeout=0ms",
    "/_local/faults",
    "/_local/state",
    "/_local/assets/filter.js",
    "/",
    "/events/0193b2c8-77aa-7000-8000-000000000001",
    "/_local/events",
    "/_local/events/0193b2c8-77aa-7000-8000-000000000001",
    "/_local/emails",
    "/_local/stream",
    "/_local/assets/events.js",
];

#[actix_web::test]
async fn other_pages_and_rebound_names_are_kept_out_of_everything_but_capture() {
    let local = Local::alone().await;
    local.capture(json!([failure(UUID)])).await;
    local.ended(UUID).await;
    for path in OWN {
        assert_eq!(local.get(path).send().await.unwrap().status(), 200, "{path}");
        for (name, value) in [
            ("origin", "http://localhost:4200"),
            ("origin", "null"),
            ("host", "evil.test"),
            ("host", "localhost.evil.test:8000"),
            ("sec-fetch-site", "cross-site"),
        ] {
            let refused = local.get(path).header(name, value).send().await.unwrap();
            assert_eq!(refused.status(), 403, "{path} {name}: {value}");
            assert!(!refused.headers().contains_key("access-control-allow-origin"));
        }
    }
    let reset = local.post("/_local/reset").header("origin", "http://localhost:4200").send().await.unwrap();
    assert_eq!((reset.status().as_u16(), local.events().await.len()), (403, 1));
    assert_eq!(local.post("/_local/reset").header("origin", &local.url).send().await.unwrap().status(), 200);
    assert_eq!(local.events().await.len(), 0);

    // Health checks come under any name.
    for path in ["/_readiness", "/_liveness"] {
        assert_eq!(local.get(path).header("host", "posthog-local:8000").send().await.unwrap().status(), 200);
    }
}

#[actix_web::test]
async fn the_page_runs_nothing_but_its_own_files() {
    let local = Local::alone().await;
    for path in ["/", "/events/x", "/mailbox", "/faults", "/feature_flags"] {
        let page = local.get(path).send().await.unwrap();
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'none'",
        ] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.headers()["x-content-type-options"], "nosniff");
        let html = page.text().await.unwrap();
        for tag in html.split("<script").skip(1) {
            assert!(tag.starts_with(" type=\"module\" src=\"/_local/assets/"), "an inline script: {tag}");
        }
        for file in html.split("/_local/assets/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert_eq!(local.get(&format!("/_local/assets/{file}")).send().await.unwrap().status(), 200, "{file}");
        }
    }
    let scripts = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/inspector/assets")).unwrap();
    let scripts =
        scripts.map(|file| file.unwrap().file_name().into_string().unwrap()).filter(|name| name.ends_with(".js"));
    for file in scripts {
        let script = local.get(&format!("/_local/assets/{file}")).send().await.unwrap();
        assert_eq!(script.status(), 200, "{file} is not served");
        let script = script.text().await.unwrap();
        for danger in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!script.contains(danger), "{file} uses {danger}");
        }
    }
}

#[actix_web::test]
async fn markup_in_any_field_stays_text() {
    let script = "<script>alert(1)</script>";
    let (local, _receiver) =
        Local::with_receiver(vec![Answer::With(400, &[("content-type", "text/html")], script.to_owned())]).await;
    local
        .capture(json!([{"uuid": UUID, "event": "generation_failed", "distinct_id": script,
            "properties": {"input_prompt": script, script: script, "$set": {"name": script}}}]))
        .await;
    local.ended(UUID).await;
    for path in ["/_local/events".to_owned(), format!("/_local/events/{UUID}")] {
        let answer = local.get(&path).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert!(answer.text().await.unwrap().contains(script));
    }
    assert!(!local.get(&format!("/events/{UUID}")).send().await.unwrap().text().await.unwrap().contains("alert("));
}

#[actix_web::test]
async fn no_secret_is_shown_even_when_the_receiver_echoes_it() {
    let receiver = Receiver::start(vec![Answer::Echo]).await;
    let webhook_url = Some(receiver.url.replace("http://", "http://user:hunter3@") + "?key=hunter4");
    let local = Local::start(Options { webhook_url, secrets: secrets(), ..Options::default() }).await;
    local.capture(json!([failure(UUID)])).await;
    let run = local.ended(UUID).await;
    assert!(run["attempts"][0]["answer"].as_str().unwrap().contains("\"x-webhook-secret\", \"***\""), "{run}");
    for path in OWN.into_iter().filter(|path| *path != "/_local/stream") {
        let text = local.get(path).send().await.unwrap().text().await.unwrap();
        for secret in [SECRET, SIGNING_SECRET, "hunter3", "hunter4"] {
            assert!(!text.contains(secret), "{path} shows {secret}");
        }
    }
}

#[actix_web::test]
async fn whoever_watches_hears_of_every_change() {
    let (local, _receiver) = Local::with_receiver(vec![]).await;
    let mut stream = local.get("/_local/stream").send().await.unwrap();
    let mut heard = String::new();
    tokio::time::timeout(DEADLINE, async {
        let mut captured = false;
        while !heard.contains(r#""state":"delivered""#) {
            heard.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
            if !captured && heard.contains("event: hello") {
                captured = true;
                local.capture(json!([failure(UUID)])).await;
            }
        }
    })
    .await
    .expect("the delivery is heard of");
    for state in ["queued", "delivering", "delivered"] {
        assert!(heard.contains(&format!("\"state\":\"{state}\"")), "{heard}");
    }
}

#[actix_web::test]
async fn an_e_mail_is_a_document_that_can_do_nothing() {
    let local = Local::alone().await;
    local
        .capture(json!([
            {"event": "$identify", "distinct_id": "a", "$set": {"email": "a@example.test", "name": "<script>alert(1)</script>"}},
            {"event": "feature_used", "distinct_id": "a", "properties": {"total_usage_count": 5}}]))
        .await;
    let email = local.json("/_local/emails").await["emails"][0].clone();
    let path = format!("/_local/emails/{}/html", email["id"].as_str().unwrap());
    let document = local.get(&path).send().await.unwrap();
    let policy = document.headers()["content-security-policy"].to_str().unwrap().to_owned();
    for rule in ["sandbox;", "default-src 'none'", "img-src data:", "form-action 'none'", "frame-ancestors 'self'"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("script") && !policy.contains("allow-"), "{policy}");
    assert_eq!(document.text().await.unwrap(), email["html"].as_str().unwrap());
    assert_eq!(local.get("/_local/emails/none/html").send().await.unwrap().status(), 404);
    let foreign = local.get(&path).header("sec-fetch-site", "cross-site").header("sec-fetch-dest", "iframe");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
}

#[actix_web::test]
async fn other_pages_set_no_faults_and_import_nothing() {
    let local = Local::alone().await;
    for (path, body) in [("/_local/faults", json!({"duplicates": 1})), ("/_local/state", json!({"posthog_local": 1}))] {
        let url = format!("{}{path}", local.url);
        let refused = local.client.put(url).header("origin", "http://localhost:4200").json(&body).send().await.unwrap();
        assert_eq!(refused.status(), 403, "{path}");
    }
    assert_eq!(local.json("/_local/faults").await["on"], json!([]));
}

//! What PostHog does where users look first: templates, dropped events, warnings, addresses.

use posthog_local::{
    app::App,
    settings::{Secrets, Settings},
};
use serde_json::{Value, json};

use crate::support::{Answer, Local, Options, PERSONAL_KEY, Receiver, UUID, eventually, failure, secrets, settings};

#[actix_web::test]
async fn an_e_mail_is_escaped_once_where_it_is_html_and_not_at_all_elsewhere() {
    let local = Local::alone().await;
    local
        .capture(json!([
            {"event": "$identify", "distinct_id": "a", "properties": {"$set": {"email": "o'brien@example.test", "name": "O'Brien"}}},
            {"event": "feature_used", "distinct_id": "a", "properties": {"total_usage_count": 5}},
        ]))
        .await;
    let email = &local.json("/_local/emails").await["emails"][0];
    assert_eq!(email["to"], "o'brien@example.test");
    assert!(email["text"].as_str().unwrap().starts_with("Hello O'Brien,"), "{email}");
    assert!(email["html"].as_str().unwrap().contains("<p>Hello O&#39;Brien,</p>"), "{email}");
}

#[actix_web::test]
async fn an_e_mail_has_copies_a_preheader_and_posthogs_globals() {
    let project = include_str!("../../project.toml").replace(
        "subject = \"",
        "replyTo = \"help@misfire.example\"\ncc = \"{{ person.properties.boss }}\"\nbcc = \"\"\n\
         preheader = \"From {{ source.name }}\"\nsubject = \"{{ now | date: '%Y' | size }} {{ unsubscribe_url | size }} ",
    );
    let local = Local::start(Options { project: Some(project), ..Options::default() }).await;
    let person = |boss: &str| {
        json!({"event": "feature_used", "distinct_id": "a",
        "properties": {"total_usage_count": 5, "$set": {"email": "a@example.test", "boss": boss}}})
    };
    local.capture(json!([person("b@example.test"), person("nobody")])).await;
    let emails = local.json("/_local/emails").await["emails"].clone();
    let (refused, sent) = (&emails[0], &emails[1]);
    assert!(sent["subject"].as_str().unwrap().starts_with("4 "), "{sent}");
    assert!(!sent["subject"].as_str().unwrap().starts_with("4 0 "), "{sent}");
    assert!(sent["html"].as_str().unwrap().contains(">From Upgrade e-mail</div>"), "{sent}");
    assert_eq!((&sent["replyTo"], &sent["cc"]), (&json!(["help@misfire.example"]), &json!(["b@example.test"])));
    assert_eq!((&sent["state"], &refused["state"]), (&json!("sent"), &json!("not_sent")));
    assert_eq!(refused["reason"], "cc: \"nobody\" is not an e-mail address");
}

#[actix_web::test]
async fn a_webhook_may_be_liquid_and_may_hold_null() {
    let mut receiver = Receiver::start(vec![]).await;
    let project = "[[destinations]]\nname = \"all\"\n[destinations.inputs]\nliquid = [\"url\", \"headers\"]\n\
        url = \"${WEBHOOK_URL}/{{ event.event }} {{ event.properties.n }}\"\nheaders = { X-Who = \"{{ person.name | raw }}\" }\n\
        body = { n = \"{event.properties.n}\", big = \"{event.properties.big}\", nothing = \"{null}\", text = \"o={event.properties.o}\" }\n";
    let options =
        Options { webhook_url: Some(receiver.url.clone()), project: Some(project.to_owned()), ..Options::default() };
    let local = Local::start(options).await;
    let event = r#"{"event":"e","token":"t","distinct_id":"it's","properties":{"n":5.0,"big":9007199254740993,"o":{"a":[1,"x"]}}}"#;
    local.post("/e/").body(event).send().await.unwrap();
    let webhook = receiver.next().await;
    assert_eq!(webhook.path, "/api/webhooks/e%205");
    assert_eq!(webhook.header("x-who"), Some("it's"));
    assert_eq!(webhook.body, r#"{"n":5,"big":9007199254740992,"nothing":null,"text":"o={'a': [1, 'x']}"}"#);
}

#[actix_web::test]
async fn what_posthog_drops_is_shown_with_the_reason_and_goes_nowhere() {
    let mut receiver = Receiver::start(vec![]).await;
    let project = "[[destinations]]\nname = \"all\"\n[destinations.inputs]\nurl = \"${WEBHOOK_URL}\"\n";
    let url = receiver.url.clone();
    let options = |line: &str| Options {
        webhook_url: Some(url.clone()),
        project: Some(format!("{line}\n{project}")),
        secrets: secrets(),
    };
    let events = json!([
        {"event": "$identify", "distinct_id": "a", "properties": {"$process_person_profile": false, "$anon_distinct_id": "b"}},
        {"event": "$$heatmap", "distinct_id": "a"},
        {"event": "$$client_ingestion_warning", "distinct_id": "a"},
        {"event": "cookieless", "distinct_id": "$posthog_cookieless", "properties": {"$cookieless_mode": true}},
        {"event": "kept", "distinct_id": "a", "properties": {"$cookieless_mode": false}},
    ]);
    let local = Local::start(options("")).await;
    local.capture(events.clone()).await;
    assert_eq!(receiver.next().await.json()["event"]["event"], "kept");
    receiver.nothing_more();
    let shown = local.events().await;
    for (n, told) in ["needs a person", "heatmaps", "warnings of SDKs", "cookieless = true"].into_iter().enumerate() {
        assert!(shown[n]["dropped"].as_str().unwrap().contains(told), "{}", shown[n]);
        assert_eq!((&shown[n]["destinations"], &shown[n]["workflows"]), (&json!([]), &json!([])));
    }
    assert_eq!(shown[0]["warnings"][0]["type"], "invalid_event_when_process_person_profile_is_false");
    assert_eq!(shown[4].get("dropped"), None);
    let query = json!({"query": {"kind": "HogQLQuery", "query": "SELECT event FROM events"}});
    let found = local.post("/api/projects/1/query/").bearer_auth(PERSONAL_KEY).json(&query).send().await.unwrap();
    assert_eq!(found.json::<Value>().await.unwrap()["results"], json!([["kept"]]));

    let local = Local::start(options("cookieless = true")).await;
    local.capture(events).await;
    let kept = [receiver.next().await, receiver.next().await].map(|webhook| webhook.json()["event"]["event"].clone());
    assert!(kept.contains(&json!("cookieless")) && kept.contains(&json!("kept")), "{kept:?}");
}

#[actix_web::test]
async fn an_event_carries_posthogs_warnings_in_posthogs_words() {
    let local = Local::alone().await;
    local
        .capture(json!([
            {"event": "e", "distinct_id": "john"},
            {"event": "$identify", "distinct_id": "jane", "properties": {"$anon_distinct_id": "anon"}},
            {"event": "$create_alias", "distinct_id": "john", "uuid": UUID, "properties": {"alias": "jane"}},
            {"event": "$identify", "distinct_id": "john", "properties": {"$anon_distinct_id": "null"}},
            {"event": "late", "distinct_id": "john", "timestamp": "soon"},
            {"event": "odd", "distinct_id": "john", "properties": {"$process_person_profile": "no"}},
            {"event": "fine", "distinct_id": "john"},
        ]))
        .await;
    let types: Vec<_> = local.events().await.iter().skip(2).map(|event| event["warnings"][0]["type"].clone()).collect();
    assert_eq!(
        json!(types),
        json!([
            "cannot_merge_already_identified",
            "cannot_merge_with_illegal_distinct_id",
            "ignored_invalid_timestamp",
            "invalid_process_person_profile",
            null,
        ])
    );
    let warning = local.json(&format!("/_local/events/{UUID}")).await["warnings"][0].clone();
    assert_eq!(
        warning["details"],
        json!({"sourcePersonDistinctId": "jane", "targetPersonDistinctId": "john", "eventUuid": UUID})
    );
    assert!(warning["why"].as_str().unwrap().contains("already identified"), "{warning}");
}

#[actix_web::test]
async fn a_click_is_a_chain_beside_the_properties() {
    let (local, mut receiver) = Local::with_receiver(vec![]).await;
    let mut clicked = failure(UUID);
    clicked["properties"]["$elements"] = json!([{"tag_name": "a", "$el_text": "Go"}]);
    local.capture(json!([clicked])).await;
    let event = receiver.next().await.json()["event"].clone();
    assert_eq!(event["elements_chain"], r#"a:nth-child="0"nth-of-type="0"text="Go""#);
    assert_eq!(event["properties"].get("$elements"), None);
}

#[actix_web::test]
async fn the_address_is_the_one_that_a_proxy_tells() {
    for (trust_forwarded, expected) in [(None, "203.0.113.7"), (Some(false), "127.0.0.1")] {
        let settings = Settings { trust_forwarded, ..settings(None, None) };
        let local = Local::of(App::build(settings, Secrets::default()).unwrap(), None);
        let event = json!({"event": "e", "token": "t", "distinct_id": "d", "uuid": UUID});
        local.post("/e/").header("x-forwarded-for", "203.0.113.7, 10.0.0.1").json(&event).send().await.unwrap();
        assert_eq!(local.json(&format!("/_local/events/{UUID}")).await["properties"]["$ip"], expected);
    }
}

#[actix_web::test]
async fn retry_after_is_followed_where_the_setting_says_so() {
    let limited = Answer::With(429, &[("retry-after", "1")], String::new());
    let receiver = Receiver::start(vec![limited; 6]).await;
    let settings = Settings { retry_after: true, ..settings(Some(receiver.url.clone()), None) };
    let local = Local::of(App::build(settings, Secrets::default()).unwrap(), None);
    local.capture(json!([failure(UUID)])).await;
    let run = local.ended(UUID).await;
    assert_eq!((&run["state"], run["attempts"].as_array().unwrap().len()), (&json!("delivered"), 7));
}

#[actix_web::test]
async fn a_service_of_a_compose_file_is_let_in_by_its_name() {
    let settings = Settings { hosts: vec!["posthog".to_owned()], ..settings(None, None) };
    let local = Local::of(App::build(settings, Secrets::default()).unwrap(), None);
    let status = |host: &'static str| {
        let request = local.get("/_local/events").header("host", host);
        async move {
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        }
    };
    eventually("it is served", || async { (status("posthog:8000").await.0 == 200).then_some(()) }).await;
    let (code, told) = status("other:8000").await;
    assert_eq!(
        (code, told.as_str()),
        (403, "this Host is not served here; if it is yours, set POSTHOG_LOCAL_HOSTS=other")
    );
}

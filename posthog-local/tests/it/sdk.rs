//! The official Rust SDK, unchanged: all that it needs to know is the host.

use std::sync::{Arc, Mutex};

use posthog_rs::{ClientOptionsBuilder, EvaluateFlagsOptions, Event, FlagValue};
use serde_json::json;

use crate::support::{Local, Options, PERSONAL_KEY, eventually, secrets};

async fn sdk(local: &Local) -> posthog_rs::Client {
    let mut options = ClientOptionsBuilder::default();
    options.api_key("phc_local".to_owned()).host(local.url.clone());
    posthog_rs::client(options.build().unwrap()).await
}

#[actix_web::test]
async fn posthog_rs_is_served_unchanged() {
    let (local, mut receiver) = Local::with_receiver(vec![]).await;
    let client = sdk(&local).await;

    // At once, with the answer read.
    let mut failed = Event::new("generation_failed", "user_1007");
    failed.insert_prop("input_prompt", "a chair").unwrap();
    failed.insert_prop("failure_reason", "timeout").unwrap();
    client.capture_immediate(failed).await.unwrap();
    let webhook = receiver.next().await.json();
    assert_eq!(webhook["event"]["distinct_id"], "user_1007");
    assert_eq!(webhook["event"]["properties"]["input_prompt"], "a chair");
    assert_eq!(webhook["event"]["properties"]["$lib"], "posthog-rs");
    let uuid = webhook["event"]["uuid"].as_str().unwrap().to_owned();
    assert_eq!(local.ended(&uuid).await["state"], "delivered");

    // In the background, as a batch, with what belongs to a person.
    let mut identified = Event::new("$identify", "user_1007");
    identified.insert_prop("$set", json!({"email": "ada@example.test"})).unwrap();
    client.capture(identified);
    // Whose event it is comes first; the other id is the one that is merged into it.
    client.alias("user_1007", "anon-1");
    let mut used = Event::new("feature_used", "anon-1");
    used.insert_prop("total_usage_count", 5).unwrap();
    client.capture(used);
    client.capture(Event::new_anon("seen"));
    client.flush().await;
    let email = eventually("the e-mail is there", || async {
        local.json("/_local/emails").await["emails"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!((&email["to"], &email["state"]), (&json!("ada@example.test"), &json!("sent")));
    let seen = local.events().await.into_iter().find(|event| event["event"] == "seen").unwrap();
    assert_eq!(seen["person"]["properties"], json!({}), "an anonymous event has no person's properties");

    // No feature flag is on, and asking for one is no error.
    let (flags, payloads, ..) = client.get_feature_flags("user_1007", None, None, None).await.unwrap();
    assert!(flags.is_empty() && payloads.is_empty());
    client.shutdown().await;
}

#[actix_web::test]
async fn posthog_rs_is_told_the_flags_and_evaluates_them_by_itself() {
    let project = "[[flags]]\nkey = \"checkout\"\nvalue = true\npayload = { discount = 10 }\n\
        [[flags]]\nkey = \"colour\"\nvalue = \"blue\"\n[[flags]]\nkey = \"off\"\nvalue = false\n";
    let local =
        Local::start(Options { project: Some(project.to_owned()), secrets: secrets(), ..Options::default() }).await;
    let blue = Some(FlagValue::String("blue".to_owned()));

    let remote = sdk(&local).await;
    let flags = remote.evaluate_flags("ada", EvaluateFlagsOptions::default()).await.unwrap();
    assert_eq!(
        (flags.get_flag("colour"), flags.get_flag_payload("checkout")),
        (blue.clone(), Some(json!({"discount": 10})))
    );
    assert!(flags.is_enabled("checkout") && !flags.is_enabled("off") && !flags.is_enabled("none"));
    let red = json!({"value": "red"});
    assert_eq!(local.post("/_local/flags/colour").json(&red).send().await.unwrap().status(), 200);
    let flags = remote.evaluate_flags("ada", EvaluateFlagsOptions::default()).await.unwrap();
    assert_eq!(flags.get_flag("colour"), Some(FlagValue::String("red".to_owned())));
    local.post("/_local/reset").send().await.unwrap();

    let mut options = ClientOptionsBuilder::default();
    options.api_key("phc_local".to_owned()).host(local.url.clone()).enable_local_evaluation(true);
    let complaints = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&complaints);
    options.on_error(move |error| heard.lock().unwrap().push(format!("{error:?}")));
    let by_itself = posthog_rs::client(options.secret_key(PERSONAL_KEY).build().unwrap()).await;
    let only = || EvaluateFlagsOptions { only_evaluate_locally: true, ..EvaluateFlagsOptions::default() };
    let flags = eventually("the definitions are there", || async {
        let flags = by_itself.evaluate_flags("bob", only()).await.unwrap();
        (flags.keys().len() == 3).then_some(flags)
    })
    .await;
    assert_eq!((flags.get_flag("colour"), flags.is_enabled("checkout"), flags.is_enabled("off")), (blue, true, false));
    for client in [remote, by_itself] {
        client.flush().await;
        client.shutdown().await;
    }
    assert_eq!(
        local.json("/_local/wait?event=%24feature_flag_called&distinct_id=bob").await["found"],
        true,
        "the SDK tells that a flag was asked for"
    );
    assert_eq!(*complaints.lock().unwrap(), Vec::<String>::new());
}

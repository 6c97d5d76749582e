//! `misfire forget --email` with a PostHog to ask.

use serde_json::{Value, json};

use crate::{
    files::{command, lines, succeeded, values},
    helpers::{Api, event, uuid},
    posthog::{PERSONAL_KEY, capture, start},
};

#[test]
fn an_address_leads_to_all_ids_that_posthog_knows() {
    let (posthog, api) = (start(), Api::start());
    let mut identify =
        vec![json!({"event": "$identify", "distinct_id": "user_1", "$set": {"email": "jane@example.com"}})];
    identify.extend((0..12).map(
        |n| json!({"event": "$create_alias", "distinct_id": "user_1", "properties": {"alias": format!("device_{n}")}}),
    ));
    capture(&posthog, &identify);
    for (number, id) in ["user_1", "user_2", "device_0", "device_11", "jane@example.com"].into_iter().enumerate() {
        let mut event = event(number as u32, "prompt");
        event["event"]["distinct_id"] = json!(id);
        api.post(&event);
    }
    let host = format!("http://{}", posthog.addr);
    let mut forget = command(
        api.folder.path(),
        &["forget", "--yes", "--email", " Jane@example.com ", "--host", &host, "--project", "1", "--json"],
    );
    let output = forget.env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY).output().unwrap();
    let receipt: Value = serde_json::from_str(&succeeded(&output)).unwrap();
    assert_eq!(receipt["lines"], 4, "{receipt}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("PostHog knows 13 ids by that address"));
    assert_eq!(values(api.folder.path(), "distinct_id"), ["user_2"]);
    // What PostHog has of them is not brought back by a pull.
    let again = json!({"uuid": uuid(0), "event": "generation_failed", "distinct_id": "user_1",
        "timestamp": "2025-11-30T16:00:00Z", "properties": {"input_prompt": "prompt", "failure_reason": "timeout"}});
    capture(&posthog, &[again]);
    let since = "2025-11-30";
    let arguments = ["pull", "--host", &host, "--project", "1", "--since", since, "--api", &api.process.addr, "--json"];
    let mut pull = command(api.folder.path(), &arguments);
    let counts = succeeded(&pull.env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY).output().unwrap());
    let counts: Value = serde_json::from_str(&counts).unwrap();
    assert_eq!((&counts["events"], &counts["ignored"]), (&json!(1), &json!(1)), "{counts}");
    let nobody = command(api.folder.path(), &["forget", "--yes", "--distinct-id", "user_1"]).output().unwrap();
    assert!(nobody.status.code() == Some(1), "{nobody:?}");
    // PostHog takes an empty filter as no filter: everybody would be erased.
    let mut everybody =
        command(api.folder.path(), &["forget", "--yes", "--email", " ", "--host", &host, "--project", "1"]);
    let everybody = everybody.env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY).output().unwrap();
    let error = String::from_utf8_lossy(&everybody.stderr);
    assert!(everybody.status.code() == Some(2) && error.contains("--email is empty"), "{error}");
    assert!(!lines(api.folder.path()).is_empty());
}

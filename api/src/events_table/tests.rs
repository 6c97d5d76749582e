//! What the table says of events, and of wrong tables.

use journal::Event;
use misfire_sanitizer::Input;
use uuid::Uuid;

use super::{EventsTable, IgnoredReason, Mapped};
use crate::event;

/// What becomes of a body: its input and its reason, or why it is ignored.
fn mapped(table: &EventsTable, body: &serde_json::Value) -> Result<(Option<String>, Option<String>), IgnoredReason> {
    let body = body.to_string();
    let event = event::parse(body.as_bytes(), None, Uuid::nil).unwrap();
    match table.map(&event) {
        Mapped::Ignored(ignored) => Err(ignored.reason),
        Mapped::Kept(failure) => {
            let Event { input_prompt, failure_reason, .. } = failure.to_plain(&event, jiff::Timestamp::UNIX_EPOCH);
            let text = |input: Option<Input<'_>>| input.map(|input| input.as_str().to_owned());
            Ok((text(input_prompt), text(failure_reason)))
        }
    }
}

fn body(name: &str, properties: serde_json::Value) -> serde_json::Value {
    serde_json::json!({"event": {"event": name, "distinct_id": "u", "properties": properties}, "person": null})
}

fn some(input: &str, reason: &str) -> Result<(Option<String>, Option<String>), IgnoredReason> {
    Ok((Some(input.into()), Some(reason.into())))
}

#[test]
fn a_generation_is_a_failure_when_posthog_says_so() {
    let table = EventsTable::built_in();
    let of = |properties| mapped(&table, &body("$ai_generation", properties));
    for is_error in [serde_json::json!(true), serde_json::json!("true")] {
        let properties = serde_json::json!({"$ai_is_error": is_error, "$ai_input": "hi", "$ai_error": "boom"});
        assert_eq!(of(properties), some("hi", "boom"));
    }
    for is_error in
        [serde_json::json!(false), serde_json::json!("false"), serde_json::json!(null), serde_json::json!(1)]
    {
        let properties = serde_json::json!({"$ai_is_error": is_error, "$ai_input": "hi"});
        assert_eq!(of(properties), Err(IgnoredReason::NotAFailure));
    }
    let failed = |mut properties: serde_json::Value| {
        properties["$ai_is_error"] = true.into();
        of(properties)
    };
    assert_eq!(failed(serde_json::json!({})), Err(IgnoredReason::NoContent));
    assert_eq!(failed(serde_json::json!({"$ai_input": null})), Err(IgnoredReason::PrivacyMode));
    assert_eq!(failed(serde_json::json!({"$ai_input": "hi"})), Ok((Some("hi".into()), None)));
    // Of an error as JSON nothing but its name and message, else the next property.
    let stack = serde_json::json!({"stack": "at /srv", "requestBodyValues": {"prompt": "secret"}});
    for error in [serde_json::json!(stack.to_string()), stack.clone()] {
        let properties = serde_json::json!({"$ai_input": "hi", "$ai_error": error, "$ai_error_type": "RateLimit"});
        assert_eq!(failed(properties), some("hi", "RateLimit"));
    }
    let named = serde_json::json!({"name": "AI_APICallError", "message": "Overloaded", "url": "https://x"});
    assert_eq!(
        failed(serde_json::json!({"$ai_input": "hi", "$ai_error": named})),
        some("hi", "AI_APICallError: Overloaded")
    );
}

#[test]
fn an_evaluation_has_the_input_of_what_it_judges() {
    let table = EventsTable::built_in();
    let verdict = |result| serde_json::json!({"$ai_evaluation_result": result, "$ai_evaluation_name": "Polite", "$ai_evaluation_reasoning": "rude"});
    let mut failed = body("$ai_evaluation", verdict(false));
    assert_eq!(mapped(&table, &failed), Err(IgnoredReason::NoContent));
    failed["about"] =
        serde_json::json!({"event": "$ai_generation", "distinct_id": "v", "properties": {"$ai_input": "hi"}});
    assert_eq!(mapped(&table, &failed), some("hi", "evaluation \"Polite\": rude"));
    let text = failed.to_string();
    let event = event::parse(text.as_bytes(), None, Uuid::nil).unwrap();
    let Mapped::Kept(failure) = table.map(&event) else { panic!("a failure") };
    assert_eq!(failure.distinct_id.as_deref(), Some("v"), "whose generation it was");
    failed["about"]["properties"] = serde_json::json!({"$ai_input": null});
    assert_eq!(mapped(&table, &failed), Err(IgnoredReason::PrivacyMode));

    assert_eq!(mapped(&table, &body("$ai_evaluation", verdict(true))), Err(IgnoredReason::NotAFailure));
    let mut inapplicable = body("$ai_evaluation", verdict(false));
    inapplicable["event"]["properties"]["$ai_evaluation_applicable"] = false.into();
    assert_eq!(mapped(&table, &inapplicable), Err(IgnoredReason::NotAFailure));
}

#[test]
fn a_file_adds_entries_and_replaces_built_in_ones_of_their_names() {
    let table = EventsTable::parse(
        "[[events]]\nname = \"letter_failed\"\nwhen = { state = [\"failed\", \"cut\"], \"n\" = 2 }\nunless = { test = true }\n\
         input = [\"prompt\", \"ai.prompt\"]\nreason = \"letter {kind}: {error.code}\"\n\
         [[events]]\nname = \"generation_failed\"\ninput = \"text\"\n",
    )
    .unwrap();
    let of = |properties| mapped(&table, &body("letter_failed", properties));
    let whole =
        serde_json::json!({"state": "cut", "n": "2", "ai": {"prompt": "hi"}, "kind": "A", "error": {"code": 7}});
    assert_eq!(of(whole.clone()), some("hi", "letter A: 7"));
    let mut test = whole.clone();
    test["test"] = true.into();
    assert_eq!(of(test), Err(IgnoredReason::NotAFailure));
    let mut other = whole;
    other["n"] = 3.into();
    assert_eq!(of(other), Err(IgnoredReason::NotAFailure));
    assert_eq!(
        mapped(&table, &body("generation_failed", serde_json::json!({"text": "hi"}))),
        Ok((Some("hi".into()), None))
    );
    assert_eq!(table.names(), ["letter_failed", "generation_failed", "$ai_generation", "$ai_evaluation"]);
    let alone = EventsTable::parse("built_in = false\n[[events]]\nname = \"x\"\ninput = \"y\"\n").unwrap();
    assert_eq!(alone.names(), ["x"]);
}

#[test]
fn a_wrong_table_is_refused_with_its_line() {
    for (toml, said) in [
        ("[[events]]\nname = \"x\"\n", "line 1: the entry of \"x\" has no input"),
        ("\n[[events]]\nname = \" \"\ninput = \"y\"\n", "line 2: name is empty"),
        ("[[events]]\nname = \"x\"\ninput = []\n", "line 1: input is an empty list"),
        ("[[events]]\nname = \"x\"\ninput = \"y\"\nreason = \"a {b\"\n", "line 1: reason \"a {b\" has a brace"),
        ("[[events]]\nname = \"x\"\ninput = \"y\"\nabout = { uuid = \"z\" }\n", "has both input and about"),
        ("[[events]]\nname = \"x\"\nabout = { trace = \"z\" }\n", "has about but no `when`"),
        ("[[events]]\nname = \"x\"\ninput = \"y\"\nwhen = { a = [] }\n", "an empty list for \"a\""),
        ("[[events]]\nname = \"x\"\ninput = \"y\"\nwhen = { a = { b = 1 } }\n", "line 4"),
        ("[[events]]\nname = \"x\"\ninptu = \"y\"\n", "unknown field `inptu`"),
        ("[[event]]\nname = \"x\"\n", "unknown field `event`"),
        ("built_in = false\n", "nothing would be kept"),
        ("[[events]\n", "line 1"),
    ] {
        let error = EventsTable::parse(toml).unwrap_err().to_string();
        assert!(error.contains(said), "{toml}: {error}");
    }
}

//! Generations that went well, and verdicts (`PULL_SUCCESSES`): which are pulled, and when.

use serde_json::{Value, json};

use crate::{
    background::{metric, pulling, two_more_rounds},
    files::{lines, rows},
    helpers::{eventually, uuid},
    posthog::{PERSONAL_KEY, capture, set_faults, start},
};

/// A generation that failed or went well, of a person and at a minute.
fn generation(number: u32, is_error: bool, person: &str, minute: u32, more: &Value) -> Value {
    let mut properties =
        json!({"$ai_trace_id": format!("t-{number}"), "$ai_input": "Where is A-17?", "$ai_model": "m"});
    match is_error {
        true => properties["$ai_is_error"] = true.into(),
        false => {
            properties["$ai_output_choices"] = json!([{"role": "assistant", "content": format!("answer {number}")}])
        }
    }
    properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let timestamp = format!("2026-01-02T{:02}:{:02}:00Z", 10 + minute / 60, minute % 60);
    json!({"uuid": uuid(number), "event": "$ai_generation", "distinct_id": person, "timestamp": timestamp, "properties": properties})
}

fn found(folder: &std::path::Path, kind: &str) -> Vec<String> {
    let mut found: Vec<_> = rows(folder)
        .iter()
        .filter(|row| row["kind"] == kind)
        .map(|row| row["uuid"].as_str().unwrap()[32..].to_owned())
        .collect();
    found.sort();
    found
}

fn ends(numbers: &[u32]) -> Vec<String> {
    numbers.iter().map(|number| uuid(*number)[32..].to_owned()).collect()
}

#[test]
fn successes_of_the_same_person_trace_or_session_within_an_hour_are_kept_and_no_others() {
    let posthog = start();
    let none = json!({});
    capture(
        &posthog,
        &[
            generation(1, true, "a", 120, &json!({"$ai_session_id": "s"})),
            generation(2, false, "a", 60, &none),
            generation(3, false, "a", 180, &none),
            generation(4, false, "a", 59, &none),
            generation(5, false, "a", 181, &none),
            generation(6, false, "b", 121, &none),
            generation(7, false, "b", 121, &json!({"$ai_trace_id": "t-1"})),
            generation(8, false, "b", 121, &json!({"$ai_session_id": "s"})),
            generation(9, false, "a", 121, &json!({"$ai_output_choices": []})),
            generation(10, false, "a", 121, &json!({"$ai_input": null})),
            // The model refused: it is no example of how it goes well.
            generation(
                12,
                false,
                "a",
                122,
                &json!({"$ai_output_choices": [{"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}]}),
            ),
        ],
    );
    let api = pulling(&posthog, &[("PULL_SUCCESSES", "true")]);
    eventually("they are there", || found(api.folder.path(), "success").len() >= 4);
    // A retry that comes later, in a later round.
    capture(&posthog, &[generation(11, false, "a", 130, &none)]);
    eventually("the retry is there", || found(api.folder.path(), "success").len() >= 5);
    assert_eq!(found(api.folder.path(), "success"), ends(&[2, 3, 7, 8, 11]));
    assert_eq!((found(api.folder.path(), "failure"), lines(api.folder.path()).len()), (ends(&[1]), 1));
    // What is known is not given again.
    two_more_rounds(&api);
    assert_eq!(metric(&api, "misfire_pull_events_total{outcome=\"duplicate\"}"), 0);
}

#[test]
fn a_success_waits_for_its_content_as_a_failure_does() {
    let posthog = start();
    set_faults(&posthog, &json!({"heavy_delay_ms": 3_600_000}));
    capture(&posthog, &[generation(1, true, "a", 1, &json!({})), generation(2, false, "a", 2, &json!({}))]);
    let api = pulling(&posthog, &[("PULL_SUCCESSES", "true")]);
    eventually("both wait", || metric(&api, "misfire_pull_waiting") == 2);
    set_faults(&posthog, &json!({}));
    eventually("both are there", || rows(api.folder.path()).len() == 2);
    assert_eq!(found(api.folder.path(), "success"), ends(&[2]));
}

#[test]
fn a_passed_evaluation_is_a_row_and_no_line_and_the_command_pulls_it_too() {
    let posthog = start();
    let evaluation = |number: u32, result: bool, about: u32| {
        json!({"uuid": uuid(number), "event": "$ai_evaluation", "distinct_id": "a", "timestamp": "2026-01-02T10:30:00Z",
            "properties": {"$ai_evaluation_result": result, "$ai_evaluation_name": "Polite", "$ai_evaluation_reasoning": "it is",
                "$ai_target_event_id": uuid(about), "$ai_trace_id": format!("t-{about}")}})
    };
    capture(&posthog, &[generation(1, false, "a", 1, &json!({})), evaluation(2, true, 1), evaluation(3, false, 1)]);
    let api = crate::helpers::Api::start_with(&[("PULL_SUCCESSES", "true")]);
    let output = crate::files::command(api.folder.path(), &["pull", "--since", "2026-01-01", "--json"])
        .env("POSTHOG_APP_HOST", format!("http://{}", posthog.addr))
        .env("POSTHOG_PROJECT", "1")
        .env("POSTHOG_PERSONAL_API_KEY", PERSONAL_KEY)
        .env("API_ADDR", &api.process.addr)
        .env("PULL_SUCCESSES", "true")
        .output()
        .unwrap();
    let counts: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!((&counts["stored"], &counts["refused"]), (&3.into(), &0.into()), "{counts}");
    assert_eq!((found(api.folder.path(), "success"), lines(api.folder.path()).len()), (ends(&[1]), 1));
    let mut labels: Vec<_> = rows(api.folder.path())
        .into_iter()
        .filter(|row| row["kind"] == "verdict")
        .map(|row| ["label", "about", "failure_reason"].map(|key| row[key].as_str().unwrap().to_owned()))
        .collect();
    labels.sort();
    let reason = "evaluation \"Polite\": it is".to_owned();
    assert_eq!(labels, ["bad", "good"].map(|label| [label.to_owned(), uuid(1), reason.clone()]));
}

//! What is found in the bodies that PostHog's destinations post; each shape is one that PostHog has or had.

use misfire_sanitizer::JsonString;
use serde_json::value::RawValue;

use super::EventFields;
use crate::event::json::members;

type Fields<'a> = EventFields<&'a RawValue>;

fn fields(json: &str) -> Fields<'_> {
    serde_json::from_str(json).unwrap()
}

fn inner<'a>(value: Option<&'a RawValue>) -> Fields<'a> {
    fields(value.expect("the field is there").get())
}

fn properties(value: Option<&RawValue>) -> [Option<&RawValue>; 2] {
    members(value.expect("the field is there"), &["input_prompt", "failure_reason"]).try_into().unwrap()
}

fn text(value: Option<&RawValue>) -> String {
    serde_json::from_str::<JsonString>(value.expect("the field is there").get()).unwrap().0.into_owned()
}

/// The five fields of an event that was found, as text.
fn found(event: Fields) -> [String; 6] {
    let [prompt, reason] = properties(event.properties);
    [event.uuid, event.event, event.distinct_id, event.timestamp, prompt, reason].map(text)
}

const FOUND: [&str; 6] = ["u", "generation_failed", "d", "t", "a chair", "timeout"];

#[test]
fn the_default_template_has_the_event_under_event() {
    let top = fields(
        r#"{"event":{"uuid":"u","event":"generation_failed","elements_chain":"","distinct_id":"d",
            "properties":{"input_prompt":"a chair","failure_reason":"timeout","$ip":"203.0.113.24"},
            "timestamp":"t","captured_at":"t2","url":"https://x"},"person":{"id":"p","properties":{"email":"e"}}}"#,
    );
    assert_eq!(found(inner(top.event)), FOUND);
    assert!(top.uuid.is_none() && top.data.is_none() && top.properties.is_none());
}

#[test]
fn the_zapier_templates_have_it_under_data_with_names_of_their_own() {
    let top = fields(
        r#"{"hook":{"id":"h","event":"action_performed","target":"https://x"},"data":{"eventUuid":"u",
            "event":"generation_failed","teamId":4711,"distinctId":"d",
            "properties":{"input_prompt":"a chair","failure_reason":"timeout"},"timestamp":"t","elementsList":[],
            "person":{"uuid":"p","properties":{"email":"e"}}}}"#,
    );
    assert_eq!(found(inner(top.data)), FOUND);
    assert!(top.event.is_none(), "the hook's event is not the event");
}

#[test]
fn the_exporter_and_bodies_written_by_hand_have_it_at_the_top() {
    let top = fields(
        r#"{"uuid":"u","event":"generation_failed","distinct_id":"d","elements_chain":"","url":"https://x",
            "properties":{"input_prompt":"a chair","failure_reason":"timeout"},"timestamp":"t"}"#,
    );
    assert_eq!(found(top), FOUND);

    let nameless = fields(r#"{"properties":{"input_prompt":"a chair"},"distinct_id":"d","timestamp":"t"}"#);
    assert!(nameless.event.is_none() && nameless.uuid.is_none());
    assert_eq!(text(properties(nameless.properties)[0]), "a chair");
}

#[test]
fn a_text_for_people_has_none_of_the_fields() {
    let top = fields(r#"{"text":"[generation failed](https://x) was triggered by [ada](https://y)"}"#);
    assert!(top.event.is_none() && top.data.is_none() && top.properties.is_none());
}

#[test]
fn values_of_odd_types_stay_as_they_were_written() {
    let top =
        fields(r#"{"uuid":7,"distinct_id":1e-07,"timestamp":null,"properties":{"input_prompt":{"b":1,"a":[null]}}}"#);
    assert_eq!(top.uuid.unwrap().get(), "7");
    assert_eq!(top.distinct_id.unwrap().get(), "1e-07");
    assert_eq!(properties(top.properties)[0].unwrap().get(), r#"{"b":1,"a":[null]}"#);
}

#[test]
fn the_last_of_two_equal_keys_counts_by_either_name() {
    let top = fields(r#"{"uuid":"first","distinct_id":"first","eventUuid":"last","distinct_id":"last"}"#);
    assert_eq!((text(top.uuid), text(top.distinct_id)), ("last".into(), "last".into()));
}

#[test]
fn a_lone_surrogate_in_a_value_becomes_one_replacement_character() {
    let read = |json: &str| serde_json::from_str::<JsonString>(json).unwrap().0.into_owned();
    assert_eq!(read(r#""a\ud800b""#), "a\u{FFFD}b");
    assert_eq!(read(r#""\udc00\ud800""#), "\u{FFFD}\u{FFFD}");
    assert_eq!(read(r#""\ud83e\ude91\ud83e""#), "🪑\u{FFFD}");
    assert_eq!(read(r#""é\ud800🪑""#), "é\u{FFFD}🪑");
}

#[test]
fn a_lone_surrogate_in_a_key_does_not_hide_the_other_keys() {
    let top = fields(r#"{"\ud800":1,"uuid\udfff":"wrong","uuid":"u","nested":{"\udc00":{}}}"#);
    assert_eq!(text(top.uuid), "u");
}

#[test]
fn an_escaped_key_is_the_key() {
    assert_eq!(text(fields(r#"{"\u0075uid":"u"}"#).uuid), "u");
}

#[test]
fn what_is_no_object_or_no_string_is_refused() {
    for json in ["[]", "null", "7", r#""text""#, "{", r#"{"uuid":}"#] {
        assert!(serde_json::from_str::<Fields>(json).is_err(), "{json}");
    }
    for json in ["7", "null", "{}", r#""\ud8""#] {
        assert!(serde_json::from_str::<JsonString>(json).is_err(), "{json}");
    }
}

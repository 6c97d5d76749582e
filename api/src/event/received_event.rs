//! The event in a body, in whichever shape PostHog posted it.

use std::borrow::Cow;

use jiff::{Timestamp, civil, tz::TimeZone};
use journal::Event;
use misfire_sanitizer::{Input, JsonString};
use serde_json::value::RawValue;
use shared::event::GENERATION_FAILED;
use uuid::Uuid;

use super::fields::{EventFields, GenerationFailedFields};

/// The namespace of the uuids that are made for events that come without one.
const UUID_NAMESPACE: Uuid = Uuid::from_u128(0x6d69_7366_6972_4565_8f1d_4c1e_9a0b_7702);

type Json<'a> = &'a RawValue;

/// An event as it was received; nothing in it is sanitized.
#[derive(Debug)]
pub struct ReceivedEvent<'a> {
    /// The event's name through every hop.
    pub uuid: Uuid,
    /// The event's name in PostHog.
    pub name: Cow<'a, str>,
    /// PostHog's name for the person.
    pub distinct_id: Option<Cow<'a, str>>,
    /// When it happened; `None` when that is missing or cannot be read.
    pub time: Option<Timestamp>,
    /// What the person asked the model for.
    pub input_prompt: Option<Input<'a>>,
    /// Why the generation failed.
    pub failure_reason: Option<Input<'a>>,
}

/// Why there is no event in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// The body is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// The JSON holds no event.
    #[error("the body holds no event: there are no properties at `event`, at `data` or at the top")]
    NoEvent,
}

impl ReceivedEvent<'_> {
    /// The event as a record needs it. An event without a time gets the time of its receipt.
    pub fn to_plain(&self, received_at: Timestamp) -> Event<'_> {
        Event {
            uuid: self.uuid,
            time: self.time.unwrap_or(received_at),
            distinct_id: self.distinct_id.as_deref(),
            input_prompt: self.input_prompt.clone(),
            failure_reason: self.failure_reason.clone(),
        }
    }
}

/// Reads an event. A body without an event's name is a `generation_failed`: the destination exists for that event.
///
/// `signed_webhook_id` and `fresh_uuid` name an event that has no name of its own.
///
/// # Errors
/// [`BodyError`] when there is no event in the body.
pub fn parse<'a>(
    body: &'a [u8],
    signed_webhook_id: Option<&str>,
    fresh_uuid: impl FnOnce() -> Uuid,
) -> Result<ReceivedEvent<'a>, BodyError> {
    let top: EventFields<Json> = serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => BodyError::NoEvent,
        _ => BodyError::NotJson,
    })?;
    let fields = [top.event.and_then(object), top.data.and_then(object), Some(top)]
        .into_iter()
        .flatten()
        .find(|fields| fields.properties.is_some_and(is_object))
        .ok_or(BodyError::NoEvent)?;
    let properties: GenerationFailedFields<Json> = fields.properties.and_then(object).ok_or(BodyError::NoEvent)?;
    let text = |value: Option<Json<'a>>| value.and_then(input);

    let timestamp = fields.timestamp.or(top.timestamp);
    Ok(ReceivedEvent {
        uuid: uuid_of(fields.uuid.or(top.uuid))
            .or_else(|| signed_webhook_id.map(|id| Uuid::new_v5(&UUID_NAMESPACE, id.as_bytes())))
            // Two events may have the same body unless it carries their time.
            .or_else(|| text(timestamp).map(|_| Uuid::new_v5(&UUID_NAMESPACE, body)))
            .unwrap_or_else(fresh_uuid),
        name: text(fields.event).map_or(Cow::Borrowed(GENERATION_FAILED), into_text),
        distinct_id: text(fields.distinct_id.or(top.distinct_id)).map(into_text),
        time: timestamp.and_then(string).and_then(|text| time_of(&text)),
        input_prompt: text(properties.input_prompt),
        failure_reason: text(properties.failure_reason),
    })
}

/// A property that ought to be text; `None` for `null`.
fn input<'a>(value: Json<'a>) -> Option<Input<'a>> {
    Some(match value.get().as_bytes().first()? {
        b'n' => return None,
        b'"' => Input::Plain(string(value)?),
        _ => Input::Json(value.get()),
    })
}

fn into_text(input: Input<'_>) -> Cow<'_, str> {
    match input {
        Input::Plain(text) => text,
        Input::Json(json) => Cow::Borrowed(json),
    }
}

fn is_object(value: Json) -> bool {
    value.get().starts_with('{')
}

fn object<'a, T: serde::Deserialize<'a>>(value: Json<'a>) -> Option<T> {
    is_object(value).then(|| serde_json::from_str(value.get()).ok()).flatten()
}

fn string<'a>(value: Json<'a>) -> Option<Cow<'a, str>> {
    serde_json::from_str::<JsonString>(value.get()).ok().map(|JsonString(text)| text)
}

/// The nil and the max uuid count as none: a sender of one sends it with every event.
fn uuid_of(value: Option<Json>) -> Option<Uuid> {
    let uuid = Uuid::try_parse(&string(value?)?).ok()?;
    (!uuid.is_nil() && !uuid.is_max()).then_some(uuid)
}

/// A time without an offset is UTC, as PostHog itself reads it (`rust/common/types/src/timestamp.rs`).
fn time_of(text: &str) -> Option<Timestamp> {
    let time = text
        .parse::<Timestamp>()
        .or_else(|_| text.parse::<civil::DateTime>().and_then(|civil| TimeZone::UTC.to_timestamp(civil)))
        .ok()?;
    journal::time::is_readable(time).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Uuid = Uuid::from_u128(7);

    fn fresh() -> Uuid {
        FRESH
    }

    fn parsed(body: &str) -> ReceivedEvent<'_> {
        parse(body.as_bytes(), None, fresh).unwrap()
    }

    #[test]
    fn an_event_is_found_under_event_under_data_and_at_the_top() {
        for body in [
            r#"{"event":{"uuid":"01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301","event":"generation_failed","distinct_id":"u","properties":{"input_prompt":"p"}},"person":null}"#,
            r#"{"hook":{"event":"x"},"data":{"eventUuid":"01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301","event":"generation_failed","distinctId":"u","properties":{"input_prompt":"p"}}}"#,
            r#"{"uuid":"01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301","event":"generation_failed","distinct_id":"u","properties":{"input_prompt":"p"}}"#,
            r#"{"uuid":"01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301","distinct_id":"u","properties":{"input_prompt":"p"}}"#,
        ] {
            let event = parsed(body);
            assert_eq!(event.uuid.to_string(), "01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301", "{body}");
            assert_eq!(event.name, "generation_failed", "{body}");
            assert_eq!(event.distinct_id.as_deref(), Some("u"), "{body}");
            assert_eq!(event.input_prompt.unwrap().as_str(), "p", "{body}");
        }
    }

    #[test]
    fn what_is_no_json_and_what_is_no_event_are_told_apart() {
        for body in ["", "{", "nul", r#"{"event":{}} x"#, "{\"a\":\"\n\"}"] {
            assert_eq!(parse(body.as_bytes(), None, fresh).unwrap_err(), BodyError::NotJson, "{body}");
        }
        for body in [
            "{}",
            "[]",
            "null",
            "7",
            r#"{"text":"hi"}"#,
            r#"{"event":{"event":"x"}}"#,
            r#"{"event":"x","properties":[]}"#,
        ] {
            assert_eq!(parse(body.as_bytes(), None, fresh).unwrap_err(), BodyError::NoEvent, "{body}");
        }
    }

    #[test]
    fn an_event_without_a_usable_uuid_is_named_by_the_webhook_id_then_by_its_body_then_afresh() {
        let timed = r#"{"properties":{},"timestamp":"2026-03-02T10:15:30Z"}"#;
        let by_id = parse(timed.as_bytes(), Some("msg_1"), fresh).unwrap().uuid;
        assert_eq!(by_id, parse(b"{\"properties\":{}}", Some("msg_1"), fresh).unwrap().uuid);
        assert_ne!(by_id, parsed(timed).uuid);
        assert_eq!(parsed(timed).uuid, parsed(timed).uuid);
        assert_ne!(parsed(timed).uuid, parsed(r#"{"properties":{},"timestamp":"2026-03-02T10:15:31Z"}"#).uuid);
        assert_eq!(parsed(r#"{"properties":{}}"#).uuid, FRESH);
        for useless in ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "x", ""] {
            assert_eq!(parsed(&format!(r#"{{"uuid":"{useless}","properties":{{}}}}"#)).uuid, FRESH);
        }
    }

    #[test]
    fn times_are_read_as_posthog_reads_them() {
        let utc = |text: &str| time_of(text).map(|time| time.to_string());
        assert_eq!(utc("2026-03-02T10:15:30.123456+02:00").as_deref(), Some("2026-03-02T08:15:30.123456Z"));
        assert_eq!(utc("2026-03-02 10:16:05.000000").as_deref(), Some("2026-03-02T10:16:05Z"));
        for unreadable in ["", "yesterday", "1772446530", "1969-12-31T23:59:59Z", "2262-01-01T00:00:00Z"] {
            assert_eq!(utc(unreadable), None, "{unreadable}");
        }
    }

    #[test]
    fn lone_surrogates_in_values_and_names_are_no_reason_to_refuse() {
        let event = parsed(
            r#"{"event":{"\ud800":"\udfff","properties":{"a\ud83d":1,"input_prompt":"x\ud800y \ud83e\ude91"}}}"#,
        );
        assert_eq!(event.input_prompt.unwrap().as_str(), "x\u{FFFD}y 🪑");
    }

    #[test]
    fn a_prompt_that_is_no_string_is_kept_as_json_and_null_is_none() {
        let event = parsed(r#"{"properties":{"input_prompt":[{"role":"user"}],"failure_reason":null}}"#);
        assert!(matches!(event.input_prompt, Some(Input::Json(r#"[{"role":"user"}]"#))));
        assert!(event.failure_reason.is_none());
    }
}

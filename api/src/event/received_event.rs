//! The event in a body, in whichever shape PostHog posted it.

use std::borrow::Cow;

use jiff::{Timestamp, civil, tz::TimeZone};
use shared::event::GENERATION_FAILED;
use uuid::Uuid;

use super::{
    fields::EventFields,
    json::{Json, is_object, string, text},
};

/// The namespace of the uuids that are made for events that come without one.
const UUID_NAMESPACE: Uuid = Uuid::from_u128(0x6d69_7366_6972_4565_8f1d_4c1e_9a0b_7702);

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
    /// Its properties, an object. Which of them mean something is up to the events table.
    pub(crate) properties: Json<'a>,
    /// Where the event stands in the body (RFC 6901): `/event`, `/data` or nothing.
    pub pointer: &'static str,
    /// The event that this one judges, where a pull has joined them.
    pub about: Option<About<'a>>,
    /// Whether a pull wants it kept although it is a success.
    pub is_wanted_success: bool,
}

/// The event that another one judges.
#[derive(Debug)]
pub struct About<'a> {
    /// Its uuid, if that can be read.
    pub uuid: Option<Uuid>,
    /// When it happened, if that can be read.
    pub time: Option<Timestamp>,
    /// Its name in PostHog.
    pub name: Cow<'a, str>,
    /// PostHog's name for its person.
    pub distinct_id: Option<Cow<'a, str>>,
    /// Its properties, an object.
    pub(crate) properties: Json<'a>,
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
    let places = [(top.event.and_then(fields), "/event"), (top.data.and_then(fields), "/data"), (Some(top), "")];
    let (fields, properties, pointer) = places
        .into_iter()
        .find_map(|(fields, pointer)| {
            let properties = fields?.properties.filter(|properties| is_object(properties))?;
            Some((fields?, properties, pointer))
        })
        .ok_or(BodyError::NoEvent)?;

    let timestamp = fields.timestamp.or(top.timestamp);
    Ok(ReceivedEvent {
        uuid: uuid_of(fields.uuid.or(top.uuid))
            .or_else(|| signed_webhook_id.map(|id| Uuid::new_v5(&UUID_NAMESPACE, id.as_bytes())))
            // Two events may have the same body unless it carries their time.
            .or_else(|| timestamp.and_then(text).map(|_| Uuid::new_v5(&UUID_NAMESPACE, body)))
            .unwrap_or_else(fresh_uuid),
        name: fields.event.and_then(text).unwrap_or(Cow::Borrowed(GENERATION_FAILED)),
        distinct_id: fields.distinct_id.or(top.distinct_id).and_then(text),
        time: timestamp.and_then(string).and_then(|text| time_of(&text)),
        properties,
        pointer,
        about: top.about.and_then(about),
        is_wanted_success: top.kept_as.and_then(string).is_some_and(|kept_as| kept_as == "success"),
    })
}

fn about(value: Json) -> Option<About> {
    let fields = fields(value)?;
    Some(About {
        uuid: uuid_of(fields.uuid),
        time: fields.timestamp.and_then(string).and_then(|text| time_of(&text)),
        name: fields.event.and_then(text)?,
        distinct_id: fields.distinct_id.and_then(text),
        properties: fields.properties.filter(|properties| is_object(properties))?,
    })
}

fn fields(value: Json) -> Option<EventFields<Json>> {
    is_object(value).then(|| serde_json::from_str(value.get()).ok()).flatten()
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
    use crate::event::json::members;

    const FRESH: Uuid = Uuid::from_u128(7);

    fn fresh() -> Uuid {
        FRESH
    }

    fn property<'a>(event: &ReceivedEvent<'a>, name: &str) -> Option<Cow<'a, str>> {
        members(event.properties, &[name])[0].and_then(text)
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
            assert_eq!(property(&event, "input_prompt").unwrap(), "p", "{body}");
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
        assert_eq!(property(&event, "input_prompt").unwrap(), "x\u{FFFD}y 🪑");
    }

    #[test]
    fn an_event_knows_where_it_stands_and_what_it_judges() {
        let event = parsed(
            r#"{"event":{"event":"$ai_evaluation","properties":{}},
                "about":{"event":"$ai_generation","distinct_id":"u","properties":{"a":1}}}"#,
        );
        let about = event.about.unwrap();
        assert_eq!(
            (event.pointer, &*about.name, about.distinct_id.as_deref()),
            ("/event", "$ai_generation", Some("u"))
        );
        assert_eq!(parsed(r#"{"data":{"properties":{}}}"#).pointer, "/data");
        assert!(parsed(r#"{"properties":{},"about":[]}"#).about.is_none());
    }
}

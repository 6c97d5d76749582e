//! Finds the events in the JSON: the shapes that PostHog reads (`rust/capture/src/v0_request.rs`,
//! `rust/common/types/src/event.rs`) and its rules for token, distinct_id and uuid.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    answer::CaptureError,
    elements, surrogates,
    time::{self, Claim},
};
use crate::{
    ai_events,
    event::{CapturedEvent, iso_millis},
    warning::Warning,
};

/// The largest message of PostHog's Kafka producer, in bytes.
const EVENT_BYTES_MAX: usize = 1_000_000;
/// The largest `$ai_` event on the paths of their own, in bytes (`capture_ai_max_event_bytes` of the SDKs).
const AI_EVENT_BYTES_MAX: usize = 8 * 1024 * 1024 + 64 * 1024;
const EVENT_NAME_CHARS_MAX: usize = 200;
const DISTINCT_ID_CHARS_MAX: usize = 200;
/// The event of heatmaps.
const HEATMAP: &str = "$$heatmap";
const TOKEN_BYTES_MAX: usize = 64;

/// What is known about a request besides its payload.
#[derive(Debug, Clone, Copy)]
pub struct Receipt {
    /// When it arrived.
    pub now: Timestamp,
    /// When it was sent, according to its query.
    pub sent_at: Option<Timestamp>,
    /// The sender's address.
    pub ip: Option<IpAddr>,
    /// Whether the path is `/engage`, the only one that accepts an object without an event's name.
    pub is_engage: bool,
    /// Which events the path is for.
    pub lane: Lane,
}

/// Which events a path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// All events.
    Analytics,
    /// `$ai_` events, which may be larger there.
    Ai,
}

impl Lane {
    fn event_bytes_max(self) -> usize {
        match self {
            Self::Analytics => EVENT_BYTES_MAX,
            Self::Ai => AI_EVENT_BYTES_MAX,
        }
    }
}

/// The shapes of a request. The first one that fits is taken. A wrong type anywhere fails the whole request, as in
/// PostHog.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawRequest {
    Array(Vec<RawEvent<String>>),
    Batch(RawBatch),
    One(Box<RawEvent<String>>),
    Nameless(Box<RawEvent<Option<Never>>>),
}

#[derive(Deserialize)]
struct RawBatch {
    #[serde(alias = "api_key")]
    token: String,
    batch: Vec<RawEvent<String>>,
    /// A value that is not a time is ignored.
    sent_at: Option<String>,
    /// Whether old events are imported. It changes nothing here, but must be a boolean.
    #[serde(rename = "historical_migration")]
    _historical_migration: Option<bool>,
}

#[derive(Deserialize)]
struct RawEvent<Name> {
    event: Name,
    #[serde(alias = "$token", alias = "api_key")]
    token: Option<String>,
    #[serde(alias = "$distinct_id")]
    distinct_id: Option<Value>,
    #[serde(default, deserialize_with = "uuid_or_empty")]
    uuid: Option<Uuid>,
    #[serde(default)]
    properties: Map<String, Value>,
    timestamp: Option<String>,
    offset: Option<i64>,
    #[serde(rename = "$set")]
    set: Option<Map<String, Value>>,
    #[serde(rename = "$set_once")]
    set_once: Option<Map<String, Value>>,
}

/// The type of a name that must be missing.
#[derive(Deserialize)]
enum Never {}

fn uuid_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Uuid>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(text) if !text.is_empty() => text.parse().map(Some).map_err(serde::de::Error::custom),
        _ => Ok(None),
    }
}

/// The events of a request.
///
/// # Errors
/// See [`CaptureError`]. One bad event fails its whole batch.
pub fn events(json: &str, receipt: &Receipt) -> Result<Vec<CapturedEvent>, CaptureError> {
    let parse_error = |error: serde_json::Error| CaptureError::Parse(error.to_string());
    let value: Value = serde_json::from_str(&surrogates::replace_lone(json)).map_err(parse_error)?;
    let (events, batch_token, sent_at) = match serde_json::from_value(value).map_err(parse_error)? {
        RawRequest::Array(events) => (events, None, None),
        RawRequest::Batch(batch) => (batch.batch, Some(batch.token), batch.sent_at.and_then(|time| time.parse().ok())),
        RawRequest::One(event) => (vec![*event], None, None),
        RawRequest::Nameless(event) if receipt.is_engage => (vec![event.named("$identify")], None, None),
        RawRequest::Nameless(_) => return Err(CaptureError::Nameless),
    };
    if events.is_empty() {
        return Err(CaptureError::EmptyBatch);
    }
    check_token(&token(batch_token, &events)?)?;

    let sent_at = sent_at.or(receipt.sent_at);
    let events = events.into_iter().map(|event| event.captured(sent_at, receipt));
    // PostHog silently drops page-performance events.
    events.filter(|event| !matches!(event, Ok(event) if event.event == "$performance_event")).collect()
}

/// The event of a multipart form. Its token was in a header.
///
/// # Errors
/// See [`CaptureError`].
pub(super) fn event(event: Value, receipt: &Receipt) -> Result<CapturedEvent, CaptureError> {
    let sent_at = event["sent_at"].as_str().and_then(|time| time.parse().ok());
    let event: RawEvent<String> =
        serde_json::from_value(event).map_err(|error| CaptureError::Parse(error.to_string()))?;
    event.captured(sent_at, receipt)
}

impl RawEvent<Option<Never>> {
    fn named(self, name: &str) -> RawEvent<String> {
        let Self { event: _, token, distinct_id, uuid, properties, timestamp, offset, set, set_once } = self;
        RawEvent { event: name.to_owned(), token, distinct_id, uuid, properties, timestamp, offset, set, set_once }
    }
}

impl RawEvent<String> {
    fn captured(self, sent_at: Option<Timestamp>, receipt: &Receipt) -> Result<CapturedEvent, CaptureError> {
        if self.event.is_empty() {
            return Err(CaptureError::EmptyName);
        }
        if receipt.lane == Lane::Ai && !self.event.starts_with(ai_events::PREFIX) {
            return Err(CaptureError::Parse(format!("Event name must start with '$ai_', got '{}'", self.event)));
        }
        if self.properties.get("$cookieless_mode").is_some_and(|mode| !mode.is_boolean()) {
            return Err(CaptureError::CookielessMode);
        }
        let distinct_id = self.distinct_id().ok_or(CaptureError::MissingDistinctId)?;
        let ignores_sent_at = self.properties.get("$ignore_sent_at") == Some(&Value::Bool(true));
        let claim = Claim {
            timestamp: self.timestamp.as_deref(),
            offset_ms: self.offset,
            sent_at: sent_at.filter(|_| !ignores_sent_at),
        };
        let (timestamp, mut warnings) = time::happened_at(claim, receipt.now);
        if self.event.chars().count() > EVENT_NAME_CHARS_MAX {
            warnings.push(trimmed("event", EVENT_NAME_CHARS_MAX));
        }
        if distinct_id.chars().count() > DISTINCT_ID_CHARS_MAX {
            warnings.push(trimmed("distinct_id", DISTINCT_ID_CHARS_MAX));
        }
        let distinct_id = distinct_id.chars().take(DISTINCT_ID_CHARS_MAX).collect();

        let mut properties = self.properties;
        let elements_chain = elements::take_chain(&mut properties);
        if self.event != HEATMAP {
            // Its copy for heatmaps has it (`create_heatmap_redirect` in `events/analytics.rs`).
            properties.shift_remove("$heatmap_data");
        }
        move_in(&mut properties, "$set", self.set);
        move_in(&mut properties, "$set_once", self.set_once);
        if let Some(ip) = receipt.ip {
            properties.entry("$ip").or_insert_with(|| json!(ip));
        }
        if let Some(sent_at) = sent_at {
            properties.entry("$sent_at").or_insert_with(|| json!(iso_millis(sent_at)));
        }
        let event = CapturedEvent {
            uuid: self.uuid.unwrap_or_else(Uuid::now_v7),
            // `sanitizeEventName`
            event: self.event.chars().take(EVENT_NAME_CHARS_MAX).collect(),
            distinct_id,
            properties,
            timestamp,
            captured_at: receipt.now,
            elements_chain,
            warnings,
            dropped: None,
        };
        let bytes = event.event.len() + json!(event.properties).to_string().len();
        let bytes_max = receipt.lane.event_bytes_max();
        if bytes > bytes_max { Err(CaptureError::EventTooLarge { bytes_max }) } else { Ok(event) }
    }

    /// The distinct_id of the top level, or else of the properties. A value that is not a string becomes its JSON.
    fn distinct_id(&self) -> Option<String> {
        let outer = self.distinct_id.as_ref().filter(|id| !id.is_null());
        let text = match outer.or_else(|| self.properties.get("distinct_id").filter(|id| !id.is_null()))? {
            Value::String(text) => text.replace('\0', "\u{FFFD}"),
            other => other.to_string(),
        };
        (!text.trim().is_empty()).then_some(text)
    }

    fn token(&self) -> Option<&str> {
        self.token.as_deref().or_else(|| self.properties.get("token")?.as_str())
    }
}

fn trimmed(field: &str, chars_max: usize) -> Warning {
    let why = format!("{field} is cut to {chars_max} characters");
    Warning::new("trimmed", why, json!({ "field": field, "charsMax": chars_max }))
}

/// Moves `$set` or `$set_once` from the top level into the properties. Where both set a key, the outer one wins.
fn move_in(properties: &mut Map<String, Value>, key: &str, outer: Option<Map<String, Value>>) {
    let Some(outer) = outer else { return };
    match properties.get_mut(key) {
        Some(Value::Object(inner)) => inner.extend(outer),
        _ => _ = properties.insert(key.to_owned(), Value::Object(outer)),
    }
}

fn token(of_batch: Option<String>, events: &[RawEvent<String>]) -> Result<String, CaptureError> {
    if let Some(token) = of_batch {
        return Ok(token);
    }
    let mut tokens = events.iter().filter_map(RawEvent::token);
    let first = tokens.next().ok_or(CaptureError::NoToken)?;
    if tokens.any(|token| token != first) {
        return Err(CaptureError::MixedTokens);
    }
    Ok(first.to_owned())
}

/// Accepts any token of the right form. PostHog drops events with an unknown token later, but posthog-local has only
/// one project. (`/flags` knows the project's key, if `api_token` names it.)
///
/// # Errors
/// No project has such a key.
pub(crate) fn check_token(token: &str) -> Result<(), CaptureError> {
    let token = token.trim();
    let problem = if token.is_empty() {
        "empty"
    } else if token.len() > TOKEN_BYTES_MAX {
        "too_long"
    } else if !token.is_ascii() {
        "not_ascii"
    } else if token.starts_with("phx_") {
        "personal_api_key"
    } else if token.contains('\0') {
        "null_byte"
    } else {
        return Ok(());
    };
    Err(CaptureError::BadToken(problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(json: Value) -> Result<CapturedEvent, CaptureError> {
        on(Lane::Analytics, json)
    }

    fn on(lane: Lane, json: Value) -> Result<CapturedEvent, CaptureError> {
        let ip = Some([127, 0, 0, 1].into());
        let receipt = Receipt { now: Timestamp::UNIX_EPOCH, sent_at: None, ip, is_engage: false, lane };
        events(&json.to_string(), &receipt).map(|mut events| events.remove(0))
    }

    fn with_distinct_id(outer: Value, inner: Value) -> Result<String, CaptureError> {
        one(json!({"event": "e", "token": "t", "distinct_id": outer, "properties": {"distinct_id": inner}}))
            .map(|event| event.distinct_id)
    }

    #[test]
    fn distinct_id_follows_posthogs_rules() {
        for (outer, inner, expected) in [
            (json!("outer"), json!("inner"), "outer"),
            (json!(null), json!("inner"), "inner"),
            (json!(23), json!(null), "23"),
            (json!({"a": [1, null]}), json!(null), r#"{"a":[1,null]}"#),
            (json!(" kept "), json!(null), " kept "),
            (json!("a\0b"), json!(null), "a\u{FFFD}b"),
            (json!("é".repeat(201)), json!(null), &"é".repeat(200)),
        ] {
            assert_eq!(with_distinct_id(outer, inner).unwrap(), expected);
        }
        for nobody in [json!(null), json!(""), json!(" \t")] {
            assert!(matches!(with_distinct_id(nobody, json!(null)), Err(CaptureError::MissingDistinctId)));
        }
    }

    #[test]
    fn a_token_is_judged_by_its_shape() {
        for (token, problem) in [
            (" ".to_owned(), Some("empty")),
            ("é".to_owned(), Some("not_ascii")),
            ("phx_1".to_owned(), Some("personal_api_key")),
            ("a\0b".to_owned(), Some("null_byte")),
            ("t".repeat(65), Some("too_long")),
            ("t".repeat(64), None),
            (" phc_1 ".to_owned(), None),
        ] {
            let refused = check_token(&token).err().map(|error| error.to_string());
            assert_eq!(refused, problem.map(|problem| format!("API key is not valid: {problem}")), "{token:?}");
        }
    }

    #[test]
    fn the_server_moves_set_and_the_address_into_the_properties() {
        let event = one(json!({"event": "e", "token": "t", "distinct_id": "d", "uuid": "",
            "$set": {"email": "outer"}, "properties": {"$set": {"email": "inner", "plan": "free"}, "$ip": "10.0.0.9"}}));
        let event = event.unwrap();
        assert_eq!(json!(event.properties), json!({"$set": {"email": "outer", "plan": "free"}, "$ip": "10.0.0.9"}));
        assert_eq!(event.uuid.get_version_num(), 7);
        let event = one(json!({"event": "e", "token": "t", "distinct_id": "d"})).unwrap();
        assert_eq!(json!(event.properties), json!({"$ip": "127.0.0.1"}));
    }

    #[test]
    fn long_names_are_cut_and_clicks_and_heatmaps_are_no_properties() {
        let event = one(json!({"event": "é".repeat(201), "token": "t", "distinct_id": "d", "properties": {
            "$elements_chain": "a:href=\"/\"", "$heatmap_data": {"/": []}, "n": 1, "$ip": "x"}}));
        let event = event.unwrap();
        let told: Vec<_> = event.warnings.iter().map(|warning| warning.why.as_str()).collect();
        assert_eq!(told, ["event is cut to 200 characters"]);
        assert_eq!((event.event, event.elements_chain.as_str()), ("é".repeat(200), "a:href=\"/\""));
        assert_eq!(json!(event.properties), json!({"n": 1, "$ip": "x"}));
    }

    #[test]
    fn historical_migration_is_a_boolean() {
        let batch = |flag: Value| {
            one(json!({"token": "t", "historical_migration": flag, "batch": [{"event": "e", "distinct_id": "d"}]}))
        };
        for flag in [json!(true), json!(false), json!(null)] {
            assert!(batch(flag).is_ok());
        }
        // It is no batch then, and what is left is an object without a name.
        assert!(matches!(batch(json!("yes")), Err(CaptureError::Nameless)));
    }

    #[test]
    fn an_event_above_a_megabyte_is_refused_and_one_below_is_not() {
        let of =
            |size| one(json!({"event": "e", "token": "t", "distinct_id": "d", "properties": {"p": "x".repeat(size)}}));
        assert!(of(999_900).is_ok());
        assert!(matches!(of(1_000_000), Err(CaptureError::EventTooLarge { .. })));
        let of = |name: &str, size| {
            on(
                Lane::Ai,
                json!({"event": name, "token": "t", "distinct_id": "d", "properties": {"p": "x".repeat(size)}}),
            )
        };
        assert!(of("$ai_span", AI_EVENT_BYTES_MAX - 100).is_ok());
        assert!(matches!(of("$ai_span", AI_EVENT_BYTES_MAX), Err(CaptureError::EventTooLarge { .. })));
        assert!(matches!(of("ai_span", 1), Err(CaptureError::Parse(_))));
    }
}

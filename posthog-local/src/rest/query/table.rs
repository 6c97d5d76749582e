//! The two tables and their columns (`posthog/hogql/database/schema/`).

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::{
    refusal::Refusal,
    value::{Kind, Value},
};
use crate::{ai_events::HEAVY, json::Object, store::Entry};

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Events,
    AiEvents,
}

/// A column, or a property within one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    Uuid,
    Event,
    DistinctId,
    Timestamp,
    /// When posthog-local took the event. Only `events` has it.
    CreatedAt,
    PersonId,
    /// The properties, as JSON text.
    Properties,
    /// The property at this path.
    Property(Vec<String>),
    /// The content of this property, as JSON text; null where the event did not have it.
    Heavy(&'static str),
    /// A property with a column of its own; null where the event does not have it.
    Ai(&'static str),
    /// `$ai_trace_id`, which is empty where the event does not have it.
    TraceId,
    /// Whether `$ai_is_error` is `true` or `"true"`.
    IsError,
}

/// Columns of `posthog.ai_events` that are properties. Absent: tokens, costs and times of the call.
const AI: [(&str, &str); 14] = [
    ("session_id", "$ai_session_id"),
    ("parent_id", "$ai_parent_id"),
    ("span_id", "$ai_span_id"),
    ("span_type", "$ai_span_type"),
    ("generation_id", "$ai_generation_id"),
    ("experiment_id", "$ai_experiment_id"),
    ("span_name", "$ai_span_name"),
    ("trace_name", "$ai_trace_name"),
    ("prompt_name", "$ai_prompt_name"),
    ("model", "$ai_model"),
    ("provider", "$ai_provider"),
    ("framework", "$ai_framework"),
    ("error", "$ai_error"),
    ("error_type", "$ai_error_type"),
];

impl Table {
    /// The table of this name.
    ///
    /// # Errors
    /// There is none, in PostHog's words.
    pub(super) fn named(name: &[String]) -> Result<Self, Refusal> {
        match name.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["events"] => Ok(Self::Events),
            ["ai_events"] | ["posthog", "ai_events"] => Ok(Self::AiEvents),
            _ => Err(format!("Unknown table `{}`.", name.join("."))),
        }
    }

    /// The table's own name, by which its columns may be called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::AiEvents => "ai_events",
        }
    }

    /// The column of this name.
    ///
    /// # Errors
    /// There is none, in PostHog's words.
    pub(super) fn column(self, path: &[String]) -> Result<Column, Refusal> {
        let path = path.strip_prefix(&[self.name().to_owned()]).filter(|rest| !rest.is_empty()).unwrap_or(path);
        let unknown = || format!("Unable to resolve field: {}", path.join("."));
        let (name, inner) = path.split_first().ok_or_else(unknown)?;
        let column = match (self, name.as_str()) {
            (_, "properties") if !inner.is_empty() => return Ok(Column::Property(inner.to_vec())),
            (_, "uuid") => Column::Uuid,
            (_, "event") => Column::Event,
            (_, "distinct_id") => Column::DistinctId,
            (_, "timestamp") => Column::Timestamp,
            (_, "person_id") => Column::PersonId,
            (_, "properties") => Column::Properties,
            (Self::Events, "created_at") => Column::CreatedAt,
            (Self::AiEvents, "trace_id") => Column::TraceId,
            (Self::AiEvents, "is_error") => Column::IsError,
            (Self::AiEvents, name) => {
                let heavy = HEAVY.iter().find(|(_, column)| *column == name).map(|(key, _)| Column::Heavy(key));
                let ai = || AI.iter().find(|(column, _)| *column == name).map(|(_, key)| Column::Ai(key));
                heavy.or_else(ai).ok_or_else(unknown)?
            }
            _ => return Err(unknown()),
        };
        if inner.is_empty() { Ok(column) } else { Err(unknown()) }
    }

    /// Whether the table has a row for this event. The row of `posthog.ai_events` may come `heavy_delay` later.
    pub(super) fn has(self, entry: &Entry, now: Timestamp, heavy_delay: SignedDuration) -> bool {
        match self {
            _ if entry.dropped.is_some() => false,
            Self::Events => true,
            Self::AiEvents => entry.heavy.is_some() && now.duration_since(entry.captured_at) >= heavy_delay,
        }
    }
}

impl Column {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Uuid | Self::PersonId => Kind::Uuid,
            Self::Timestamp | Self::CreatedAt => Kind::Time,
            Self::IsError => Kind::Bool,
            Self::Property(_) => Kind::Property,
            Self::Event | Self::DistinctId | Self::Properties | Self::Heavy(_) | Self::Ai(_) | Self::TraceId => {
                Kind::Text
            }
        }
    }

    /// The column's value in the row of an event.
    pub(super) fn read<'a>(&self, entry: &'a Entry) -> Value<'a> {
        match self {
            Self::Uuid => Value::Uuid(entry.uuid),
            Self::PersonId => Value::Uuid(entry.person.id),
            Self::Event => Value::text(&entry.event),
            Self::DistinctId => Value::text(&entry.distinct_id),
            Self::Timestamp => Value::Time(entry.timestamp.as_microsecond()),
            Self::CreatedAt => Value::Time(entry.captured_at.as_microsecond()),
            Self::Properties => Value::text(serde_json::to_string(&entry.properties).unwrap_or_default()),
            Self::Property(path) => property(find(&entry.properties, path)),
            // Privacy mode is the text `null` (`JSONExtractRaw`), and an absent key is null.
            Self::Heavy(key) => {
                let content = entry.heavy.as_ref().and_then(|heavy| heavy.get(*key));
                content.map_or(Value::Null, |content| Value::text(content.to_string()))
            }
            Self::Ai(key) => match entry.properties.get(*key) {
                None | Some(Json::Null) => Value::Null,
                Some(Json::String(text)) => Value::text(text),
                Some(other) => Value::text(other.to_string()),
            },
            Self::TraceId => Value::text(entry.properties.get("$ai_trace_id").and_then(Json::as_str).unwrap_or("")),
            Self::IsError => {
                let is_error = entry.properties.get("$ai_is_error");
                Value::Bool(is_error.is_some_and(|error| *error == Json::Bool(true) || error == "true"))
            }
        }
    }
}

/// The value at a path within the properties.
pub(super) fn find<'a>(properties: &'a Object, path: &[String]) -> Option<&'a Json> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(properties.get(first)?, |value, key| match value {
        Json::Object(object) => object.get(key),
        _ => None,
    })
}

/// `properties.name` as PostHog reads it: the JSON without the quotes around a text, but with its escapes; what
/// is missing or null is null (`nullIf(nullIf(JSONExtractRaw(…), ''), 'null')`).
fn property(value: Option<&Json>) -> Value<'_> {
    match value {
        None | Some(Json::Null) => Value::Null,
        Some(Json::String(text)) => Value::Text(escaped(text)),
        Some(other) => Value::text(other.to_string()),
    }
}

fn escaped(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        return text.into();
    }
    let json = Json::from(text).to_string();
    json[1..json.len() - 1].to_owned().into()
}

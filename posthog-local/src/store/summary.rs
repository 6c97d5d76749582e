//! An event, as the inspector's list shows it.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{
    common::time,
    record::{DeliveryState, DestinationRun, Entry, WorkflowRun},
};
use crate::ai_events;

/// How much of a property is shown, in characters.
const SUMMARY_CHARS_MAX: usize = 120;

/// The properties that tell the most about an `$ai_` event.
const SHOWN_OF_AI: [&str; 4] = ["$ai_error", "$ai_evaluation_reasoning", "$ai_feedback_text", "$ai_model"];

/// An event, as the list shows it.
#[derive(Debug, Serialize)]
pub struct Summary<'a> {
    id: u64,
    uuid: Uuid,
    repeated: bool,
    event: &'a str,
    distinct_id: &'a str,
    person: &'a str,
    #[serde(serialize_with = "time")]
    timestamp: Timestamp,
    #[serde(serialize_with = "time")]
    captured_at: Timestamp,
    /// The first property that the sender's own code set, and not the SDK; of an `$ai_` event its error or its model.
    property: Option<(&'a str, String)>,
    /// Whether its content was split off.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    trimmed: bool,
    destinations: Vec<DestinationSummary<'a>>,
    workflows: Vec<&'a WorkflowRun>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    imported: bool,
    /// Why the event was dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<&'a str>,
    /// The types of its warnings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct DestinationSummary<'a> {
    name: &'a str,
    state: DeliveryState,
    attempt: u32,
    status: Option<u16>,
    millis: Option<u64>,
    stored: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl Entry {
    /// The event, as the list shows it.
    pub fn summary(&self) -> Summary<'_> {
        let is_ai = self.event.starts_with(ai_events::PREFIX);
        let shown = if is_ai { &SHOWN_OF_AI[..] } else { &[] };
        let telling =
            shown.iter().filter_map(|key| self.properties.get_key_value(*key)).find(|(_, value)| !value.is_null());
        let own =
            self.properties.iter().find(|(key, _)| !key.starts_with('$') && *key != "token" && *key != "distinct_id");
        Summary {
            id: self.id,
            uuid: self.uuid,
            repeated: self.repeated,
            event: &self.event,
            distinct_id: &self.distinct_id,
            person: &self.person.name,
            timestamp: self.timestamp,
            captured_at: self.captured_at,
            property: telling.or(own).map(|(key, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                (key.as_str(), text.chars().take(SUMMARY_CHARS_MAX).collect())
            }),
            trimmed: self.heavy.as_ref().is_some_and(|heavy| !heavy.is_empty()),
            destinations: self.destinations.iter().map(DestinationRun::summary).collect(),
            workflows: self.workflows.iter().collect(),
            imported: self.imported,
            dropped: self.dropped.as_deref(),
            warnings: self.warnings.iter().map(|warning| warning.r#type).collect(),
        }
    }
}

impl DestinationRun {
    fn summary(&self) -> DestinationSummary<'_> {
        let last = self.attempts.last();
        DestinationSummary {
            name: &self.name,
            state: self.state,
            attempt: self.attempt,
            status: last.and_then(|last| last.status),
            millis: last.map(|last| last.millis),
            stored: self.stored.as_ref().map(|stored| stored.status.as_str()),
            reason: self.stored.as_ref().and_then(|stored| stored.reason.as_deref()),
        }
    }
}

//! A stored event. These types are the JSON that `/_local/events` answers.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    common::{OVERHEAD_BYTES, maybe_time, time},
    email::{EmailRun, EmailState},
};
use crate::{event::CapturedEvent, json::Object, warning::Warning};

/// An event and everything that happened to it.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// The number of the event in the store, which sets it.
    pub id: u64,
    /// The event's uuid.
    pub uuid: Uuid,
    /// Whether an event with this uuid was captured before. It is delivered again, as in PostHog.
    pub repeated: bool,
    /// The event's name.
    pub event: String,
    /// The event's distinct_id.
    pub distinct_id: String,
    /// When it happened.
    #[serde(serialize_with = "time")]
    pub timestamp: Timestamp,
    /// When it arrived.
    #[serde(serialize_with = "time")]
    pub captured_at: Timestamp,
    /// The event's properties.
    pub properties: Map<String, Value>,
    /// The content that was split off; see [`AiEvents::prepare`](crate::ai_events::AiEvents::prepare).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heavy: Option<Object>,
    /// The person as the event sees them.
    pub person: PersonView,
    /// What each destination did with the event.
    pub destinations: Vec<DestinationRun>,
    /// What each workflow did with the event.
    pub workflows: Vec<WorkflowRun>,
    /// Whether the event was imported from a file. Such an event is not delivered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// Why the event was dropped. Then no destination and no workflow saw it, and no query finds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<String>,
    /// What PostHog would warn of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The memory that it takes, in bytes (an estimate).
    #[serde(skip)]
    pub(super) bytes: usize,
}

/// A person as an event sees them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonView {
    /// The person's own id.
    pub id: Uuid,
    /// The name that PostHog shows.
    pub name: String,
    /// The person's properties.
    #[serde(serialize_with = "shared", deserialize_with = "owned")]
    pub properties: Arc<Map<String, Value>>,
}

/// What a destination did with an event.
#[derive(Debug, Clone, Serialize)]
pub struct DestinationRun {
    /// The destination's name.
    pub name: String,
    /// Whether the destination matched the event.
    pub matched: bool,
    /// The rule and the value that decided.
    pub why: String,
    /// The state of the delivery.
    pub state: DeliveryState,
    /// The URL, without the parts that may be secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The number of the newest attempt; 0 before the first.
    pub attempt: u32,
    /// The attempts that have ended.
    pub attempts: Vec<Attempt>,
    /// When the next attempt begins.
    #[serde(serialize_with = "maybe_time", skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<Timestamp>,
    /// What the receiver says it stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored: Option<Stored>,
}

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The destination did not match the event.
    NotMatched,
    /// Matched, but skipped as a repetition.
    Masked,
    /// Matched, but the destination is stopped on purpose.
    Stopped,
    /// Waits for its first attempt.
    Queued,
    /// An attempt is in progress.
    Delivering,
    /// Waits for its next attempt.
    Retrying,
    /// The receiver accepted it.
    Delivered,
    /// It failed for good.
    Failed,
}

/// An attempt that ended.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// The number of the attempt; the first is 1.
    pub number: u32,
    /// When it began.
    #[serde(serialize_with = "time")]
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// The answer's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The answer's body, cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// What the receiver says that it did with an event.
#[derive(Debug, Clone, Serialize)]
pub struct Stored {
    /// `stored`, `duplicate`, `ignored`.
    pub status: String,
    /// Why it ignored the event, in a word, such as `no_content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The line that it wrote to its file.
    #[serde(rename = "record", skip_serializing_if = "Option::is_none")]
    pub line: Option<Map<String, Value>>,
}

/// What a workflow did with an event.
#[derive(Debug, Clone, Serialize)]
pub struct WorkflowRun {
    /// The workflow's name.
    pub name: String,
    /// Whether the event started a run.
    pub matched: bool,
    /// The rule and the value that decided.
    pub why: String,
    /// The e-mails of the run.
    pub emails: Vec<EmailRun>,
    /// Whether the run was skipped as a repetition.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub masked: bool,
}

impl Entry {
    /// A captured event, before its deliveries begin.
    pub fn new(
        event: CapturedEvent,
        heavy: Option<Object>,
        person: PersonView,
        repeated: bool,
        destinations: Vec<DestinationRun>,
        workflows: Vec<WorkflowRun>,
    ) -> Self {
        let json_bytes = |map: &Map<String, Value>| serde_json::to_string(map).map_or(0, |json| json.len());
        let bytes = OVERHEAD_BYTES + json_bytes(&event.properties) + json_bytes(&person.properties);
        let bytes = bytes + heavy.as_ref().map_or(0, json_bytes);
        let warned = |warning: &Warning| 128 + warning.why.len() + warning.details.to_string().len();
        let bytes = bytes + event.warnings.iter().map(warned).sum::<usize>();
        let CapturedEvent { uuid, event, distinct_id, properties, timestamp, captured_at, warnings, dropped, .. } =
            event;
        let id = 0;
        Self {
            id,
            uuid,
            repeated,
            event,
            distinct_id,
            timestamp,
            captured_at,
            properties,
            heavy,
            person,
            destinations,
            workflows,
            imported: false,
            dropped,
            warnings,
            bytes,
        }
    }

    /// An event that was imported from a file, which is not delivered.
    pub fn imported(event: CapturedEvent, heavy: Option<Object>, person: PersonView) -> Self {
        Self { imported: true, ..Self::new(event, heavy, person, false, Vec::new(), Vec::new()) }
    }

    /// Records whether an e-mail was sent. Returns `false` if the e-mail does not belong to this event.
    pub(super) fn set_email_state(&mut self, id: &str, state: EmailState, reason: &Option<String>) -> bool {
        let run = self.workflows.iter_mut().flat_map(|workflow| &mut workflow.emails).find(|email| email.id == id);
        let Some(run) = run else { return false };
        (run.state, run.reason) = (state, reason.clone());
        true
    }
}

impl DestinationRun {
    /// A destination that has judged the event, before any attempt.
    pub fn new(name: String, matched: bool, why: String) -> Self {
        let state = if matched { DeliveryState::Queued } else { DeliveryState::NotMatched };
        Self {
            name,
            matched,
            why,
            state,
            url: None,
            attempt: 0,
            attempts: Vec::new(),
            next_attempt_at: None,
            stored: None,
        }
    }

    /// The memory that it takes, in bytes (an estimate). It never shrinks, because attempts are only added and a stored
    /// line is never replaced.
    pub(super) fn bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let attempts: usize =
            self.attempts.iter().map(|attempt| 64 + text(&attempt.error) + text(&attempt.answer)).sum();
        let line = self.stored.as_ref().and_then(|stored| stored.line.as_ref());
        attempts
            + line
                .into_iter()
                .flatten()
                .map(|(key, value)| key.len() + value.as_str().map_or(0, str::len))
                .sum::<usize>()
    }
}

fn owned<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Map<String, Value>>, D::Error> {
    Map::deserialize(deserializer).map(Arc::new)
}

fn shared<S: Serializer>(properties: &Arc<Map<String, Value>>, serializer: S) -> Result<S::Ok, S::Error> {
    properties.as_ref().serialize(serializer)
}

//! What is kept of an event, and its JSON: what `/_local/events` answers is these types.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    common::{OVERHEAD_BYTES, maybe_time, time},
    email::{EmailRun, EmailState},
};
use crate::event::CapturedEvent;

/// An event and everything that happened to it.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Counts the captured events. The store sets it.
    pub id: u64,
    /// The event's uuid.
    pub uuid: Uuid,
    /// Whether an event of this uuid had been captured before. (PostHog delivers it again, too.)
    pub repeated: bool,
    /// The event's name.
    pub event: String,
    /// Whose it is.
    pub distinct_id: String,
    /// When it happened.
    #[serde(serialize_with = "time")]
    pub timestamp: Timestamp,
    /// When it arrived.
    #[serde(serialize_with = "time")]
    pub captured_at: Timestamp,
    /// The event's properties.
    pub properties: Map<String, Value>,
    /// The person at that event.
    pub person: PersonView,
    /// What each destination did.
    pub destinations: Vec<DestinationRun>,
    /// What each workflow did.
    pub workflows: Vec<WorkflowRun>,
    /// Whether it came from a file: it was sent nowhere.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// About how much it takes.
    #[serde(skip)]
    pub(super) bytes: usize,
}

/// A person at an event.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonView {
    /// The person's own id.
    pub id: Uuid,
    /// What PostHog calls them.
    pub name: String,
    /// What was set.
    #[serde(serialize_with = "shared", deserialize_with = "owned")]
    pub properties: Arc<Map<String, Value>>,
}

/// A destination's part.
#[derive(Debug, Clone, Serialize)]
pub struct DestinationRun {
    /// The destination.
    pub name: String,
    /// Whether it wanted the event.
    pub matched: bool,
    /// The rule and the value that decided.
    pub why: String,
    /// How far it is.
    pub state: DeliveryState,
    /// Where to, without what may be secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Number of the newest attempt; 0 before the first.
    pub attempt: u32,
    /// Those that ended.
    pub attempts: Vec<Attempt>,
    /// When the next one is.
    #[serde(serialize_with = "maybe_time", skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<Timestamp>,
    /// What the receiver says it stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored: Option<Stored>,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not wanted.
    NotMatched,
    /// Wanted, but left out as a repetition.
    Masked,
    /// Wanted, but the destination is stopped on purpose.
    Stopped,
    /// Waits for its turn.
    Queued,
    /// An attempt runs.
    Delivering,
    /// Waits for its next attempt.
    Retrying,
    /// It has arrived.
    Delivered,
    /// It will not arrive.
    Failed,
}

/// An attempt that ended.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// The first is 1.
    pub number: u32,
    /// When it began.
    #[serde(serialize_with = "time")]
    pub at: Timestamp,
    /// How long it took.
    pub millis: u64,
    /// The answer's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The answer's body, cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// What the receiver says about an event.
#[derive(Debug, Clone, Serialize)]
pub struct Stored {
    /// `stored`, `duplicate`, `ignored`.
    pub status: String,
    /// The line in its file.
    #[serde(rename = "record", skip_serializing_if = "Option::is_none")]
    pub line: Option<Map<String, Value>>,
}

/// A workflow's part.
#[derive(Debug, Clone, Serialize)]
pub struct WorkflowRun {
    /// The workflow.
    pub name: String,
    /// Whether the event started a run.
    pub matched: bool,
    /// The rule and the value that decided.
    pub why: String,
    /// The e-mails of the run.
    pub emails: Vec<EmailRun>,
    /// Whether the run was left out as a repetition.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub masked: bool,
}

impl Entry {
    /// An event, as far as it has got.
    pub fn new(
        event: CapturedEvent,
        person: PersonView,
        repeated: bool,
        destinations: Vec<DestinationRun>,
        workflows: Vec<WorkflowRun>,
    ) -> Self {
        let json_bytes = |map: &Map<String, Value>| serde_json::to_string(map).map_or(0, |json| json.len());
        let bytes = OVERHEAD_BYTES + json_bytes(&event.properties) + json_bytes(&person.properties);
        let CapturedEvent { uuid, event, distinct_id, properties, timestamp, captured_at } = event;
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
            person,
            destinations,
            workflows,
            imported: false,
            bytes,
        }
    }

    /// An event from a file: nothing is done with it.
    pub fn imported(event: CapturedEvent, person: PersonView) -> Self {
        Self { imported: true, ..Self::new(event, person, false, Vec::new(), Vec::new()) }
    }

    /// Tells the run of an e-mail what became of it; `false` when the e-mail is none of this event's.
    pub(super) fn set_email_state(&mut self, id: &str, state: EmailState, reason: &Option<String>) -> bool {
        let run = self.workflows.iter_mut().flat_map(|workflow| &mut workflow.emails).find(|email| email.id == id);
        let Some(run) = run else { return false };
        (run.state, run.reason) = (state, reason.clone());
        true
    }
}

impl DestinationRun {
    /// A destination that has just judged the event.
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

    /// About how much it takes. It never gets less: what the receiver stored is told once, at the end.
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

//! The request that the page sends to PostHog's capture API, `POST /batch/`
//! (fields after PostHog's `rust/capture/src/v0_request.rs`).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::event::Event;

/// A batch of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureRequest {
    /// The project's key, public by nature; it begins with `phc_`.
    pub api_key: String,
    /// The events, in the order in which they happened.
    pub batch: Vec<CaptureEvent>,
    /// When the request was sent by the browser's clock, ISO 8601; PostHog corrects the events' times by it.
    pub sent_at: String,
}

/// One event of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureEvent {
    /// The event's name through every hop, made in the page as UUID v7: a repeated delivery is known by it.
    pub uuid: Uuid,
    /// Whose event it is, by PostHog's name for the person.
    pub distinct_id: String,
    /// When it happened by the browser's clock, ISO 8601.
    pub timestamp: String,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

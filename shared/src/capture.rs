//! The request that the page sends to PostHog's capture API, `POST /batch/`
//! (its fields are those of PostHog's `rust/capture/src/v0_request.rs`).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::event::Event;

/// A batch of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaptureRequest {
    /// The project's key, public by nature; it begins with `phc_`.
    pub api_key: String,
    /// The events, in the order in which they happened.
    pub batch: Vec<CaptureEvent>,
    /// When the browser sent the request, by its own clock, in ISO 8601. PostHog uses it to correct the events' times.
    pub sent_at: String,
}

/// One event of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaptureEvent {
    /// The event's id on its whole way, a UUID v7 made by the page. A repeated delivery has the same one.
    pub uuid: Uuid,
    /// PostHog's id of the person who caused the event.
    pub distinct_id: String,
    /// When it happened, by the browser's clock, in ISO 8601.
    pub timestamp: String,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

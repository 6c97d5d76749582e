//! An event that PostHog has accepted: what [`capture`](crate::capture) makes, and everything behind it works on.

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::warning::Warning;

/// An event that PostHog has accepted.
#[derive(Debug, Clone, Default)]
pub struct CapturedEvent {
    /// Identifies the event through every hop. The sender sets it; an event without one gets a UUID v7.
    pub uuid: Uuid,
    /// The event's name.
    pub event: String,
    /// The id of whoever caused the event; 1 to 200 characters.
    pub distinct_id: String,
    /// The properties. As in PostHog, they include `$set`, `$set_once`, `$ip` and `$sent_at` of the request.
    pub properties: Map<String, Value>,
    /// When the event happened, corrected for the sender's clock.
    pub timestamp: Timestamp,
    /// When the event arrived.
    pub captured_at: Timestamp,
    /// What was clicked (`$elements_chain`), which is no property. Empty for most events.
    pub elements_chain: String,
    /// What PostHog would warn of.
    pub warnings: Vec<Warning>,
    /// Why the event is dropped. It is shown, but nothing else happens to it.
    pub dropped: Option<String>,
}

/// A time as JavaScript writes it: in UTC, with three decimals.
pub fn iso_millis(time: Timestamp) -> String {
    format!("{time:.3}")
}

//! PostHog's ingestion warnings: why an event was changed, or dropped after the sender was told that all is well.

use serde::Serialize;
use serde_json::Value;

/// A warning. PostHog shows it on its page of ingestion warnings, and answers the sender nothing of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Warning {
    /// PostHog's name of it (`INGESTION_WARNING_TYPES`). What PostHog does without a warning is `trimmed` or
    /// `ignored_property`, which are posthog-local's own.
    pub r#type: &'static str,
    /// The same in words.
    pub why: String,
    /// PostHog's details.
    pub details: Value,
}

impl Warning {
    /// A warning.
    pub fn new(r#type: &'static str, why: impl Into<String>, details: Value) -> Self {
        Self { r#type, why: why.into(), details }
    }
}

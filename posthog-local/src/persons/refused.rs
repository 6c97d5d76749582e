//! Merges that PostHog refuses.

use serde_json::json;

use crate::{event::CapturedEvent, warning::Warning};

/// Why two persons are not merged.
#[derive(Debug)]
pub(super) enum Refused {
    /// One of the ids is illegal.
    Illegal { illegal: String, other: String },
    /// The person of the other id is identified already.
    Identified { other: String },
}

impl Refused {
    /// What PostHog warns of.
    pub(super) fn warning(&self, event: &CapturedEvent) -> Warning {
        match self {
            Self::Illegal { illegal, other } => Warning::new(
                "cannot_merge_with_illegal_distinct_id",
                format!("nobody is merged by the id {illegal:?}, because many may share it"),
                json!({ "illegalDistinctId": illegal, "otherDistinctId": other, "eventUuid": event.uuid }),
            ),
            Self::Identified { other } => Warning::new(
                "cannot_merge_already_identified",
                format!("{other} is not merged into {}, because that person is already identified", event.distinct_id),
                json!({ "sourcePersonDistinctId": other, "targetPersonDistinctId": event.distinct_id, "eventUuid": event.uuid }),
            ),
        }
    }
}

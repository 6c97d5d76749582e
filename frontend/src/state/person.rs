//! Who this browser is to PostHog.

use serde::Serialize;

/// One simulated person. It lives in localStorage, so every tab is the same person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// PostHog's id of the person, a UUID v7 made by this page.
    pub distinct_id: String,
    /// How often this person has used the feature.
    pub usage_count: u32,
    /// Whether the field for an address was answered: saved or skipped.
    pub email_asked: bool,
    /// The address, if one was given.
    pub email: Option<String>,
}

impl Person {
    /// A person who has not done anything yet.
    pub fn new(distinct_id: String) -> Self {
        Self { distinct_id, ..Self::default() }
    }
}

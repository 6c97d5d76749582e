//! Who this browser is to PostHog.

use serde::Serialize;

/// One simulated person. It lives in localStorage, so every tab is the same person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// PostHog's name for the person, a UUID made here.
    pub distinct_id: String,
    /// How often this person has used the feature.
    pub usage_count: u32,
    /// Whether the person was asked for an address; asked once, and a "no" is an answer too.
    pub email_asked: bool,
    /// The address that was given.
    pub email: Option<String>,
}

impl Person {
    /// Somebody who has not done anything yet.
    pub fn new(distinct_id: String) -> Self {
        Self { distinct_id, ..Self::default() }
    }
}

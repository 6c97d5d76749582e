//! Commands of `misfire` that need more than the stored lines.

pub mod completions;
pub mod events;
pub mod forget;
pub mod health;
pub mod quarantine;
pub mod sanitize;
pub mod serve;

//! Commands of `misfire` that are no part of the service and need more than the stored lines.

pub mod events;
pub mod forget;
pub mod health;
pub mod sanitize;

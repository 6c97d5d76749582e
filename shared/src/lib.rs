//! The events of Misfire as they travel, and nothing else: no policy, no settings, no I/O.
//!
//! 1. [`event`]: the two events, their properties and the rules that belong to the data;
//! 2. [`capture`]: the request with which the page sends them to PostHog.
//!
//! Page and API check an event with the same `validator` rules.

pub mod capture;
pub mod event;

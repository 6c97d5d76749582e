//! The data that the page, PostHog and the API exchange, and the rules that belong to it. No policy, no settings, no I/O.
//!
//! 1. [`event`]: the events, their properties and the limits of these;
//! 2. [`capture`]: the request with which the page sends events to PostHog;
//! 3. [`page_config`]: `/config.json`, which tells the page where PostHog is.
//!
//! The page and the API check an event with the same `validator` rules.

pub mod capture;
pub mod event;
pub mod page_config;

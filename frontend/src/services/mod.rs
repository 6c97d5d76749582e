//! All I/O of the page: requests, storage, locks, the clock.

pub mod clock;
pub mod config;
pub mod event_json;
pub mod http;
pub mod json;
pub mod locks;
pub mod posthog;
pub mod revision;
pub mod screen;
pub mod simulator;
pub mod store;

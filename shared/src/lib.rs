//! The events of Misfire as they travel, and nothing else: no policy, no settings, no I/O.
//!
//! An event is made in the page, captured by PostHog and posted by PostHog to the API. It meets this crate twice:
//!
//! 1. [`event`]: the two events, their properties and the rules that belong to the data;
//! 2. [`capture`]: the request that the page sends to PostHog;
//! 3. [`webhook`]: the fields that the API needs of the body that PostHog posts.
//!
//! The page checks an event with the very `validator` rules that the API checks it with again.

pub mod capture;
pub mod event;
pub mod webhook;

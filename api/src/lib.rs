//! `misfire` receives the failed generations that PostHog reports, takes personal data and secrets out of them, and
//! keeps them as lines of a file that every reader of JSONL loads.
//!
//! An event's way is the order of these modules:
//!
//! 1. [`webhook`]: who is calling, and what did they send?
//! 2. [`ingest`]: the service in one sentence: parse, sanitize, append;
//! 3. [`sanitize`]: a pure function from the event to a record that may be kept;
//! 4. [`writer`]: the one owner of the file; it says yes when the line is on disk.
//!
//! Around them stand [`settings`], the [`app`] that wires them, [`health`] and [`metrics`], the [`problem`]s that callers are told, the
//! [`progress`] of long commands, and [`web`], which serves the built page and has nothing to do with the API.

pub mod settings;

pub mod app;
pub mod health;
pub mod metrics;
pub mod openapi;
pub mod problem;
pub mod progress;
pub mod request_log;

pub mod ingest;
pub mod sanitize;
pub mod webhook;
pub mod writer;

pub mod web;

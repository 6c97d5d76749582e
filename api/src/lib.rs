//! `misfire` receives the failed generations that PostHog reports, redacts personal data and secrets, and keeps them as lines of
//! a file that every reader of JSONL loads.
//!
//! An event passes these modules in order:
//!
//! 1. [`webhook`]: who is calling, and what did they send?
//! 2. [`ingest`]: the service in one sentence: parse ([`event`]), map ([`events_table`]), redact (`journal::TrainingRecord`), append;
//! 3. [`writer`]: the one owner of the files. It answers when the line is on disk. In a cluster [`queue`] stands between: nodes publish
//!    lines to it, and [`write`](mod@write) is the process that takes them to the files.
//!
//! The libraries underneath have crates of their own: `misfire_sanitizer` (text), `journal` (lines and files) and `dataset` (the
//! commands that look at the files). `docs/architecture.md` draws them.
//!
//! Around the service stand [`settings`], the [`plan`] that they make, the [`app`] that wires it, [`monitoring`] and [`metrics`] (on an
//! address of their own with [`admin`]), the [`problem`]s that callers are answered, and [`shutdown`]. [`cli`] is the command line, and
//! [`variables`] finds misspelt settings; [`pull`] asks PostHog for what webhooks do not carry, and [`commands`] are the commands that need more than the
//! files, and [`posthog`] is the client that they ask PostHog with. [`web`] serves the built page and knows nothing of the API.

pub mod event;
pub mod events_table;
pub mod ingest;
pub mod queue;
pub mod webhook;
pub mod writer;

pub mod admin;
pub mod app;
pub mod connections;
pub mod metrics;
pub mod monitoring;
pub mod openapi;
pub mod origin;
pub mod plan;
pub mod problem;
pub mod request_log;
pub mod sampled_log;
pub mod settings;
pub mod shutdown;
pub mod write;

pub mod cli;
pub mod commands;
pub mod posthog;
pub mod pull;
pub mod variables;

pub mod web;

//! The page's state and how it changes: plain data and pure functions, so that all of it is tested natively.
//! Times and ids come in as arguments; storage, locks and requests are in [`crate::services`].

pub mod answer;
pub mod app;
pub mod backoff;
pub mod config;
pub mod entry;
pub mod examples;
pub mod excerpt;
pub mod failure;
pub mod failure_form;
pub mod field_errors;
pub mod filter;
pub mod ledger;
pub mod link;
pub mod outbox;
pub mod payload;
pub mod person;
pub mod sent;
pub mod time;

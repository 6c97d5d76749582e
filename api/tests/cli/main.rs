//! The command line itself, and what `misfire serve` says and checks at its start.

#[path = "../api/helpers.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which these need a part")]
mod helpers;

#[path = "../erase/files.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which these need a part")]
mod files;

#[path = "../erase/posthog.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which these need a part")]
mod posthog;

mod admin;
mod arguments;
mod logs;
mod quarantine;
mod start;
mod terminal;

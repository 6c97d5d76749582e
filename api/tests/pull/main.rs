//! What is asked of PostHog: `misfire pull`, and the pull inside `misfire serve`. posthog-local plays PostHog.

#[path = "../api/helpers.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which these need a part")]
mod helpers;

#[path = "../erase/files.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which these need a part")]
mod files;

#[path = "../erase/posthog.rs"]
mod posthog;

#[path = "../api/ai_rows.rs"]
mod ai_rows;

mod background;
mod command;
mod kills;
mod late;
mod successes;

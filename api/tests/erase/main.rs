//! The commands that change what is in the files, beside a running API: `forget`, `resanitize`, `backfill`.

#[path = "../api/helpers.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which these need a part")]
mod helpers;

mod backfill;
mod files;
mod forget;
mod kills;
mod posthog;
mod resanitize;

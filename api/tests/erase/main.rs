//! The commands that change what is in the files, beside a running API: `forget` and `resanitize`.

#[path = "../api/helpers.rs"]
#[allow(dead_code, reason = "the vocabulary of the other tests, of which these need a part")]
mod helpers;

mod email;
mod files;
mod forget;
mod generations;
mod kills;
#[allow(dead_code, reason = "the tests of the pull need all of it")]
mod posthog;
mod resanitize;

//! What every program of Misfire does at its start, so that `misfire` and `posthog-local` do it alike:
//!
//! 1. [`logging`]: where the log goes, what it leaves out, and its two forms, text for people and JSON for machines;
//! 2. [`version`]: which release and which commit this is;
//! 3. [`empty_variables`]: an empty variable counts as unset.

pub mod empty_variables;
pub mod logging;
pub mod version;

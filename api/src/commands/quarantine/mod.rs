//! `misfire quarantine`: looks at events that were refused for want of a usable prompt, and posts them again after a fix.
//!
//! A line of the quarantine does not hold the whole event, so that not every one can be retried. What can: an event whose input is there
//! and whole, because a later version or another events table takes what was refused. What cannot: an event without an input, and one
//! whose input was cut. PostHog has these, and `misfire pull` brings them; `retry` then finds them stored, and removes their lines.

mod holds;
mod list;
mod retry;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};

pub use self::{list::ListSettings, retry::RetrySettings, show::ShowSettings};
use crate::settings::Secrets;

/// Settings of `misfire quarantine`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What can be done with the quarantine.
#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// List the events: uuid, time of receipt, name, whether it can be retried, and what is wrong with it.
    List(ListSettings),
    /// Show all that is kept of an event; exit status 1 when it is not there.
    Show(ShowSettings),
    /// Post events again to the running API, and remove those that are stored; exit status 0 when all are, 1 when some are left.
    Retry(RetrySettings),
}

/// Does it.
///
/// # Errors
/// When the quarantine cannot be read or rewritten, or the API does not answer.
pub fn run(settings: &Settings, secrets: &Secrets) -> anyhow::Result<ExitCode> {
    match &settings.action {
        Action::List(settings) => list::run(settings),
        Action::Show(settings) => show::run(settings),
        Action::Retry(settings) => retry::run(settings, secrets),
    }
}

//! `misfire quarantine`: looks at events that were refused for want of a usable prompt, and posts them again after a fix.
//!
//! A line of the quarantine does not hold the whole event, so that not every one can be retried. What can: an event whose input is there
//! and whole, because a later version or another events table takes what was refused. What cannot: an event without an input, and one
//! whose input was cut. PostHog has these, and `misfire pull` brings them; `retry` then finds them stored, and removes their lines.

mod list;
mod retry;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use journal::quarantine::Quarantined;

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

/// Whether a line holds enough to be posted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    WholeInput,
    CutInput,
    NoInput,
}

impl Holds {
    fn of(line: &Quarantined) -> Self {
        match (line.is_input_blank(), line.is_input_cut()) {
            (true, _) => Self::NoInput,
            (false, true) => Self::CutInput,
            (false, false) => Self::WholeInput,
        }
    }

    /// In a word, for scripts and lists.
    fn as_str(self) -> &'static str {
        match self {
            Self::WholeInput => "whole_input",
            Self::CutInput => "cut_input",
            Self::NoInput => "no_input",
        }
    }
}

//! `misfire pull`: asks PostHog once for the events of a period, and posts them to a running API. An event that the API has already is
//! a duplicate there, so nothing is doubled, however often this is run.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use dataset::{Period, output, parse_time};
use jiff::Timestamp;

use super::{api_client::ApiClient, counts::Counts, destination::Destination, puller::Puller, waiting::Waiting};
use crate::{
    events_table::EventsTable,
    posthog::{self, Project},
    settings::Secrets,
};

/// Settings of `misfire pull`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Which PostHog is asked.
    #[command(flatten)]
    pub posthog: posthog::Settings,

    /// Only what PostHog took at this time or later: a day (2026-11-01), a time (2026-11-01T12:00:00Z), or how long ago (2h, 3d).
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub since: Timestamp,

    /// Only what PostHog took before this time. [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub until: Option<Timestamp>,

    /// The address of the API: host and port, or a URL.
    #[arg(long, env = "API_ADDR", value_name = "API_ADDR", default_value = "127.0.0.1:3000")]
    pub api: String,

    /// The events table (TOML), the same as the API's.
    #[arg(long, env = "EVENTS", value_name = "EVENTS")]
    pub events: Option<PathBuf>,

    /// Also keep successful generations whose trace, session or person had a failure or a verdict within an hour. The API needs
    /// PULL_SUCCESSES for that, too.
    #[arg(long = "pull-successes", env = "PULL_SUCCESSES", default_value_t = false, num_args = 0..=1,
          default_missing_value = "true", action = clap::ArgAction::Set)]
    pub successes: bool,

    /// How many events are posted at once.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub concurrency: u8,

    /// Output JSON.
    #[arg(long)]
    pub json: bool,
}

/// Asks PostHog page by page, and posts each event.
///
/// # Errors
/// When PostHog or the API does not answer. That an event was refused or is too large is the status 1.
pub fn run(settings: &Settings, secrets: &Secrets) -> anyhow::Result<ExitCode> {
    let project = Project::new(&settings.posthog, secrets.posthog_personal_api_key.as_ref())?;
    let api = ApiClient::new(&settings.api, secrets)?;
    let table = EventsTable::read(settings.events.as_deref())?;
    let until = settings.until.unwrap_or_else(Timestamp::now);
    Period { since: Some(settings.since), until: Some(until) }.check()?;
    let destination = Destination::Api(api, settings.concurrency);
    let mut puller = Puller::new(project, table, destination, Counts::default(), settings.successes);
    puller.pull(settings.since, until, &mut Waiting::default(), |_, _| Ok(()))?;
    let counts = &puller.counts;
    match settings.json {
        true => output::print_line(serde_json::to_string(counts)?)?,
        false => output::print_line(format_args!(
            "{} event{}: {} stored, {} duplicate{}, {} ignored, {} without content yet, {} too large, {} refused",
            counts.events,
            if counts.events == 1 { "" } else { "s" },
            counts.stored,
            counts.duplicate,
            if counts.duplicate == 1 { "" } else { "s" },
            counts.ignored,
            counts.no_content_yet,
            counts.too_large,
            counts.refused
        ))?,
    }
    if counts.no_content_yet > 0 {
        eprintln!("PostHog fills its tables at different times: run this again later for the events without content");
    }
    Ok(if counts.refused + counts.too_large == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

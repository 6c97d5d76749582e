//! `misfire backfill`: after an outage, asks PostHog for the failed generations of a time and posts them to the API, as PostHog
//! would have. An event that the API has already is a duplicate there, so nothing is doubled, however often this is run.

mod api_client;
mod pages;

use std::{
    process::ExitCode,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use anyhow::ensure;
use clap::Args;
use dataset::{output, progress::Progress};
use jiff::Timestamp;
use log::warn;
use serde::Serialize;

use self::{
    api_client::{ApiClient, Given},
    pages::{Event, Pages},
};
use crate::{
    posthog::{self, Project},
    settings::Secrets,
};

/// Settings of `misfire backfill`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Which PostHog is asked.
    #[command(flatten)]
    pub posthog: posthog::Settings,

    /// Events from this time on, say 2026-11-23T08:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub since: Timestamp,

    /// Events before this time [default: now].
    #[arg(long, value_name = "TIME")]
    pub until: Option<Timestamp>,

    /// The address of the API.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000")]
    pub api: String,

    /// How many events are posted at once.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub concurrency: u8,

    /// Output the counts as JSON.
    #[arg(long)]
    pub json: bool,
}

/// How many refused events are named.
const NAMED_MAX: u64 = 20;

/// How many events were stored, known, ignored and refused.
#[derive(Debug, Default, Serialize)]
struct Counts {
    events: u64,
    stored: u64,
    duplicate: u64,
    ignored: u64,
    refused: u64,
}

/// Asks PostHog page by page, and posts each event.
///
/// # Errors
/// When PostHog or the API does not answer. That an event was refused is the status 1.
pub fn run(settings: &Settings, secrets: &Secrets) -> anyhow::Result<ExitCode> {
    let project = Project::new(&settings.posthog, secrets.posthog_personal_api_key.as_ref())?;
    let api = ApiClient::new(&settings.api, secrets)?;
    let until = settings.until.unwrap_or_else(Timestamp::now);
    ensure!(settings.since < until, "--since must be before --until");
    let counts = post_all(Pages::new(project, settings.since, until), &api, settings.concurrency)?;
    match settings.json {
        true => output::print_line(serde_json::to_string(&counts)?)?,
        false => output::print_line(format_args!(
            "{} events: {} stored, {} duplicates, {} ignored, {} refused",
            counts.events, counts.stored, counts.duplicate, counts.ignored, counts.refused
        ))?,
    }
    Ok(if counts.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn post_all(mut pages: Pages, api: &ApiClient, concurrency: u8) -> anyhow::Result<Counts> {
    let counts = Mutex::new(Counts::default());
    let failed = Mutex::new(None);
    let progress = Progress::bytes(None);
    // One event waits for each that is being posted, so that a page is in memory once.
    let (queue, events) = mpsc::sync_channel::<Event>(usize::from(concurrency));
    let events = Mutex::new(events);
    let next = || events.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
    let has_failed = || failed.lock().unwrap_or_else(PoisonError::into_inner).is_some();

    let paged = thread::scope(|scope| {
        for _ in 0..concurrency {
            scope.spawn(|| {
                while let Some(event) = next() {
                    // The thread that reads pages must not block on a queue that nobody empties.
                    if has_failed() {
                        continue;
                    }
                    match api.post(&event) {
                        Ok(given) => counts.lock().unwrap_or_else(PoisonError::into_inner).add(&event, given),
                        Err(error) => *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error),
                    }
                    progress.inc(event.properties.get().len() as u64);
                }
            });
        }
        let result = pages.each(|event| {
            // The receiver lives until the queue is dropped.
            _ = queue.send(event);
            !has_failed()
        });
        drop(queue);
        result
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    paged?;
    Ok(counts.into_inner().unwrap_or_else(PoisonError::into_inner))
}

impl Counts {
    fn add(&mut self, event: &Event, given: Given) {
        self.events += 1;
        match given {
            Given::Stored => self.stored += 1,
            Given::Duplicate => self.duplicate += 1,
            Given::Ignored => self.ignored += 1,
            Given::Refused(why) => {
                self.refused += 1;
                if self.refused <= NAMED_MAX {
                    warn!("{}: {why}", event.uuid);
                }
            }
        }
    }
}

//! `misfire backfill`: after an outage, asks PostHog for the failed generations of a time and gives them to the API's own door, as
//! PostHog would have. What the API has already is a duplicate there, so nothing is doubled, however often this is run.

mod door;
mod pages;

use std::{
    process::ExitCode,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use anyhow::ensure;
use jiff::Timestamp;
use log::warn;
use serde::Serialize;

use self::{
    door::{Door, Given},
    pages::{Event, Pages},
};
use crate::{
    posthog::Project,
    progress::Progress,
    settings::{BackfillSettings, Secrets},
};

/// How many refused events are named.
const NAMED_MAX: u64 = 20;

/// What became of the events.
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
pub fn run(settings: &BackfillSettings, secrets: &Secrets) -> anyhow::Result<ExitCode> {
    let project = Project::new(&settings.posthog, secrets.posthog_personal_api_key.as_ref())?;
    let door = Door::new(&settings.api, secrets)?;
    let until = settings.until.unwrap_or_else(Timestamp::now);
    ensure!(settings.since < until, "--since must be before --until");
    let counts = post_all(Pages::new(project, settings.since, until), &door, settings.concurrency)?;
    match settings.json {
        true => println!("{}", serde_json::to_string(&counts)?),
        false => println!(
            "{} events: {} stored, {} duplicates, {} ignored, {} refused",
            counts.events, counts.stored, counts.duplicate, counts.ignored, counts.refused
        ),
    }
    Ok(if counts.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn post_all(mut pages: Pages, door: &Door, concurrency: u8) -> anyhow::Result<Counts> {
    let counts = Mutex::new(Counts::default());
    let failed = Mutex::new(None);
    let progress = Progress::bytes(None);
    // As many wait as are on their way: a page is in memory once.
    let (queue, events) = mpsc::sync_channel::<Event>(usize::from(concurrency));
    let events = Mutex::new(events);
    let next = || events.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
    let has_failed = || failed.lock().unwrap_or_else(PoisonError::into_inner).is_some();

    let paged = thread::scope(|scope| {
        for _ in 0..concurrency {
            scope.spawn(|| {
                while let Some(event) = next() {
                    // Who asks for pages must not wait for somebody who has gone.
                    if has_failed() {
                        continue;
                    }
                    match door.post(&event) {
                        Ok(given) => counts.lock().unwrap_or_else(PoisonError::into_inner).add(&event, given),
                        Err(error) => *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error),
                    }
                    progress.inc(event.properties.get().len() as u64);
                }
            });
        }
        let result = pages.each(|event| {
            // The other end is there until the queue is dropped.
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

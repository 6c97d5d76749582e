//! The pull inside `misfire serve`: a thread that asks PostHog every few minutes. An outage of the API, or of PostHog, heals by
//! itself, since the next pull goes on where the last one ended.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use jiff::{SignedDuration, Timestamp};
use journal::time::format_time;
use log::{info, warn};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::{
    counts::Counts,
    destination::Destination,
    position::Position,
    puller::{OVERLAP, Puller},
    settings::PullSettings,
};
use crate::{events_table::EventsTable, ingest::Ingest, metrics::PullMetrics, posthog::Project, settings::Secrets};

/// How far back the first pull begins.
const SINCE_DEFAULT: SignedDuration = SignedDuration::from_hours(1);
/// How long the end of a pull is waited for. One that waits for PostHog is left alone: the next start goes on from the position.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// The running thread.
pub struct BackgroundPull {
    /// Dropped to tell the thread to end.
    stop: Sender<()>,
    is_stopping: Arc<AtomicBool>,
    thread: JoinHandle<()>,
    status: PullStatus,
}

/// How the pull is doing, for supervisors.
#[derive(Clone, Default)]
pub struct PullStatus(Arc<Mutex<Status>>);

#[derive(Default)]
struct Status {
    /// Everything that PostHog had shown by then was taken.
    pulled_until: Option<Timestamp>,
    failing_since: Option<Timestamp>,
}

/// What the thread works with.
struct Background {
    puller: Puller,
    position: Position,
    /// Where the first pull begins.
    since: Timestamp,
    misfire_folder: PathBuf,
    status: PullStatus,
    metrics: PullMetrics,
    is_stopping: Arc<AtomicBool>,
}

impl BackgroundPull {
    /// Starts the thread. It must be called within the runtime that the service's writer answers on.
    ///
    /// # Errors
    /// When the position cannot be read.
    pub(crate) fn start(
        settings: &PullSettings,
        project: Project,
        table: EventsTable,
        ingest: Ingest,
        metrics: PullMetrics,
        misfire_folder: PathBuf,
    ) -> anyhow::Result<Self> {
        let project = project.counting(metrics.queries.clone());
        let destination = Destination::Service(Box::new(ingest), Handle::current());
        let position = Position::read(&misfire_folder)?;
        let since = settings.pull_since.unwrap_or(Timestamp::now().saturating_sub(SINCE_DEFAULT)?);
        let (status, is_stopping) = (PullStatus::default(), Arc::new(AtomicBool::new(false)));
        info!("the pull begins with what PostHog took from {} on", format_time(position.taken_until.unwrap_or(since)));
        let mut background = Background {
            puller: Puller::new(project, table, destination, Counts::with(metrics.clone()), settings.pull_successes),
            position,
            since,
            misfire_folder,
            status: status.clone(),
            metrics,
            is_stopping: is_stopping.clone(),
        };
        let (stop, stopped) = mpsc::channel::<()>();
        let interval = Duration::from_secs(settings.pull_interval_s);
        let thread = thread::Builder::new().name("pull".into()).spawn(move || {
            loop {
                background.round();
                if stopped.recv_timeout(interval) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        })?;
        Ok(Self { stop, is_stopping, thread, status })
    }

    /// How it is doing.
    pub fn status(&self) -> PullStatus {
        self.status.clone()
    }

    /// Tells the thread to end, and waits a moment for it.
    pub fn stop(self) {
        let Self { stop, is_stopping, thread, status: _ } = self;
        is_stopping.store(true, Ordering::Relaxed);
        drop(stop);
        let started = Instant::now();
        while !thread.is_finished() && started.elapsed() < STOP_PATIENCE {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The project that is pulled from; `None` where none is set.
///
/// # Errors
/// When the project or the key cannot be used.
pub(crate) fn project_of(settings: &PullSettings, secrets: &Secrets) -> anyhow::Result<Option<Project>> {
    if settings.posthog.project.is_none() {
        ensure!(
            settings.posthog.host.is_none(),
            "POSTHOG_APP_HOST is set, but not POSTHOG_PROJECT: set both to pull, or neither"
        );
        return Ok(None);
    }
    let key = secrets.posthog_personal_api_key.as_ref();
    Project::new(&settings.posthog, key).context("POSTHOG_PROJECT is set, so that events are pulled").map(Some)
}

impl PullStatus {
    /// For the answer of `/ready`.
    pub fn to_json(&self) -> Value {
        let status = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pulled_until = status.pulled_until.map(format_time);
        match status.failing_since {
            Some(since) => json!({"status": "failing", "since": format_time(since), "pulled_until": pulled_until}),
            None => {
                json!({"status": if pulled_until.is_some() { "ok" } else { "starting" }, "pulled_until": pulled_until})
            }
        }
    }

    /// How long ago everything was taken, in seconds; `None` before the first time.
    pub fn lag_s(&self, now: Timestamp) -> Option<f64> {
        let pulled_until = self.0.lock().unwrap_or_else(PoisonError::into_inner).pulled_until?;
        Some(now.duration_since(pulled_until).as_secs_f64().max(0.0))
    }

    fn set(&self, now: Timestamp, is_ok: bool) {
        let mut status = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match is_ok {
            true => *status = Status { pulled_until: Some(now), failing_since: None },
            false => _ = status.failing_since.get_or_insert(now),
        }
    }
}

impl Background {
    fn round(&mut self) {
        let now = Timestamp::now();
        let result = self.pull(now);
        if self.is_stopping.load(Ordering::Relaxed) {
            return;
        }
        if let Err(error) = &result {
            self.metrics.failures.inc();
            warn!("the pull failed, and is tried again: {error:#}");
        }
        self.metrics.waiting.set(self.position.waiting.len() as u64);
        self.status.set(now, result.is_ok());
    }

    fn pull(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let mut waiting = self.position.waiting.clone();
        let from = match self.position.taken_until {
            None => self.since,
            // A fresh process does not know what it has taken of the overlap.
            Some(taken_until) if self.puller.is_fresh() => taken_until.saturating_sub(OVERLAP)?,
            Some(taken_until) => {
                self.puller.pull_late(taken_until, &mut waiting)?;
                taken_until
            }
        };
        let (position, folder, is_stopping) = (&mut self.position, &self.misfire_folder, &self.is_stopping);
        self.puller.pull(from, now, &mut waiting, |last, waiting| {
            position.taken_until = position.taken_until.max(Some(last.min(now)));
            position.waiting = waiting.clone();
            position.write(folder)?;
            if is_stopping.load(Ordering::Relaxed) {
                bail!("the service is stopping");
            }
            Ok(())
        })?;
        self.puller.pull_successes(&mut waiting, now)?;
        self.puller.pull_waiting(&mut waiting, now)?;
        if self.position.waiting != waiting {
            self.position.waiting = waiting;
            self.position.write(&self.misfire_folder)?;
        }
        Ok(())
    }
}

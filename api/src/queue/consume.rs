//! Takes what the streams hold to the files. The position is moved on when everything before it is on disk; a message that cannot be
//! appended stops the reading of its stream, for nothing is skipped.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use futures_util::future::join_all;
use journal::{Sanitizer, recent_uuids::RecentUuids};
use log::{error, info, warn};
use misfire_sanitizer::SANITIZER_VERSION;
use tokio::time::sleep;

use super::{
    api,
    batch::{self, Batch, Stored},
    link::Link,
    message,
    progress::Progress,
    renew::renewed,
};
use crate::writer::{
    entry::{Entry, Lines},
    file_writer::FileHandle,
};

/// How long to wait at the end of a stream, and after a failure.
const IDLE_INTERVAL: Duration = Duration::from_millis(50);
const RETRY_INTERVAL: Duration = Duration::from_millis(500);

/// Reads one stream.
pub(super) struct Reader {
    pub(super) link: Link,
    /// Which connection is asked.
    pub(super) connection: usize,
    pub(super) stream: String,
    pub(super) progress: Arc<Progress>,
    pub(super) files: FileHandle,
    pub(super) sanitizer: Sanitizer,
    pub(super) rejections: Rejections,
}

/// The uuids of the newest lines of the quarantine. The files know an event's line again by its uuid, but not a rejection's, and after
/// a kill about a second of messages is read again.
#[derive(Clone)]
pub(super) struct Rejections(pub(super) Arc<Mutex<RecentUuids>>);

impl Reader {
    /// Reads until it is aborted.
    pub(super) async fn run(mut self) {
        loop {
            match self.step().await {
                Ok(more) => {
                    if self.progress.set_problem(None) {
                        info!("{} is being read", self.stream);
                    }
                    if !more {
                        sleep(IDLE_INTERVAL).await;
                    }
                }
                Err(problem) => {
                    let problem = format!("{problem:#}");
                    if self.progress.set_problem(Some(problem.clone())) {
                        error!(
                            "{} cannot be read on after message {}: {problem}",
                            self.stream,
                            self.progress.sequence()
                        );
                    }
                    // The other connection may lead to a server that answers.
                    self.connection += 1;
                    sleep(RETRY_INTERVAL).await;
                }
            }
        }
    }

    /// Appends the next messages; whether more wait.
    async fn step(&mut self) -> anyhow::Result<bool> {
        let from = self.progress.sequence() + 1;
        let Batch { messages, pending } = batch::read(self.link.client(self.connection), &self.stream, from).await?;
        let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return Ok(false) };
        let last = last.sequence;
        self.progress.set_last(last + pending);
        ensure!(first.sequence >= from, "a server answers with message {}, and {from} was asked for", first.sequence);
        self.check_gaps(from, &messages).await?;
        let mut entries = Vec::with_capacity(messages.len());
        for message in &messages {
            entries.extend(self.entry(message).with_context(|| format!("message {}", message.sequence))?);
        }
        for appended in join_all(entries.into_iter().map(|entry| self.append(entry))).await {
            appended?;
        }
        self.progress.move_to(last);
        Ok(pending > 0)
    }

    /// The entry of a message, under today's rules.
    fn entry(&self, message: &Stored) -> anyhow::Result<Option<Entry>> {
        let (entry, sanitizer) = message::decode(&message.headers, &message.payload)?;
        if matches!(entry.lines, Lines::Rejection(_)) && self.rejections.knows(&entry) {
            return Ok(None);
        }
        match sanitizer < SANITIZER_VERSION {
            true => renewed(entry, &self.sanitizer).map(Some),
            false => Ok(Some(entry)),
        }
    }

    async fn append(&self, entry: Entry) -> anyhow::Result<()> {
        let rejected = matches!(entry.lines, Lines::Rejection(_)).then_some(entry.whose.uuid);
        self.files.append(entry).await?;
        if let Some(uuid) = rejected {
            self.rejections.0.lock().unwrap_or_else(PoisonError::into_inner).insert(uuid);
        }
        Ok(())
    }

    /// Messages may be missing that somebody else removed. But a server that has fallen behind must not hide one, so the leader is
    /// asked for each.
    async fn check_gaps(&self, from: u64, messages: &[Stored]) -> anyhow::Result<()> {
        let mut expected = from;
        for message in messages {
            if message.sequence != expected {
                self.check_gap(expected, message.sequence).await?;
            }
            expected = message.sequence + 1;
        }
        Ok(())
    }

    async fn check_gap(&self, from: u64, to: u64) -> anyhow::Result<()> {
        let client = self.link.client(self.connection);
        let first = api::stream_info(client, &self.stream).await.context("the leader cannot be asked")?.state.first_seq;
        for sequence in from.max(first)..to {
            if api::has_message(client, &self.stream, sequence).await.context("the leader cannot be asked")? {
                bail!("a server does not know message {sequence} yet");
            }
        }
        warn!("messages {from} to {} of {} were removed by somebody else before they were read", to - 1, self.stream);
        Ok(())
    }
}

impl Rejections {
    fn knows(&self, entry: &Entry) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(entry.whose.uuid)
    }
}

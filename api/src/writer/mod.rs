//! The owner of the file. One thread writes it with `std::fs`; everybody else holds a [`WriterHandle`], whose
//! `append(record).await` returns when the line is on disk.
//!
//! The thread drains what waits into one buffer, one `write`, one `fdatasync`, and then answers the whole batch (group
//! commit): nobody waits for more than the sync under way and their own.

pub(crate) mod catalog;
mod commit;
pub(crate) mod contents;
pub(crate) mod erasure;
pub(crate) mod files;
pub(crate) mod folder;
pub(crate) mod forgotten;
mod live_file;
#[cfg(test)]
mod power_cut_tests;
mod quarantine;
mod recent;
mod tail;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, SyncSender, TrySendError},
    },
    thread::{self, JoinHandle},
};

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::oneshot;
use uuid::Uuid;

use self::{
    commit::{Batch, Committer},
    folder::Folder,
    forgotten::Forgotten,
    live_file::LiveFile,
    quarantine::Quarantine,
    recent::RecentUuids,
};
use crate::{
    metrics::Metrics,
    sanitize::{PseudonymKey, Rejection, TrainingRecord},
    settings::{Secret, WriterSettings},
};

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// Its line is on disk.
    Stored,
    /// A line with its uuid is on disk already.
    Duplicate,
    /// It is of a person who was erased after it happened; nothing of it is kept.
    Forgotten,
}

/// Why a record was not appended. In each case nothing of it can appear in the file later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Too many records, or too many bytes of them, wait already.
    #[error("too much at once")]
    QueueFull,
    /// The disk did not take it.
    #[error("the disk does not take the event")]
    Disk,
    /// The writer is stopping.
    #[error("the service is stopping")]
    Stopped,
}

type Reply = oneshot::Sender<Result<Appended, AppendError>>;

/// What the thread is asked.
enum Message {
    Append { whose: Whose, uuid: Uuid, line: Vec<u8>, reply: Reply },
    Quarantine { whose: Whose, line: Vec<u8>, reply: Reply },
    Rotate,
    Stop,
}

/// Whose event it is, and when it happened: what decides whether the person was erased since. It is asked in the thread, so
/// that nothing that waits in the queue passes an erasure by.
struct Whose {
    distinct_id: String,
    time: Timestamp,
}

impl Whose {
    fn of(record: &TrainingRecord) -> Self {
        Self { distinct_id: record.distinct_id().to_owned(), time: record.time() }
    }
}

/// A cheap handle to the writer.
#[derive(Clone)]
pub struct WriterHandle {
    queue: SyncSender<Message>,
    queue_bytes_max: i64,
    metrics: Metrics,
    /// Whether the disk took the last batch.
    is_writing: Arc<AtomicBool>,
}

/// The running writer.
pub struct Writer {
    handle: WriterHandle,
    thread: JoinHandle<()>,
    pseudonym_key: PseudonymKey,
}

impl Writer {
    /// Locks the file, mends it, reads the recent uuids and starts the thread. The file itself is made with its first
    /// record, for readers fail on an empty one.
    ///
    /// # Errors
    /// When another process owns the file, or it cannot be read and written.
    pub fn start(settings: &WriterSettings, pseudonym_key: Option<&Secret>, metrics: Metrics) -> anyhow::Result<Self> {
        let folder = Folder::open(&settings.training_data)?;
        let pseudonym_key = folder.pseudonym_key(pseudonym_key)?;
        let live = LiveFile::open(&settings.training_data, folder.path())?;
        let recent = RecentUuids::read(&live.files_newest_first()?, settings.recent_uuids_max as usize)?;
        let quarantine = Quarantine::open(folder.path(), settings.quarantine_bytes_max)?;
        let forgotten = Forgotten::open(folder.path(), pseudonym_key.clone()).context(".misfire/forgotten")?;

        let is_writing = Arc::new(AtomicBool::new(true));
        let (queue, messages) = mpsc::sync_channel(settings.queue_records_max as usize);
        let committer = Committer {
            live,
            quarantine,
            forgotten,
            recent,
            rotate_bytes: settings.rotate_bytes,
            free_bytes_min: settings.free_bytes_min,
            metrics: metrics.clone(),
            is_writing: Arc::clone(&is_writing),
            batch: Batch::default(),
        };
        let thread = thread::Builder::new().name("writer".into()).spawn(move || {
            committer.run(&messages);
            drop(folder); // and with it the lock, now that nobody writes any more
        })?;
        let handle = WriterHandle { queue, queue_bytes_max: settings.queue_bytes_max.into(), metrics, is_writing };
        Ok(Self { handle, thread, pseudonym_key })
    }

    /// A handle for whoever appends.
    pub fn handle(&self) -> WriterHandle {
        self.handle.clone()
    }

    /// The key that ids are pseudonymised with: the one given, or the one that lies beside the file.
    pub fn pseudonym_key(&self) -> PseudonymKey {
        self.pseudonym_key.clone()
    }

    /// Writes and syncs what waits, then ends the thread and gives the lock back. Later appends are refused.
    ///
    /// # Errors
    /// When the thread had panicked.
    pub fn stop(self) -> anyhow::Result<()> {
        // A full queue is waited for; a thread that is gone has nothing left to write.
        let _ = self.handle.queue.send(Message::Stop);
        self.thread.join().map_err(|_| anyhow::anyhow!("the writer's thread panicked"))
    }
}

impl WriterHandle {
    /// Appends a record; returns when it is on disk.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn append(&self, record: &TrainingRecord) -> Result<Appended, AppendError> {
        let line = record.to_line();
        self.send(line.len(), |reply| Message::Append { whose: Whose::of(record), uuid: record.uuid(), line, reply })
            .await
    }

    /// Appends what is left of a rejected event to the quarantine; returns when it is on disk.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn quarantine(&self, rejection: &Rejection, received_at: Timestamp) -> Result<Appended, AppendError> {
        let line = quarantine::to_line(rejection, received_at);
        self.send(line.len(), |reply| Message::Quarantine { whose: Whose::of(&rejection.record), line, reply }).await
    }

    /// Whether the disk took the last batch.
    pub fn is_writing(&self) -> bool {
        self.is_writing.load(Ordering::Relaxed)
    }

    /// Whether most of the queue's room for bytes is taken, so that the next events may be refused.
    pub fn is_queue_nearly_full(&self) -> bool {
        self.metrics.queue_bytes.get() > self.queue_bytes_max / 10 * 9
    }

    /// Asks for the file to be closed, after what waits already. Nothing happens when the queue is full.
    pub fn rotate(&self) {
        let _ = self.queue.try_send(Message::Rotate);
    }

    async fn send(&self, bytes: usize, message: impl FnOnce(Reply) -> Message) -> Result<Appended, AppendError> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let (queue_bytes, queue_records) = (&self.metrics.queue_bytes, &self.metrics.queue_records);
        if queue_bytes.inc_by(bytes) + bytes > self.queue_bytes_max {
            queue_bytes.dec_by(bytes);
            return Err(AppendError::QueueFull);
        }
        queue_records.inc();
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(message(reply)).map_err(|error| {
            queue_bytes.dec_by(bytes);
            queue_records.dec();
            match error {
                TrySendError::Full(_) => AppendError::QueueFull,
                TrySendError::Disconnected(_) => AppendError::Stopped,
            }
        })?;
        answer.await.unwrap_or(Err(AppendError::Stopped))
    }
}

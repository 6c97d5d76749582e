//! The owner of the files. One thread writes them with `std::fs`; everybody else holds a [`WriterHandle`], whose
//! `append(record).await` returns when the line is on disk.
//!
//! The thread drains what waits into one buffer, one `write`, one `fdatasync`, and then answers the whole batch (group
//! commit): nobody waits for more than the sync under way and their own. An event may have a line, a row or both. The rows of a batch
//! are on disk before its lines, so that a kill leaves at most a row without its line, and never a line without its row.
//!
//! The decisions about a record (`decisions`: is its uuid known, was its person erased?) are apart from its storage (`file_store`).
//! A second kind of storage is a type with the methods of `FileStore`, and an enum of both in its place in the thread; decisions,
//! queue, batches and answers stay as they are.

mod decisions;
mod file_store;
mod outcome;
mod queue;
mod thread;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, SyncSender, TrySendError},
    },
    thread::JoinHandle,
};

use anyhow::Context;
use jiff::Timestamp;
use journal::{
    GenerationRow, RedactedEvent, Rejection, TrainingRecord, catalog::Catalog, erasure_guard::ErasureGuard,
    lock::LockedFolder, pseudonym_key::PseudonymKeys, quarantine,
};
use tokio::sync::oneshot;

pub use self::outcome::{AppendError, Appended};
use self::{
    decisions::{Decisions, Whose},
    file_store::FileStore,
    queue::Waiting,
    thread::{Message, Reply, WriterThread},
};
use crate::{metrics::Metrics, settings::WriterSettings};

/// A cheap handle to the writer.
#[derive(Clone)]
pub struct WriterHandle {
    queue: SyncSender<Message>,
    waiting: Waiting,
    /// Whether the disk took the last batch.
    is_writing: Arc<AtomicBool>,
}

/// The running writer.
pub struct Writer {
    handle: WriterHandle,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Opens and repairs the files in the locked folder, reads the recent uuids and the erasures, and starts the thread. The live
    /// file itself is made with its first record, for readers fail on an empty one.
    ///
    /// # Errors
    /// When a file cannot be read, repaired or written, the folder belongs to another live file, or the key of an erasure is
    /// missing.
    pub fn start(
        settings: &WriterSettings,
        live: &Path,
        folder: LockedFolder,
        keys: &PseudonymKeys,
        metrics: Metrics,
    ) -> anyhow::Result<Self> {
        Catalog::claim(folder.path(), live)?;
        let guard = ErasureGuard::open(folder.path(), keys).context(".misfire/forgotten")?;
        guard.check_keys()?;
        let store = FileStore::open(settings, live, folder)?;
        let [lines, rows] = store.recent_uuids(settings.recent_uuids_max as usize)?;

        let waiting = Waiting::new(settings.queue_bytes_max.into());
        let is_writing = Arc::new(AtomicBool::new(true));
        let (queue, messages) = mpsc::sync_channel(settings.queue_records_max as usize);
        let thread = WriterThread {
            store,
            decisions: Decisions::new(guard, lines, rows),
            waiting: waiting.clone(),
            metrics,
            is_writing: Arc::clone(&is_writing),
        };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || thread.run(&messages))?;
        Ok(Self { handle: WriterHandle { queue, waiting, is_writing }, thread })
    }

    /// A handle for whoever appends.
    pub fn handle(&self) -> WriterHandle {
        self.handle.clone()
    }

    /// Writes and syncs what waits, then ends the thread and releases the lock. Later appends are refused.
    ///
    /// # Errors
    /// When the thread had panicked.
    pub fn stop(self) -> anyhow::Result<()> {
        // Waits while the queue is full. A thread that has ended has nothing left to write.
        let _ = self.handle.queue.send(Message::Stop);
        self.thread.join().map_err(|_| anyhow::anyhow!("the writer's thread panicked"))
    }
}

impl WriterHandle {
    /// Appends an event's line, its row or both; returns when they are on disk.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn append(&self, event: &RedactedEvent) -> Result<Appended, AppendError> {
        let line = event.line().map(TrainingRecord::to_line);
        let row = event.row().map(GenerationRow::to_line);
        let whose = Whose { ids: event.ids().to_vec(), time: event.time(), uuid: event.uuid(), about: event.about() };
        let bytes = [&line, &row].into_iter().flatten().map(Vec::len).sum();
        self.send(bytes, |reply| Message::Append { whose, line, row, reply }).await
    }

    /// Appends what is left of a rejected event to the quarantine; returns when it is on disk.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn quarantine(&self, rejection: &Rejection, received_at: Timestamp) -> Result<Appended, AppendError> {
        let line = quarantine::to_line(rejection, received_at);
        let whose = Whose { ids: rejection.ids(), time: rejection.time, uuid: rejection.uuid, about: None };
        self.send(line.len(), |reply| Message::Quarantine { whose, line, reply }).await
    }

    /// Whether the disk took the last batch.
    pub fn is_writing(&self) -> bool {
        self.is_writing.load(Ordering::Relaxed)
    }

    /// Whether most of the queue's room for bytes is taken, so that the next events may be refused.
    pub fn is_queue_nearly_full(&self) -> bool {
        self.waiting.is_nearly_full()
    }

    /// Records and bytes that wait for the disk.
    pub fn waiting(&self) -> (u64, u64) {
        (self.waiting.records(), self.waiting.bytes())
    }

    /// Asks for the file to be closed, after what waits already. Nothing happens when the queue is full.
    pub fn rotate(&self) {
        let _ = self.queue.try_send(Message::Rotate);
    }

    async fn send(&self, bytes: usize, message: impl FnOnce(Reply) -> Message) -> Result<Appended, AppendError> {
        let bytes = bytes as u64;
        if !self.waiting.admit(bytes) {
            return Err(AppendError::QueueFull);
        }
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(message(reply)).map_err(|error| {
            self.waiting.release(bytes);
            match error {
                TrySendError::Full(_) => AppendError::QueueFull,
                TrySendError::Disconnected(_) => AppendError::Stopped,
            }
        })?;
        answer.await.unwrap_or(Err(AppendError::Stopped))
    }
}

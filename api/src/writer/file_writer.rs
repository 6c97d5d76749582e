//! Starting and ending the thread that owns the files, and the handle to it.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, SyncSender, TrySendError},
    },
    thread::JoinHandle,
};

use anyhow::Context;
use journal::{catalog::Catalog, erasure_guard::ErasureGuard, lock::LockedFolder, pseudonym_key::PseudonymKeys};
use log::info;
use tokio::sync::oneshot;

use super::{
    decisions::Decisions,
    entry::Entry,
    file_store::FileStore,
    outcome::{AppendError, Appended},
    thread::{Message, WriterThread},
    waiting::Waiting,
};
use crate::{metrics::Metrics, settings::WriterSettings};

/// A cheap handle to the thread that owns the files.
#[derive(Clone)]
pub struct FileHandle {
    queue: SyncSender<Message>,
    waiting: Waiting,
    /// Whether the disk took the last batch.
    is_writing: Arc<AtomicBool>,
}

/// The files of a folder, opened: the writer, the keys of the pseudonyms, and where the live file really is.
pub struct OpenFiles {
    /// The running writer.
    pub writer: Writer,
    /// Those that are given and that of the folder.
    pub keys: PseudonymKeys,
    /// The live file of the lines.
    pub live: PathBuf,
}

impl OpenFiles {
    /// Locks the folder, opens its files and starts the writer. `given_keys` are the values of `PSEUDONYM_KEY`.
    ///
    /// # Errors
    /// When another process holds the folder, a key cannot be used, or as [`Writer::start`].
    pub fn open(settings: &WriterSettings, given_keys: &[&str], metrics: Metrics) -> anyhow::Result<Self> {
        let (live, named) = (settings.data.live()?, settings.data.named());
        if named.is_symlink() {
            info!("{} is a link; the data is at {}", named.display(), live.display());
        }
        let mut folder = LockedFolder::lock(&live)?;
        let keys = folder.pseudonym_keys(given_keys)?;
        let writer = Writer::start(settings, &live, folder, &keys, metrics)?;
        Ok(Self { writer, keys, live })
    }
}

/// The running writer.
pub struct Writer {
    handle: FileHandle,
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
        Ok(Self { handle: FileHandle { queue, waiting, is_writing }, thread })
    }

    /// A handle for whoever appends.
    pub fn handle(&self) -> FileHandle {
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

impl FileHandle {
    /// Appends an entry; returns when it is on disk.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn append(&self, entry: Entry) -> Result<Appended, AppendError> {
        let bytes = entry.bytes();
        if !self.waiting.admit(bytes) {
            return Err(AppendError::QueueFull);
        }
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(Message::Append(entry, reply)).map_err(|error| {
            self.waiting.release(bytes);
            match error {
                TrySendError::Full(_) => AppendError::QueueFull,
                TrySendError::Disconnected(_) => AppendError::Stopped,
            }
        })?;
        answer.await.unwrap_or(Err(AppendError::Stopped))
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
}

//! Appending what is kept. Everybody who appends holds a [`WriterHandle`], whose `append(event).await` returns when the event is
//! durable: on the disk of this machine ([`file_writer`]), or, in a cluster, on the disks of most servers of a message queue
//! ([`crate::queue`]), from which `misfire write` takes it to the files.
//!
//! The owner of the files is one thread, which writes them with `std::fs`. It drains what waits into one buffer, one `write`, one
//! `fdatasync`, and then answers the whole batch (group commit): nobody waits for more than the sync under way and their own. An event
//! may have a line, a row or both. The rows of a batch are on disk before its lines, so that a kill leaves at most a row without its
//! line, and never a line without its row. The decisions about an entry (`decisions`: is its uuid known, was its person erased?) are
//! apart from its storage (`file_store`).

mod decisions;
pub mod entry;
mod file_store;
pub mod file_writer;
pub mod outcome;
mod thread;
pub mod waiting;

use jiff::Timestamp;
use journal::{RedactedEvent, Rejection};

use self::{entry::Entry, file_writer::FileHandle};
pub use self::{
    file_writer::Writer,
    outcome::{AppendError, Appended},
};
use crate::queue::QueueHandle;

/// A cheap handle for whoever appends.
#[derive(Clone)]
pub enum WriterHandle {
    /// To the thread that owns the files of this machine.
    File(FileHandle),
    /// To the streams of a cluster.
    Queue(QueueHandle),
}

impl WriterHandle {
    /// Appends an event's line, its row or both; returns when they are durable.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn append(&self, event: &RedactedEvent) -> Result<Appended, AppendError> {
        self.append_entry(Entry::of_event(event)).await
    }

    /// Appends what is left of a rejected event to the quarantine; returns when it is durable.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn quarantine(&self, rejection: &Rejection, received_at: Timestamp) -> Result<Appended, AppendError> {
        self.append_entry(Entry::of_rejection(rejection, received_at)).await
    }

    async fn append_entry(&self, entry: Entry) -> Result<Appended, AppendError> {
        match self {
            Self::File(files) => files.append(entry).await,
            Self::Queue(queue) => queue.append(entry).await,
        }
    }

    /// Whether what was appended last became durable.
    pub fn is_writing(&self) -> bool {
        match self {
            Self::File(files) => files.is_writing(),
            Self::Queue(queue) => queue.is_writing(),
        }
    }

    /// Whether most of the room for bytes that wait is taken, so that the next events may be refused.
    pub fn is_queue_nearly_full(&self) -> bool {
        match self {
            Self::File(files) => files.is_queue_nearly_full(),
            Self::Queue(queue) => queue.is_nearly_full(),
        }
    }

    /// Records and bytes that wait.
    pub fn waiting(&self) -> (u64, u64) {
        match self {
            Self::File(files) => files.waiting(),
            Self::Queue(queue) => queue.waiting(),
        }
    }
}

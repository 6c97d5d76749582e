//! The thread's loop: take what waits, decide, write, sync, answer.

use std::{
    io, mem,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, TryRecvError},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use journal::BATCH_BYTES_MAX;
use log::{error, info};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{
    decisions::{Decision, Decisions, Whose},
    file_store::FileStore,
    outcome::{AppendError, Appended},
    queue::Waiting,
};
use crate::metrics::Metrics;

/// How long to wait after a failure before the disk is tried without a record.
const PROBE_INTERVAL: Duration = Duration::from_millis(500);

pub(super) type Reply = oneshot::Sender<Result<Appended, AppendError>>;

/// What the thread is asked.
pub(super) enum Message {
    Append { whose: Whose, uuid: Uuid, line: Vec<u8>, reply: Reply },
    Quarantine { whose: Whose, line: Vec<u8>, reply: Reply },
    Rotate,
    Stop,
}

/// What the thread owns.
pub(super) struct WriterThread {
    pub(super) store: FileStore,
    pub(super) decisions: Decisions,
    pub(super) waiting: Waiting,
    pub(super) metrics: Metrics,
    pub(super) is_writing: Arc<AtomicBool>,
}

/// What is committed together.
#[derive(Default)]
struct Batch {
    lines: Vec<u8>,
    replies: Vec<(Reply, Appended)>,
    quarantine_lines: Vec<u8>,
    quarantine_replies: Vec<(Reply, Appended)>,
    /// Whether somebody asked for the file to be closed after the batch.
    rotate: bool,
}

impl WriterThread {
    /// Runs until told to stop. By the time it returns, everything that was sent before is on disk or was refused.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        let mut batch = Batch::default();
        self.measure();
        // Somebody may have been erased while no process wrote.
        self.commit(&mut batch);
        let mut stopping = false;
        while !stopping {
            match self.next(messages) {
                Some(message) => {
                    // Here and nowhere else, between two batches: what an older reading let through is in the file by the time
                    // that the erasure is applied, and nothing later gets past the new one.
                    if let Err(error) = self.decisions.reload_erasures() {
                        error!(".misfire/forgotten cannot be read: {error}");
                    }
                    stopping = self.fill(&mut batch, message, messages);
                }
                None => continue,
            }
            self.commit(&mut batch);
        }
    }

    /// Waits for a message. While the disk fails it also tries the disk, so that the process becomes ready again
    /// although nobody sends anything to a process that is not ready.
    fn next(&mut self, messages: &Receiver<Message>) -> Option<Message> {
        if self.is_writing.load(Ordering::Relaxed) {
            return Some(messages.recv().unwrap_or(Message::Stop));
        }
        match messages.recv_timeout(PROBE_INTERVAL) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Disconnected) => Some(Message::Stop),
            Err(RecvTimeoutError::Timeout) => {
                if self.store.check_room().and_then(|()| self.store.recover()).is_ok() {
                    self.set_writing(true);
                }
                None
            }
        }
    }

    /// Takes what waits, up to the batch's size; whether the thread shall stop after it.
    fn fill(&mut self, batch: &mut Batch, first: Message, messages: &Receiver<Message>) -> bool {
        let mut next = Ok(first);
        loop {
            match next {
                Ok(Message::Append { whose, uuid, line, reply }) => {
                    self.waiting.release(line.len() as u64);
                    match self.decisions.of(&whose, uuid) {
                        Decision::Forgotten => answer(reply, Ok(Appended::Forgotten)),
                        Decision::Duplicate => answer(reply, Ok(Appended::Duplicate)),
                        Decision::DuplicateInBatch => batch.replies.push((reply, Appended::Duplicate)),
                        Decision::Store => {
                            batch.lines.extend_from_slice(&line);
                            batch.replies.push((reply, Appended::Stored));
                        }
                    }
                }
                Ok(Message::Quarantine { whose, line, reply }) => {
                    self.waiting.release(line.len() as u64);
                    if self.decisions.is_forgotten(&whose) {
                        answer(reply, Ok(Appended::Forgotten));
                    } else {
                        batch.quarantine_lines.extend_from_slice(&line);
                        batch.quarantine_replies.push((reply, Appended::Stored));
                    }
                }
                Ok(Message::Rotate) => batch.rotate = true,
                Ok(Message::Stop) | Err(TryRecvError::Disconnected) => return true,
                Err(TryRecvError::Empty) => return false,
            }
            if batch.lines.len() + batch.quarantine_lines.len() >= BATCH_BYTES_MAX {
                return false;
            }
            next = messages.try_recv();
        }
    }

    fn commit(&mut self, batch: &mut Batch) {
        let started = Instant::now();
        let (stored, quarantined) = match self.store.check_room() {
            Ok(()) => (self.store.append(&batch.lines), self.store.append_to_quarantine(&batch.quarantine_lines)),
            Err(error) => (Err(error.kind().into()), Err(error)),
        };
        self.decisions.end_batch(stored.is_ok());
        let tried = batch.replies.len() + batch.quarantine_replies.len();
        for (result, replies) in [(&stored, &mut batch.replies), (&quarantined, &mut batch.quarantine_replies)] {
            for (reply, appended) in replies.drain(..) {
                answer(reply, result.as_ref().map(|()| appended).map_err(|_| AppendError::Disk));
            }
        }
        batch.lines.clear();
        batch.quarantine_lines.clear();

        if tried > 0 {
            self.report(tried, started.elapsed(), stored.and(quarantined));
        }
        self.close_files(mem::take(&mut batch.rotate));
        self.measure();
    }

    fn report(&self, tried: usize, took: Duration, result: io::Result<()>) {
        match result {
            Ok(()) => {
                self.set_writing(true);
                self.metrics.batch_records.observe(tried as f64);
                self.metrics.commit_seconds.observe(took.as_secs_f64());
                self.metrics.last_commit.set(Timestamp::now().as_millisecond() as f64 / 1_000.0);
            }
            Err(error) => {
                error!("the disk did not take {tried} records: {error}");
                self.set_writing(false);
            }
        }
    }

    /// Applies erasures, which closes the live file; else closes it when it is full or somebody asked.
    fn close_files(&mut self, is_asked: bool) {
        let erasures = self.decisions.erasures();
        if self.store.lags_behind(erasures) {
            // Tried again after every batch: the command waits for it.
            if let Err(error) = self.store.apply(erasures) {
                error!("an erasure could not be applied: {error}");
            }
        } else if (is_asked || self.store.is_full())
            && let Err(error) = self.store.rotate()
        {
            error!("the file could not be closed: {error}");
        }
    }

    fn measure(&self) {
        self.metrics.file_bytes.set(self.store.bytes());
        self.metrics.recent_uuids.set(self.decisions.recent_uuids() as u64);
        self.metrics.free_bytes.set(self.store.free_bytes());
    }

    fn set_writing(&self, is_writing: bool) {
        if self.is_writing.swap(is_writing, Ordering::Relaxed) != is_writing && is_writing {
            info!("the disk takes events again");
        }
    }
}

/// The caller may be gone: then nobody is answered, and a retry will be a duplicate.
fn answer(reply: Reply, result: Result<Appended, AppendError>) {
    let _ = reply.send(result);
}

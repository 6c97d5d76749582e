//! The thread's loop: take what waits, write it, sync it, answer.

use std::{
    collections::HashSet,
    io, mem,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, TryRecvError},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use log::{error, info};
use uuid::Uuid;

use super::{
    AppendError, Appended, Message, Reply, erasure::let_go, forgotten::Forgotten, live_file::LiveFile,
    quarantine::Quarantine, recent::RecentUuids,
};
use crate::metrics::Metrics;

/// The most bytes that are written at once; a batch ends with the record that reaches it.
pub(super) const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long to wait after a failure before the disk is tried without a record.
const PROBE_INTERVAL: Duration = Duration::from_millis(500);

/// What the thread owns.
pub(super) struct Committer {
    pub(super) live: LiveFile,
    pub(super) quarantine: Quarantine,
    pub(super) forgotten: Forgotten,
    pub(super) recent: RecentUuids,
    pub(super) rotate_bytes: u64,
    pub(super) free_bytes_min: u64,
    pub(super) metrics: Metrics,
    pub(super) is_writing: Arc<AtomicBool>,
    pub(super) batch: Batch,
}

/// What is committed together.
#[derive(Default)]
pub(super) struct Batch {
    lines: Vec<u8>,
    uuids: Vec<Uuid>,
    /// The same uuids, to know a second one in the same batch.
    known: HashSet<Uuid>,
    replies: Vec<(Reply, Appended)>,
    quarantine_lines: Vec<u8>,
    quarantine_replies: Vec<(Reply, Appended)>,
    /// Whether somebody asked for the file to be closed after the batch.
    rotate: bool,
}

impl Committer {
    /// Runs until told to stop. What was sent before that is on disk when it returns, or was refused.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        self.measure();
        // Somebody may have been erased while nobody wrote.
        self.commit();
        let mut stopping = false;
        while !stopping {
            match self.next(messages) {
                Some(message) => {
                    self.heed_forgotten();
                    stopping = self.fill_batch(message, messages);
                }
                None => continue,
            }
            self.commit();
        }
    }

    /// Reads whom to forget, if that has changed. Here and nowhere else, between two batches: what an older reading let through
    /// is in the file by the time that [`Self::commit`] closes it, and nothing later gets past the new one.
    fn heed_forgotten(&mut self) {
        if self.forgotten.has_changed()
            && let Err(error) = self.forgotten.reload()
        {
            error!(".misfire/forgotten cannot be read: {error}");
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
                let room = self.check_room();
                if room.and_then(|()| self.live.recover()).and_then(|()| self.quarantine.recover()).is_ok() {
                    self.set_writing(true);
                }
                None
            }
        }
    }

    /// Takes what waits, up to the batch's size; whether the writer shall stop after it.
    fn fill_batch(&mut self, first: Message, messages: &Receiver<Message>) -> bool {
        let mut next = Ok(first);
        loop {
            match next {
                Ok(Message::Append { whose, uuid, line, reply }) => {
                    self.took(&line);
                    if self.forgotten.covers(&whose.distinct_id, whose.time) {
                        // Before the uuid, which may be one of a line that was erased.
                        answer(reply, Ok(Appended::Forgotten));
                    } else if self.recent.contains(uuid) {
                        answer(reply, Ok(Appended::Duplicate));
                    } else if !self.batch.known.insert(uuid) {
                        // Its first is in this batch: true only when that is on disk.
                        self.batch.replies.push((reply, Appended::Duplicate));
                    } else {
                        self.batch.lines.extend_from_slice(&line);
                        self.batch.uuids.push(uuid);
                        self.batch.replies.push((reply, Appended::Stored));
                    }
                }
                Ok(Message::Quarantine { whose, line, reply }) => {
                    self.took(&line);
                    if self.forgotten.covers(&whose.distinct_id, whose.time) {
                        answer(reply, Ok(Appended::Forgotten));
                    } else {
                        self.batch.quarantine_lines.extend_from_slice(&line);
                        self.batch.quarantine_replies.push((reply, Appended::Stored));
                    }
                }
                Ok(Message::Rotate) => self.batch.rotate = true,
                Ok(Message::Stop) | Err(TryRecvError::Disconnected) => return true,
                Err(TryRecvError::Empty) => return false,
            }
            if self.batch.lines.len() + self.batch.quarantine_lines.len() >= BATCH_BYTES_MAX {
                return false;
            }
            next = messages.try_recv();
        }
    }

    fn took(&self, line: &[u8]) {
        self.metrics.queue_records.dec();
        self.metrics.queue_bytes.dec_by(i64::try_from(line.len()).unwrap_or(i64::MAX));
    }

    fn commit(&mut self) {
        let started = Instant::now();
        let (stored, quarantined) = match self.check_room() {
            Ok(()) => (self.write_records(), self.write_quarantine()),
            Err(error) => (Err(error.kind().into()), Err(error)),
        };
        let batch = &mut self.batch;
        let tried = batch.replies.len() + batch.quarantine_replies.len();
        for (result, replies) in [(&stored, &mut batch.replies), (&quarantined, &mut batch.quarantine_replies)] {
            for (reply, appended) in replies.drain(..) {
                answer(reply, result.as_ref().map(|()| appended).map_err(|_| AppendError::Disk));
            }
        }
        let rotate = mem::take(&mut batch.rotate) || (self.rotate_bytes > 0 && self.live.len() >= self.rotate_bytes);
        batch.lines.clear();
        batch.uuids.clear();
        batch.known.clear();
        batch.quarantine_lines.clear();

        if tried > 0 {
            match stored.and(quarantined) {
                Ok(()) => {
                    self.set_writing(true);
                    self.metrics.batch_records.observe(tried as f64);
                    self.metrics.commit_seconds.observe(started.elapsed().as_secs_f64());
                    self.metrics.last_commit.set(Timestamp::now().as_millisecond() as f64 / 1_000.0);
                }
                Err(error) => {
                    error!("the disk did not take {tried} records: {error}");
                    self.set_writing(false);
                }
            }
        }
        if self.live.forgotten_bytes() != self.forgotten.bytes() {
            // Tried again after every batch: the command waits for it.
            if let Err(error) = let_go(&mut self.live, &mut self.quarantine, &self.forgotten) {
                error!("what is left of a forgotten person could not be let go: {error}");
            }
        } else if rotate && let Err(error) = self.live.close() {
            error!("the file could not be closed: {error}");
        }
        self.measure();
    }

    fn write_records(&mut self) -> io::Result<()> {
        if !self.batch.lines.is_empty() {
            self.live.append(&self.batch.lines)?;
            self.batch.uuids.iter().for_each(|uuid| self.recent.insert(*uuid));
        }
        Ok(())
    }

    fn write_quarantine(&mut self) -> io::Result<()> {
        match self.batch.quarantine_lines.is_empty() {
            true => Ok(()),
            false => self.quarantine.append(&self.batch.quarantine_lines),
        }
    }

    /// A disk that is nearly full belongs to others too.
    fn check_room(&self) -> io::Result<()> {
        match self.live.free_bytes()? >= self.free_bytes_min {
            true => Ok(()),
            false => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    fn measure(&self) {
        self.metrics.file_bytes.set(self.live.len());
        self.metrics.recent_uuids.set(self.recent.len() as u64);
        self.metrics.free_bytes.set(self.live.free_bytes().unwrap_or(0));
    }

    fn set_writing(&self, is_writing: bool) {
        if self.is_writing.swap(is_writing, Ordering::Relaxed) != is_writing && is_writing {
            info!("the disk takes events again");
        }
    }
}

/// The caller may have gone: then nobody is told, and a retry will be a duplicate.
fn answer(reply: Reply, result: Result<Appended, AppendError>) {
    let _ = reply.send(result);
}

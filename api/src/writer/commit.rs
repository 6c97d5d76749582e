//! The thread's loop: take what waits, write it, sync it, answer.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{Receiver, RecvTimeoutError, TryRecvError},
    },
    time::Duration,
};

use log::{error, info};
use uuid::Uuid;

use super::{
    AppendError, Appended, Gauges, Message, Reply, live_file::LiveFile, quarantine::Quarantine, recent::RecentUuids,
};

/// The most bytes that are written at once; a batch ends with the record that reaches it.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long to wait after a failure before the disk is tried without a record.
const PROBE_INTERVAL: Duration = Duration::from_millis(500);

pub(super) struct Committer {
    live: LiveFile,
    quarantine: Quarantine,
    recent: RecentUuids,
    gauges: Arc<Gauges>,
    batch: Batch,
}

/// What is committed together.
#[derive(Default)]
struct Batch {
    lines: Vec<u8>,
    uuids: Vec<Uuid>,
    /// The same uuids, to know a second one in the same batch.
    known: HashSet<Uuid>,
    replies: Vec<(Reply, Appended)>,
    quarantine_lines: Vec<u8>,
    quarantine_replies: Vec<(Reply, Appended)>,
}

impl Committer {
    pub(super) fn new(live: LiveFile, quarantine: Quarantine, recent: RecentUuids, gauges: Arc<Gauges>) -> Self {
        Self { live, quarantine, recent, gauges, batch: Batch::default() }
    }

    /// Runs until told to stop. What was sent before that is on disk when it returns, or was refused.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        let mut stopping = false;
        while !stopping {
            match self.next(messages) {
                Some(message) => stopping = self.fill_batch(message, messages),
                None => continue,
            }
            self.commit();
        }
    }

    /// Waits for a message. While the disk fails it also tries the disk, so that the process becomes ready again
    /// although nobody sends anything to a process that is not ready.
    fn next(&mut self, messages: &Receiver<Message>) -> Option<Message> {
        if self.gauges.is_writing.load(Ordering::Relaxed) {
            return Some(messages.recv().unwrap_or(Message::Stop));
        }
        match messages.recv_timeout(PROBE_INTERVAL) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Disconnected) => Some(Message::Stop),
            Err(RecvTimeoutError::Timeout) => {
                if self.live.recover().is_ok() && self.quarantine.recover().is_ok() {
                    self.is_writing(true);
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
                Ok(Message::Append { uuid, line, reply }) => {
                    self.gauges.queued_bytes.fetch_sub(line.len(), Ordering::Relaxed);
                    if self.recent.contains(uuid) {
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
                Ok(Message::Quarantine { line, reply }) => {
                    self.gauges.queued_bytes.fetch_sub(line.len(), Ordering::Relaxed);
                    self.batch.quarantine_lines.extend_from_slice(&line);
                    self.batch.quarantine_replies.push((reply, Appended::Stored));
                }
                Ok(Message::Stop) | Err(TryRecvError::Disconnected) => return true,
                Err(TryRecvError::Empty) => return false,
            }
            if self.batch.lines.len() + self.batch.quarantine_lines.len() >= BATCH_BYTES_MAX {
                return false;
            }
            next = messages.try_recv();
        }
    }

    fn commit(&mut self) {
        let batch = &mut self.batch;
        let stored = match batch.lines.is_empty() {
            true => Ok(()),
            false => self.live.append(&batch.lines),
        };
        if stored.is_ok() {
            batch.uuids.iter().for_each(|uuid| self.recent.insert(*uuid));
        }
        let quarantined = match batch.quarantine_lines.is_empty() {
            true => Ok(()),
            false => self.quarantine.append(&batch.quarantine_lines),
        };
        let tried = !(batch.lines.is_empty() && batch.quarantine_lines.is_empty());

        for (result, replies) in [(&stored, &mut batch.replies), (&quarantined, &mut batch.quarantine_replies)] {
            for (reply, appended) in replies.drain(..) {
                answer(reply, result.as_ref().map(|()| appended).map_err(|_| AppendError::Disk));
            }
        }
        let refused = if stored.is_err() { batch.uuids.len() } else { 0 };
        batch.lines.clear();
        batch.uuids.clear();
        batch.known.clear();
        batch.quarantine_lines.clear();

        if let Err(error) = stored.as_ref().and(quarantined.as_ref()) {
            error!("a batch was refused ({refused} records): {error}");
            self.is_writing(false);
        } else if tried {
            self.is_writing(true);
        }
    }

    fn is_writing(&self, is_writing: bool) {
        if self.gauges.is_writing.swap(is_writing, Ordering::Relaxed) != is_writing && is_writing {
            info!("the disk takes events again");
        }
    }
}

/// The caller may have gone: then nobody is told, and a retry will be a duplicate.
fn answer(reply: Reply, result: Result<Appended, AppendError>) {
    let _ = reply.send(result);
}

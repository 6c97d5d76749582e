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

use super::{
    decisions::{Decision, Decisions, Parts},
    entry::{Entry, Lines},
    file_store::FileStore,
    outcome::{AppendError, Appended},
    waiting::Waiting,
};
use crate::metrics::Metrics;

/// How long to wait after a failure before the disk is tried without a record.
const PROBE_INTERVAL: Duration = Duration::from_millis(500);
/// How long to wait for a message before what can wait is done.
const IDLE_INTERVAL: Duration = Duration::from_secs(5);

pub(super) type Reply = oneshot::Sender<Result<Appended, AppendError>>;

/// A request to the thread.
pub(super) enum Message {
    Append(Entry, Reply),
    Rotate,
    Stop,
}

/// The state of the thread.
pub(super) struct WriterThread {
    pub(super) store: FileStore,
    pub(super) decisions: Decisions,
    pub(super) waiting: Waiting,
    pub(super) metrics: Metrics,
    pub(super) is_writing: Arc<AtomicBool>,
}

/// The lines that are committed together, and who waits for them.
#[derive(Default)]
struct Batch {
    lines: Vec<u8>,
    rows: Vec<u8>,
    /// Those whose line is in the batch, and those who have a row alone.
    replies: Vec<(Reply, Appended)>,
    row_replies: Vec<(Reply, Appended)>,
    quarantine_lines: Vec<u8>,
    quarantine_replies: Vec<(Reply, Appended)>,
    /// Whether somebody asked for the file to be closed after the batch.
    rotate: bool,
}

impl WriterThread {
    /// Runs until told to stop. By the time it returns, everything that was sent before is on disk or was refused.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        let mut batch = Batch::default();
        self.store.set_erasures_read(self.decisions.erasures_bytes());
        self.check_writable();
        self.measure();
        let mut stopping = false;
        while !stopping {
            match self.next(messages) {
                Some(message) => {
                    self.read_erasures();
                    stopping = self.fill(&mut batch, message, messages);
                }
                None => {
                    self.check_writable();
                    self.store.tidy_up();
                    continue;
                }
            }
            self.commit(&mut batch);
        }
        self.store.tidy_up();
    }

    /// Reads the erasures, if they have changed. Here and nowhere else, between two batches: what an older reading let through is
    /// in the files by now, and nothing later gets past the new one. The command looks through the files after this was recorded.
    fn read_erasures(&mut self) {
        match self.decisions.reload_erasures() {
            Ok(()) => self.store.set_erasures_read(self.decisions.erasures_bytes()),
            Err(error) => error!(".misfire/forgotten cannot be read: {error}"),
        }
    }

    /// Waits for a message. While the disk fails it also tries the disk, so that the process becomes ready again
    /// although nobody sends anything to a process that is not ready.
    fn next(&mut self, messages: &Receiver<Message>) -> Option<Message> {
        let is_writing = self.is_writing.load(Ordering::Relaxed);
        match messages.recv_timeout(if is_writing { IDLE_INTERVAL } else { PROBE_INTERVAL }) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Disconnected) => Some(Message::Stop),
            Err(RecvTimeoutError::Timeout) => {
                if !is_writing && self.store.check_writable().and_then(|()| self.store.recover()).is_ok() {
                    self.set_writing(true);
                }
                None
            }
        }
    }

    /// Checks whether the next event could be stored (room on the disk, the folder still ours), so that `/ready` knows it before the
    /// event comes.
    fn check_writable(&mut self) {
        if self.store.check_writable().is_err() {
            self.set_writing(false);
        }
    }

    /// Takes what waits, up to the batch's size; whether the thread shall stop after it.
    fn fill(&mut self, batch: &mut Batch, first: Message, messages: &Receiver<Message>) -> bool {
        let mut next = Ok(first);
        loop {
            match next {
                Ok(Message::Append(entry, reply)) => {
                    self.waiting.release(entry.bytes());
                    self.take(batch, entry, reply);
                }
                Ok(Message::Rotate) => batch.rotate = true,
                Ok(Message::Stop) | Err(TryRecvError::Disconnected) => return true,
                Err(TryRecvError::Empty) => return false,
            }
            if batch.lines.len() + batch.rows.len() + batch.quarantine_lines.len() >= BATCH_BYTES_MAX {
                return false;
            }
            next = messages.try_recv();
        }
    }

    /// Decides about an entry: it joins the batch, or is answered at once.
    fn take(&mut self, batch: &mut Batch, Entry { whose, lines }: Entry, reply: Reply) {
        match lines {
            Lines::Event { line, row } => {
                let parts = Parts { line: line.is_some(), row: row.is_some() };
                let replies = if parts.line { &mut batch.replies } else { &mut batch.row_replies };
                match self.decisions.of(&whose, parts) {
                    Decision::Forgotten => answer(reply, Ok(Appended::Forgotten)),
                    Decision::Duplicate => answer(reply, Ok(Appended::Duplicate)),
                    Decision::DuplicateInBatch => replies.push((reply, Appended::Duplicate)),
                    Decision::Store(store) => {
                        batch.lines.extend_from_slice(line.filter(|_| store.line).as_deref().unwrap_or_default());
                        batch.rows.extend_from_slice(row.filter(|_| store.row).as_deref().unwrap_or_default());
                        replies.push((reply, Appended::Stored));
                    }
                }
            }
            Lines::Rejection(_) if self.decisions.is_forgotten(&whose) => answer(reply, Ok(Appended::Forgotten)),
            Lines::Rejection(line) => {
                batch.quarantine_lines.extend_from_slice(&line);
                batch.quarantine_replies.push((reply, Appended::Stored));
            }
        }
    }

    fn commit(&mut self, batch: &mut Batch) {
        let started = Instant::now();
        let [rows, lines, quarantined] = self.write(batch);
        self.decisions.end_batch(Parts { line: lines.is_ok(), row: rows.is_ok() });
        let tried = batch.replies.len() + batch.row_replies.len() + batch.quarantine_replies.len();
        for (result, replies) in [
            (&rows, &mut batch.row_replies),
            (&lines, &mut batch.replies),
            (&quarantined, &mut batch.quarantine_replies),
        ] {
            for (reply, appended) in replies.drain(..) {
                answer(reply, result.as_ref().map(|()| appended).map_err(|_| AppendError::Disk));
            }
        }
        batch.lines.clear();
        batch.rows.clear();
        batch.quarantine_lines.clear();

        if tried > 0 {
            self.report(tried, started.elapsed(), rows.and(lines).and(quarantined));
        }
        self.close_files(mem::take(&mut batch.rotate));
        self.measure();
    }

    /// Writes rows, then lines, then the quarantine. A line is never on disk without its row, so where the rows fail no line is
    /// written.
    fn write(&mut self, batch: &Batch) -> [io::Result<()>; 3] {
        if let Err(error) = self.store.check_writable() {
            return [Err(error.kind().into()), Err(error.kind().into()), Err(error)];
        }
        let rows = self.store.append_rows(&batch.rows);
        let lines = match &rows {
            Ok(()) => self.store.append(&batch.lines),
            Err(error) => Err(error.kind().into()),
        };
        [rows, lines, self.store.append_to_quarantine(&batch.quarantine_lines)]
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

    /// Closes files when somebody asked for it, and live files when they are full.
    fn close_files(&mut self, is_asked: bool) {
        let closed = match is_asked {
            true => self.store.rotate_as_asked(),
            false => self.store.rotate_full(),
        };
        if let Err(error) = closed {
            error!("a file could not be closed: {error}");
        }
    }

    fn measure(&self) {
        self.metrics.file_bytes.set(self.store.bytes());
        self.metrics.generations_file_bytes.set(self.store.generations_bytes());
        self.metrics.recent_uuids.set(self.decisions.recent_uuids() as u64);
        self.metrics.free_bytes.set(self.store.free_bytes());
    }

    fn set_writing(&self, is_writing: bool) {
        if self.is_writing.swap(is_writing, Ordering::Relaxed) != is_writing && is_writing {
            info!("the disk takes events again");
        }
    }
}

/// However the thread ends, nothing is written any more.
impl Drop for WriterThread {
    fn drop(&mut self) {
        self.is_writing.store(false, Ordering::Relaxed);
    }
}

/// The caller may be gone: then nobody is answered, and a retry will be a duplicate.
fn answer(reply: Reply, result: Result<Appended, AppendError>) {
    let _ = reply.send(result);
}

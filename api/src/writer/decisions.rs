//! Decides about a redacted event before it is stored: was its person erased, is its uuid known?
//!
//! Each file has its own window of uuids. The row of an event is on disk before its line, so a line that is known has its row, and a
//! row that is known may be without its line: a kill fell between the two. When the event comes again, the line completes it.

use std::{collections::HashSet, io};

use journal::{erasure_guard::ErasureGuard, recent_uuids::RecentUuids};
use uuid::Uuid;

use super::entry::Whose;

/// Which of line and row an event has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) line: bool,
    pub(super) row: bool,
}

/// The decision about an event.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// These parts of it join the batch.
    Store(Parts),
    /// It is on disk.
    Duplicate,
    /// An event with its uuid is in this batch: it is a duplicate once the batch is on disk.
    DuplicateInBatch,
    /// Its person was erased after it happened.
    Forgotten,
}

/// The state that decides. It belongs to the thread that stores, so that nothing that waits in the queue gets past an erasure.
#[derive(Debug)]
pub(super) struct Decisions {
    guard: ErasureGuard,
    lines: Window,
    rows: Window,
}

/// The uuids that a file is known to hold.
#[derive(Debug)]
struct Window {
    recent: RecentUuids,
    /// The uuids of the batch, in order, and the same as a set.
    batch: Vec<Uuid>,
    in_batch: HashSet<Uuid>,
}

impl Decisions {
    pub(super) fn new(guard: ErasureGuard, lines: RecentUuids, rows: RecentUuids) -> Self {
        Self { guard, lines: Window::new(lines), rows: Window::new(rows) }
    }

    /// Decides about an event that has these parts, or at least one of them.
    pub(super) fn of(&mut self, whose: &Whose, parts: Parts) -> Decision {
        let uuid = whose.uuid;
        // What is written last decides: where that is known, so is the other.
        let last = if parts.line { &self.lines } else { &self.rows };
        // Erasures first: the uuid may be that of a line that was erased.
        if self.is_forgotten(whose) {
            Decision::Forgotten
        } else if last.recent.contains(uuid) {
            Decision::Duplicate
        } else if last.in_batch.contains(&uuid) {
            Decision::DuplicateInBatch
        } else {
            let row = parts.row && self.rows.add(uuid);
            let line = parts.line && self.lines.add(uuid);
            Decision::Store(Parts { line, row })
        }
    }

    /// Whether the person was erased after the event, or its line was removed.
    pub(super) fn is_forgotten(&self, whose: &Whose) -> bool {
        self.guard.covers(&whose.ids, whose.time, whose.uuid)
            || whose.about.is_some_and(|about| self.guard.covers_uuid(about))
    }

    /// Ends the batch: its uuids are known from now on where they were stored.
    pub(super) fn end_batch(&mut self, stored: Parts) {
        self.lines.end_batch(stored.line);
        self.rows.end_batch(stored.row);
    }

    /// Reads the erasures again if they have changed.
    pub(super) fn reload_erasures(&mut self) -> io::Result<()> {
        if self.guard.has_changed() { self.guard.reload() } else { Ok(()) }
    }

    /// How much of the erasures decides, in bytes of `.misfire/forgotten`.
    pub(super) fn erasures_bytes(&self) -> u64 {
        self.guard.bytes()
    }

    /// How many uuids are remembered.
    pub(super) fn recent_uuids(&self) -> usize {
        self.lines.recent.len() + self.rows.recent.len()
    }
}

impl Window {
    fn new(recent: RecentUuids) -> Self {
        Self { recent, batch: Vec::new(), in_batch: HashSet::new() }
    }

    /// Adds a uuid to the batch; false when the file holds it, or will when the batch is written.
    fn add(&mut self, uuid: Uuid) -> bool {
        let is_new = !self.recent.contains(uuid) && self.in_batch.insert(uuid);
        if is_new {
            self.batch.push(uuid);
        }
        is_new
    }

    fn end_batch(&mut self, is_stored: bool) {
        self.in_batch.clear();
        for uuid in self.batch.drain(..).filter(|_| is_stored) {
            self.recent.insert(uuid);
        }
    }
}

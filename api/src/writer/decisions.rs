//! Decides about a record before it is stored: was its person erased, is its uuid known?

use std::{collections::HashSet, io};

use jiff::Timestamp;
use journal::{erasure_guard::ErasureGuard, recent_uuids::RecentUuids};
use uuid::Uuid;

/// Whose event it is, when it happened, and its name: what an erasure is looked up by.
#[derive(Debug)]
pub(super) struct Whose {
    /// The id as it would stand in a line, under each key of the pseudonyms.
    pub(super) ids: Vec<String>,
    pub(super) time: Timestamp,
    pub(super) uuid: Uuid,
}

/// The decision about a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It joins the batch.
    Store,
    /// A line with its uuid is on disk.
    Duplicate,
    /// A record with its uuid is in this batch: it is a duplicate once the batch is on disk.
    DuplicateInBatch,
    /// Its person was erased after it happened.
    Forgotten,
}

/// The state that decides. It belongs to the thread that stores, so that nothing that waits in the queue gets past an erasure.
#[derive(Debug)]
pub(super) struct Decisions {
    guard: ErasureGuard,
    recent: RecentUuids,
    /// The uuids of the batch, in order, and the same as a set.
    batch: Vec<Uuid>,
    in_batch: HashSet<Uuid>,
}

impl Decisions {
    pub(super) fn new(guard: ErasureGuard, recent: RecentUuids) -> Self {
        Self { guard, recent, batch: Vec::new(), in_batch: HashSet::new() }
    }

    /// Decides about a record.
    pub(super) fn of(&mut self, whose: &Whose) -> Decision {
        let uuid = whose.uuid;
        // Erasures first: the uuid may be that of a line that was erased.
        if self.is_forgotten(whose) {
            Decision::Forgotten
        } else if self.recent.contains(uuid) {
            Decision::Duplicate
        } else if !self.in_batch.insert(uuid) {
            Decision::DuplicateInBatch
        } else {
            self.batch.push(uuid);
            Decision::Store
        }
    }

    /// Whether the person was erased after the event, or its line was removed.
    pub(super) fn is_forgotten(&self, whose: &Whose) -> bool {
        self.guard.covers(&whose.ids, whose.time, whose.uuid)
    }

    /// Ends the batch: its uuids are known from now on if it was stored.
    pub(super) fn end_batch(&mut self, is_stored: bool) {
        self.in_batch.clear();
        for uuid in self.batch.drain(..).filter(|_| is_stored) {
            self.recent.insert(uuid);
        }
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
        self.recent.len()
    }
}

//! Persons are forgotten beyond the limits, the one not heard of for longest first.

use uuid::Uuid;

use super::{DISTINCT_IDS_MAX, PERSONS_MAX, PROPERTIES_BYTES_MAX, Persons, Record};

impl Persons {
    /// Evicts persons until all limits hold, but never `except`, whose event is being handled.
    pub(super) fn evict_oldest(&mut self, except: Uuid) {
        while self.records.len() > PERSONS_MAX
            || self.by_distinct_id.len() > DISTINCT_IDS_MAX
            || self.properties_bytes > PROPERTIES_BYTES_MAX
        {
            let Some(oldest) = self.by_last_seen.values().find(|id| **id != except).copied() else { return };
            for distinct_id in self.remove(oldest).map(|record| record.distinct_ids).unwrap_or_default() {
                self.by_distinct_id.remove(&distinct_id);
            }
        }
    }

    /// Removes a record. The caller must move or remove its distinct_ids.
    pub(super) fn remove(&mut self, id: Uuid) -> Option<Record> {
        let record = self.records.remove(&id)?;
        self.by_last_seen.remove(&record.last_seen);
        self.properties_bytes -= record.bytes;
        debug_assert_eq!(record.id, id);
        Some(record)
    }
}

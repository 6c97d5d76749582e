//! Which ids belong to one person: persons that are new, get a further distinct_id, or are merged.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    Persons, Record,
    ids::{id_of, is_illegal},
    refused::Refused,
};

impl Persons {
    pub(super) fn find_or_create(&mut self, distinct_id: &str) -> Uuid {
        let last_seen = self.events;
        if let Some(&id) = self.by_distinct_id.get(distinct_id) {
            if let Some(record) = self.records.get_mut(&id) {
                self.by_last_seen.remove(&record.last_seen);
                record.last_seen = last_seen;
            }
            self.by_last_seen.insert(last_seen, id);
            return id;
        }
        let mut id = id_of(distinct_id);
        // The derived id may be taken: its person may have moved to another distinct_id by a merge.
        while self.records.contains_key(&id) {
            id = Uuid::now_v7();
        }
        let distinct_ids = vec![distinct_id.to_owned()];
        let record = Record { id, properties: Arc::default(), bytes: 2, distinct_ids, is_identified: false, last_seen };
        self.properties_bytes += record.bytes;
        self.records.insert(id, record);
        self.by_distinct_id.insert(distinct_id.to_owned(), id);
        self.by_last_seen.insert(last_seen, id);
        id
    }

    /// Makes `distinct_id` and `other` ids of one person (`mergeDistinctIds` in `person-merge-service.ts`). If only one of
    /// them is known, its person gets the other one, too. If both are, the person of `other` is merged into the one of
    /// `distinct_id`; an identified person is so only when the merge is forced (`$merge_dangerously`).
    pub(super) fn merge(&mut self, distinct_id: &str, other: &str, is_forced: bool) -> Result<(), Refused> {
        if distinct_id == other {
            return Ok(());
        }
        if let Some(illegal) = [distinct_id, other].into_iter().find(|id| is_illegal(id)) {
            let legal = if illegal == other { distinct_id } else { other };
            return Err(Refused::Illegal { illegal: illegal.to_owned(), other: legal.to_owned() });
        }
        let (mut merged, find) = (Ok(()), |id: &str| self.by_distinct_id.get(id).copied());
        let id = match (find(distinct_id), find(other)) {
            (None, Some(other_id)) => {
                self.give(other_id, distinct_id);
                other_id
            }
            (known, other_id) => {
                let id = known.unwrap_or_else(|| self.find_or_create(distinct_id));
                match other_id {
                    None => self.give(id, other),
                    Some(other_id) if other_id == id => {}
                    Some(other_id) if self.records[&other_id].is_identified && !is_forced => {
                        merged = Err(Refused::Identified { other: other.to_owned() });
                    }
                    Some(other_id) => self.take_over(id, other_id),
                }
                id
            }
        };
        // Even where the merge was refused (`updateIsIdentified`).
        if let Some(record) = self.records.get_mut(&id) {
            record.is_identified = true;
        }
        merged
    }

    /// Gives a person a further distinct_id.
    pub(super) fn give(&mut self, id: Uuid, distinct_id: &str) {
        if let Some(record) = self.records.get_mut(&id) {
            record.distinct_ids.push(distinct_id.to_owned());
            self.by_distinct_id.insert(distinct_id.to_owned(), id);
        }
    }

    pub(super) fn take_over(&mut self, id: Uuid, other_id: Uuid) {
        let Some(mut other) = self.remove(other_id) else { return };
        for distinct_id in &other.distinct_ids {
            self.by_distinct_id.insert(distinct_id.clone(), id);
        }
        if let Some(record) = self.records.get_mut(&id) {
            record.distinct_ids.append(&mut other.distinct_ids);
        }
        self.change(id, |properties| {
            for (key, value) in other.properties.iter() {
                properties.entry(key).or_insert_with(|| value.clone());
            }
        });
    }
}

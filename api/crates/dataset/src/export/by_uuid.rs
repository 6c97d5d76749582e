//! Lines of `training_data.jsonl` by the uuids of rows of `generations.jsonl`.

use std::io;

use crate::{
    data_files::Dataset,
    external_sort::{Entry, ExternalSort, Sorted},
    pairs::uuid_key,
    progress::Progress,
    read::for_each_record,
};

const SORT_BYTES: usize = 6 * 1024 * 1024;

/// What belongs to lines, by uuid.
pub(super) struct ByUuid<V>(ExternalSort<(u128, V)>);

impl<V: Entry> ByUuid<V> {
    pub(super) fn new() -> Self {
        Self(ExternalSort::new(SORT_BYTES))
    }

    pub(super) fn add(&mut self, uuid: &str, value: V) -> io::Result<()> {
        self.0.push((uuid_key(uuid), value))
    }

    /// The lines' numbers, from 0, with what belongs to each, in the order of lines.
    pub(super) fn by_line(self, lines: &Dataset) -> anyhow::Result<Sorted<(u64, V)>> {
        let mut uuids = ExternalSort::new(SORT_BYTES);
        let mut ordinal = 0;
        for_each_record(lines, &Progress::hidden(), |record| {
            uuids.push((uuid_key(&record.uuid), ordinal))?;
            ordinal += 1;
            Ok(())
        })?;
        let mut by_line = ExternalSort::new(SORT_BYTES);
        let (mut uuids, mut values) = (uuids.sorted()?, self.0.sorted()?);
        let mut value = values.next()?;
        while let Some((uuid, ordinal)) = uuids.next()? {
            while value.is_some_and(|(key, _)| key < uuid) {
                value = values.next()?;
            }
            if let Some((key, value)) = value
                && key == uuid
            {
                by_line.push((ordinal, value))?;
            }
        }
        Ok(by_line.sorted()?)
    }
}

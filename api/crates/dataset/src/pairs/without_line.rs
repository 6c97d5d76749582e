//! Rows whose line is missing: a crash came between the two. The event's next delivery completes them; until then they are left out.

use std::io;

use journal::{TRAINING_DATA, generation::Generation};
use twox_hash::XxHash3_128;
use uuid::Uuid;

use crate::{
    bits::Bits,
    data_files::Dataset,
    external_sort::{ExternalSort, Sorted},
    progress::Progress,
    read::{Row, for_each_generation, for_each_whole_line},
};

/// Each of the two sorts.
const SORT_BYTES: usize = 6 * 1024 * 1024;

/// A uuid as a key. What is none is its hash.
pub(crate) fn uuid_key(uuid: &str) -> u128 {
    Uuid::try_parse(uuid).map_or_else(|_| XxHash3_128::oneshot(uuid.as_bytes()), |uuid| uuid.as_u128())
}

/// Collects the rows that need a line.
pub(super) struct NeedLines(ExternalSort<(u128, u64)>);

impl NeedLines {
    pub(super) fn new() -> Self {
        Self(ExternalSort::new(SORT_BYTES))
    }

    /// A failure has a line, and so has a verdict that calls an answer bad. A success and a good verdict have none.
    pub(super) fn add(&mut self, row: Row, generation: &Generation<'_>) -> io::Result<()> {
        let needs_line = match &*generation.kind {
            "failure" => true,
            "verdict" => generation.label == "bad",
            _ => false,
        };
        if needs_line { self.0.push((uuid_key(&generation.uuid), row.ordinal)) } else { Ok(()) }
    }

    /// Whose line is missing, by ordinal, and how many they are. Without data all are.
    pub(super) fn missing(self, lines: Option<&Dataset>, progress: &Progress) -> anyhow::Result<(Bits, u64)> {
        let mut sorted = self.0.sorted()?;
        let (mut missing, mut count) = (Bits::default(), 0);
        let mut uuids = uuids_of(lines, progress)?;
        let mut uuid = uuids.next()?;
        while let Some((key, ordinal)) = sorted.next()? {
            while uuid.is_some_and(|uuid| uuid < key) {
                uuid = uuids.next()?;
            }
            if uuid != Some(key) {
                count += u64::from(missing.set(ordinal));
            }
        }
        Ok((missing, count))
    }
}

fn uuids_of(lines: Option<&Dataset>, progress: &Progress) -> anyhow::Result<Sorted<u128>> {
    let mut uuids = ExternalSort::new(SORT_BYTES);
    if let Some(lines) = lines {
        for_each_whole_line(lines, progress, |_, line| {
            if let Some(uuid) = TRAINING_DATA.uuid_of(line) {
                uuids.push(uuid.as_u128())?;
            }
            Ok(())
        })?;
    }
    Ok(uuids.sorted()?)
}

/// The rows whose line is missing, by ordinal, for a command that reads rows in their order.
pub(crate) fn rows_without_line(
    generations: &Dataset,
    lines: Option<&Dataset>,
    progress: &Progress,
) -> anyhow::Result<Bits> {
    let mut need_lines = NeedLines::new();
    for_each_generation(generations, progress, |row, generation| Ok(need_lines.add(row, generation)?))?;
    Ok(need_lines.missing(lines, progress)?.0)
}

//! Sorting more than memory holds: sorted runs go into a temporary file and are merged.
//!
//! It finds what repeats (uuids, prompts, users) in the same memory for any number of lines.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
    fs::File,
    io,
    os::unix::fs::FileExt,
};

/// An entry, and its bytes in the file.
pub(super) trait Entry: Copy + Ord {
    /// How many bytes it has.
    const BYTES: usize;
    fn append_to(self, bytes: &mut Vec<u8>);
    /// Reads what [`Self::append_to`] wrote.
    fn from_bytes(bytes: &[u8]) -> Self;
}

impl Entry for u128 {
    const BYTES: usize = 16;

    fn append_to(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        bytes.first_chunk().map_or(0, |bytes| Self::from_le_bytes(*bytes))
    }
}

impl Entry for u64 {
    const BYTES: usize = 8;

    fn append_to(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        bytes.first_chunk().map_or(0, |bytes| Self::from_le_bytes(*bytes))
    }
}

/// A key, and what belongs to it, usually the ordinal of a line.
impl<K: Entry, V: Entry> Entry for (K, V) {
    const BYTES: usize = K::BYTES + V::BYTES;

    fn append_to(self, bytes: &mut Vec<u8>) {
        self.0.append_to(bytes);
        self.1.append_to(bytes);
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let (key, value) = bytes.split_at(K::BYTES.min(bytes.len()));
        (K::from_bytes(key), V::from_bytes(value))
    }
}

/// How many entries of each run are read at once.
const RUN_ENTRIES: usize = 1024;

/// Takes entries in any order; [`Self::sorted`] gives them in order. Its file has no name, so that nothing is left of it
/// after a kill.
pub(super) struct ExternalSort<E> {
    entries: Vec<E>,
    entries_max: usize,
    file: Option<File>,
    /// Where each run ends in the file; it begins where the one before ends.
    run_ends: Vec<u64>,
}

impl<E: Entry> ExternalSort<E> {
    /// One that holds at most `memory_bytes` of entries in memory.
    pub(super) fn new(memory_bytes: usize) -> Self {
        let entries_max = (memory_bytes / size_of::<E>()).max(1);
        Self { entries: Vec::new(), entries_max, file: None, run_ends: Vec::new() }
    }

    pub(super) fn push(&mut self, entry: E) -> io::Result<()> {
        if self.entries.len() == self.entries_max {
            self.write_run()?;
        }
        if self.entries.capacity() == 0 {
            // Growing by doubling would hold the old entries and the new ones for a moment.
            self.entries.reserve_exact(self.entries_max);
        }
        self.entries.push(entry);
        Ok(())
    }

    /// The entries in order.
    pub(super) fn sorted(mut self) -> io::Result<Sorted<E>> {
        self.entries.sort_unstable();
        let mut runs = Vec::new();
        let mut start = 0;
        for end in self.run_ends {
            runs.push(Run { at: start, end, buffer: Vec::new(), given: 0 });
            start = end;
        }
        let mut sorted = Sorted { memory: self.entries.into_iter(), file: self.file, runs, next: BinaryHeap::new() };
        for run in 0..=sorted.runs.len() {
            if let Some(entry) = sorted.next_of(run)? {
                sorted.next.push(Reverse((entry, run)));
            }
        }
        Ok(sorted)
    }

    fn write_run(&mut self) -> io::Result<()> {
        self.entries.sort_unstable();
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        let mut at = self.run_ends.last().copied().unwrap_or(0);
        let mut bytes = Vec::with_capacity(RUN_ENTRIES * E::BYTES);
        for entries in self.entries.chunks(RUN_ENTRIES) {
            bytes.clear();
            entries.iter().for_each(|entry| entry.append_to(&mut bytes));
            file.write_all_at(&bytes, at)?;
            at += bytes.len() as u64;
        }
        self.run_ends.push(at);
        self.entries.clear();
        Ok(())
    }
}

/// Entries in order.
pub(super) struct Sorted<E> {
    memory: std::vec::IntoIter<E>,
    file: Option<File>,
    runs: Vec<Run>,
    /// The next entry of each run, and of the memory under the number after the last run's.
    next: BinaryHeap<Reverse<(E, usize)>>,
}

struct Run {
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    given: usize,
}

impl<E: Entry> Sorted<E> {
    /// The next entry; `None` after the last.
    pub(super) fn next(&mut self) -> io::Result<Option<E>> {
        let Some(Reverse((entry, run))) = self.next.peek().copied() else { return Ok(None) };
        let following = self.next_of(run)?;
        // In place: a pop and a push would order the heap twice.
        if let Some(mut top) = self.next.peek_mut() {
            match following {
                Some(following) => *top = Reverse((following, run)),
                None => drop(PeekMut::pop(top)),
            }
        }
        Ok(Some(entry))
    }

    fn next_of(&mut self, run: usize) -> io::Result<Option<E>> {
        match (self.runs.get_mut(run), &self.file) {
            (Some(run), Some(file)) => run.next(file),
            _ => Ok(self.memory.next()),
        }
    }
}

impl Sorted<(u128, u64)> {
    /// Calls `visit` with the number of the first entry of a key and that of each other one, in order.
    pub(super) fn for_each_repeated(mut self, mut visit: impl FnMut(u64, u64) -> io::Result<()>) -> io::Result<()> {
        let mut first: Option<(u128, u64)> = None;
        while let Some((key, number)) = self.next()? {
            match first {
                Some((first_key, first_number)) if first_key == key => visit(first_number, number)?,
                _ => first = Some((key, number)),
            }
        }
        Ok(())
    }
}

impl Run {
    fn next<E: Entry>(&mut self, file: &File) -> io::Result<Option<E>> {
        if self.given == self.buffer.len() {
            let length = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(RUN_ENTRIES * E::BYTES);
            if length == 0 {
                return Ok(None);
            }
            self.buffer.resize(length, 0);
            file.read_exact_at(&mut self.buffer, self.at)?;
            self.at += length as u64;
            self.given = 0;
        }
        let entry = E::from_bytes(&self.buffer[self.given..self.given + E::BYTES]);
        self.given += E::BYTES;
        Ok(Some(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys that repeat, in no order.
    fn entries(count: u64) -> Vec<(u128, u64)> {
        let key = |ordinal: u64| u128::from(ordinal.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 1_000) << 64;
        (0..count).map(|ordinal| (key(ordinal), ordinal)).collect()
    }

    fn sorted<E: Entry>(entries: &[E], memory_bytes: usize) -> Vec<E> {
        let mut sort = ExternalSort::new(memory_bytes);
        entries.iter().for_each(|entry| sort.push(*entry).unwrap());
        let mut sorted = sort.sorted().unwrap();
        std::iter::from_fn(|| sorted.next().unwrap()).collect()
    }

    #[test]
    fn what_fits_and_what_does_not_come_out_in_the_same_order() {
        for count in [0, 1, 99, 100, 101, 2_407, 50_000] {
            let given = entries(count);
            let mut expected = given.clone();
            expected.sort_unstable();
            for memory_bytes in [1, 3_200, 1 << 20] {
                // A few entries are enough to test runs of one.
                if memory_bytes > 1 || count < 1_000 {
                    assert_eq!(sorted(&given, memory_bytes), expected, "{count} entries in {memory_bytes} bytes");
                }
            }
        }
        let (given, expected) = ((0..5_000).rev().collect::<Vec<u128>>(), (0..5_000).collect::<Vec<u128>>());
        assert_eq!(sorted(&given, 1_600), expected);
    }

    #[test]
    fn each_repetition_is_told_with_the_first() {
        let mut sort = ExternalSort::new(64);
        [(7, 3), (5, 0), (7, 1), (7, 9), (6, 2)].into_iter().for_each(|entry| sort.push(entry).unwrap());
        let mut repeated = Vec::new();
        let told = sort.sorted().unwrap().for_each_repeated(|first, again| {
            repeated.push((first, again));
            Ok(())
        });
        told.unwrap();
        assert_eq!(repeated, [(1, 3), (1, 9)]);
    }
}

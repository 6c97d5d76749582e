//! The uuids of the newest lines: an event that comes again is known by them.

use std::{
    collections::{HashSet, VecDeque},
    fs::File,
    io,
    path::PathBuf,
};

use uuid::Uuid;

use crate::{lines::for_each_line_from_the_end, schema::Schema};

/// A bounded window of uuids, kept whole: a fingerprint that collided would lose an event.
#[derive(Debug)]
pub struct RecentUuids {
    known: HashSet<Uuid>,
    oldest_first: VecDeque<Uuid>,
    len_max: usize,
}

impl RecentUuids {
    /// Reads the window from the ends of the files, the newest first; memory and time do not depend on their size.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read(files_newest_first: &[PathBuf], schema: &Schema, len_max: usize) -> io::Result<Self> {
        let mut newest_first = Vec::new();
        for path in files_newest_first {
            if newest_first.len() >= len_max {
                break;
            }
            for_each_line_from_the_end(&File::open(path)?, |line| {
                newest_first.extend(schema.uuid_of(line));
                newest_first.len() < len_max
            })?;
        }
        let mut recent = Self { known: HashSet::new(), oldest_first: VecDeque::new(), len_max };
        newest_first.into_iter().rev().for_each(|uuid| recent.insert(uuid));
        Ok(recent)
    }

    /// How many uuids are remembered.
    pub fn len(&self) -> usize {
        self.oldest_first.len()
    }

    /// Whether none is remembered.
    pub fn is_empty(&self) -> bool {
        self.oldest_first.is_empty()
    }

    /// Whether the uuid is one of them.
    pub fn contains(&self, uuid: Uuid) -> bool {
        self.known.contains(&uuid)
    }

    /// Remembers a uuid; the oldest is forgotten when there are too many.
    pub fn insert(&mut self, uuid: Uuid) {
        if !self.known.insert(uuid) {
            return;
        }
        self.oldest_first.push_back(uuid);
        if self.oldest_first.len() > self.len_max
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::schema::TRAINING_DATA;

    fn uuid(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn file(numbers: impl Iterator<Item = u128>, padding: usize) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let padding = "x".repeat(padding);
        for number in numbers {
            writeln!(file, "{{\"input_prompt\":\"{padding}\",\"uuid\":\"{}\"}}", uuid(number)).unwrap();
        }
        file.flush().unwrap();
        file
    }

    #[test]
    fn every_uuid_of_a_file_of_many_blocks_is_read() {
        // 97 is prime to the block's size: uuids and newlines fall on every side of a border.
        let file = file(0..30_000, 97);
        let recent = RecentUuids::read(&[file.path().to_owned()], &TRAINING_DATA, 100_000).unwrap();
        assert_eq!(recent.oldest_first.len(), 30_000);
        assert!((0..30_000).all(|number| recent.contains(uuid(number))));
        assert_eq!(recent.oldest_first.back(), Some(&uuid(29_999)));
    }

    #[test]
    fn the_window_takes_the_newest_over_several_files_and_then_moves_on() {
        let (newer, older) = (file(10..13, 0), file(0..10, 0));
        let mut recent =
            RecentUuids::read(&[newer.path().to_owned(), older.path().to_owned()], &TRAINING_DATA, 5).unwrap();
        assert_eq!(recent.oldest_first, [8, 9, 10, 11, 12].map(uuid));
        recent.insert(uuid(13));
        assert!(!recent.contains(uuid(8)) && recent.contains(uuid(9)) && recent.contains(uuid(13)));
    }

    #[test]
    fn lines_that_are_not_ours_are_passed_over() {
        let mut odd = file(1..2, 0);
        writeln!(odd, "\n{{}}\nuuid\"}}").unwrap();
        let recent = RecentUuids::read(&[odd.path().to_owned()], &TRAINING_DATA, 5).unwrap();
        assert_eq!(recent.oldest_first, [uuid(1)]);
    }
}

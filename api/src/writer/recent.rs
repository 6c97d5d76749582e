//! The uuids of the newest lines: an event that comes again is known by them.

use std::{
    collections::{HashSet, VecDeque},
    fs::File,
    io,
    path::PathBuf,
};

use uuid::Uuid;

use super::tail;

/// A bounded window of uuids, kept whole: a fingerprint that collided would lose an event.
pub(super) struct RecentUuids {
    known: HashSet<Uuid>,
    oldest_first: VecDeque<Uuid>,
    len_max: usize,
}

/// A line ends with its uuid: `…"uuid":"01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301"}` and the newline.
const UUID_CHARS: usize = 36;
const AFTER_UUID: &[u8] = b"\"}";

impl RecentUuids {
    /// Reads the window from the ends of the files, the newest first; memory and time do not depend on their size.
    pub(super) fn read(files_newest_first: &[PathBuf], len_max: usize) -> io::Result<Self> {
        let mut newest_first = Vec::new();
        for path in files_newest_first {
            let file = File::open(path)?;
            let len = file.metadata()?.len();
            let line_end = UUID_CHARS + AFTER_UUID.len();
            tail::for_each_block_from_the_end(&file, len, line_end as u64, |start, block| {
                // A newline in the overlap belongs to the block before, where the whole uuid is.
                let own = if start == 0 { 0 } else { line_end };
                for newline in memchr::memrchr_iter(b'\n', &block[own..]) {
                    newest_first.extend(uuid_at_end(&block[..own + newline]));
                    if newest_first.len() >= len_max {
                        return false;
                    }
                }
                true
            })?;
            if newest_first.len() >= len_max {
                break;
            }
        }
        let mut recent = Self { known: HashSet::new(), oldest_first: VecDeque::new(), len_max };
        newest_first.into_iter().rev().for_each(|uuid| recent.insert(uuid));
        Ok(recent)
    }

    pub(super) fn len(&self) -> usize {
        self.oldest_first.len()
    }

    pub(super) fn contains(&self, uuid: Uuid) -> bool {
        self.known.contains(&uuid)
    }

    pub(super) fn insert(&mut self, uuid: Uuid) {
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

fn uuid_at_end(line: &[u8]) -> Option<Uuid> {
    let line = line.strip_suffix(AFTER_UUID)?;
    Uuid::try_parse_ascii(line.get(line.len().checked_sub(UUID_CHARS)?..)?).ok()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

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
        let recent = RecentUuids::read(&[file.path().to_owned()], 100_000).unwrap();
        assert_eq!(recent.oldest_first.len(), 30_000);
        assert!((0..30_000).all(|number| recent.contains(uuid(number))));
        assert_eq!(recent.oldest_first.back(), Some(&uuid(29_999)));
    }

    #[test]
    fn the_window_takes_the_newest_over_several_files_and_then_moves_on() {
        let (newer, older) = (file(10..13, 0), file(0..10, 0));
        let mut recent = RecentUuids::read(&[newer.path().to_owned(), older.path().to_owned()], 5).unwrap();
        assert_eq!(recent.oldest_first, [8, 9, 10, 11, 12].map(uuid));
        recent.insert(uuid(13));
        assert!(!recent.contains(uuid(8)) && recent.contains(uuid(9)) && recent.contains(uuid(13)));
    }

    #[test]
    fn lines_that_are_not_ours_are_passed_over() {
        let mut odd = file(1..2, 0);
        writeln!(odd, "\n{{}}\nuuid\"}}").unwrap();
        let recent = RecentUuids::read(&[odd.path().to_owned()], 5).unwrap();
        assert_eq!(recent.oldest_first, [uuid(1)]);
    }
}

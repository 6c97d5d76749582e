//! `.misfire/forgotten`: whom `misfire forget` erased, and when, so that what PostHog sends again does not bring a line back.
//!
//! A line is a keyed hash of an id as it stood in the data, a space, and the time of the erasure: `3fa1… 2026-11-23T20:15:00.000Z`.
//! The command appends it before it removes anything. The writer reads the file again whenever it has changed, and from then on
//! refuses older events of that person. Without the key of the pseudonyms nothing in the file leads back to a person.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;
use log::warn;
use misfire_sanitizer::PseudonymKey;

use crate::{
    file_system::{private_file, sync_dir},
    time::format_time,
};

/// What the hashes are for: they say nothing about a pseudonym, which is a hash with the same key.
const PURPOSE: &str = "misfire forgotten";

/// Who was erased, as far as the file was read.
#[derive(Debug)]
pub struct ErasureGuard {
    path: PathBuf,
    key: PseudonymKey,
    /// Length and time of change when it was read.
    read: Option<(u64, SystemTime)>,
    erased_at: HashMap<String, Timestamp>,
}

impl ErasureGuard {
    /// Reads the file; there is none before the first erasure. `folder` is `.misfire/`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(folder: &Path, key: PseudonymKey) -> io::Result<Self> {
        let mut guard = Self { path: folder.join("forgotten"), key, read: None, erased_at: HashMap::new() };
        guard.reload()?;
        Ok(guard)
    }

    /// Whether the file has changed since it was read. It costs one `stat`.
    pub fn has_changed(&self) -> bool {
        self.stamp().ok() != Some(self.read)
    }

    /// Reads the file again.
    ///
    /// # Errors
    /// When it cannot be read; then what was read before still holds.
    pub fn reload(&mut self) -> io::Result<()> {
        let read = self.stamp()?;
        let text = match read {
            None => String::new(),
            Some(_) => fs::read_to_string(&self.path)?,
        };
        let mut erased_at = HashMap::new();
        for line in text.lines() {
            match line.split_once(' ').and_then(|(hash, time)| Some((hash, time.parse::<Timestamp>().ok()?))) {
                Some((hash, time)) => {
                    let latest = erased_at.entry(hash.to_owned()).or_insert(time);
                    *latest = time.max(*latest);
                }
                // A command was killed while it appended: it had removed nothing yet.
                None => warn!("{} holds a line that is none of an erasure; it is passed over", self.path.display()),
            }
        }
        (self.read, self.erased_at) = (read, erased_at);
        Ok(())
    }

    /// Whether an event is of an erased person, and from before the erasure. `distinct_id` is as it would stand in the line.
    pub fn covers(&self, distinct_id: &str, time: Timestamp) -> bool {
        // Most folders have no erasure: then nothing is hashed.
        !self.erased_at.is_empty() && self.erased_at.get(&self.hash(distinct_id)).is_some_and(|erased| time < *erased)
    }

    /// The keyed hash by which an id is known here.
    pub fn hash(&self, distinct_id: &str) -> String {
        self.key.hash(PURPOSE, distinct_id)
    }

    /// How much of the file was read, in bytes.
    pub fn bytes(&self) -> u64 {
        self.read.map_or(0, |(bytes, _)| bytes)
    }

    /// Appends that these ids are erased at `time`; on disk when it returns. Gives the file's new length, in bytes.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn append(&mut self, distinct_ids: &[String], time: Timestamp) -> io::Result<u64> {
        let mut file = private_file().append(true).create(true).open(&self.path)?;
        let mut lines = String::new();
        if !ends_with_newline(&mut file)? {
            lines.push('\n');
        }
        for id in distinct_ids {
            lines.push_str(&format!("{} {}\n", self.hash(id), format_time(time)));
        }
        file.write_all(lines.as_bytes())?;
        file.sync_all()?;
        sync_dir(self.path.parent().unwrap_or(Path::new(".")))?;
        self.reload()?;
        Ok(self.bytes())
    }

    fn stamp(&self) -> io::Result<Option<(u64, SystemTime)>> {
        match fs::metadata(&self.path) {
            Ok(metadata) => Ok(Some((metadata.len(), metadata.modified()?))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn ends_with_newline(file: &mut File) -> io::Result<bool> {
    let len = file.seek(SeekFrom::End(0))?;
    let mut last = [b'\n'];
    if len > 0 {
        file.seek(SeekFrom::Start(len - 1))?;
        file.read_exact(&mut last)?;
    }
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path) -> ErasureGuard {
        ErasureGuard::open(folder, PseudonymKey::new(*b"0123456789abcdef").unwrap()).unwrap()
    }

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_older_than_the_erasure_is_covered_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (mut command, mut writer) = (open(folder.path()), open(folder.path()));
        assert!(!writer.has_changed() && !writer.covers("user_1", Timestamp::UNIX_EPOCH));
        command.append(&["user_1".into(), "u_1".into()], time("2026-01-02T00:00:00Z")).unwrap();
        assert!(writer.has_changed());
        writer.reload().unwrap();
        assert!(!writer.has_changed());
        assert_eq!(writer.bytes(), command.bytes());
        for id in ["user_1", "u_1"] {
            assert!(writer.covers(id, time("2026-01-01T23:59:59.999Z")));
            assert!(!writer.covers(id, time("2026-01-02T00:00:00Z")));
        }
        assert!(!writer.covers("user_2", time("2026-01-01T00:00:00Z")));
        // The last erasure counts, whatever the order.
        command.append(&["user_1".into()], time("2025-01-01T00:00:00Z")).unwrap();
        writer.reload().unwrap();
        assert!(writer.covers("user_1", time("2026-01-01T00:00:00Z")));
    }

    #[test]
    fn a_torn_line_is_passed_over_and_the_next_one_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("forgotten"), "3fa1").unwrap();
        let mut guard = open(folder.path());
        guard.append(&["user_1".into()], time("2026-01-02T00:00:00Z")).unwrap();
        assert!(open(folder.path()).covers("user_1", time("2026-01-01T00:00:00Z")));
    }

    #[test]
    fn no_id_stands_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path()).append(&["user_1007".into()], Timestamp::UNIX_EPOCH).unwrap();
        let text = fs::read_to_string(folder.path().join("forgotten")).unwrap();
        assert!(!text.contains("1007") && text.len() == 64 + 1 + 24 + 1, "{text}");
    }
}

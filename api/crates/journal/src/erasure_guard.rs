//! `.misfire/forgotten`: whom `misfire forget` erased, and when, so that what PostHog sends again does not bring a line back.
//!
//! A line is of one of these forms. Hashes are HMAC-SHA-256, in hex, under the key of the pseudonyms that the second word names:
//!
//! ```text
//! id   <key id> <hash of an id as it stands in a line> <time of the erasure>
//! uuid <key id> <hash of the uuid of a line that was removed>
//! <hash> <time>                                        an id, as earlier versions wrote it
//! ```
//!
//! An id covers the person's older events, whatever their uuid. A uuid covers an event that gives no time, or a wrong one. The
//! command appends lines before it removes anything. The writer reads the file again whenever it has changed, and refuses from then
//! on what it covers. Without the key nothing in the file leads back to a person.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, ensure};
use jiff::Timestamp;
use log::warn;
use misfire_sanitizer::PseudonymKey;
use uuid::Uuid;

use crate::{
    file_system::{metadata_at, private_file, sync_dir},
    pseudonym_key::{PseudonymKeys, key_id},
    time::format_time,
};

/// The purposes of the hashes: they say nothing about a pseudonym, which is a hash under the same key.
const ID_PURPOSE: &str = "misfire forgotten";
const UUID_PURPOSE: &str = "misfire forgotten uuid";
/// How much of a uuid's hash is kept, in hex digits: 128 bits tell any number of uuids apart.
const UUID_HASH_CHARS: usize = 32;

/// The people who were erased, as far as the file was read.
#[derive(Debug)]
pub struct ErasureGuard {
    path: PathBuf,
    /// The keys that are there, with their ids; the current one first.
    keys: Vec<(String, PseudonymKey)>,
    /// Length and time of change when it was read.
    read: Option<(u64, SystemTime)>,
    /// By the hash of an id.
    erased_at: HashMap<String, Timestamp>,
    uuids: HashSet<String>,
    unknown_keys: BTreeSet<String>,
}

impl ErasureGuard {
    /// Reads the file in `.misfire/`; there is none before the first erasure.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(misfire_folder: &Path, keys: &PseudonymKeys) -> io::Result<Self> {
        let mut guard = Self {
            path: misfire_folder.join("forgotten"),
            keys: keys.all().map(|key| (key_id(key), key.clone())).collect(),
            read: None,
            erased_at: HashMap::new(),
            uuids: HashSet::new(),
            unknown_keys: BTreeSet::new(),
        };
        guard.reload()?;
        Ok(guard)
    }

    /// Whether the keys of all lines are there. Without one of them, people who were erased under it would come back.
    ///
    /// # Errors
    /// When a key is missing; the message says what to do.
    pub fn check_keys(&self) -> anyhow::Result<()> {
        ensure!(
            self.unknown_keys.is_empty(),
            "{} holds erasures under a key of the pseudonyms that is not given (its id is {}): those people's events would be \
             stored again. Set PSEUDONYM_KEY to the new key and the old one with a comma between them, or restore \
             pseudonym.key from a backup",
            self.path.display(),
            self.unknown_keys.iter().cloned().collect::<Vec<_>>().join(", "),
        );
        Ok(())
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
        (self.erased_at, self.uuids, self.unknown_keys) = Default::default();
        for line in text.lines() {
            if self.read_line(line).is_none() {
                // A command was killed while it appended: it had removed nothing yet.
                warn!("{} holds a line that is none of an erasure; it is passed over", self.path.display());
            }
        }
        self.read = read;
        Ok(())
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let words: Vec<_> = line.split(' ').collect();
        let key = match words[..] {
            ["id", key, hash, time] => {
                self.add(hash, time.parse().ok()?);
                key
            }
            ["uuid", key, hash] if hash.len() == UUID_HASH_CHARS => {
                self.uuids.insert(hash.to_owned());
                key
            }
            ["key", key] => key,
            [hash, time] => {
                self.add(hash, time.parse().ok()?);
                return Some(());
            }
            _ => return None,
        };
        if self.keys.iter().all(|(id, _)| id != key) {
            self.unknown_keys.insert(key.to_owned());
        }
        Some(())
    }

    fn add(&mut self, hash: &str, time: Timestamp) {
        let latest = self.erased_at.entry(hash.to_owned()).or_insert(time);
        *latest = time.max(*latest);
    }

    /// Whether an event must not be stored: its person was erased after it happened, or its line was removed. `ids` are its
    /// `distinct_id` as it would stand in a line under each key.
    pub fn covers(&self, ids: &[String], time: Timestamp, uuid: Uuid) -> bool {
        // Most folders have no erasure: then nothing is hashed.
        let of_person = || {
            let hashes = self.keys.iter().flat_map(|(_, key)| ids.iter().map(|id| key.hash(ID_PURPOSE, id)));
            hashes.filter_map(|hash| self.erased_at.get(&hash)).any(|erased| time < *erased)
        };
        (!self.erased_at.is_empty() && of_person()) || self.covers_uuid(uuid)
    }

    /// Whether the line with this uuid was removed.
    pub fn covers_uuid(&self, uuid: Uuid) -> bool {
        let is_known = || self.keys.iter().any(|(_, key)| self.uuids.contains(&uuid_hash(key, uuid)));
        !self.uuids.is_empty() && is_known()
    }

    /// The hash of an id under the current key, as receipts give it.
    pub fn id_hash(&self, distinct_id: &str) -> String {
        self.keys[0].1.hash(ID_PURPOSE, distinct_id)
    }

    /// How much of the file was read, in bytes.
    pub fn bytes(&self) -> u64 {
        self.read.map_or(0, |(bytes, _)| bytes)
    }

    /// Appends that these ids are erased at `time`; on disk when it returns. Gives the file's new length, in bytes.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn append_person(&mut self, distinct_ids: &[String], time: Timestamp) -> anyhow::Result<u64> {
        let (key_id, key) = &self.keys[0];
        let line = |id: &String| format!("id {key_id} {} {}\n", key.hash(ID_PURPOSE, id), format_time(time));
        self.append(distinct_ids.iter().map(line).collect())
    }

    /// Appends that all keys that are there are needed from now on. An erasure by a pseudonym needs the key that made it: without
    /// it, nobody can tell that a later event has that pseudonym.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn append_needed_keys(&mut self) -> anyhow::Result<()> {
        let lines = self.keys.iter().map(|(key_id, _)| format!("key {key_id}\n")).collect();
        self.append(lines).map(drop)
    }

    /// Appends that the lines with these uuids are removed; on disk when it returns.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn append_uuids(&mut self, uuids: &[Uuid]) -> anyhow::Result<u64> {
        let (key_id, key) = &self.keys[0];
        let line = |uuid: &Uuid| format!("uuid {key_id} {}\n", uuid_hash(key, *uuid));
        self.append(uuids.iter().map(line).collect())
    }

    fn append(&mut self, mut lines: String) -> anyhow::Result<u64> {
        let named = || self.path.display().to_string();
        let mut file = private_file().append(true).create(true).open(&self.path).with_context(named)?;
        let old_len = file.metadata()?.len();
        if !ends_with_newline(&mut file)? {
            lines.insert(0, '\n');
        }
        if let Err(error) = file.write_all(lines.as_bytes()).and_then(|()| file.sync_all()) {
            // Half a line would be passed over, but a reader would be warned of it for ever.
            drop(file.set_len(old_len));
            return Err(error).with_context(named);
        }
        sync_dir(self.path.parent().unwrap_or(Path::new(".")))?;
        self.reload()?;
        Ok(self.bytes())
    }

    fn stamp(&self) -> io::Result<Option<(u64, SystemTime)>> {
        metadata_at(&self.path)?.map(|metadata| Ok((metadata.len(), metadata.modified()?))).transpose()
    }
}

fn uuid_hash(key: &PseudonymKey, uuid: Uuid) -> String {
    let mut hash = key.hash(UUID_PURPOSE, uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    hash.truncate(UUID_HASH_CHARS);
    hash
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

    fn keys(keys: &[u8]) -> PseudonymKeys {
        let mut keys = keys.iter().map(|byte| PseudonymKey::new([*byte; 16]).unwrap());
        PseudonymKeys { current: keys.next().unwrap(), older: keys.collect() }
    }

    fn open(folder: &Path) -> ErasureGuard {
        ErasureGuard::open(folder, &keys(b"1")).unwrap()
    }

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn covers(guard: &ErasureGuard, id: &str, at: &str) -> bool {
        guard.covers(&[id.to_owned()], time(at), Uuid::from_u128(1))
    }

    #[test]
    fn what_is_older_than_the_erasure_is_covered_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (mut command, mut writer) = (open(folder.path()), open(folder.path()));
        assert!(!writer.has_changed() && !covers(&writer, "user_1", "1970-01-01T00:00:00Z"));
        command.append_person(&["user_1".into(), "u_1".into()], time("2026-01-02T00:00:00Z")).unwrap();
        assert!(writer.has_changed());
        writer.reload().unwrap();
        assert!(!writer.has_changed());
        assert_eq!(writer.bytes(), command.bytes());
        for id in ["user_1", "u_1"] {
            assert!(covers(&writer, id, "2026-01-01T23:59:59.999Z"));
            assert!(!covers(&writer, id, "2026-01-02T00:00:00Z"));
        }
        assert!(!covers(&writer, "user_2", "2026-01-01T00:00:00Z"));
        // The last erasure counts, whatever the order.
        command.append_person(&["user_1".into()], time("2025-01-01T00:00:00Z")).unwrap();
        writer.reload().unwrap();
        assert!(covers(&writer, "user_1", "2026-01-01T00:00:00Z"));
    }

    #[test]
    fn a_line_that_was_removed_is_covered_whatever_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let mut guard = open(folder.path());
        guard.append_uuids(&[Uuid::from_u128(7)]).unwrap();
        let covers = |uuid| guard.covers(&["user_1".into()], time("2200-01-01T00:00:00Z"), Uuid::from_u128(uuid));
        assert!(covers(7) && !covers(8));
    }

    #[test]
    fn a_key_can_be_rotated_and_a_key_that_is_missing_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut old = open(folder.path());
        old.append_person(&["u_under_old_key".into()], time("2026-01-02T00:00:00Z")).unwrap();
        old.append_uuids(&[Uuid::from_u128(7)]).unwrap();
        let rotated = ErasureGuard::open(folder.path(), &keys(b"21")).unwrap();
        rotated.check_keys().unwrap();
        let ids = ["u_under_new_key".into(), "u_under_old_key".into()];
        assert!(rotated.covers(&ids, time("2026-01-01T00:00:00Z"), Uuid::nil()));
        assert!(rotated.covers(&[], time("2026-02-01T00:00:00Z"), Uuid::from_u128(7)));
        let error = ErasureGuard::open(folder.path(), &keys(b"2")).unwrap().check_keys().unwrap_err().to_string();
        assert!(error.contains(&key_id(&keys(b"1").current)) && error.contains("PSEUDONYM_KEY"), "{error}");
    }

    #[test]
    fn lines_of_earlier_versions_count() {
        let folder = tempfile::tempdir().unwrap();
        let hash = open(folder.path()).id_hash("user_1");
        fs::write(folder.path().join("forgotten"), format!("{hash} 2026-01-02T00:00:00.000Z\n")).unwrap();
        let guard = open(folder.path());
        guard.check_keys().unwrap();
        assert!(covers(&guard, "user_1", "2026-01-01T00:00:00Z"));
    }

    #[test]
    fn a_torn_line_is_passed_over_and_the_next_one_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("forgotten"), "3fa1").unwrap();
        let mut guard = open(folder.path());
        guard.append_person(&["user_1".into()], time("2026-01-02T00:00:00Z")).unwrap();
        assert!(covers(&open(folder.path()), "user_1", "2026-01-01T00:00:00Z"));
    }

    #[test]
    fn no_id_stands_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut guard = open(folder.path());
        guard.append_person(&["user_1007".into()], Timestamp::UNIX_EPOCH).unwrap();
        guard.append_uuids(&[Uuid::from_u128(0x1007)]).unwrap();
        let text = fs::read_to_string(folder.path().join("forgotten")).unwrap();
        assert!(!text.contains("1007"), "{text}");
    }
}

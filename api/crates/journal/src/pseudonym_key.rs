//! The keys of the pseudonyms: given by the operator, or made at the first start and stored in `.misfire/pseudonym.key`.
//!
//! A key can be rotated: of two keys, the first writes and both are matched, so that a person who was erased under the old key
//! stays erased.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, ensure};
use misfire_sanitizer::PseudonymKey;
use uuid::Uuid;

use crate::file_system::{metadata_at, private_file, rename_if_free};

const FILE: &str = "pseudonym.key";
/// The purpose of a fingerprint; it keeps fingerprints apart from all other hashes under the key.
const FINGERPRINT_PURPOSE: &str = "misfire key";
/// How much of a fingerprint names a key in `.misfire/forgotten`, in hex digits.
const KEY_ID_CHARS: usize = 16;

/// The key that writes, and older ones that are matched.
#[derive(Debug, Clone)]
pub struct PseudonymKeys {
    /// Writes pseudonyms and hashes.
    pub current: PseudonymKey,
    /// Only matched.
    pub older: Vec<PseudonymKey>,
}

impl PseudonymKeys {
    /// The current key, then the older ones.
    pub fn all(&self) -> impl Iterator<Item = &PseudonymKey> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

impl From<PseudonymKey> for PseudonymKeys {
    fn from(current: PseudonymKey) -> Self {
        Self { current, older: Vec::new() }
    }
}

/// The keys that are given, of a process that has no folder.
///
/// # Errors
/// When there is none, or one is too short.
pub fn given(given: &[&str]) -> anyhow::Result<PseudonymKeys> {
    let mut keys = parse(given)?;
    ensure!(!keys.is_empty(), "PSEUDONYM_KEY is not set");
    let current = keys.remove(0);
    Ok(PseudonymKeys { current, older: keys })
}

fn parse(given: &[&str]) -> anyhow::Result<Vec<PseudonymKey>> {
    let shortest = PseudonymKey::BYTES_MIN;
    let parse = |key: &&str| PseudonymKey::new(*key);
    let context = || format!("PSEUDONYM_KEY must have {shortest} bytes or more");
    given.iter().map(|key| parse(key).with_context(context)).collect()
}

/// The keys that are given; without any, the one that is stored in `.misfire/`. A stored key beside given ones is an older one.
///
/// # Errors
/// When a key is too short, or its file cannot be read.
pub fn read(misfire_folder: &Path, given: &[&str]) -> anyhow::Result<PseudonymKeys> {
    let shortest = PseudonymKey::BYTES_MIN;
    let mut keys = parse(given)?;
    let path = misfire_folder.join(FILE);
    let stored = metadata_at(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    if keys.is_empty() || stored.is_some() {
        let key = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let key = PseudonymKey::new(key.trim()).with_context(|| {
            format!(
                "{} must hold {shortest} bytes or more. Restore it from a backup: with another key, people who were \
                 erased could come back",
                path.display()
            )
        })?;
        if keys.iter().all(|given| fingerprint(given) != fingerprint(&key)) {
            keys.push(key);
        }
    }
    let current = keys.remove(0);
    Ok(PseudonymKeys { current, older: keys })
}

/// Whether a key is stored in `.misfire/`; without one, and where none is given, the first start makes one.
///
/// # Errors
/// When the folder cannot be looked at.
pub fn is_stored(misfire_folder: &Path) -> anyhow::Result<bool> {
    let path = misfire_folder.join(FILE);
    Ok(metadata_at(&path).with_context(|| format!("{} cannot be looked at", path.display()))?.is_some())
}

/// Makes the key's file, if there is none. It gets its name when it is whole: half a key would be another key after the next
/// start, or none.
pub(crate) fn make(misfire_folder: &Path) -> anyhow::Result<()> {
    let path = misfire_folder.join(FILE);
    let named = || format!("{} cannot be made", path.display());
    if metadata_at(&path).with_context(named)?.is_some() {
        return Ok(());
    }
    let beside = path.with_extension("key.next");
    let mut file = private_file().create(true).truncate(true).open(&beside).with_context(named)?;
    // Two v4 uuids: 244 random bits, and text that can be put into PSEUDONYM_KEY as it is.
    writeln!(file, "{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()).with_context(named)?;
    file.sync_all().with_context(named)?;
    rename_if_free(&beside, &path).with_context(named)?;
    Ok(())
}

/// Tells whether two processes have the same key, and nothing else about it.
pub(crate) fn fingerprint(key: &PseudonymKey) -> String {
    key.hash(FINGERPRINT_PURPOSE, "")
}

/// The name of a key in a line of `.misfire/forgotten`, and wherever else processes compare their keys.
pub fn key_id(key: &PseudonymKey) -> String {
    fingerprint(key)[..KEY_ID_CHARS].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_given_key_writes_and_the_others_and_the_stored_one_are_matched() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path(), &[]).is_err() && read(folder.path(), &["short"]).is_err());
        let ids = |given: &[&str]| read(folder.path(), given).unwrap().all().map(key_id).collect::<Vec<_>>();
        let [one, two] = ["1".repeat(16), "2".repeat(16)];
        assert_eq!(ids(&[&one]).len(), 1);
        make(folder.path()).unwrap();
        let stored = ids(&[]);
        assert_eq!(stored.len(), 1);
        assert_eq!(ids(&[&one, &two])[2], stored[0]);
        let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert_eq!(ids(&[text.trim()]), stored);
    }
}

//! Fresh ids for the lines of a person who stays in the data without their name (`misfire forget --anonymise`).
//!
//! What belonged together stays together: an event's line and row keep one uuid, a verdict points to its target, the rows of a trace
//! have one trace. The fresh ids are hashes under a key of this erasure, which is deleted when it is done. Until then it is kept in
//! `.misfire/`, so that a run that goes on after a kill gives the same ids to what is left.

use std::{fs, io, path::Path};

use anyhow::Context;
use misfire_sanitizer::PseudonymKey;
use uuid::{Builder, Uuid};

use crate::file_system::{metadata_at, replace_file, sync_dir};

const FILE: &str = "anonymise.key";

/// Renews the ids of a person's lines.
#[derive(Debug)]
pub struct Renewal {
    key: PseudonymKey,
    distinct_id: String,
}

impl Renewal {
    /// Goes on with the key of a run that was stopped, or makes a new one. `person` tells persons apart.
    ///
    /// # Errors
    /// When the key cannot be read or written.
    pub fn begin(misfire_folder: &Path, person: &str) -> anyhow::Result<Self> {
        let path = misfire_folder.join(FILE);
        let named = || path.display().to_string();
        if metadata_at(&path).with_context(named)?.is_none() {
            let random = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            replace_file(&path, random.as_bytes()).with_context(named)?;
        }
        let text = fs::read_to_string(&path).with_context(named)?;
        let key = PseudonymKey::new(text.trim()).with_context(|| format!("{}: too short; delete it", named()))?;
        let distinct_id = id(&key, "person", person);
        Ok(Self { key, distinct_id })
    }

    /// Removes the key: nothing leads from a fresh id to an old one any more.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn end(misfire_folder: &Path) -> io::Result<()> {
        match fs::remove_file(misfire_folder.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.and_then(|()| sync_dir(misfire_folder)),
        }
    }

    /// One for all lines: what one person asked for stays together, on one side of a split.
    pub fn distinct_id(&self) -> &str {
        &self.distinct_id
    }

    /// The fresh uuid of an event. The old one is the event's name in PostHog, where it leads to the person.
    pub fn uuid(&self, old: Uuid) -> Uuid {
        let hash = self.key.hash("uuid", &old.to_string());
        let hash = u128::from_str_radix(&hash[..32], 16).unwrap_or_default();
        Builder::from_random_bytes(hash.to_be_bytes()).into_uuid()
    }

    /// The fresh id of a trace, a session or a submission; nothing of nothing.
    pub fn id(&self, what: &str, old: &str) -> String {
        if old.is_empty() { String::new() } else { id(&self.key, what, old) }
    }
}

fn id(key: &PseudonymKey, what: &str, old: &str) -> String {
    format!("u_{}", &key.hash(what, old)[..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ids_stay_equal_over_a_kill_and_no_later_erasure_gives_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let all = |renewal: &Renewal| {
            (renewal.distinct_id().to_owned(), renewal.uuid(Uuid::from_u128(7)), renewal.id("trace", "t"))
        };
        let first = Renewal::begin(folder.path(), "jane").unwrap();
        let again = Renewal::begin(folder.path(), "jane").unwrap();
        assert_eq!(all(&first), all(&again));
        assert_ne!(first.uuid(Uuid::from_u128(8)), first.uuid(Uuid::from_u128(7)));
        assert_ne!(first.id("session", "t"), first.id("trace", "t"));
        assert_eq!((first.id("trace", ""), first.uuid(Uuid::nil()).get_version_num()), (String::new(), 4));
        assert_ne!(Renewal::begin(folder.path(), "bob").unwrap().distinct_id(), first.distinct_id());
        Renewal::end(folder.path()).unwrap();
        Renewal::end(folder.path()).unwrap();
        assert_ne!(all(&Renewal::begin(folder.path(), "jane").unwrap()), all(&first));
    }
}

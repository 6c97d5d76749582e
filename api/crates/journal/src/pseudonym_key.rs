//! The key of the pseudonyms: given by the operator, or made at the first start and stored in `.misfire/pseudonym.key`.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use anyhow::Context;
use misfire_sanitizer::PseudonymKey;
use uuid::Uuid;

use crate::file_system::{private_file, sync_dir};

const FILE: &str = "pseudonym.key";
/// The purpose of a fingerprint; it keeps fingerprints apart from all other hashes under the key.
const FINGERPRINT_PURPOSE: &str = "misfire key";

/// The key that is given, else the one that is stored in `.misfire/`.
///
/// # Errors
/// When the key is too short, or its file cannot be read.
pub fn read(misfire_folder: &Path, given: Option<&str>) -> anyhow::Result<PseudonymKey> {
    let shortest = PseudonymKey::BYTES_MIN;
    if let Some(key) = given {
        return PseudonymKey::new(key).with_context(|| format!("PSEUDONYM_KEY must have {shortest} bytes or more"));
    }
    let path = misfire_folder.join(FILE);
    let key = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    PseudonymKey::new(key.trim()).with_context(|| {
        format!("{} must hold {shortest} bytes or more; restore it, or remove it for new pseudonyms", path.display())
    })
}

/// Makes the key's file, if there is none.
pub(crate) fn make(misfire_folder: &Path) -> anyhow::Result<()> {
    let path = misfire_folder.join(FILE);
    match private_file().create_new(true).open(&path) {
        Ok(mut file) => {
            // Two v4 uuids: 244 random bits, and text that can be put into PSEUDONYM_KEY as it is.
            writeln!(file, "{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())?;
            file.sync_all()?;
            sync_dir(misfire_folder)?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).with_context(|| format!("{} cannot be made", path.display())),
    }
    Ok(())
}

/// Tells whether two processes have the same key, and nothing else about it.
pub(crate) fn fingerprint(key: &PseudonymKey) -> String {
    key.hash(FINGERPRINT_PURPOSE, "")
}

//! The owner's part of an erasure. `misfire forget` rewrites closed files alone; the live file and the quarantine are changed by
//! the process that holds the lock.

use std::{io, path::Path};

use jiff::{SignedDuration, Timestamp};
use misfire_sanitizer::PseudonymKey;

use crate::{
    erasure_guard::ErasureGuard, live_file::LiveFile, lock::LockedFolder, quarantine::Quarantine, schema::TRAINING_DATA,
};

/// How long it takes at most, by far, until the writer has read a new erasure.
const READ_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// Removes what the owner's files hold of erased persons, and records it in the catalog, for which the command waits: the live
/// file is closed, so that the command may rewrite it, and the persons' lines leave the quarantine.
///
/// # Errors
/// When a file cannot be closed or rewritten; nothing is recorded then.
pub fn apply_erasures(live: &mut LiveFile, quarantine: &mut Quarantine, guard: &ErasureGuard) -> io::Result<()> {
    live.close()?;
    // A quarantined line is dated by when it was received: what came while the erasure was on its way is a little younger.
    let happened_by = |received_at: Timestamp| received_at.checked_sub(READ_WITHIN).unwrap_or(Timestamp::MIN);
    quarantine.retain(|distinct_id, received_at| !guard.covers(distinct_id, happened_by(received_at)))?;
    live.set_forgotten_bytes_applied(guard.bytes())
}

/// The same where no process owns the files: the caller holds the lock.
///
/// # Errors
/// When a file cannot be opened, closed or rewritten.
pub fn apply_erasures_as_owner(folder: &LockedFolder, live: &Path, key: PseudonymKey) -> anyhow::Result<()> {
    let mut live = LiveFile::open(live, folder.path(), &TRAINING_DATA)?;
    // The quarantine only shrinks here.
    let mut quarantine = Quarantine::open(folder.path(), u64::MAX)?;
    let guard = ErasureGuard::open(folder.path(), key)?;
    Ok(apply_erasures(&mut live, &mut quarantine, &guard)?)
}

/// Closes the live file where no process owns it: the caller holds the lock.
///
/// # Errors
/// When the file cannot be opened or closed.
pub fn close_as_owner(folder: &LockedFolder, live: &Path) -> anyhow::Result<()> {
    Ok(LiveFile::open(live, folder.path(), &TRAINING_DATA)?.close()?)
}

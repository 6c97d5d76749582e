//! The owner's part of an erasure. `misfire forget` rewrites closed files alone; what the owner writes, only the owner changes.

use std::{io, path::Path};

use jiff::{SignedDuration, Timestamp};

use super::{folder::Folder, forgotten::Forgotten, live_file::LiveFile, quarantine::Quarantine};
use crate::sanitize::PseudonymKey;

/// How long it takes at most, by far, until the writer reads that a person is forgotten.
const NOTED_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// Lets go of what is still there of forgotten persons, and says so in the catalog, which the command waits for: the live file is
/// closed, so that the command may rewrite it, and their lines go from the quarantine.
pub(super) fn let_go(live: &mut LiveFile, quarantine: &mut Quarantine, forgotten: &Forgotten) -> io::Result<()> {
    live.close()?;
    // A quarantined line is dated by when it was received: what came while the erasure was being noted is a little younger than it.
    let noted_by = |received_at: Timestamp| received_at.checked_sub(NOTED_WITHIN).unwrap_or(Timestamp::MIN);
    quarantine.retain(|distinct_id, received_at| !forgotten.covers(distinct_id, noted_by(received_at)))?;
    live.heeded_forgotten(forgotten.bytes())
}

/// The same where nobody owns the files: whoever has the lock may.
pub(crate) fn let_go_as_owner(folder: &Folder, training_data: &Path, key: PseudonymKey) -> anyhow::Result<()> {
    let mut live = LiveFile::open(training_data, folder.path())?;
    // It only gets smaller here.
    let mut quarantine = Quarantine::open(folder.path(), u64::MAX)?;
    let forgotten = Forgotten::open(folder.path(), key)?;
    Ok(let_go(&mut live, &mut quarantine, &forgotten)?)
}

/// Closes the live file where nobody owns it.
pub(crate) fn close_as_owner(folder: &Folder, training_data: &Path) -> anyhow::Result<()> {
    Ok(LiveFile::open(training_data, folder.path())?.close()?)
}

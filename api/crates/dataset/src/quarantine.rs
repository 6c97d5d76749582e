//! The quarantine, as `misfire quarantine` looks at it: its lines in order, the events among them that are stored by now, and the
//! removal of lines whose event is. Like the data, it is read without a lock, and only its closed files are rewritten.

use std::{collections::HashSet, ops::ControlFlow, path::Path};

use anyhow::Context;
use journal::{
    TRAINING_DATA,
    catalog::Catalog,
    file_names::closed_files,
    lines::Line,
    owner::RewriteLock,
    quarantine::Quarantined,
    rewrite::{Verdict, rewrite},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    data_files::Dataset,
    progress::Progress,
    read::{Found, for_each_line, for_each_whole_line},
};

/// Calls `visit` with each line of the quarantine beside a live data file, the oldest first. A line that is none of the quarantine's
/// is counted: how many there are is the result.
///
/// # Errors
/// When a file cannot be read, or `visit` fails.
pub fn for_each(live: &Path, mut visit: impl FnMut(&Quarantined) -> anyhow::Result<()>) -> anyhow::Result<u64> {
    let mut unreadable = 0;
    let Some(quarantine) = Dataset::open_quarantine(live)? else { return Ok(unreadable) };
    for_each_line(&quarantine, &Progress::hidden(), |_, found| {
        match found {
            Found::Line(line) => match Quarantined::parse(line) {
                Ok(line) => visit(&line)?,
                Err(_) => unreadable += 1,
            },
            Found::TooLong => unreadable += 1,
            Found::Torn(_) => {}
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(unreadable)
}

/// Those of `uuids` that a line of the data has.
///
/// # Errors
/// When the data cannot be read. That there is none is no error.
pub fn stored(live: &Path, uuids: &HashSet<Uuid>) -> anyhow::Result<HashSet<Uuid>> {
    let mut stored = HashSet::new();
    let Some(dataset) = Dataset::open_if_there(live)?.filter(|_| !uuids.is_empty()) else { return Ok(stored) };
    let progress = Progress::bytes(Some(dataset.bytes()));
    for_each_whole_line(&dataset, &progress, |_, line| {
        stored.extend(TRAINING_DATA.uuid_of(line).filter(|uuid| uuids.contains(uuid)));
        Ok(())
    })?;
    Ok(stored)
}

/// Removes the lines of these events, which must be stored, and gives how many they were. The owner of the live file closes it first,
/// if one of them is in it.
///
/// # Errors
/// When the owner cannot be asked, or a file cannot be rewritten. A line that was not removed is removed by the next run.
pub fn remove(live: &Path, uuids: &HashSet<Uuid>) -> anyhow::Result<u64> {
    if uuids.is_empty() {
        return Ok(0);
    }
    let lock = RewriteLock::open(live)?;
    let [_, _, quarantine] = lock.live_files();
    if is_in(&quarantine, uuids)? {
        lock.have_closed(&[&quarantine])?;
    }
    let mut catalog = Catalog::read(&lock.folder)?;
    let mut removed = 0;
    for path in closed_files(&quarantine)? {
        let judge = |line: &Line| {
            let goes = uuid_of(line.bytes).is_some_and(|uuid| uuids.contains(&uuid));
            Ok(if goes { Verdict::Remove } else { Verdict::Keep })
        };
        let rewritten = rewrite(&path, &lock.beside(&path), |_| {}, judge)?;
        removed += rewritten.changed;
        rewritten.swap(&mut catalog, None).with_context(|| path.display().to_string())?;
    }
    Ok(removed)
}

fn is_in(live_quarantine: &Path, uuids: &HashSet<Uuid>) -> anyhow::Result<bool> {
    let Some(file) = Dataset::live_alone(live_quarantine)? else { return Ok(false) };
    let mut is_in = false;
    for_each_whole_line(&file, &Progress::hidden(), |_, line| {
        is_in |= uuid_of(line).is_some_and(|uuid| uuids.contains(&uuid));
        Ok(())
    })?;
    Ok(is_in)
}

/// The uuid of a line; `None` for one that is none of the quarantine's, which stays.
fn uuid_of(line: &[u8]) -> Option<Uuid> {
    #[derive(Deserialize)]
    struct Named {
        uuid: Uuid,
    }
    serde_json::from_slice(line).ok().map(|Named { uuid }| uuid)
}

//! `.misfire/files.json`: what each closed file holds, which version of the sanitizer wrote it, and how far the owner has come.
//!
//! Two processes change it: the owner records what it closes, and a command what it rewrites. So each change takes a lock, reads
//! the file anew and replaces it: neither undoes what the other recorded. The owner never waits for the lock, for a command may be
//! stopped while it holds it; what it could not record it records later. Nothing that was acknowledged depends on this file: a
//! start completes it from the files themselves.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use log::warn;
use serde::{Deserialize, Serialize};

use crate::{
    file_names::number_of,
    file_summary::FileSummary,
    file_system::{metadata_at, private_file, replace_file},
};

/// Stands for the version of a file where nobody recorded it.
const UNKNOWN_VERSION: u32 = 0;

/// The records as they were read or changed last.
#[derive(Debug)]
pub struct Catalog {
    path: PathBuf,
    recorded: Recorded,
    /// Changes of the owner that are not in the file yet.
    pending: Vec<Change>,
}

/// The JSON.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Recorded {
    /// The name of the live file of the data.
    #[serde(default)]
    training_data: Option<String>,
    /// The live files by name.
    #[serde(default)]
    live: BTreeMap<String, Live>,
    /// How much of `.misfire/forgotten` the owner has read, in bytes.
    #[serde(default)]
    erasures_read_bytes: u64,
    /// The closed files, the oldest first.
    closed: Vec<ClosedFile>,
    /// How far the owner has read each stream of a message queue, by the stream's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    streams: BTreeMap<String, StreamPosition>,
    /// How earlier versions recorded the version of the live file.
    #[serde(default, skip_serializing)]
    live_sanitizer_version: Option<u32>,
}

/// The record of a live file.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Live {
    /// The version of the sanitizer that writes it.
    #[serde(default)]
    sanitizer_version: Option<u32>,
    /// The highest number that one of its closed files ever had: none is used again.
    #[serde(default)]
    last_number: u64,
}

/// How far the owner has read a stream of a message queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamPosition {
    /// When the stream was created, as its servers say: a stream that was made anew counts from 1 again.
    pub created: String,
    /// The lines of every message up to this one are in the files.
    pub sequence: u64,
    /// The last message that was seen in the stream.
    pub last: u64,
    /// When this was noted.
    pub noted_at: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ClosedFile {
    file: String,
    lines: u64,
    first_timestamp: Option<String>,
    last_timestamp: Option<String>,
    sanitizer_version: u32,
}

/// A change of the owner's.
#[derive(Debug, Clone)]
enum Change {
    Begin { live: String, version: u32 },
    Close { live: String, number: u64, closed: ClosedFile },
    ErasuresRead(u64),
    ReadStream { stream: String, position: StreamPosition },
}

impl Change {
    fn apply(&self, recorded: &mut Recorded) {
        match self {
            Self::Begin { live, version } => {
                recorded.live.entry(live.clone()).or_default().sanitizer_version = Some(*version);
                recorded.live_sanitizer_version = None;
            }
            Self::Close { live, number, closed } => {
                let live = recorded.live.entry(live.clone()).or_default();
                live.last_number = live.last_number.max(*number);
                recorded.put(closed.clone());
            }
            Self::ErasuresRead(bytes) => recorded.erasures_read_bytes = *bytes,
            Self::ReadStream { stream, position } => {
                recorded.streams.insert(stream.clone(), position.clone());
            }
        }
    }
}

impl Recorded {
    fn put(&mut self, new: ClosedFile) {
        match self.closed.iter_mut().find(|closed| closed.file == new.file) {
            Some(closed) => *closed = new,
            None => self.closed.push(new),
        }
    }

    fn live_version(&self, live: &str) -> Option<u32> {
        self.live.get(live).and_then(|live| live.sanitizer_version).or(self.live_sanitizer_version)
    }
}

impl Catalog {
    /// Reads the catalog of a `.misfire/` and changes nothing. A missing file is an empty catalog.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(misfire_folder: &Path) -> anyhow::Result<Self> {
        let path = misfire_folder.join("files.json");
        let recorded = read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(Self { path, recorded, pending: Vec::new() })
    }

    /// Reads the catalog and completes it: a process may have ended between closing a file and recording it.
    pub(crate) fn open(misfire_folder: &Path, live: &Path, closed_oldest_first: &[PathBuf]) -> anyhow::Result<Self> {
        let mut catalog = Self::read(misfire_folder)?;
        // If the live file is gone, it became the closed file that is not recorded.
        let version = match metadata_at(live)? {
            Some(_) => None,
            None => catalog.recorded.live_version(&name_of(live)),
        };
        for file in closed_oldest_first {
            if catalog.recorded_of(file).is_none() {
                catalog.close(live, file, &FileSummary::read(file)?, version);
            }
        }
        Ok(catalog)
    }

    /// Records which live file these are the files of. `.misfire/` beside it serves that file alone: with another one a
    /// command would look for a person's lines in the wrong files.
    ///
    /// # Errors
    /// When another live file is recorded, and it or closed files of it are there.
    pub fn claim(misfire_folder: &Path, live: &Path) -> anyhow::Result<()> {
        let mut catalog = Self::read(misfire_folder)?;
        catalog.check_owner(live)?;
        let name = name_of(live);
        if catalog.recorded.training_data.as_ref() != Some(&name) {
            catalog.change_as_command(|recorded| recorded.training_data = Some(name))?;
        }
        Ok(())
    }

    /// Whether these are the files of this live file.
    ///
    /// # Errors
    /// As [`Catalog::claim`].
    pub fn check_owner(&self, live: &Path) -> anyhow::Result<()> {
        let Some(recorded) = &self.recorded.training_data else { return Ok(()) };
        let other = live.with_file_name(recorded);
        let is_gone =
            || anyhow::Ok(metadata_at(&other)?.is_none() && crate::file_names::closed_files(&other)?.is_empty());
        ensure!(
            *recorded == name_of(live) || is_gone()?,
            "TRAINING_DATA: {} belongs to {recorded}. Name that file, or move {} to a folder of its own",
            self.path.parent().unwrap_or(Path::new(".misfire")).display(),
            name_of(live),
        );
        Ok(())
    }

    /// The version that wrote a closed file, if it is known.
    pub fn version_of(&self, closed: &Path) -> Option<u32> {
        self.recorded_of(closed).map(|file| file.sanitizer_version).filter(|version| *version != UNKNOWN_VERSION)
    }

    /// How many lines are recorded for a closed file.
    pub(crate) fn lines_of(&self, closed: &Path) -> Option<u64> {
        self.recorded_of(closed).map(|file| file.lines)
    }

    fn recorded_of(&self, closed: &Path) -> Option<&ClosedFile> {
        let name = name_of(closed);
        self.recorded.closed.iter().find(|file| file.file == name)
    }

    /// The version that writes the live file, if it is known.
    pub fn live_version(&self, live: &Path) -> Option<u32> {
        self.recorded.live_version(&name_of(live))
    }

    /// The highest number that a closed file of this live file ever had; 0 before the first.
    pub(crate) fn last_number(&self, live: &Path) -> u64 {
        self.recorded.live.get(&name_of(live)).map_or(0, |live| live.last_number)
    }

    /// How much of `.misfire/forgotten` the owner has read, in bytes: every line that it wrote later was checked against that.
    pub fn erasures_read_bytes(&self) -> u64 {
        self.recorded.erasures_read_bytes
    }

    /// How far the owner had read a stream when it noted it last.
    pub fn position_in(&self, stream: &str) -> Option<&StreamPosition> {
        self.recorded.streams.get(stream)
    }

    /// How many messages waited in the streams when that was noted last, and when; `None` where there is no message queue.
    pub fn waiting_in_streams(&self) -> Option<(u64, &str)> {
        let waiting = self.recorded.streams.values().map(|stream| stream.last.saturating_sub(stream.sequence)).sum();
        Some((waiting, self.recorded.streams.values().map(|stream| stream.noted_at.as_str()).max()?))
    }

    /// Notes, as the owner, how far a stream was read; whether it is on disk. It is not while a command holds the lock.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn note_position(misfire_folder: &Path, stream: &str, position: StreamPosition) -> anyhow::Result<bool> {
        let mut catalog = Self::read(misfire_folder)?;
        catalog.pending.push(Change::ReadStream { stream: stream.to_owned(), position });
        Ok(catalog.flush())
    }

    /// Records, as the owner, which version writes the live file.
    pub(crate) fn begin(&mut self, live: &Path, version: u32) {
        if self.live_version(live) != Some(version) {
            self.change(Change::Begin { live: name_of(live), version });
        }
    }

    /// Records, as the owner, that the live file was closed under a new name.
    pub(crate) fn close(&mut self, live: &Path, closed: &Path, summary: &FileSummary, version: Option<u32>) {
        let closed_file = closed_file(closed, summary, version.unwrap_or(UNKNOWN_VERSION));
        let number = number_of(live, closed).unwrap_or(0);
        self.change(Change::Close { live: name_of(live), number, closed: closed_file });
    }

    /// Records, as the owner, how much of `.misfire/forgotten` it has read.
    pub(crate) fn set_erasures_read(&mut self, bytes: u64) {
        if self.recorded.erasures_read_bytes != bytes {
            self.change(Change::ErasuresRead(bytes));
        }
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.recorded);
        self.pending.push(change);
        self.flush();
    }

    /// Writes what is not in the file yet, unless another process holds the lock just now; whether all is written.
    pub(crate) fn flush(&mut self) -> bool {
        if self.pending.is_empty() {
            return true;
        }
        let written = self.lock_file().and_then(|lock| {
            lock.try_lock()?;
            let mut recorded = read(&self.path)?;
            self.pending.iter().for_each(|change| change.apply(&mut recorded));
            replace_file(&self.path, &serde_json::to_vec_pretty(&recorded)?)?;
            Ok(recorded)
        });
        match written {
            Ok(recorded) => {
                self.recorded = recorded;
                self.pending.clear();
            }
            // Tried again with the next batch, and completed by the next start.
            Err(error) => log::debug!("{} cannot be written now: {error}", self.path.display()),
        }
        self.pending.is_empty()
    }

    /// Records, as a command, what a closed file holds now, or that it is gone; and which version wrote it, when that is another.
    /// Waits for the lock.
    pub(crate) fn record_rewrite(
        &mut self,
        file: &Path,
        summary: Option<&FileSummary>,
        version: Option<u32>,
    ) -> io::Result<()> {
        let version = version.or_else(|| self.version_of(file)).unwrap_or(UNKNOWN_VERSION);
        let (name, new) = (name_of(file), summary.map(|summary| closed_file(file, summary, version)));
        self.change_as_command(|recorded| match new {
            Some(new) => recorded.put(new),
            None => {
                // The owner may not have recorded yet that it had this number.
                if let Some(live) = crate::file_names::live_name_of(file) {
                    let number = number_of(&live, file).unwrap_or(0);
                    let live = recorded.live.entry(name_of(&live)).or_default();
                    live.last_number = live.last_number.max(number);
                }
                recorded.closed.retain(|closed| closed.file != name);
            }
        })
    }

    fn change_as_command(&mut self, change: impl FnOnce(&mut Recorded)) -> io::Result<()> {
        let lock = self.lock_file()?;
        lock.lock()?;
        self.recorded = read(&self.path)?;
        change(&mut self.recorded);
        replace_file(&self.path, &serde_json::to_vec_pretty(&self.recorded)?)
    }

    fn lock_file(&self) -> io::Result<fs::File> {
        private_file().create(true).open(self.path.with_extension("lock"))
    }
}

fn closed_file(path: &Path, summary: &FileSummary, sanitizer_version: u32) -> ClosedFile {
    ClosedFile {
        file: name_of(path),
        lines: summary.lines(),
        first_timestamp: summary.first_timestamp(),
        last_timestamp: summary.last_timestamp(),
        sanitizer_version,
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> io::Result<Recorded> {
    match fs::read(path) {
        Ok(json) => Ok(serde_json::from_slice(&json).unwrap_or_else(|error| {
            warn!("{} cannot be read ({error}) and is taken for empty", path.display());
            Recorded::default()
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Recorded::default()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> [PathBuf; 2] {
        ["training_data.jsonl", "training_data.000007.jsonl"].map(|name| folder.join(name))
    }

    #[test]
    fn positions_in_streams_are_noted_beside_everything_else() {
        let folder = tempfile::tempdir().unwrap();
        let [live, _] = files(folder.path());
        Catalog::claim(folder.path(), &live).unwrap();
        let position = |sequence, last| StreamPosition {
            created: "2026-11-25T10:00:00Z".into(),
            sequence,
            last,
            noted_at: format!("2026-11-25T10:00:0{}.000Z", sequence % 10),
        };
        let read = || Catalog::read(folder.path()).unwrap();
        assert_eq!(read().waiting_in_streams(), None);
        assert!(Catalog::note_position(folder.path(), "A_0", position(7, 9)).unwrap());
        assert!(Catalog::note_position(folder.path(), "A_1", position(5, 5)).unwrap());
        assert_eq!(read().waiting_in_streams(), Some((2, "2026-11-25T10:00:07.000Z")));
        assert_eq!(read().position_in("A_0"), Some(&position(7, 9)));
        assert_eq!(read().position_in("A_2"), None);
        read().check_owner(&live).unwrap();
        let command = read();
        let stopped = command.lock_file().unwrap();
        stopped.lock().unwrap();
        assert!(!Catalog::note_position(folder.path(), "A_0", position(8, 9)).unwrap());
        drop(stopped);
        assert_eq!(read().position_in("A_0"), Some(&position(7, 9)));
    }

    #[test]
    fn a_stopped_command_does_not_stop_the_owner_and_nothing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let [live, closed] = files(folder.path());
        let mut owner = Catalog::read(folder.path()).unwrap();
        let stopped = owner.lock_file().unwrap();
        stopped.lock().unwrap();
        owner.begin(&live, 4);
        owner.close(&live, &closed, &FileSummary::default(), Some(4));
        assert!(!owner.flush() && Catalog::read(folder.path()).unwrap().version_of(&closed).is_none());
        assert_eq!((owner.live_version(&live), owner.last_number(&live)), (Some(4), 7));
        stopped.unlock().unwrap();
        assert!(owner.flush());
        let read = Catalog::read(folder.path()).unwrap();
        assert_eq!(
            (read.live_version(&live), read.version_of(&closed), read.last_number(&live)),
            (Some(4), Some(4), 7)
        );
    }

    #[test]
    fn the_number_of_a_file_that_is_gone_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let [live, closed] = files(folder.path());
        Catalog::read(folder.path()).unwrap().record_rewrite(&closed, None, None).unwrap();
        assert_eq!(Catalog::read(folder.path()).unwrap().last_number(&live), 7);
    }

    #[test]
    fn another_live_file_in_the_same_folder_is_refused_while_the_first_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let [live, closed] = files(folder.path());
        Catalog::claim(folder.path(), &live).unwrap();
        let other = folder.path().join("events.jsonl");
        Catalog::claim(folder.path(), &other).unwrap();
        Catalog::claim(folder.path(), &live).unwrap();
        fs::write(closed, "x\n").unwrap();
        assert!(
            Catalog::claim(folder.path(), &other).unwrap_err().to_string().contains("belongs to training_data.jsonl")
        );
    }

    #[test]
    fn what_an_older_version_recorded_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let old = r#"{"live_sanitizer_version": 3, "heeded": {"forgotten_bytes": 9, "newest_closed": 1}, "closed": [
            {"file": "training_data.000007.jsonl", "lines": 1, "first_timestamp": null, "last_timestamp": null, "sanitizer_version": 2}]}"#;
        fs::write(folder.path().join("files.json"), old).unwrap();
        let [live, closed] = files(folder.path());
        let catalog = Catalog::read(folder.path()).unwrap();
        assert_eq!((catalog.live_version(&live), catalog.version_of(&closed)), (Some(3), Some(2)));
    }
}

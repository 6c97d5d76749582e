//! `.misfire/files.json`: what each closed file holds, and which version of the sanitizer wrote it.
//!
//! Two processes change it: the writer records what it closes, and a command what it rewrites. So each change takes a lock, reads
//! the file anew and replaces it: neither undoes what the other recorded.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use log::warn;
use serde::{Deserialize, Serialize};

use crate::{
    file_summary::FileSummary,
    file_system::{private_file, replace_file},
};

/// Stands for the version of a file where nobody recorded it.
const UNKNOWN_VERSION: u32 = 0;

/// What was recorded when it was read or changed last.
#[derive(Debug)]
pub struct Catalog {
    path: PathBuf,
    recorded: Recorded,
}

/// The JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Recorded {
    /// The version that writes the live file.
    live_sanitizer_version: Option<u32>,
    /// How far the owner of the files has applied `.misfire/forgotten`.
    #[serde(default, alias = "heeded")]
    erasures_applied: ErasuresApplied,
    /// The closed files, the oldest first.
    closed: Vec<ClosedFile>,
}

/// How far the owner of the files has applied erasures: up to here no older event of an erased person enters the live file any
/// more, what had entered is in closed files, and the quarantine holds nothing of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasuresApplied {
    /// How much of `forgotten` was applied, in bytes.
    pub forgotten_bytes: u64,
    /// The number of the newest file that was closed by then: what is closed later holds newer events alone.
    pub newest_closed: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct ClosedFile {
    file: String,
    lines: u64,
    first_timestamp: Option<String>,
    last_timestamp: Option<String>,
    sanitizer_version: u32,
}

impl Catalog {
    /// Reads the catalog of a `.misfire/` and changes nothing. A missing file is an empty catalog.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("files.json");
        let recorded = read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(Self { path, recorded })
    }

    /// Reads the catalog and completes it: a process may have ended between closing a file and recording it.
    pub(crate) fn open(folder: &Path, closed_oldest_first: &[PathBuf], live_exists: bool) -> anyhow::Result<Self> {
        let mut catalog = Self::read(folder)?;
        // If the live file is gone, it became the closed file that is not recorded.
        let version = if live_exists { UNKNOWN_VERSION } else { catalog.live_version().unwrap_or(UNKNOWN_VERSION) };
        for file in closed_oldest_first {
            if catalog.recorded_of(file).is_none() {
                catalog.record(file, &FileSummary::read(file)?, version)?;
            }
        }
        Ok(catalog)
    }

    /// The version that wrote a closed file, if it is known.
    pub fn version_of(&self, closed: &Path) -> Option<u32> {
        self.recorded_of(closed)
            .map(|recorded| recorded.sanitizer_version)
            .filter(|version| *version != UNKNOWN_VERSION)
    }

    fn recorded_of(&self, closed: &Path) -> Option<&ClosedFile> {
        let name = closed.file_name()?;
        self.recorded.closed.iter().find(|recorded| name == recorded.file.as_str())
    }

    /// The version that writes the live file.
    pub fn live_version(&self) -> Option<u32> {
        self.recorded.live_sanitizer_version
    }

    /// Records, before its first line, which version writes the live file.
    pub(crate) fn begin_live(&mut self, version: u32) -> io::Result<()> {
        if self.live_version() == Some(version) {
            return Ok(());
        }
        self.change(|recorded| recorded.live_sanitizer_version = Some(version))
    }

    /// Records that the live file was closed under a new name.
    pub(crate) fn close_live(&mut self, closed: &Path, summary: &FileSummary) -> io::Result<()> {
        let version = self.live_version().unwrap_or(UNKNOWN_VERSION);
        self.record(closed, summary, version)
    }

    /// How far erasures were applied.
    pub fn erasures_applied(&self) -> ErasuresApplied {
        self.recorded.erasures_applied
    }

    /// Records how far erasures were applied.
    pub(crate) fn set_erasures_applied(&mut self, applied: ErasuresApplied) -> io::Result<()> {
        self.change(|recorded| recorded.erasures_applied = applied)
    }

    /// Records what a closed file holds now, or that it is gone; and which version wrote it, when that is another.
    pub(crate) fn record_rewrite(
        &mut self,
        file: &Path,
        summary: Option<&FileSummary>,
        version: Option<u32>,
    ) -> io::Result<()> {
        match summary {
            Some(summary) => {
                let version = version.or_else(|| self.version_of(file)).unwrap_or(UNKNOWN_VERSION);
                self.record(file, summary, version)
            }
            None => self
                .change(|recorded| recorded.closed.retain(|closed| Some(OsStr::new(&closed.file)) != file.file_name())),
        }
    }

    /// How many lines are recorded for a closed file.
    pub(crate) fn lines_of(&self, closed: &Path) -> Option<u64> {
        self.recorded_of(closed).map(|recorded| recorded.lines)
    }

    fn record(&mut self, file: &Path, summary: &FileSummary, sanitizer_version: u32) -> io::Result<()> {
        let new = ClosedFile {
            file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            lines: summary.lines(),
            first_timestamp: summary.first_timestamp(),
            last_timestamp: summary.last_timestamp(),
            sanitizer_version,
        };
        self.change(|recorded| match recorded.closed.iter_mut().find(|closed| closed.file == new.file) {
            Some(closed) => *closed = new,
            None => recorded.closed.push(new),
        })
    }

    fn change(&mut self, change: impl FnOnce(&mut Recorded)) -> io::Result<()> {
        let lock = private_file().create(true).open(self.path.with_extension("lock"))?;
        // It is held for as long as a small file takes to be written.
        lock.lock()?;
        self.recorded = read(&self.path)?;
        change(&mut self.recorded);
        replace_file(&self.path, &serde_json::to_vec_pretty(&self.recorded)?)
    }
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

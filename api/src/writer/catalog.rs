//! `.misfire/files.json`: what is in each closed file, and which version of the sanitizer wrote it.
//!
//! The writer notes what it closes, and a command what it rewrites. So each change is made under a lock, of what is noted at that
//! moment: neither undoes what the other noted.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use log::warn;
use serde::{Deserialize, Serialize};

use super::{
    contents::Contents,
    folder::{private_file, replace_file},
};

/// The version that is noted for a file whose own is not known.
const UNKNOWN_VERSION: u32 = 0;

pub(crate) struct Catalog {
    path: PathBuf,
    noted: Noted,
}

/// The JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Noted {
    /// The version that writes the live file.
    live_sanitizer_version: Option<u32>,
    /// What the writer last did about `.misfire/forgotten`.
    #[serde(default)]
    heeded: Heeded,
    /// The closed files, the oldest first.
    closed: Vec<ClosedFile>,
}

/// How far the writer has let go of forgotten persons: no event of theirs that is older comes into the live file any more, what
/// had come is in closed files, and the quarantine holds nothing of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heeded {
    /// How much of `forgotten` that is true for, in bytes.
    pub(crate) forgotten_bytes: u64,
    /// The number of the newest file that was closed by then: what is closed later holds newer events alone.
    pub(crate) newest_closed: u64,
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
    /// Reads the catalog as it is noted, and changes nothing.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("files.json");
        let noted = read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(Self { path, noted })
    }

    /// Reads the catalog, and completes it: a process may have ended between closing a file and noting it.
    pub(super) fn open(folder: &Path, closed_oldest_first: &[PathBuf], live_exists: bool) -> anyhow::Result<Self> {
        let mut catalog = Self::read(folder)?;
        // If the live file is gone, the closed one that is not noted was it.
        let version = if live_exists { UNKNOWN_VERSION } else { catalog.live_version().unwrap_or(UNKNOWN_VERSION) };
        for file in closed_oldest_first {
            if catalog.noted_of(file).is_none() {
                catalog.note(file, &Contents::read(file)?, version)?;
            }
        }
        Ok(catalog)
    }

    /// The version that wrote a closed file, if it is known.
    pub(crate) fn version_of(&self, closed: &Path) -> Option<u32> {
        self.noted_of(closed).map(|noted| noted.sanitizer_version).filter(|version| *version != UNKNOWN_VERSION)
    }

    fn noted_of(&self, closed: &Path) -> Option<&ClosedFile> {
        let name = closed.file_name()?;
        self.noted.closed.iter().find(|noted| name == noted.file.as_str())
    }

    /// The version that the live file was begun with.
    pub(crate) fn live_version(&self) -> Option<u32> {
        self.noted.live_sanitizer_version
    }

    /// Notes, before its first line, which version writes the live file.
    pub(super) fn begin_live(&mut self, version: u32) -> io::Result<()> {
        if self.live_version() == Some(version) {
            return Ok(());
        }
        self.change(|noted| noted.live_sanitizer_version = Some(version))
    }

    /// Notes that the live file was closed under a new name.
    pub(super) fn close_live(&mut self, closed: &Path, contents: &Contents) -> io::Result<()> {
        let version = self.live_version().unwrap_or(UNKNOWN_VERSION);
        self.note(closed, contents, version)
    }

    /// How far the writer has let go of forgotten persons.
    pub(crate) fn heeded(&self) -> Heeded {
        self.noted.heeded
    }

    /// Notes that the writer has let go.
    pub(super) fn heed(&mut self, heeded: Heeded) -> io::Result<()> {
        self.change(|noted| noted.heeded = heeded)
    }

    /// Notes what is in a closed file now, or that it is gone; and which version wrote it, when that is another.
    pub(crate) fn rewrote(&mut self, file: &Path, contents: Option<&Contents>, version: Option<u32>) -> io::Result<()> {
        match contents {
            Some(contents) => {
                let version = version.or_else(|| self.version_of(file)).unwrap_or(UNKNOWN_VERSION);
                self.note(file, contents, version)
            }
            None => {
                self.change(|noted| noted.closed.retain(|closed| Some(OsStr::new(&closed.file)) != file.file_name()))
            }
        }
    }

    /// How many lines are noted for a closed file.
    pub(crate) fn lines_of(&self, closed: &Path) -> Option<u64> {
        self.noted_of(closed).map(|noted| noted.lines)
    }

    fn note(&mut self, file: &Path, contents: &Contents, sanitizer_version: u32) -> io::Result<()> {
        let new = ClosedFile {
            file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            lines: contents.lines(),
            first_timestamp: contents.first_timestamp(),
            last_timestamp: contents.last_timestamp(),
            sanitizer_version,
        };
        self.change(|noted| match noted.closed.iter_mut().find(|closed| closed.file == new.file) {
            Some(closed) => *closed = new,
            None => noted.closed.push(new),
        })
    }

    fn change(&mut self, change: impl FnOnce(&mut Noted)) -> io::Result<()> {
        let lock = private_file().create(true).open(self.path.with_extension("lock"))?;
        // It is held for as long as a small file takes to be written.
        lock.lock()?;
        self.noted = read(&self.path)?;
        change(&mut self.noted);
        replace_file(&self.path, &serde_json::to_vec_pretty(&self.noted)?)
    }
}

fn read(path: &Path) -> io::Result<Noted> {
    match fs::read(path) {
        Ok(json) => Ok(serde_json::from_slice(&json).unwrap_or_else(|error| {
            warn!("{} cannot be read ({error}) and is taken for empty", path.display());
            Noted::default()
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Noted::default()),
        Err(error) => Err(error),
    }
}

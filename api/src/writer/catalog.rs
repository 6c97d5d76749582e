//! `.misfire/files.json`: what is in each closed file, and which version of the sanitizer wrote it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use log::warn;
use serde::{Deserialize, Serialize};

use super::{contents::Contents, folder::replace_file};

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
    /// The closed files, the oldest first.
    closed: Vec<ClosedFile>,
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
        let noted = match fs::read(&path) {
            Ok(json) => serde_json::from_slice(&json).unwrap_or_else(|error| {
                warn!("{} cannot be read ({error}) and is taken for empty", path.display());
                Noted::default()
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Noted::default(),
            Err(error) => return Err(anyhow::Error::new(error).context(format!("{} cannot be read", path.display()))),
        };
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
        self.noted.live_sanitizer_version = Some(version);
        self.save()
    }

    /// Notes that the live file was closed under a new name.
    pub(super) fn close_live(&mut self, closed: &Path, contents: &Contents) -> io::Result<()> {
        let version = self.live_version().unwrap_or(UNKNOWN_VERSION);
        self.note(closed, contents, version)
    }

    fn note(&mut self, file: &Path, contents: &Contents, sanitizer_version: u32) -> io::Result<()> {
        self.noted.closed.push(ClosedFile {
            file: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            lines: contents.lines(),
            first_timestamp: contents.first_timestamp(),
            last_timestamp: contents.last_timestamp(),
            sanitizer_version,
        });
        self.save()
    }

    fn save(&self) -> io::Result<()> {
        replace_file(&self.path, &serde_json::to_vec_pretty(&self.noted)?)
    }
}

//! Where the pull of a server is: `.misfire/pull.json`.

use std::{fs, io, path::Path};

use anyhow::Context;
use jiff::Timestamp;
use journal::replace_file;
use serde::{Deserialize, Serialize};

use super::waiting::Waiting;

const FILE: &str = "pull.json";

/// What survives a restart. It holds nothing of an event but its uuid and its times.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Position {
    /// The time up to which everything was taken, by PostHog's clock; `None` before the first page.
    #[serde(default)]
    pub(super) taken_until: Option<Timestamp>,
    #[serde(default)]
    pub(super) waiting: Waiting,
}

impl Position {
    /// Reads it; a missing file is a pull that has not begun.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn read(misfire_folder: &Path) -> anyhow::Result<Self> {
        let path = misfire_folder.join(FILE);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            text => text.with_context(|| format!("{} cannot be read", path.display()))?,
        };
        serde_json::from_slice(&text)
            .with_context(|| format!("{} is none of misfire's; delete it to begin at PULL_SINCE", path.display()))
    }

    /// Writes it durably: after a kill the file holds this position or the one before.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(&self, misfire_folder: &Path) -> anyhow::Result<()> {
        let path = misfire_folder.join(FILE);
        replace_file(&path, &serde_json::to_vec(self)?).with_context(|| format!("{} cannot be written", path.display()))
    }
}

//! Where lines are stored: in files. What is stored where, and nothing about who may.

use std::{io, path::PathBuf};

use journal::{
    TRAINING_DATA, apply_erasures::apply_erasures, erasure_guard::ErasureGuard, live_file::LiveFile,
    lock::LockedFolder, quarantine::Quarantine,
};

use crate::settings::WriterSettings;

/// The files, and when they are full. The lock is held as long as it lives.
#[derive(Debug)]
pub(super) struct FileStore {
    live: LiveFile,
    quarantine: Quarantine,
    rotate_bytes: u64,
    free_bytes_min: u64,
    _lock: LockedFolder,
}

impl FileStore {
    pub(super) fn open(settings: &WriterSettings, lock: LockedFolder) -> anyhow::Result<Self> {
        Ok(Self {
            live: LiveFile::open(&settings.training_data, lock.path(), &TRAINING_DATA)?,
            quarantine: Quarantine::open(lock.path(), settings.quarantine_bytes_max)?,
            rotate_bytes: settings.rotate_bytes,
            free_bytes_min: settings.free_bytes_min,
            _lock: lock,
        })
    }

    /// The files whose uuids are known, the newest first.
    pub(super) fn files_newest_first(&self) -> io::Result<Vec<PathBuf>> {
        self.live.files_newest_first()
    }

    /// Appends whole lines to the data; on disk when it returns.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() { Ok(()) } else { self.live.append(lines) }
    }

    /// Appends whole lines to the quarantine; on disk when it returns.
    pub(super) fn append_to_quarantine(&mut self, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() { Ok(()) } else { self.quarantine.append(lines) }
    }

    /// A disk that is nearly full belongs to others, too.
    ///
    /// # Errors
    /// `StorageFull` when less is free than `FREE_BYTES_MIN`.
    pub(super) fn check_room(&self) -> io::Result<()> {
        match self.live.free_bytes()? >= self.free_bytes_min {
            true => Ok(()),
            false => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    /// Undoes what a failed write left, without writing a record.
    pub(super) fn recover(&mut self) -> io::Result<()> {
        self.live.recover().and_then(|()| self.quarantine.recover())
    }

    /// Whether the live file has reached its size.
    pub(super) fn is_full(&self) -> bool {
        self.rotate_bytes > 0 && self.live.len() >= self.rotate_bytes
    }

    /// Closes the live file.
    pub(super) fn rotate(&mut self) -> io::Result<()> {
        self.live.close()
    }

    /// Whether erasures were read that are not applied to the files yet.
    pub(super) fn lags_behind(&self, erasures: &ErasureGuard) -> bool {
        self.live.forgotten_bytes_applied() != erasures.bytes()
    }

    /// Applies the erasures to the files.
    pub(super) fn apply(&mut self, erasures: &ErasureGuard) -> io::Result<()> {
        apply_erasures(&mut self.live, &mut self.quarantine, erasures)
    }

    /// Bytes of the live file.
    pub(super) fn bytes(&self) -> u64 {
        self.live.len()
    }

    /// Bytes that may still be written to the disk; 0 when it cannot be asked.
    pub(super) fn free_bytes(&self) -> u64 {
        self.live.free_bytes().unwrap_or(0)
    }
}

//! Stores lines in files. Whether a record is stored is decided elsewhere (`decisions`).

use std::{io, path::Path};

use journal::{
    TRAINING_DATA, live_file::LiveFile, lock::LockedFolder, owner::CloseRequest, quarantine::Quarantine,
    recent_uuids::RecentUuids,
};
use log::error;

use crate::settings::WriterSettings;

/// The files, and when they are full. The lock is held as long as it lives.
#[derive(Debug)]
pub(super) struct FileStore {
    live: LiveFile,
    quarantine: Quarantine,
    rotate_bytes: u64,
    free_bytes_min: u64,
    lock: LockedFolder,
}

impl FileStore {
    pub(super) fn open(settings: &WriterSettings, live: &Path, lock: LockedFolder) -> anyhow::Result<Self> {
        Ok(Self {
            live: LiveFile::open(live, lock.path(), &TRAINING_DATA)?,
            quarantine: Quarantine::open(lock.path(), settings.quarantine_bytes_max)?,
            rotate_bytes: settings.rotate_bytes,
            free_bytes_min: settings.free_bytes_min,
            lock,
        })
    }

    /// The uuids of the newest lines that are stored, at most so many.
    pub(super) fn recent_uuids(&self, len_max: usize) -> io::Result<RecentUuids> {
        RecentUuids::read(&self.live.files_newest_first()?, &TRAINING_DATA, len_max)
    }

    /// Appends whole lines to the data; on disk when it returns.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() { Ok(()) } else { self.live.append(lines) }
    }

    /// Appends whole lines to the quarantine; on disk when it returns.
    pub(super) fn append_to_quarantine(&mut self, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() { Ok(()) } else { self.quarantine.append(lines) }
    }

    /// Whether lines may be written: the folder is ours, and the disk has room. A disk that is nearly full belongs to others, too.
    ///
    /// # Errors
    /// When another process writes to the folder, and `StorageFull` when less is free than `FREE_BYTES_MIN`.
    pub(super) fn check_writable(&mut self) -> io::Result<()> {
        self.lock.follow_folder()?;
        match self.live.free_bytes()? >= self.free_bytes_min {
            true => Ok(()),
            false => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    /// Undoes what a failed write left, without writing a record.
    pub(super) fn recover(&mut self) -> io::Result<()> {
        self.live.recover().and_then(|()| self.quarantine.live().recover())
    }

    /// Whether the live file has reached its size.
    pub(super) fn is_full(&self) -> bool {
        self.rotate_bytes > 0 && self.live.len() >= self.rotate_bytes
    }

    /// Closes the live file.
    pub(super) fn rotate(&mut self) -> io::Result<()> {
        self.live.close()
    }

    /// Does what a command has asked for; without a command's request, closes the live file, for somebody else sent the signal.
    pub(super) fn rotate_as_asked(&mut self) -> io::Result<()> {
        let Some(request) = CloseRequest::read(self.lock.path())? else { return self.rotate() };
        for live in [&mut self.live, self.quarantine.live()] {
            if request.names(live) {
                live.close()?;
            }
        }
        CloseRequest::done(self.lock.path())
    }

    /// Records how much of `.misfire/forgotten` decides from now on, for the command that waits for it.
    pub(super) fn set_erasures_read(&mut self, bytes: u64) {
        self.live.set_erasures_read(bytes);
    }

    /// What can wait: the lock's file, if somebody has deleted it, and what the catalog could not take when it happened.
    pub(super) fn tidy_up(&mut self) {
        if let Err(error) = self.lock.restore() {
            error!("{}/lock cannot be restored: {error:#}", self.lock.path().display());
        }
        self.live.flush_catalog();
        self.quarantine.live().flush_catalog();
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

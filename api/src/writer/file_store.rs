//! Stores lines in files. Whether a record is stored is decided elsewhere (`decisions`).

use std::{io, path::Path};

use anyhow::ensure;
use journal::{
    GENERATIONS, TRAINING_DATA, file_names::generations_file, live_file::LiveFile, lock::LockedFolder,
    owner::CloseRequest, quarantine::Quarantine, recent_uuids::RecentUuids,
};
use log::error;

use crate::settings::WriterSettings;

/// The files, and when they are full. The lock is held as long as it lives.
#[derive(Debug)]
pub(super) struct FileStore {
    live: LiveFile,
    /// The rows. The file is made with the first one.
    generations: LiveFile,
    quarantine: Quarantine,
    rotate_bytes: u64,
    free_bytes_min: u64,
    lock: LockedFolder,
}

impl FileStore {
    pub(super) fn open(settings: &WriterSettings, live: &Path, lock: LockedFolder) -> anyhow::Result<Self> {
        let generations = generations_file(live);
        ensure!(live != generations, "TRAINING_DATA: {} is the name of the rows; choose another", live.display());
        Ok(Self {
            live: LiveFile::open(live, lock.path(), &TRAINING_DATA)?,
            generations: LiveFile::open(&generations, lock.path(), &GENERATIONS)?,
            quarantine: Quarantine::open(lock.path(), settings.quarantine_bytes_max)?,
            rotate_bytes: settings.rotate_bytes,
            free_bytes_min: settings.free_bytes_min,
            lock,
        })
    }

    /// The uuids of the newest lines that are stored, and those of the newest rows, at most so many of each.
    pub(super) fn recent_uuids(&self, len_max: usize) -> io::Result<[RecentUuids; 2]> {
        Ok([
            RecentUuids::read(&self.live.files_newest_first()?, &TRAINING_DATA, len_max)?,
            RecentUuids::read(&self.generations.files_newest_first()?, &GENERATIONS, len_max)?,
        ])
    }

    /// Appends whole rows; on disk when it returns. The rows of a batch come before its lines.
    pub(super) fn append_rows(&mut self, rows: &[u8]) -> io::Result<()> {
        if rows.is_empty() { Ok(()) } else { self.generations.append(rows) }
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
        self.live.recover()?;
        self.generations.recover()?;
        self.quarantine.live().recover()
    }

    /// Closes the live files that have reached their size.
    pub(super) fn rotate_full(&mut self) -> io::Result<()> {
        for live in [&mut self.live, &mut self.generations] {
            if self.rotate_bytes > 0 && live.len() >= self.rotate_bytes {
                live.close()?;
            }
        }
        Ok(())
    }

    /// Does what a command has asked for; without a command's request, closes the live files of lines and rows, for somebody else sent
    /// the signal.
    pub(super) fn rotate_as_asked(&mut self) -> io::Result<()> {
        let Some(request) = CloseRequest::read(self.lock.path())? else {
            return self.live.close().and_then(|()| self.generations.close());
        };
        for live in [&mut self.live, &mut self.generations, self.quarantine.live()] {
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
        self.generations.flush_catalog();
        self.quarantine.live().flush_catalog();
    }

    /// Bytes of the live file of lines.
    pub(super) fn bytes(&self) -> u64 {
        self.live.len()
    }

    /// Bytes of the live file of rows.
    pub(super) fn generations_bytes(&self) -> u64 {
        self.generations.len()
    }

    /// Bytes that may still be written to the disk; 0 when it cannot be asked.
    pub(super) fn free_bytes(&self) -> u64 {
        self.live.free_bytes().unwrap_or(0)
    }
}

//! The lock: one process owns the files of a folder.
//!
//! The lock is held on the folder of the data itself, which nobody deletes while it is in use, and on `.misfire/lock`, whose text
//! names the holder. The kernel releases both when the holder dies.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process, thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use log::warn;

use crate::{
    file_names::misfire_folder,
    file_system::{FileId, can_rename_in, create_dir_durably, parent_of, private_file},
    pseudonym_key::{self, PseudonymKeys, fingerprint},
};

/// How long a start waits for a process that may just be stopping.
const STOPPING_PATIENCE: Duration = Duration::from_secs(1);
/// How long a start waits for a command, which keeps the lock while it closes a file of any size.
const COMMAND_PATIENCE: Duration = Duration::from_secs(60);
const LOCK_RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// What the holder does with the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Writes them until it is stopped.
    Server,
    /// Closes or rewrites files, and ends.
    Command,
}

/// `.misfire/` with the lock held. The lock's file names the holder by three lines: the process id, the fingerprints of the keys of
/// the pseudonyms with commas between them, and the role.
#[derive(Debug)]
pub struct LockedFolder {
    path: PathBuf,
    /// Locked, where the file system can lock a folder.
    data_folder: File,
    lock: File,
    lock_id: FileId,
    key_fingerprints: Option<String>,
    role: Role,
}

/// The result of an attempt to take the lock.
#[derive(Debug)]
pub enum TryLock {
    /// The lock is ours.
    Locked(LockedFolder),
    /// Another process holds it.
    HeldBy(LockHolder),
}

/// Who holds the lock, or held it last, by what is written in its file.
#[derive(Debug)]
pub struct LockHolder {
    /// `None` in the moment before it is written.
    pub pid: Option<i32>,
    key_fingerprints: Option<String>,
    role: Role,
}

impl LockedFolder {
    /// Makes `.misfire/` and the folder that it is in, where they are missing, and takes the lock for a
    /// server. It waits for a command that closes a file, and for a server that is just stopping.
    ///
    /// # Errors
    /// When a folder cannot be made, `.misfire/` is on another file system than the data, no file could ever be closed there, or
    /// another process keeps the lock.
    pub fn lock(live: &Path) -> anyhow::Result<Self> {
        let path = misfire_folder(live);
        create_dir_durably(&path, 0o700)
            .with_context(|| format!("TRAINING_DATA: {} cannot be made", path.display()))?;
        check_file_system(&path)?;
        let started = Instant::now();
        loop {
            let holder = match Self::try_lock(&path, Role::Server)? {
                TryLock::Locked(folder) => {
                    // With the lock: the trial uses a file, which two processes would take from each other.
                    can_rename_in(&path).with_context(|| {
                        format!("{} is on a file system on which no file can be renamed safely", path.display())
                    })?;
                    return Ok(folder);
                }
                TryLock::HeldBy(holder) => holder,
            };
            let patience = match holder.role {
                Role::Server => STOPPING_PATIENCE,
                Role::Command => COMMAND_PATIENCE,
            };
            if started.elapsed() > patience {
                let process = holder.pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"));
                bail!("{} is written by {process} already", live.display());
            }
            thread::sleep(LOCK_RETRY_INTERVAL);
        }
    }

    /// Takes the lock of a `.misfire/` that is there, or tells who has it.
    ///
    /// # Errors
    /// When the folder or the lock's file cannot be opened, locked or written.
    pub fn try_lock(folder: &Path, role: Role) -> anyhow::Result<TryLock> {
        let lock_path = folder.join("lock");
        let held = || LockHolder::read(&lock_path).map(TryLock::HeldBy);
        let data_folder = parent_of(folder);
        let data_folder =
            File::open(&data_folder).with_context(|| format!("{} cannot be opened", data_folder.display()))?;
        match data_folder.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return held(),
            // Network file systems cannot lock a folder. There the lock's file has to do.
            Err(TryLockError::Error(_)) => {}
        }
        let lock = private_file()
            .create(true)
            .open(&lock_path)
            .with_context(|| format!("{} cannot be opened", lock_path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return held(),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{} cannot be locked", lock_path.display()));
            }
        }
        let locked = Self {
            path: folder.to_owned(),
            data_folder,
            lock_id: FileId::of(&lock.metadata()?),
            lock,
            // A command that has no use for the key leaves its fingerprint as it is.
            key_fingerprints: LockHolder::read(&lock_path)?.key_fingerprints,
            role,
        };
        locked.write_holder()?;
        Ok(TryLock::Locked(locked))
    }

    /// Where `.misfire/` is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The keys of the pseudonyms: those that are given, else the one in the folder, which the first start makes.
    ///
    /// # Errors
    /// When a key is too short, or its file cannot be made or read.
    pub fn pseudonym_keys(&mut self, given: &[&str]) -> anyhow::Result<PseudonymKeys> {
        if given.is_empty() {
            pseudonym_key::make(&self.path)?;
        }
        let keys = pseudonym_key::read(&self.path, given)?;
        self.key_fingerprints = Some(keys.all().map(fingerprint).collect::<Vec<_>>().join(","));
        self.write_holder()?;
        Ok(keys)
    }

    /// Checks that the folder of the data is still the one that is locked. If another has taken its place, because somebody moved
    /// or deleted it, that one is locked instead.
    ///
    /// # Errors
    /// When there is no folder, or another process has locked it: then nothing may be written there.
    pub fn follow_folder(&mut self) -> io::Result<()> {
        let folder = parent_of(&self.path);
        if FileId::at(&folder)? == Some(FileId::of(&self.data_folder.metadata()?)) {
            return Ok(());
        }
        let found = File::open(&folder)?;
        match found.try_lock() {
            Ok(()) | Err(TryLockError::Error(_)) => {}
            Err(TryLockError::WouldBlock) => {
                let message = format!("{} is another folder now, and another process writes there", folder.display());
                return Err(io::Error::other(message));
            }
        }
        warn!("{} is another folder than at the start; it is locked now", folder.display());
        self.data_folder = found;
        self.restore().map_err(io::Error::other)
    }

    /// Writes the lock's file again if somebody has deleted it, so that commands find the holder.
    ///
    /// # Errors
    /// When the file cannot be made, or another process holds it: then nothing may be written here, for where the file system
    /// cannot lock a folder this file is the only lock.
    pub fn restore(&mut self) -> anyhow::Result<()> {
        let path = self.path.join("lock");
        if FileId::at(&path)? == Some(self.lock_id) {
            return Ok(());
        }
        create_dir_durably(&self.path, 0o700)?;
        let lock = private_file().create(true).open(&path)?;
        lock.try_lock().with_context(|| format!("{} is held by another process", path.display()))?;
        (self.lock_id, self.lock) = (FileId::of(&lock.metadata()?), lock);
        self.write_holder()?;
        warn!("{} was deleted; it is back", path.display());
        Ok(())
    }

    fn write_holder(&self) -> io::Result<()> {
        let role = match self.role {
            Role::Server => "server",
            Role::Command => "command",
        };
        let key_fingerprints = self.key_fingerprints.as_deref().unwrap_or_default();
        let text = format!("{}\n{key_fingerprints}\n{role}\n", process::id());
        self.lock.write_all_at(text.as_bytes(), 0)?;
        self.lock.set_len(text.len() as u64)
    }
}

/// Files move from `.misfire/` into the data's folder by rename, which does not cross file systems.
pub(crate) fn check_file_system(misfire_folder: &Path) -> anyhow::Result<()> {
    let parent = parent_of(misfire_folder);
    let [own, data] = [misfire_folder, parent.as_path()].map(FileId::of_folder);
    let (own, data) = (own?, data?);
    ensure!(
        own.has_same_device(data),
        "{} is on another file system than the data. Files are replaced by renaming them from there: move it back, and give \
         a key that must lie elsewhere by PSEUDONYM_KEY_FILE",
        misfire_folder.display()
    );
    Ok(())
}

impl FileId {
    fn of_folder(path: &Path) -> anyhow::Result<Self> {
        let metadata = fs::metadata(path).with_context(|| format!("{} cannot be looked at", path.display()))?;
        Ok(Self::of(&metadata))
    }
}

impl LockHolder {
    /// Reads the lock's file; a missing one names nobody.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(lock: &Path) -> anyhow::Result<Self> {
        let text = match fs::read_to_string(lock) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            text => text.with_context(|| format!("{} cannot be read", lock.display()))?,
        };
        let mut lines = text.lines();
        Ok(Self {
            pid: lines.next().and_then(|pid| pid.parse().ok()),
            key_fingerprints: lines.next().filter(|fingerprint| !fingerprint.is_empty()).map(str::to_owned),
            role: if lines.next() == Some("command") { Role::Command } else { Role::Server },
        })
    }

    /// Whether all its keys are among these, and the current one is the same; true when it did not say.
    pub fn has_only_keys_of(&self, keys: &PseudonymKeys) -> bool {
        let Some(its) = &self.key_fingerprints else { return true };
        let known: Vec<_> = keys.all().map(fingerprint).collect();
        its.split(',').next() == known.first().map(String::as_str)
            && its.split(',').all(|key| known.iter().any(|known| known == key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_lock_file_lets_no_second_process_in_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let live = folder.path().join("training_data.jsonl");
        let mut first = LockedFolder::lock(&live).unwrap();
        for deleted in [first.path().join("lock"), first.path().to_owned()] {
            if deleted.is_dir() {
                fs::remove_dir_all(&deleted).unwrap()
            } else {
                fs::remove_file(&deleted).unwrap()
            }
            assert!(LockedFolder::lock(&live).is_err());
            first.restore().unwrap();
            let holder = LockHolder::read(&first.path().join("lock")).unwrap();
            assert_eq!(holder.pid, Some(process::id().cast_signed()));
        }
        drop(first);
        assert!(LockedFolder::lock(&live).is_ok());
    }
}

//! Who may write: the lock in `.misfire/`, which the kernel gives back when its holder dies.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, FileExt},
    path::{Path, PathBuf},
    process, thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use misfire_sanitizer::PseudonymKey;

use crate::{
    file_names::misfire_folder,
    file_system::{parent_of, private_file, sync_dir},
    pseudonym_key::{self, fingerprint},
};

/// How long a start waits for the lock: a command may hold it for a moment, and so may a process that is just stopping.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);
const LOCK_RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// `.misfire/` with its lock held. The lock's file names the holder by two lines: the process id, and a fingerprint of the key
/// of the pseudonyms.
#[derive(Debug)]
pub struct LockedFolder {
    path: PathBuf,
    lock: File,
}

/// What an attempt to take the lock gave.
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
    key_fingerprint: Option<String>,
}

impl LockedFolder {
    /// Makes `.misfire/` and the folder that it is in, where they are missing, and takes the lock. It waits for up to a second.
    ///
    /// # Errors
    /// When a folder cannot be made, or another process keeps the lock.
    pub fn lock(live: &Path) -> anyhow::Result<Self> {
        let parent = parent_of(live);
        let path = misfire_folder(live);
        fs::create_dir_all(&parent).with_context(|| format!("TRAINING_DATA: {} cannot be made", parent.display()))?;
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => sync_dir(&parent)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("TRAINING_DATA: {} cannot be made", path.display()));
            }
        }
        let deadline = Instant::now() + LOCK_TIMEOUT;
        loop {
            match Self::try_lock(&path)? {
                TryLock::Locked(folder) => return Ok(folder),
                TryLock::HeldBy(holder) if Instant::now() > deadline => {
                    let pid = holder.pid.map_or_else(String::new, |pid| format!(" {pid}"));
                    bail!("{} is written by process{pid} already", live.display());
                }
                TryLock::HeldBy(_) => thread::sleep(LOCK_RETRY_INTERVAL),
            }
        }
    }

    /// Takes the lock of a `.misfire/` that is there, or tells who has it.
    ///
    /// # Errors
    /// When the lock's file cannot be opened, locked or written.
    pub fn try_lock(folder: &Path) -> anyhow::Result<TryLock> {
        let lock_path = folder.join("lock");
        let lock = private_file()
            .create(true)
            .open(&lock_path)
            .with_context(|| format!("{} cannot be opened", lock_path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(TryLock::HeldBy(LockHolder::read(&lock_path)?)),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{} cannot be locked", lock_path.display()));
            }
        }
        let locked = Self { path: folder.to_owned(), lock };
        // A command that has no use for the key leaves its fingerprint as it is.
        locked.write_holder(LockHolder::read(&lock_path)?.key_fingerprint.as_deref())?;
        Ok(TryLock::Locked(locked))
    }

    /// Where `.misfire/` is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key of the pseudonyms: the one that is given, else the one in the folder, which the first start makes.
    ///
    /// # Errors
    /// When the key is too short, or its file cannot be made or read.
    pub fn pseudonym_key(&self, given: Option<&str>) -> anyhow::Result<PseudonymKey> {
        if given.is_none() {
            pseudonym_key::make(&self.path)?;
        }
        let key = pseudonym_key::read(&self.path, given)?;
        self.write_holder(Some(&fingerprint(&key)))?;
        Ok(key)
    }

    fn write_holder(&self, key_fingerprint: Option<&str>) -> io::Result<()> {
        let text = format!("{}\n{}\n", process::id(), key_fingerprint.unwrap_or_default());
        self.lock.write_all_at(text.as_bytes(), 0)?;
        self.lock.set_len(text.len() as u64)
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
            key_fingerprint: lines.next().filter(|fingerprint| !fingerprint.is_empty()).map(str::to_owned),
        })
    }

    /// Whether it runs with this key; true when it did not say.
    pub fn has_key(&self, key: &PseudonymKey) -> bool {
        self.key_fingerprint.as_ref().is_none_or(|found| *found == fingerprint(key))
    }
}

//! `.misfire/` beside the file: what is not data, out of sight of whoever publishes the folder of the data.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process, thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use uuid::Uuid;

use crate::{sanitize::PseudonymKey, settings::Secret};

/// How long a start waits for the lock: a command may hold it for a moment, and so may a process that is just stopping.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);
const LOCK_RETRY_INTERVAL: Duration = Duration::from_millis(20);
/// What the hash of nothing is for: it tells whether two processes have the same key.
const KEY_PURPOSE: &str = "misfire key";

/// The folder, and the lock in it, which the kernel gives back when its holder dies. The lock's file says who holds it: the
/// process id, and a hash by which the key of the pseudonyms is known.
pub(crate) struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// Makes the folder if need be, and the one that it is in, and takes the lock.
    pub(super) fn open(training_data: &Path) -> anyhow::Result<Self> {
        let parent = parent_of(training_data);
        let path = misfire_folder(training_data);
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
            match Self::take(&path)? {
                Taken::Ours(folder) => return Ok(folder),
                Taken::Others(owner) if Instant::now() > deadline => {
                    let pid = owner.pid.map_or_else(String::new, |pid| format!(" {pid}"));
                    bail!("{} is written by process{pid} already", training_data.display());
                }
                Taken::Others(_) => thread::sleep(LOCK_RETRY_INTERVAL),
            }
        }
    }

    /// Takes the lock of a folder that is there, or says who has it.
    pub(crate) fn take(path: &Path) -> anyhow::Result<Taken> {
        let lock_path = path.join("lock");
        let lock = private_file()
            .create(true)
            .open(&lock_path)
            .with_context(|| format!("{} cannot be opened", lock_path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Taken::Others(Owner::read(&lock_path)?)),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{} cannot be locked", lock_path.display()));
            }
        }
        let folder = Self { path: path.to_owned(), lock };
        // A command that has no use for the key leaves what was said about it.
        folder.say_owner(Owner::read(&lock_path)?.key_hash.as_deref())?;
        Ok(Taken::Ours(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The key that was given, else the one in the folder, which the first start makes.
    pub(super) fn pseudonym_key(&self, given: Option<&Secret>) -> anyhow::Result<PseudonymKey> {
        if given.is_none() {
            self.make_key()?;
        }
        let key = read_key(&self.path, given)?;
        self.say_owner(Some(&key.hash(KEY_PURPOSE, "")))?;
        Ok(key)
    }

    fn say_owner(&self, key_hash: Option<&str>) -> io::Result<()> {
        let text = format!("{}\n{}\n", process::id(), key_hash.unwrap_or_default());
        self.lock.write_all_at(text.as_bytes(), 0)?;
        self.lock.set_len(text.len() as u64)
    }

    fn make_key(&self) -> anyhow::Result<()> {
        let path = self.path.join("pseudonym.key");
        match private_file().create_new(true).open(&path) {
            Ok(mut file) => {
                // Two v4 uuids: 244 random bits, and text that can be put into PSEUDONYM_KEY as it is.
                writeln!(file, "{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())?;
                file.sync_all()?;
                sync_dir(&self.path)?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("{} cannot be made", path.display())),
        }
        Ok(())
    }
}

/// Who got the lock.
pub(crate) enum Taken {
    Ours(Folder),
    Others(Owner),
}

/// Who holds the lock, or held it last, by what is written in its file.
pub(crate) struct Owner {
    /// `None` in the moment before it is written.
    pub(crate) pid: Option<i32>,
    key_hash: Option<String>,
}

impl Owner {
    /// Reads the lock's file.
    pub(crate) fn read(lock: &Path) -> anyhow::Result<Self> {
        let text = match fs::read_to_string(lock) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            text => text.with_context(|| format!("{} cannot be read", lock.display()))?,
        };
        let mut lines = text.lines();
        Ok(Self {
            pid: lines.next().and_then(|pid| pid.parse().ok()),
            key_hash: lines.next().filter(|hash| !hash.is_empty()).map(str::to_owned),
        })
    }

    /// Whether it had this key; yes when it did not say.
    pub(crate) fn has_key(&self, key: &PseudonymKey) -> bool {
        self.key_hash.as_ref().is_none_or(|hash| *hash == key.hash(KEY_PURPOSE, ""))
    }
}

/// The key that was given, else the one in the folder.
pub(crate) fn read_key(folder: &Path, given: Option<&Secret>) -> anyhow::Result<PseudonymKey> {
    let shortest = PseudonymKey::BYTES_MIN;
    if let Some(key) = given {
        return PseudonymKey::new(key.expose())
            .with_context(|| format!("PSEUDONYM_KEY must have {shortest} bytes or more"));
    }
    let path = folder.join("pseudonym.key");
    let key = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    PseudonymKey::new(key.trim()).with_context(|| {
        format!("{} must hold {shortest} bytes or more; restore it, or remove it for new pseudonyms", path.display())
    })
}

/// Options for a file that its owner alone may read.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

/// `.misfire/` beside a file of the data.
pub(crate) fn misfire_folder(training_data: &Path) -> PathBuf {
    parent_of(training_data).join(".misfire")
}

/// The folder that a file is in; `.` for a bare name.
pub(crate) fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Makes the names in a folder durable: a new file's data is nothing without its name.
pub(crate) fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Writes a file beside and renames it: whatever happens, the name holds the old text or the new one, whole.
pub(super) fn replace_file(path: &Path, text: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("next");
    let mut file = private_file().create(true).truncate(true).open(&beside)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_dir(&parent_of(path))
}

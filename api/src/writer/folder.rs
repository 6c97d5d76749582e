//! `.misfire/` beside the file: what is not data, out of sight of whoever publishes the folder of the data.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context, bail};
use uuid::Uuid;

use crate::{sanitize::PseudonymKey, settings::Secret};

/// The folder, and the lock in it, which the kernel gives back when its holder dies.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
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
        let lock = lock(&path.join("lock"), training_data)?;
        Ok(Self { path, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The key that was given, else the one in the folder, which the first start makes.
    pub(super) fn pseudonym_key(&self, given: Option<&Secret>) -> anyhow::Result<PseudonymKey> {
        let shortest = PseudonymKey::BYTES_MIN;
        if let Some(key) = given {
            return PseudonymKey::new(key.expose())
                .with_context(|| format!("PSEUDONYM_KEY must have {shortest} bytes or more"));
        }
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
        let key = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        PseudonymKey::new(key.trim()).with_context(|| {
            format!(
                "{} must hold {shortest} bytes or more; restore it, or remove it for new pseudonyms",
                path.display()
            )
        })
    }
}

fn lock(path: &Path, training_data: &Path) -> anyhow::Result<File> {
    let mut file =
        private_file().create(true).open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            file.read_to_string(&mut owner)?;
            bail!("{} is written by process {} already", training_data.display(), owner.trim());
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("{} cannot be locked", path.display()));
        }
    }
    file.set_len(0)?;
    writeln!(file, "{}", process::id())?;
    Ok(file)
}

/// Options for a file that its owner alone may read.
pub(super) fn private_file() -> OpenOptions {
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
pub(super) fn sync_dir(path: &Path) -> io::Result<()> {
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

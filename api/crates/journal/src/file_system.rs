//! The few things about files that everything here needs.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{CWD, RenameFlags, renameat_with},
    io::Errno,
};

/// Which file it is, whatever its name: device and inode. A rename keeps it; a file that replaces another has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// Of an open file, or of what stands under a name.
    pub fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    /// Of the file under a name; `None` when there is none, or it cannot be looked at.
    pub fn at(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().as_ref().map(Self::of)
    }
}

/// Options for a file that its owner alone may read and write (0600).
pub fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

/// The folder that a file is in; `.` for a bare name.
pub fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Makes the names in a folder durable: a new file's data is nothing without its name.
///
/// # Errors
/// When the folder cannot be opened or synced.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Writes a file beside the old one and renames it: whatever happens, the name holds the old text or the new one, whole.
pub(crate) fn replace_file(path: &Path, text: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("next");
    let mut file = private_file().create(true).truncate(true).open(&beside)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_dir(&parent_of(path))
}

/// Renames a file unless the new name is taken; whether it did.
pub(crate) fn rename_if_free(path: &Path, new: &Path) -> io::Result<bool> {
    match renameat_with(CWD, path, CWD, new, RenameFlags::NOREPLACE) {
        Ok(()) => sync_dir(&parent_of(path)).map(|()| true),
        Err(Errno::EXIST) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

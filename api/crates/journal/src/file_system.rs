//! The few things about files that everything here needs, and what differs between systems.
//!
//! | | Linux | macOS |
//! |---|---|---|
//! | rename that replaces nothing | `renameat2` with `RENAME_NOREPLACE` | `renameatx_np` with `RENAME_EXCL` |
//! | `File::sync_all`, `File::sync_data` | `fsync`, `fdatasync` | `F_FULLFSYNC`, since `fsync` leaves data in the disk's cache |
//! | `File::try_lock`, of files and folders | `flock` | `flock` |
//!
//! The first row is rustix's, the others are the standard library's. On macOS all this compiles; nobody has run it there.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{CWD, RenameFlags, fstatvfs, renameat_with},
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

    /// Of the file under a name; `None` when there is none.
    ///
    /// # Errors
    /// When the name cannot be looked at: that is not the same as "no file".
    pub fn at(path: &Path) -> io::Result<Option<Self>> {
        Ok(metadata_at(path)?.as_ref().map(Self::of))
    }

    /// Whether both are on one file system, so that a rename can move a file from one to the other.
    pub fn has_same_device(self, other: Self) -> bool {
        self.device == other.device
    }
}

/// The metadata of a name; `None` when there is no such name.
///
/// # Errors
/// When the name cannot be looked at.
pub fn metadata_at(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
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

/// The paths of what a folder holds.
///
/// # Errors
/// When the folder cannot be read to its end; the error names it.
pub fn list_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let named = |error: io::Error| {
        io::Error::new(error.kind(), format!("the folder {} cannot be listed: {error}", folder.display()))
    };
    fs::read_dir(folder).map_err(named)?.map(|entry| entry.map(|entry| entry.path()).map_err(named)).collect()
}

/// Makes the names in a folder durable: a new file's data is nothing without its name.
///
/// # Errors
/// When the folder cannot be opened or synced.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes a folder and those that it is in, where they are missing. Each new name is durable when it returns. `mode` is that of
/// the last folder.
pub(crate) fn create_dir_durably(path: &Path, mode: u32) -> io::Result<()> {
    if metadata_at(path)?.is_some() {
        return Ok(());
    }
    let parent = parent_of(path);
    create_dir_durably(&parent, 0o777)?;
    match DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => made?,
    }
    sync_dir(&parent)
}

/// Writes a file beside the old one and renames it: whatever happens, the name holds the old text or the new one, whole.
///
/// # Errors
/// When a file cannot be written, synced or renamed.
pub fn replace_file(path: &Path, text: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("next");
    let replace = || {
        let mut file = private_file().create(true).truncate(true).open(&beside)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        sync_dir(&parent_of(path))
    };
    replace().map_err(|error: io::Error| {
        io::Error::new(error.kind(), format!("{} cannot be replaced: {error}", path.display()))
    })
}

/// Bytes that a user without privileges may still write to the file system of an open file or folder.
///
/// # Errors
/// When the file system cannot be asked.
pub(crate) fn free_bytes(file: &File) -> io::Result<u64> {
    let disk = fstatvfs(file)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Renames a file unless the new name is taken; whether it did. Some network file systems have no such rename: there the file
/// gets the new name first and loses the old one then, so that a kill can leave both ([`unlink_second_name`]).
pub(crate) fn rename_if_free(path: &Path, new: &Path) -> io::Result<bool> {
    let renamed = match renameat_with(CWD, path, CWD, new, RenameFlags::NOREPLACE) {
        Err(error) if has_no_such_rename(error) => fs::hard_link(path, new).and_then(|()| fs::remove_file(path)),
        renamed => renamed.map_err(io::Error::from),
    };
    match renamed {
        Ok(()) => sync_dir(&parent_of(path)).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// `NOTSUP` is macOS's answer. On Linux it is the same number as `OPNOTSUPP`.
fn has_no_such_rename(error: Errno) -> bool {
    [Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOTSUP].contains(&error)
}

/// Removes a name from a file that has another one, which a kill in [`rename_if_free`] left.
pub(crate) fn unlink_second_name(path: &Path, other: &Path) -> io::Result<()> {
    if FileId::at(path)?.is_some_and(|id| FileId::at(other).ok().flatten() == Some(id)) {
        fs::remove_file(path)?;
        sync_dir(&parent_of(path))?;
    }
    Ok(())
}

/// Whether [`rename_if_free`] works in a folder. A server asks at its start, so that a file system on which no file could ever be
/// closed is refused. One process at a time: all use the same names.
pub(crate) fn can_rename_in(folder: &Path) -> io::Result<()> {
    let (from, to) = (folder.join("rename-probe"), folder.join("rename-probe.done"));
    let remove = |path: &Path| match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    remove(&to)?;
    private_file().create(true).truncate(true).open(&from)?;
    let renamed = rename_if_free(&from, &to);
    remove(&from)?;
    remove(&to)?;
    renamed.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rename_never_replaces_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        fs::write(&a, "a").unwrap();
        assert!(rename_if_free(&a, &b).unwrap());
        fs::write(&a, "another").unwrap();
        assert!(!rename_if_free(&a, &b).unwrap());
        assert_eq!((fs::read(&a).unwrap(), fs::read(&b).unwrap()), (b"another".to_vec(), b"a".to_vec()));
    }

    #[test]
    fn the_second_name_of_a_file_goes_and_another_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b, c] = ["a", "b", "c"].map(|name| folder.path().join(name));
        fs::write(&a, "a").unwrap();
        fs::hard_link(&a, &b).unwrap();
        fs::write(&c, "c").unwrap();
        unlink_second_name(&c, &b).unwrap();
        unlink_second_name(&a, &b).unwrap();
        assert!(!a.exists() && b.exists() && c.exists());
    }

    #[test]
    fn folders_are_made_with_those_that_they_are_in() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/.misfire");
        create_dir_durably(&deep, 0o700).unwrap();
        create_dir_durably(&deep, 0o700).unwrap();
        assert_eq!(fs::metadata(&deep).unwrap().mode() & 0o777, 0o700);
        can_rename_in(&deep).unwrap();
        assert_eq!(fs::read_dir(&deep).unwrap().count(), 0);
    }
}

//! The file that grows. It is valid JSONL at every moment: whole lines are added with one write, a torn end is cut off,
//! and a file of another kind is never added to.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use log::warn;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{
    folder::{parent_of, private_file, sync_dir},
    tail,
};

pub(super) struct LiveFile {
    path: PathBuf,
    /// `.misfire/`, where a torn end is kept.
    folder: PathBuf,
    open: Option<OpenFile>,
    /// After a failure, the length that the file must be cut back to before anything is added.
    cut_back_to: Option<u64>,
}

/// The file while it can be believed.
struct OpenFile {
    file: File,
    /// Its length up to the last newline that is known to be on disk.
    durable_len: u64,
    /// Device and inode, to notice that the path is another file by now.
    identity: (u64, u64),
}

impl LiveFile {
    /// Opens the file, if there is one, and mends it.
    pub(super) fn open(path: &Path, folder: &Path) -> anyhow::Result<Self> {
        let mut live = Self { path: path.to_owned(), folder: folder.to_owned(), open: None, cut_back_to: None };
        live.open = live.open_found().with_context(|| format!("TRAINING_DATA: {} cannot be opened", path.display()))?;
        Ok(live)
    }

    /// The live file and the closed ones before it (`training_data.000002.jsonl`, …), newest first.
    pub(super) fn files_newest_first(&self) -> io::Result<Vec<PathBuf>> {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut closed = Vec::new();
        for entry in fs::read_dir(parent_of(&self.path))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let number = name
                .strip_prefix(&stem)
                .and_then(|rest| rest.strip_prefix('.'))
                .and_then(|rest| rest.strip_suffix(".jsonl"))
                .and_then(|number| number.parse::<u64>().ok());
            if let Some(number) = number {
                closed.push((number, self.path.with_file_name(name)));
            }
        }
        closed.sort_unstable_by(|a, b| b.cmp(a));
        let live = self.open.iter().map(|_| self.path.clone());
        Ok(live.chain(closed.into_iter().map(|(_, path)| path)).collect())
    }

    /// Appends whole lines and syncs them. After an error the file is cut back to what it was, now or before the next
    /// append: after a failed sync nothing past the last durable newline is believed, for a second sync may lie.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.recover()?;
        self.follow_path();
        if self.open.is_none() {
            self.open = self.open_found()?;
        }
        let (durable_len, result) = match &mut self.open {
            Some(open) => (open.durable_len, open.append(lines)),
            None => (0, self.create(lines)),
        };
        if result.is_err() {
            self.cut_back_to = Some(durable_len);
            // When that fails too, the next append or the next probe tries again.
            let _ = self.recover();
        }
        result
    }

    /// Cuts back what a failed append left, so that the file is opened anew. Nothing to do after a success.
    pub(super) fn recover(&mut self) -> io::Result<()> {
        let Some(len) = self.cut_back_to else { return Ok(()) };
        self.open = None;
        match private_file().open(&self.path) {
            Ok(file) => {
                file.set_len(len)?;
                file.sync_all()?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        self.cut_back_to = None;
        self.open = self.open_found()?;
        Ok(())
    }

    /// Makes the file with its first lines.
    fn create(&mut self, lines: &[u8]) -> io::Result<()> {
        let file = private_file().append(true).create_new(true).open(&self.path)?;
        let mut open = OpenFile::of(file, 0)?;
        open.append(lines)?;
        sync_dir(&parent_of(&self.path))?;
        self.open = Some(open);
        Ok(())
    }

    /// Forgets the open file when somebody moved or deleted it, so that no line goes where nobody looks.
    fn follow_path(&mut self) {
        let identity = fs::metadata(&self.path).ok().map(|found| (found.dev(), found.ino()));
        if self.open.as_ref().is_some_and(|open| identity != Some(open.identity)) {
            warn!("the file was moved or deleted; a new one is begun");
            self.open = None;
        }
    }

    /// Opens the file that is there: one of another kind is put aside, a torn end is cut off, an empty one goes.
    fn open_found(&self) -> io::Result<Option<OpenFile>> {
        let file = match private_file().append(true).open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if !tail::begins_with_our_keys(&file)? {
            self.put_aside()?;
            return Ok(None);
        }
        let durable_len = tail::mend(&file, &self.folder)?;
        if durable_len == 0 {
            fs::remove_file(&self.path)?;
            sync_dir(&parent_of(&self.path))?;
            return Ok(None);
        }
        // What was found may be in the page cache alone; from here on it is believed.
        file.sync_all()?;
        OpenFile::of(file, durable_len).map(Some)
    }

    /// Readers fail on a file whose lines have not all the same keys. The new name does not end with `.jsonl`, for a
    /// reader of the whole folder would fail just so.
    fn put_aside(&self) -> io::Result<()> {
        for number in 1..=u32::MAX {
            let mut aside = self.path.clone().into_os_string();
            aside.push(format!(".aside-{number:06}"));
            match renameat_with(CWD, &self.path, CWD, &aside, RenameFlags::NOREPLACE) {
                Ok(()) => {
                    warn!("the file has not the six keys of a line; it is kept as {}", Path::new(&aside).display());
                    return sync_dir(&parent_of(&self.path));
                }
                Err(rustix::io::Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl OpenFile {
    fn of(file: File, durable_len: u64) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { file, durable_len, identity: (metadata.dev(), metadata.ino()) })
    }

    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file.write_all(lines)?;
        self.file.sync_data()?;
        self.durable_len += lines.len() as u64;
        Ok(())
    }
}

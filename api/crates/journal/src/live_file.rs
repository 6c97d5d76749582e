//! The file that grows, and the closed ones before it. It is valid JSONL at every moment: whole lines are added with one
//! write, a torn end is cut off, and a file of another kind is never added to.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use log::{info, warn};
use misfire_sanitizer::SANITIZER_VERSION;
use rustix::fs::fstatvfs;

use crate::{
    catalog::{Catalog, ErasuresApplied},
    file_names::{aside_name, closed_files, closed_name, number_of},
    file_summary::FileSummary,
    file_system::{FileId, parent_of, private_file, rename_if_free, sync_dir},
    recovery,
    schema::Schema,
};

/// The live file and the catalog of the closed ones. It writes to the file, so whoever opens one must hold the
/// [lock](crate::lock).
#[derive(Debug)]
pub struct LiveFile {
    path: PathBuf,
    schema: &'static Schema,
    /// The folder that the file is in, kept open to ask it for free space.
    parent: File,
    /// `.misfire/`, where a torn end is kept.
    folder: PathBuf,
    catalog: Catalog,
    open: Option<OpenFile>,
    /// After a failure, the length that the file must be cut back to before anything is added.
    cut_back_to: Option<u64>,
}

/// The file while its contents are known to be what was written.
#[derive(Debug)]
struct OpenFile {
    file: File,
    /// Its length up to the last newline that is known to be on disk.
    durable_len: u64,
    summary: FileSummary,
    /// Tells when the path is another file by now.
    id: FileId,
}

impl LiveFile {
    /// Opens the file, if there is one, repairs it, and closes it if another version of the sanitizer wrote it. `folder` is
    /// `.misfire/`.
    ///
    /// # Errors
    /// When a file cannot be read, repaired or renamed.
    pub fn open(path: &Path, folder: &Path, schema: &'static Schema) -> anyhow::Result<Self> {
        let parent = parent_of(path);
        let mut live = Self {
            path: path.to_owned(),
            schema,
            catalog: Catalog::open(folder, &closed_files(path)?, path.exists())?,
            parent: File::open(&parent).with_context(|| format!("{} cannot be opened", parent.display()))?,
            folder: folder.to_owned(),
            open: None,
            cut_back_to: None,
        };
        live.open = live.open_found().with_context(|| format!("TRAINING_DATA: {} cannot be opened", path.display()))?;
        if live.open.is_some() && live.catalog.live_version() != Some(SANITIZER_VERSION) {
            live.close()?;
        }
        Ok(live)
    }

    /// The live file and the closed ones before it, newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn files_newest_first(&self) -> io::Result<Vec<PathBuf>> {
        let live = self.open.iter().map(|_| self.path.clone());
        Ok(live.chain(closed_files(&self.path)?.into_iter().rev()).collect())
    }

    /// Bytes of the live file that are on disk; 0 without one.
    pub fn len(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.durable_len)
    }

    /// Whether nothing of the live file is on disk.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that may still be written to the file's disk.
    ///
    /// # Errors
    /// When the disk cannot be asked.
    pub fn free_bytes(&self) -> io::Result<u64> {
        let disk = fstatvfs(&self.parent)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Appends whole lines and syncs them. After an error the file is cut back to what it was, now or before the next
    /// append: after a failed sync nothing past the last durable newline is trusted, for a second sync may lie.
    ///
    /// # Errors
    /// When the disk does not take the lines.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.recover()?;
        self.follow_path();
        if self.open.is_none() {
            self.open = self.open_found()?;
        }
        let result = match &mut self.open {
            Some(open) => {
                self.cut_back_to = Some(open.durable_len);
                open.append(lines)
            }
            None => self.create(lines),
        };
        match result {
            Ok(()) => self.cut_back_to = None,
            // When that fails too, the next append or the next probe tries again.
            Err(_) => drop(self.recover()),
        }
        result
    }

    /// Cuts back what a failed append left, and opens the file anew. Nothing to do after a success.
    ///
    /// # Errors
    /// When the disk still fails.
    pub fn recover(&mut self) -> io::Result<()> {
        let Some(len) = self.cut_back_to else { return Ok(()) };
        match private_file().append(true).open(&self.path) {
            Ok(file) if len == 0 => {
                // It was made by the append that failed. Readers fail on an empty file.
                drop(file);
                fs::remove_file(&self.path)?;
                self.open = None;
            }
            Ok(file) => {
                file.set_len(len)?;
                file.sync_all()?;
                if let Some(open) = &mut self.open {
                    open.file = file;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.open = None,
            Err(error) => return Err(error),
        }
        self.cut_back_to = None;
        Ok(())
    }

    /// Closes the file under the next number. Nothing to do without a file.
    ///
    /// The rename comes first and the catalog after it: the catalog completes itself at the next start.
    ///
    /// # Errors
    /// When the file cannot be synced or renamed, or the catalog not be written.
    pub fn close(&mut self) -> io::Result<()> {
        self.recover()?;
        self.follow_path();
        let Some(open) = &self.open else { return Ok(()) };
        open.file.sync_all()?;
        let closed = self.rename_to_next(closed_name)?;
        if let Some(open) = self.open.take() {
            self.catalog.close_live(&closed, &open.summary)?;
        }
        info!("the file was closed as {}", closed.display());
        Ok(())
    }

    /// How much of `.misfire/forgotten` was applied to these files, in bytes.
    pub fn forgotten_bytes_applied(&self) -> u64 {
        self.catalog.erasures_applied().forgotten_bytes
    }

    /// Records that so much of `.misfire/forgotten` was applied.
    pub(crate) fn set_forgotten_bytes_applied(&mut self, forgotten_bytes: u64) -> io::Result<()> {
        let newest_closed = self.newest_number()?;
        self.catalog.set_erasures_applied(ErasuresApplied { forgotten_bytes, newest_closed })
    }

    /// Makes the file with its first lines.
    fn create(&mut self, lines: &[u8]) -> io::Result<()> {
        self.catalog.begin_live(SANITIZER_VERSION)?;
        let file = private_file().append(true).create_new(true).open(&self.path)?;
        self.cut_back_to = Some(0);
        let mut open = OpenFile::of(file, FileSummary::default())?;
        open.append(lines)?;
        sync_dir(&parent_of(&self.path))?;
        self.open = Some(open);
        Ok(())
    }

    /// Forgets the open file when somebody moved or deleted it, so that no line goes where nobody looks.
    fn follow_path(&mut self) {
        if self.open.as_ref().is_some_and(|open| FileId::at(&self.path) != Some(open.id)) {
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
        if !recovery::begins_with_keys(&file, self.schema.keys)? {
            let aside = self.rename_to_next(aside_name)?;
            warn!("the file does not hold the keys of a line; it is kept as {}", aside.display());
            return Ok(None);
        }
        recovery::mend(&file, self.schema.keys, &self.folder)?;
        if file.metadata()?.len() == 0 {
            fs::remove_file(&self.path)?;
            sync_dir(&parent_of(&self.path))?;
            return Ok(None);
        }
        // What was found may be in the page cache alone; from here on it counts as on disk.
        file.sync_all()?;
        OpenFile::of(file, FileSummary::read(&self.path)?).map(Some)
    }

    /// The number of the newest closed file; 0 without one.
    fn newest_number(&self) -> io::Result<u64> {
        Ok(closed_files(&self.path)?.last().and_then(|path| number_of(&self.path, path)).unwrap_or(0))
    }

    /// Renames the file to the first name, by number, that no file has. It never writes over one: the lines in there
    /// were acknowledged.
    fn rename_to_next(&self, name: impl Fn(&Path, u64) -> PathBuf) -> io::Result<PathBuf> {
        for number in self.newest_number()? + 1.. {
            let next = name(&self.path, number);
            if rename_if_free(&self.path, &next)? {
                return Ok(next);
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl OpenFile {
    fn of(file: File, summary: FileSummary) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { durable_len: metadata.len(), id: FileId::of(&metadata), file, summary })
    }

    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file.write_all(lines)?;
        self.file.sync_data()?;
        self.durable_len += lines.len() as u64;
        self.summary.add_lines(lines);
        Ok(())
    }
}

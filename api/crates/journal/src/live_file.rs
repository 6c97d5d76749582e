//! The live file, and the closed ones before it. It is valid JSONL at every moment: whole lines are added with one write, a torn
//! end is cut off, and a file of another kind is never added to.
//!
//! What somebody else does to the file is noticed before it is touched: device, inode and length are compared with what was left
//! there. A file that is not as it was left is a found file, and looked at as at the start.

use std::{
    fs::{self, File, Metadata},
    io::{self, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use log::{info, warn};
use misfire_sanitizer::SANITIZER_VERSION;

use crate::{
    catalog::Catalog,
    file_names::{aside_name, closed_files, closed_name, number_of},
    file_summary::FileSummary,
    file_system::{
        FileId, free_bytes, metadata_at, parent_of, private_file, rename_if_free, sync_dir, unlink_second_name,
    },
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
    misfire_folder: PathBuf,
    catalog: Catalog,
    open: Option<OpenFile>,
    failed: Option<FailedAppend>,
}

/// The file while its contents are known to be what was written.
#[derive(Debug)]
struct OpenFile {
    file: File,
    id: FileId,
    /// Its length up to the last newline that is known to be on disk.
    durable_len: u64,
    summary: FileSummary,
}

/// An append that failed and must be undone before anything else is written.
#[derive(Debug)]
struct FailedAppend {
    id: FileId,
    /// The length that the file is cut back to; 0 for a file that this append made.
    durable_len: u64,
    /// What was being written: nothing else may be cut.
    lines: Vec<u8>,
}

impl LiveFile {
    /// Opens the file, if there is one, repairs it, and closes it if another version of the sanitizer wrote it.
    ///
    /// # Errors
    /// When a file cannot be read, repaired or renamed.
    pub fn open(path: &Path, misfire_folder: &Path, schema: &'static Schema) -> anyhow::Result<Self> {
        let parent = parent_of(path);
        let closed = closed_files(path)?;
        if let Some(newest) = closed.last() {
            unlink_second_name(path, newest)?;
        }
        let mut live = Self {
            path: path.to_owned(),
            schema,
            catalog: Catalog::open(misfire_folder, path, &closed)?,
            parent: File::open(&parent).with_context(|| format!("{} cannot be opened", parent.display()))?,
            misfire_folder: misfire_folder.to_owned(),
            open: None,
            failed: None,
        };
        live.open = live.open_found().with_context(|| format!("{} cannot be opened", path.display()))?;
        if live.open.is_some() && live.catalog.live_version(path) != Some(SANITIZER_VERSION) {
            live.close()?;
        }
        Ok(live)
    }

    /// Where the file is, or will be.
    pub fn path(&self) -> &Path {
        &self.path
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
        free_bytes(&self.parent)
    }

    /// Appends whole lines and syncs them. After an error the file is cut back to what it was, now or before the next
    /// append: after a failed sync nothing past the last durable newline is trusted, for a second sync may lie.
    ///
    /// # Errors
    /// When the disk does not take the lines.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.recover()?;
        self.follow_changes()?;
        let result = match &mut self.open {
            Some(open) => {
                let failed = FailedAppend { id: open.id, durable_len: open.durable_len, lines: Vec::new() };
                open.append(lines).map_err(|error| (error, Some(failed)))
            }
            None => self.create(lines),
        };
        result.map_err(|(error, failed)| {
            self.failed = failed.map(|failed| FailedAppend { lines: lines.to_owned(), ..failed });
            // When that fails too, the next append or the next probe tries again.
            drop(self.recover());
            error
        })
    }

    /// Undoes what a failed append left, and opens the file anew. Nothing to do after a success.
    ///
    /// # Errors
    /// When the disk still fails.
    pub fn recover(&mut self) -> io::Result<()> {
        let Some(failed) = &self.failed else { return Ok(()) };
        if self.is_as_left(failed.id, metadata_at(&self.path)?) {
            let file = private_file().append(true).open(&self.path)?;
            let len = file.metadata()?.len();
            if let Some(written) = len.checked_sub(failed.durable_len) {
                let is_ours = is_beginning_of(&file, failed.durable_len..len, &failed.lines)?;
                if !is_ours && written > 0 {
                    let kept = recovery::keep_foreign(&file, failed.durable_len..len, &self.misfire_folder)?;
                    warn!("another process wrote to {} while the disk failed; {kept}", self.path.display());
                }
                if failed.durable_len == 0 {
                    // Readers fail on an empty file.
                    fs::remove_file(&self.path)?;
                    self.open = None;
                } else {
                    file.set_len(failed.durable_len)?;
                    file.sync_all()?;
                    if let Some(open) = &mut self.open {
                        open.file = file;
                    }
                }
            }
        }
        self.failed = None;
        Ok(())
    }

    /// Closes the file under the next number. Nothing to do without a file.
    ///
    /// The rename comes first and the catalog after it: the catalog completes itself at the next start.
    ///
    /// # Errors
    /// When the file cannot be synced or renamed.
    pub fn close(&mut self) -> io::Result<()> {
        self.recover()?;
        self.follow_changes()?;
        let Some(open) = &self.open else { return Ok(()) };
        open.file.sync_all()?;
        let closed = self.rename_to_next(closed_name)?;
        if let Some(open) = self.open.take() {
            let version = self.catalog.live_version(&self.path);
            self.catalog.close(&self.path, &closed, &open.summary, version);
        }
        info!("{} was closed as {}", self.path.display(), closed.display());
        Ok(())
    }

    /// Records how much of `.misfire/forgotten` the owner has read, in bytes.
    pub fn set_erasures_read(&mut self, bytes: u64) {
        self.catalog.set_erasures_read(bytes);
    }

    /// Writes to the catalog what could not be written when it happened; whether all is written.
    pub fn flush_catalog(&mut self) -> bool {
        self.catalog.flush()
    }

    /// Makes the file with its first lines. A file that is left after an error is given with it.
    fn create(&mut self, lines: &[u8]) -> Result<(), (io::Error, Option<FailedAppend>)> {
        self.catalog.begin(&self.path, SANITIZER_VERSION);
        let file = private_file().append(true).create_new(true).open(&self.path).map_err(|error| (error, None))?;
        let mut open = OpenFile::of(file, FileSummary::default()).map_err(|error| (error, None))?;
        let failed = FailedAppend { id: open.id, durable_len: 0, lines: Vec::new() };
        open.append(lines).and_then(|()| sync_dir(&parent_of(&self.path))).map_err(|error| (error, Some(failed)))?;
        self.open = Some(open);
        Ok(())
    }

    /// Looks at the file again when it is not as it was left: moved, deleted, replaced, made longer or shorter by somebody else.
    fn follow_changes(&mut self) -> io::Result<()> {
        let found = metadata_at(&self.path)?;
        if let Some(open) = &self.open {
            if found.as_ref().is_some_and(|found| FileId::of(found) == open.id && found.len() == open.durable_len) {
                return Ok(());
            }
            warn!("{} is not as it was left: somebody changed, moved or deleted it", self.path.display());
            self.open = None;
        }
        if found.is_some() {
            self.open = self.open_found()?;
        }
        Ok(())
    }

    fn is_as_left(&self, id: FileId, found: Option<Metadata>) -> bool {
        found.as_ref().map(FileId::of) == Some(id)
    }

    /// Opens the file that is there: one of another kind is put aside, a torn end is cut off, an empty one is removed.
    fn open_found(&self) -> io::Result<Option<OpenFile>> {
        let file = match private_file().append(true).open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if !recovery::holds_lines_with(&file, self.schema.keys)? {
            let aside = self.rename_to_next(aside_name)?;
            warn!("{} does not hold the keys of a line; it is kept as {}", self.path.display(), aside.display());
            return Ok(None);
        }
        let file = recovery::repair(&self.path, file, self.schema.keys, &self.misfire_folder)?;
        if file.metadata()?.len() == 0 {
            fs::remove_file(&self.path)?;
            sync_dir(&parent_of(&self.path))?;
            return Ok(None);
        }
        // What was found may be in the page cache alone; from here on it counts as on disk.
        file.sync_all()?;
        OpenFile::of(file, FileSummary::read(&self.path)?).map(Some)
    }

    /// Renames the file to the first name, by number, that no file has or had. It never writes over one: the lines in there
    /// were acknowledged.
    fn rename_to_next(&self, name: impl Fn(&Path, u64) -> PathBuf) -> io::Result<PathBuf> {
        let listed = closed_files(&self.path)?.last().and_then(|path| number_of(&self.path, path)).unwrap_or(0);
        for number in listed.max(self.catalog.last_number(&self.path)) + 1.. {
            let next = name(&self.path, number);
            if rename_if_free(&self.path, &next)? {
                return Ok(next);
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// Whether a part of a file is a beginning of these lines, as a write that failed half-way leaves it.
fn is_beginning_of(file: &File, part: std::ops::Range<u64>, lines: &[u8]) -> io::Result<bool> {
    let length = part.end - part.start;
    let Some(lines) = usize::try_from(length).ok().and_then(|length| lines.get(..length)) else { return Ok(false) };
    let mut found = vec![0; lines.len()];
    file.read_exact_at(&mut found, part.start)?;
    Ok(found == lines)
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

//! Rewriting a closed file: the new one is written in `.misfire/`, synced, and then renamed over the old one. Whenever the command
//! is killed, the name holds the old file or the new one, whole.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, ensure};

use crate::{
    catalog::Catalog,
    file_summary::FileSummary,
    file_system::{parent_of, private_file, sync_dir},
    lines::{Line, Lines, LinesError},
    recovery::copy,
};

/// How often `progress` is called, in bytes.
const PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

/// Whether a line stays, changes or goes.
#[derive(Debug)]
pub enum Verdict {
    /// It stays, byte by byte.
    Keep,
    /// It goes.
    Remove,
    /// It becomes this line, which ends with a newline.
    Replace(Vec<u8>),
}

/// The new text of a file; nothing is changed until [`Rewritten::swap`].
#[derive(Debug)]
pub struct Rewritten {
    /// The file as it was found.
    pub closed: PathBuf,
    /// Lines that go or become others.
    pub changed: u64,
    /// Lines that were found.
    pub lines: u64,
    /// Lines that were too long to be looked at, and stay.
    pub too_long: u64,
    /// The new file, if anything is changed.
    beside: Option<PathBuf>,
}

/// Reads a closed file and writes what it becomes to `beside`, if `judge` changes any line. What stands between two changes is
/// copied within the kernel. `progress` is told how many bytes more are done.
///
/// # Errors
/// When a file cannot be read or written.
pub fn rewrite(
    path: &Path,
    beside: &Path,
    mut progress: impl FnMut(u64),
    mut judge: impl FnMut(&Line) -> anyhow::Result<Verdict>,
) -> anyhow::Result<Rewritten> {
    let name = || path.display().to_string();
    refuse_link(path)?;
    let source = File::open(path).with_context(name)?;
    let bytes = source.metadata().with_context(name)?.len();
    let mut lines = Lines::new(Arc::new(source.try_clone()?), bytes);
    let mut target = None;
    let (mut kept_from, mut line_from, mut told, mut changed, mut count, mut too_long) = (0, 0, 0, 0, 0, 0);
    loop {
        let verdict = match lines.next_line() {
            Ok(Some(line)) => judge(&line).with_context(|| format!("{}, line {}", name(), line.number))?,
            Ok(None) => break,
            Err(LinesError::Io(error)) => return Err(error).with_context(name),
            // It is none of misfire's, stays, and is counted for whoever must look at it.
            Err(LinesError::TooLong(_)) => {
                too_long += 1;
                Verdict::Keep
            }
        };
        count += 1;
        let line_end = lines.position();
        if !matches!(verdict, Verdict::Keep) {
            changed += 1;
            let target = match &mut target {
                Some(target) => target,
                None => target.insert(private_file().create(true).truncate(true).open(beside)?),
            };
            copy(&source, kept_from..line_from, target)?;
            if let Verdict::Replace(line) = verdict {
                target.write_all(&line)?;
            }
            kept_from = line_end;
        }
        line_from = line_end;
        if line_end - told >= PROGRESS_BYTES {
            progress(line_end - told);
            told = line_end;
        }
    }
    progress(bytes - told);
    let beside = match target {
        None => None,
        Some(mut target) => {
            copy(&source, kept_from..bytes, &mut target)?;
            target.set_permissions(fs::Permissions::from_mode(source.metadata()?.mode() & 0o777))?;
            target.sync_all()?;
            Some(beside.to_owned())
        }
    };
    Ok(Rewritten { closed: path.to_owned(), changed, lines: count, too_long, beside })
}

/// A link would be replaced by a file, and the file that it leads to would stay as it is.
///
/// # Errors
/// When the path is a symbolic link.
pub fn refuse_link(path: &Path) -> anyhow::Result<()> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    ensure!(
        !is_link,
        "{} is a link, and the file that it leads to would stay. Move that file here, and run this again",
        path.display()
    );
    Ok(())
}

impl Rewritten {
    /// Replaces the old file with the new one, and records what the new one holds and, if given, which version of the sanitizer
    /// wrote it. A file without a line is removed, for readers fail on an empty one. A file without a change stays; only the
    /// catalog is corrected, for an earlier run may have been killed before it recorded what it did.
    ///
    /// # Errors
    /// When the disk does not take it; then the file is the old one or the new one.
    pub fn swap(self, catalog: &mut Catalog, version: Option<u32>) -> io::Result<()> {
        let Some(beside) = &self.beside else {
            let is_recorded = catalog.lines_of(&self.closed) == Some(self.lines)
                && version.is_none_or(|version| catalog.version_of(&self.closed) == Some(version));
            return match is_recorded {
                true => Ok(()),
                false => catalog.record_rewrite(&self.closed, Some(&FileSummary::read(&self.closed)?), version),
            };
        };
        let summary = FileSummary::read(beside)?;
        if summary.lines() == 0 {
            // The catalog first: the next run finds a file that is not recorded, but nobody finds a record without its file.
            catalog.record_rewrite(&self.closed, None, None)?;
            fs::remove_file(&self.closed)?;
            fs::remove_file(beside)?;
            return sync_dir(&parent_of(&self.closed));
        }
        fs::rename(beside, &self.closed)?;
        sync_dir(&parent_of(&self.closed))?;
        catalog.record_rewrite(&self.closed, Some(&summary), version)
    }
}

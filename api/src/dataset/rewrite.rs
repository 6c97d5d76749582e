//! A closed file made anew: beside it in `.misfire/`, synced, and then renamed over it. Whatever ends the command, the name holds
//! the old file or the new one, whole.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};

use super::{Line, Lines, LinesError};
use crate::{
    progress::Progress,
    writer::{
        catalog::Catalog,
        contents::Contents,
        folder::{parent_of, private_file, sync_dir},
    },
};

/// The progress is told after this many bytes.
const PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

/// What becomes of a line.
pub(super) enum Verdict {
    /// It stays, byte by byte.
    Keep,
    /// It goes.
    Remove,
    /// It becomes this line, which ends with a newline.
    Replace(Vec<u8>),
}

/// What a file would become; nothing is changed until [`Rewritten::swap`].
#[derive(Debug)]
pub(super) struct Rewritten {
    /// The file as it was found.
    pub(super) closed: PathBuf,
    /// Lines that go or become others.
    pub(super) changed: u64,
    /// Lines that were found.
    pub(super) lines: u64,
    /// The new file, if anything is changed.
    beside: Option<PathBuf>,
}

/// Reads a closed file and writes what it becomes to `beside`, if `judge` changes any line. What lies between two changes is
/// copied by the kernel, never looked at again.
///
/// # Errors
/// When a file cannot be read or written, or a line is longer than any of misfire's.
pub(super) fn rewrite(
    path: &Path,
    beside: &Path,
    progress: &Progress,
    mut judge: impl FnMut(&Line) -> anyhow::Result<Verdict>,
) -> anyhow::Result<Rewritten> {
    let name = || path.display().to_string();
    let source = File::open(path).with_context(name)?;
    let bytes = source.metadata().with_context(name)?.len();
    let mut lines = Lines::new(Arc::new(source.try_clone()?), bytes);
    let mut target = None;
    let (mut kept_from, mut line_from, mut told, mut changed, mut count) = (0, 0, 0, 0, 0);
    loop {
        let verdict = match lines.next_line() {
            Ok(Some(line)) => judge(&line).with_context(|| format!("{}, line {}", name(), line.number))?,
            Ok(None) => break,
            Err(LinesError::Io(error)) => return Err(error).with_context(name),
            Err(error @ LinesError::TooLong(_)) => bail!("{}: {error}; it is none of misfire's", name()),
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
            progress.inc(line_end - told);
            told = line_end;
        }
    }
    progress.inc(bytes - told);
    let beside = match target {
        None => None,
        Some(mut target) => {
            copy(&source, kept_from..bytes, &mut target)?;
            target.set_permissions(fs::Permissions::from_mode(source.metadata()?.mode() & 0o777))?;
            target.sync_all()?;
            Some(beside.to_owned())
        }
    };
    Ok(Rewritten { closed: path.to_owned(), changed, lines: count, beside })
}

/// Within the kernel: `io::copy` from file to file is `copy_file_range`, where a file system may even share the blocks.
fn copy(mut source: &File, range: std::ops::Range<u64>, target: &mut File) -> io::Result<()> {
    let length = range.end - range.start;
    source.seek(SeekFrom::Start(range.start))?;
    let copied = io::copy(&mut source.take(length), target)?;
    if copied == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

impl Rewritten {
    /// Puts the new file in the old one's place, and notes what is in it and, if given, which version of the sanitizer wrote it.
    /// A file that has no line left goes, for readers fail on an empty one. Nothing happens to a file that stays as it is, but
    /// what is noted of it is mended: a run before this one may have ended between the two.
    ///
    /// # Errors
    /// When the disk does not take it; then the file is the old one or the new one.
    pub(super) fn swap(self, catalog: &mut Catalog, version: Option<u32>) -> io::Result<()> {
        let Some(beside) = &self.beside else {
            let is_noted = catalog.lines_of(&self.closed) == Some(self.lines)
                && version.is_none_or(|version| catalog.version_of(&self.closed) == Some(version));
            return match is_noted {
                true => Ok(()),
                false => catalog.rewrote(&self.closed, Some(&Contents::read(&self.closed)?), version),
            };
        };
        let contents = Contents::read(beside)?;
        if contents.lines() == 0 {
            // Noted first: a file that is not noted is found by the next run, a note without a file by nobody.
            catalog.rewrote(&self.closed, None, None)?;
            fs::remove_file(&self.closed)?;
            fs::remove_file(beside)?;
            return sync_dir(&parent_of(&self.closed));
        }
        fs::rename(beside, &self.closed)?;
        sync_dir(&parent_of(&self.closed))?;
        catalog.rewrote(&self.closed, Some(&contents), version)
    }
}

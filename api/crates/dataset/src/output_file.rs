//! Files that a command makes. A file gets its name when it is whole, and replaces another only when the user says so.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use journal::{parent_of, sync_dir};
use tempfile::NamedTempFile;

const BUFFER_BYTES: usize = 256 * 1024;

/// A file under a temporary name in its final folder. It is removed when it is dropped before [`OutputFile::finish`]. Like
/// the data, only its owner may read it. Or standard output, which takes what comes.
pub(super) struct OutputFile {
    target: Target,
}

enum Target {
    File { path: PathBuf, may_replace: bool, writer: BufWriter<NamedTempFile> },
    Stdout(BufWriter<io::Stdout>),
}

impl OutputFile {
    /// Begins a file.
    ///
    /// # Errors
    /// When there is one already that may not be replaced, or the folder cannot be written.
    pub(super) fn create(path: &Path, may_replace: bool) -> anyhow::Result<Self> {
        if !may_replace && path.symlink_metadata().is_ok() {
            bail!("{} already exists; --force replaces it", path.display());
        }
        let folder = parent_of(path);
        let file = tempfile::Builder::new()
            .prefix(".misfire-")
            .suffix(".part")
            .tempfile_in(&folder)
            .with_context(|| format!("{} cannot be written", folder.display()))?;
        let writer = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Self { target: Target::File { path: path.to_owned(), may_replace, writer } })
    }

    /// Standard output instead of a file.
    pub(super) fn stdout() -> Self {
        Self { target: Target::Stdout(BufWriter::with_capacity(BUFFER_BYTES, io::stdout())) }
    }

    /// Gives the file its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let (path, may_replace, writer) = match self.target {
            Target::File { path, may_replace, writer } => (path, may_replace, writer),
            Target::Stdout(mut stdout) => return Ok(stdout.flush()?),
        };
        let cannot_be_written = || format!("{} cannot be written", path.display());
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error).with_context(cannot_be_written)?;
        file.as_file().sync_all().with_context(cannot_be_written)?;
        let named = if may_replace { file.persist(&path) } else { file.persist_noclobber(&path) };
        named.map_err(|error| error.error).with_context(cannot_be_written)?;
        sync_dir(&parent_of(&path)).with_context(cannot_be_written)
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::File { writer, .. } => writer.write(bytes),
            Target::Stdout(stdout) => stdout.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::File { writer, .. } => writer.flush(),
            Target::Stdout(stdout) => stdout.flush(),
        }
    }
}

/// Writes a whole file.
pub(super) fn write_file(path: &Path, may_replace: bool, text: &[u8]) -> anyhow::Result<()> {
    let mut file = OutputFile::create(path, may_replace)?;
    file.write_all(text).with_context(|| format!("{} cannot be written", path.display()))?;
    file.finish()
}

/// Makes a folder and its parents, where they are missing.
pub(super) fn make_folder(path: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(path).with_context(|| format!("{} cannot be made", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_when_it_is_whole_and_replaces_none_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let mut file = OutputFile::create(&path, false).unwrap();
        file.write_all(b"half").unwrap();
        file.flush().unwrap();
        assert!(!path.exists());
        drop(file);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

        write_file(&path, false, b"one").unwrap();
        assert!(write_file(&path, false, b"two").unwrap_err().to_string().contains("--force"));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        // One that came in the meantime.
        let late = folder.path().join("late.csv");
        let file = OutputFile::create(&late, false).unwrap();
        fs::write(&late, "another's").unwrap();
        assert!(file.finish().is_err());
        assert_eq!(fs::read(&late).unwrap(), b"another's");
        write_file(&path, true, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }
}
